// Filters: weights on a signed scale, and how they changed.

import { tag } from "../../core/controls.js";
import { el } from "../../core/elements.js";
import { t } from "../../core/language.js";
import { epochAt, layerName } from "../../core/state.js";
import { chooseUnit, chosenOf, lineAbove } from "./parts.js";
import { pictureAt, signedRamp, tileSize } from "./pictures.js";

// ---- filters: weights on a signed scale
export function drawFilters({ main, start, net, width, height }, state) {
  const record = main.record;
  const images = record.pixels;
  const [count, h, w, c = 1] = images.shape;
  const chosen = chosenOf(state, count);
  const first = start?.record;
  const changed =
    first && first.pixels.data.length === images.data.length ? filterChange(record, first) : null;
  const shown = changed || record;
  const colour = c === 1 && shown.scale ? signed(shown) : undefined;
  const size = tileSize(width, height - 34, count, h / w, 20, 72);
  const picture = (i) =>
    c === 1 && shown.scale ? pictureAt(shown.pixels, i, size, colour) : pictureAt(images, i, size);
  const tiles = Array.from({ length: count }, (_, i) =>
    el(
      "button",
      {
        type: "button",
        className: "tile",
        title: record.captions?.[i] || "",
        ariaLabel: t("units.channel", { n: i }),
        ariaPressed: String(i === chosen),
        onclick: () => chooseUnit(i),
      },
      picture(i),
    ),
  );
  return [
    lineAbove(
      tag("a"),
      el("b", {}, layerName(net)),
      ` ${record.title || ""} · ${t("bar.epoch", { epoch: epochAt(net) })}`,
    ),
    el("div", { className: "tiles" }, tiles),
  ];
}
const signed = ({ scale }) => signedRamp(scale);
function filterChange(record, first) {
  const real = ({ pixels, scale }) =>
    Float32Array.from(
      pixels.data,
      (value) => scale[0] + (scale[1] - scale[0]) * (pixels.data instanceof Uint8Array ? value / 255 : value),
    );
  if (!record.scale || !first.scale) return null;
  const then = real(first);
  const now = real(record).map((value, i) => value - then[i]);
  const most = now.reduce((a, b) => Math.max(a, Math.abs(b)), 0) || 1;
  return {
    pixels: { data: now.map((value) => 0.5 + (0.5 * value) / most), shape: record.pixels.shape },
    scale: [-most, most],
  };
}
