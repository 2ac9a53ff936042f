// What excites a channel most: a row of patches for each, or one channel large.

import { bitmap } from "../../cloud/atlas.js";
import { tag } from "../../core/controls.js";
import { el } from "../../core/elements.js";
import { t } from "../../core/language.js";
import { formatNumber } from "../../core/numbers.js";
import { epochAt, layerName, select, selection, set } from "../../core/state.js";
import { chooseUnit, chosenOf, lineAbove } from "./parts.js";

// ---- what excites a channel most: a row of patches for each, or one channel large
export function drawPatches(facts, state) {
  const { main, net, width, height } = facts;
  const [channels, best] = main.pixels.shape;
  const chosen = chosenOf(state, channels);
  const box = main.box ? t("units.field", { h: main.box[0], w: main.box[1] }) : t("units.no_field");
  const head = lineAbove(
    tag("a"),
    el("b", {}, layerName(net)),
    ` ${box} · ${t("units.maps_of", { n: channels, of: main.of ?? channels, epoch: epochAt(net) })}`,
  );
  const shown = chosen < 0 ? Array.from({ length: channels }, (_, i) => i) : [chosen];
  const size = chosen < 0 ? rowSize(width, height - 36, channels, best) : 72;
  return [
    head,
    el(
      "div",
      { className: "patches" },
      shown.map((i) =>
        el(
          "div",
          { className: "patch-row" },
          el(
            "button",
            {
              type: "button",
              className: "note channel",
              ariaPressed: String(i === chosen),
              title: t("units.best", { n: i }),
              onclick: () => chooseUnit(i),
            },
            String(i),
          ),
          patchTiles(main, i, size),
        ),
      ),
    ),
  ];
}
// The largest pictures with which all rows of patches fit; small ones may scroll.
function rowSize(width, height, rows, best) {
  const fits = (size) =>
    Math.ceil(rows / Math.max(1, Math.floor((width + 18) / (best * (size + 2) + 46)))) * (size + 6) <= height;
  for (let size = 56; size > 16; size -= 2) if (fits(size)) return size;
  return 16;
}
export function patchTiles(main, i, size) {
  const [, best, h, w, c] = main.pixels.shape;
  const step = h * w * c;
  return Array.from({ length: best }, (_, k) =>
    el(
      "button",
      {
        type: "button",
        className: "tile",
        title: patchTitle(main, i, k),
        ariaLabel: patchTitle(main, i, k),
        onclick: () => selectPatch(main, i, k),
      },
      bitmap(main.pixels.data.subarray((i * best + k) * step, (i * best + k + 1) * step), h, w, c, size),
    ),
  );
}
const patchTitle = (main, i, k) => {
  const best = main.ids.shape[1];
  const at = i * best + k;
  return `id ${main.ids.data[at]}${main.values ? ` · ${formatNumber(main.values.data[at])}` : ""}`;
};
function selectPatch(main, i, k) {
  if (!main.samples) return;
  const sample = main.samples.data[i * main.samples.shape[1] + k];
  set({ sample });
  select(new Set([...selection(), sample]));
}
