// The scale below the cube, on which the cursor's value of each run is marked.

import { el } from "../../core/elements.js";
import { t } from "../../core/language.js";
import { clamp, formatNumber } from "../../core/numbers.js";
import { epochOf, layerOf } from "../../core/state.js";
import { onScale } from "./grids.js";

export function drawScale(host, { scale, stops, measure, difference, nets, grids }) {
  const ramp = el("span", {
    className: "ramp",
    style: { background: `linear-gradient(90deg, ${stops.join(",")})` },
  });
  if (!difference && !scale.empty)
    for (const [slot, net] of nets) mark(ramp, scale, slot, grids[slot].at(layerOf(net), epochOf(net)));
  if (difference) mark(ramp, scale, "d", grids.d.at(layerOf(nets[0][1]), epochOf(nets[0][1])));
  const sign = difference ? "+" : "";
  host.hidden = Boolean(scale.empty);
  host.replaceChildren(
    el("span", {}, formatNumber(scale.low, measure.unit)),
    ramp,
    el("span", {}, sign + formatNumber(scale.high, measure.unit) + (scale.log ? ` (${t("cube.log")})` : "")),
    el("span", { className: "note" }, direction(measure, difference)),
  );
}

function mark(ramp, scale, slot, value) {
  if (!Number.isNaN(value))
    ramp.append(
      el("i", { className: slot, style: { left: `${100 * clamp(onScale(scale, value), 0, 1)}%` } }),
    );
}

const direction = (measure, difference) =>
  !measure.better ? "" : difference ? t("cube.b_worse") : t(`cube.${measure.better}_is_better`);
