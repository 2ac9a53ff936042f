// The measures of the index: their titles, and why one has no value at a cell.

import { nameOf, t } from "./language.js";
import { index } from "./state.js";

// Why a cell is empty, of the first seed that says so.
export const reasonOf = (cube, net, split, layer, epoch) => {
  if (cube.missing) return cube.missing;
  const name = net.layers[layer]?.name;
  const at = net.epochs[epoch];
  const found = net.seeds
    .map(
      (seed, place) =>
        cube.reasons?.[`${place}/${split}/${name}/${at}`] ?? cube.reasons?.[`${seed}/${split}/${name}/${at}`],
    )
    .find(Boolean);
  return found || t("cube.not_computed");
};

export const cubeMeasures = () => index.measures.filter((measure) => measure.value);
export const measureTitle = (measure) => nameOf("measure", measure.name, measure.title);
