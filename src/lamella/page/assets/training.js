// Training: error and loss of the runs over epochs with their seeds as bands, what becomes of the
// selected samples, how large gradients and updates are, which units die, and what recording cost.
"use strict";

(function () {
  const L = window.lamella;
  const MOVES = new Set(["epoch", "layer"]);
  L.declare("training", "curves");

  // A view: {name, there(), wants(state), draw(host, state, answers) -> the plots with a cursor}.
  const views = L.trainingViews = [];
  let plots = [];

  const shownViews = () => views.filter((view) => view.there());
  const viewOf = (state) => shownViews().find((view) => view.name === state.training) || views[0];
  const wants = (state) => ({ ...Object.fromEntries(L.shown().map(([slot, net]) => [slot, L.path("training", net.name)])), ...(viewOf(state).wants?.(state) || {}) });

  const tools = (host, state) => host.append(L.seg(L.t("training.view"), shownViews().map(({ name }) => [name, L.t(`training.${name}`)]), viewOf(state).name, (training) => L.set({ training })));

  // A move of the cursor moves lines; everything else is drawn anew.
  function draw(host, state, answers, changed) {
    const view = viewOf(state), kept = [...(view.keeps || []), ...MOVES];
    if (host.dataset.view === view.name && plots.length && [...changed].every((key) => kept.includes(key))) return moveCursors(state);
    host.dataset.view = view.name;
    plots = view.draw(host, state, answers) || [];
    for (const plot of plots) plot.onPick((epoch) => L.set({ epoch }));
    return moveCursors(state);
  }
  const moveCursors = (state) => plots.forEach((plot) => plot.cursor(state.epoch));

  // The recorded epochs stand side by side, as in the cube and the vines: they may double. Of what was
  // logged, the first and the last epoch belong to the axis too.
  L.epochAxis = (label, logged = []) => {
    const ends = logged.length ? [Math.min(...logged), Math.max(...logged)] : [];
    const stops = [...new Set([...L.shown().flatMap(([, net]) => net.epochs), ...ends])].sort((p, q) => p - q);
    return stops.length > 2 ? { label, stops, format: (epoch) => String(Math.round(epoch)) } : { label };
  };

  // A box with a heading for each plot of a view.
  L.plotGrid = (host, count) => {
    const boxes = Array.from({ length: count }, () => L.el("div", { className: "cellbox" }));
    host.replaceChildren(L.el("div", { className: "plots", data: { count: String(count) } }, boxes));
    return boxes;
  };

  L.panel({ id: "training", place: "left", title: "training.title", wants, tools, draw, partial: true });
})();
