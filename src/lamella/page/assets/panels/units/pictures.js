// Pictures of units: activation maps, filters and patches as small canvases on the theme's ramps.

import { bitmap, thumbnail } from "../../cloud/atlas.js";
import { colours } from "../../core/colours.js";
import { el, showTip, svg } from "../../core/elements.js";
import { t } from "../../core/language.js";
import { clamp, formatNumber } from "../../core/numbers.js";
import { ramp } from "../../core/ramps.js";
import { textWidth } from "../../plots/text.js";

const byteRamp = (stops) => {
  const table = Array.from({ length: 256 }, (_, k) => ramp(stops, k / 255));
  return (byte) => table[byte];
};
export const mapRamp = () => byteRamp(colours().seq);

// A signed scale with nothing in the middle: bytes between `low` and `high` to the diverging ramp.
export const signedRamp = ([low, high]) => {
  const most = Math.max(Math.abs(low), Math.abs(high)) || 1;
  const stops = colours().div;
  const table = Array.from({ length: 256 }, (_, k) =>
    ramp(stops, 0.5 + (0.5 * (low + ((high - low) * k) / 255)) / most),
  );
  return (byte) => table[byte];
};

// One of a pack of pictures: {data, shape: [count, h, w] or [count, h, w, c]}.
export const pictureAt = (pixels, i, size, colour) => {
  const [, h, w, c = 1] = pixels.shape;
  const step = h * w * c;
  const part = pixels.data.subarray(i * step, (i + 1) * step);
  const bytes =
    part instanceof Uint8Array
      ? part
      : Uint8Array.from(part, (value) => clamp(Math.round(255 * value), 0, 255));
  return bitmap(bytes, h, w, c, size, c === 1 ? colour : undefined);
};

// How wide each of `count` pictures may be to fill a box without scrolling.
export const tileSize = (width, height, count, ratio, least, most) => {
  let size = most;
  while (
    size > least &&
    Math.floor((width + 6) / (size + 6)) * Math.floor((height + 6) / (size * ratio + 6)) < count
  )
    size -= 2;
  return size;
};

// A sample with the receptive field of a place on it, in the picture's pixels.
export const sampleWithField = (pictures, i, size, box) => {
  const [, h, w] = pictures.shape;
  const canvas = thumbnail(pictures, i, size);
  const frame = el("span", { className: "framed" }, canvas);
  if (!box) return frame;
  const scale = size / w;
  const [top, left] = [Math.max(0, box.top), Math.max(0, box.left)];
  const [bottom, right] = [Math.min(h, box.top + box.height), Math.min(w, box.left + box.width)];
  const mark = el("i", { className: "field" });
  Object.assign(mark.style, {
    left: `${left * scale}px`,
    top: `${top * scale}px`,
    width: `${Math.max(2, (right - left) * scale)}px`,
    height: `${Math.max(2, (bottom - top) * scale)}px`,
  });
  frame.append(mark);
  return frame;
};

// Units of a dense layer for one sample, as bars from zero.
export const unitBars = (values, { width, height, chosen, pick }) => {
  const low = Math.min(0, ...values);
  const high = Math.max(0, ...values);
  const span = high - low || 1;
  const gap = values.length > 120 ? 0 : 1;
  const ends = [high, ...(low < 0 ? [low] : [])];
  const room = 6 + Math.max(...ends.map((value) => textWidth(formatNumber(value))));
  const wide = width - room;
  const x = (i) => (i * wide) / values.length;
  const y = (value) => 4 + ((height - 20) * (high - value)) / span;
  const bars = values.map((value, i) =>
    svg("rect", {
      x: x(i),
      y: Math.min(y(value), y(0)),
      width: Math.max(0.6, wide / values.length - gap),
      height: Math.max(0.8, Math.abs(y(value) - y(0))),
      class: i === chosen ? "bar chosen" : "bar",
      onclick: () => pick(i),
      onpointermove: (event) =>
        showTip([`${t("units.channel", { n: i })}: ${formatNumber(value)}`], event.clientX, event.clientY),
      onpointerleave: () => showTip(null),
    }),
  );
  const labels = ends.map((value) =>
    svg(
      "text",
      { x: width - 2, y: y(value) + (value === high ? 9 : 4), class: "note", "text-anchor": "end" },
      formatNumber(value),
    ),
  );
  return svg(
    "svg",
    { class: "unit-bars", width, height, role: "img" },
    bars,
    svg("line", { x1: 0, x2: wide, y1: y(0), y2: y(0), class: "zero" }),
    labels,
  );
};
