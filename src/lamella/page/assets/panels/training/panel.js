// Training: error and loss of the runs over epochs with their seeds as bands, what becomes of the
// selected samples, how large gradients and updates are, which units die, and what recording cost.

import { seg } from "../../core/controls.js";
import { t } from "../../core/language.js";
import { answerPath } from "../../core/source.js";
import { declare, set, shown } from "../../core/state.js";
import { curvesView } from "./curves.js";
import { healthViews } from "./health.js";
import { selectedView } from "./selected.js";

const MOVES = new Set(["epoch", "layer"]);
declare("training", "curves");

// A view: {name, there(), wants(state), draw(host, state, answers) -> the plots with a cursor}.
const views = [curvesView, selectedView, ...healthViews];
let plots = [];

const shownViews = () => views.filter((view) => view.there());
const viewOf = (state) => shownViews().find((view) => view.name === state.training) || views[0];
const wants = (state) => ({
  ...Object.fromEntries(shown().map(([slot, net]) => [slot, answerPath("training", net.name)])),
  ...(viewOf(state).wants?.(state) || {}),
});

const tools = (host, state) =>
  host.append(
    seg(
      t("training.view"),
      shownViews().map(({ name }) => [name, t(`training.${name}`)]),
      viewOf(state).name,
      (training) => set({ training }),
    ),
  );

// A move of the cursor moves lines; everything else is drawn anew.
function draw(host, state, answers, changed) {
  const view = viewOf(state);
  const kept = [...(view.keeps || []), ...MOVES];
  if (host.dataset.view === view.name && plots.length && [...changed].every((key) => kept.includes(key)))
    return moveCursors(state);
  host.dataset.view = view.name;
  plots = view.draw(host, state, answers) || [];
  for (const plot of plots) plot.onPick((epoch) => set({ epoch }));
  return moveCursors(state);
}
const moveCursors = (state) => plots.forEach((plot) => plot.cursor(state.epoch));

export const trainingPanel = {
  id: "training",
  place: "left",
  title: "training.title",
  wants,
  tools,
  draw,
  partial: true,
};
