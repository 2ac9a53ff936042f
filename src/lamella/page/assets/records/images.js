// Pictures in rows, pixel for pixel, with their captions and what black and white stand for.
//   drawImages(host, record, {side: px of a picture, most, compact, onPick(i)})

import { el } from "../core/elements.js";
import { t } from "../core/language.js";
import { clamp, formatNumber } from "../core/numbers.js";
import { recordFrame, recordReason } from "./frame.js";

const MOST = 120;
const LEAST = 36;
const WIDE = 150;

export const drawImages = (host, record, options = {}) => {
  const [count, height, width] = record.pixels.shape;
  if (!count) return recordReason(host, t("record.no_pictures"));
  const shown = Math.min(count, options.most || MOST);
  const room = recordFrame(host, note(record, shown, count), "images");
  const side = options.side || sideOf(host.clientWidth || 600, record.columns, shown);
  const grid = el("div", {
    className: "record-images",
    style: {
      gridTemplateColumns: `repeat(${record.columns > 0 ? Math.min(record.columns, shown) : "auto-fill"}, ${side}px)`,
    },
  });
  for (let i = 0; i < shown; i++)
    grid.append(figure(record, i, { side, height, width, onPick: options.onPick }));
  room.append(grid);
  return grid;
};

const sideOf = (room, columns, shown) =>
  Math.floor(clamp(columns > 0 ? room / columns - 8 : shown <= 8 ? room / shown - 8 : 64, LEAST, WIDE));

const note = ({ scale }, shown, count) =>
  [
    shown < count ? t("record.pictures", { n: shown, total: count }) : "",
    scale ? t("record.greys", { low: formatNumber(scale[0]), high: formatNumber(scale[1]) }) : "",
  ]
    .filter(Boolean)
    .join("; ") || null;

function figure(record, i, { side, height, width, onPick }) {
  const caption = record.captions?.[i] || "";
  const canvas = canvasOf(record.pixels, i);
  Object.assign(canvas.style, { width: `${side}px`, height: `${Math.round((side * height) / width)}px` });
  if (onPick) {
    canvas.classList.add("pickable");
    canvas.addEventListener("click", () => onPick(i));
  }
  return el(
    "figure",
    { title: caption, style: { width: `${side}px` } },
    canvas,
    caption ? el("figcaption", {}, caption) : null,
  );
}

// One picture of (pictures, height, width, channels) bytes on a canvas of its own size.
export const canvasOf = ({ data, shape: [, height, width, channels] }, i) => {
  const canvas = el("canvas", { width, height, className: "pixels" });
  const context = canvas.getContext("2d");
  const image = context.createImageData(width, height);
  const from = i * height * width * channels;
  for (let at = 0; at < height * width; at++) {
    for (let c = 0; c < 3; c++)
      image.data[4 * at + c] = data[from + at * channels + (channels === 3 ? c : 0)];
    image.data[4 * at + 3] = 255;
  }
  context.putImageData(image, 0, 0);
  return canvas;
};
