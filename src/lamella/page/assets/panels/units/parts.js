// What the views of units share: the line above them, and the chosen unit.

import { splitName } from "../../cloud/samples.js";
import { el } from "../../core/elements.js";
import { nameOf, t } from "../../core/language.js";
import { set, state } from "../../core/state.js";

export const lineAbove = (...words) => el("p", { className: "units-line" }, words);
export const unitName = ({ samples, sample }) =>
  samples
    ? t("units.sample", {
        name: `${nameOf("split", splitName(samples, sample))} · ${samples.ids.data[sample]}`,
      })
    : "";
export const chosenOf = (state, count) => (state.unit >= 0 && state.unit < count ? state.unit : -1);
export const chooseUnit = (i) => set({ unit: state.unit === i ? -1 : i });
