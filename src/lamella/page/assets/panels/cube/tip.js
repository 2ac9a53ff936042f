// The words about a cell of the cube: value, spread, every seed, or why there is none.

import { el } from "../../core/elements.js";
import { t } from "../../core/language.js";
import { measureTitle, reasonOf } from "../../core/measures.js";
import { formatNumber, spreadOf } from "../../core/numbers.js";
import { selection, state } from "../../core/state.js";
import { seedValues } from "./grids.js";
import { shareOf } from "./selected.js";

export function valueLines(drawn, slot, net, layer, epoch) {
  const { measure, answers, grids } = drawn;
  const value = grids[slot].at(layer, epoch);
  const { split } = state;
  if (Number.isNaN(value)) return [reasonOf(answers[slot], net, split, layer, epoch)];
  const seeds = seedValues(answers[slot], split, layer, epoch);
  const spread = spreadOf(seeds);
  const share = selection().size ? shareOf(net, layer, epoch) : null;
  return [
    [
      `${measureTitle(measure)}: `,
      el("b", {}, formatNumber(value, measure.unit)),
      state.over === "mean" && Number.isFinite(spread) ? ` ± ${formatNumber(spread)}` : "",
    ],
    seeds.length > 1 && t("cube.seeds", { values: seeds.map((one) => formatNumber(one)).join(", ") }),
    share && t("cube.selected_wrong", { wrong: share.wrong, seen: share.seen }),
  ].filter(Boolean);
}

export function differenceLines(drawn, layer, epoch) {
  const { grids, nets, measure } = drawn;
  const at = nets[1][1].epochs.indexOf(nets[0][1].epochs[epoch]);
  const value = grids.d.at(layer, epoch);
  if (Number.isNaN(value)) return [t("cube.not_computed")];
  const number = (one) => formatNumber(one, measure.unit);
  return [
    [`${measureTitle(measure)}: `, el("b", {}, (value > 0 ? "+" : "") + number(value))],
    `A ${number(grids.a.at(layer, epoch))}, B ${number(grids.b.at(layer, at))}`,
  ];
}
