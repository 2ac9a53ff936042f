// The classes: which are taken for which, how their neighbourhoods mix, in which order they merge,
// and in how few dimensions they stay apart. Only what was recorded or measured has a tab.

import { predictionsPath, samplesPath, selects } from "../cloud/samples.js";
import { seg, tag } from "../core/controls.js";
import { el, say } from "../core/elements.js";
import { nameOf, t } from "../core/language.js";
import { nextFrame } from "../core/lazy.js";
import { failures } from "../core/panels.js";
import { answerPath } from "../core/source.js";
import { declare, epochAt, index, layerName, seedOf, select, set, shown, state } from "../core/state.js";
import { drawFigure } from "../plots/figure.js";

const SPLITS = { train: 0, test: 1 };
declare("classes", "confusion");

// view: whether there is one, its answers and the figure that it shows of them.
const views = {
  confusion: {
    there: () => shown().some(([, net]) => net.class_names.length > 1),
    wants: wantsPredictions,
    draw: drawConfusion,
  },
  profile: ofMeasure("compactness_profile"),
  linkage: ofMeasure("class_linkage"),
  f1: ofMeasure("perceptron_f1"),
};
function ofMeasure(name) {
  const draw = (host, slot, net, answers) => drawMeasured(host, answers[slot], name);
  return { there: () => stored(name), wants: wantsCells, draw };
}
const stored = (name) => index.measures.some((measure) => measure.name === name);
const shownViews = () => Object.keys(views).filter((name) => views[name].there());
const viewOf = (state) => (shownViews().includes(state.classes) ? state.classes : shownViews()[0]);

const cellPath = (net) =>
  answerPath("cell", net.name, seedOf(net), layerName(net), epochAt(net), state.split);
const recorded = () => shown().filter(([, net]) => net.epochs.length);

function wants(state) {
  const view = viewOf(state);
  return view ? views[view].wants() : {};
}
function wantsPredictions() {
  return Object.fromEntries(
    recorded().flatMap(([slot, net]) => [
      [slot, predictionsPath(net)],
      [`${slot} samples`, samplesPath(net)],
    ]),
  );
}
function wantsCells() {
  return Object.fromEntries(recorded().map(([slot, net]) => [slot, cellPath(net)]));
}

const tools = (host, state) =>
  host.append(
    seg(
      t("classes.view"),
      shownViews().map((name) => [name, t(`classes.${name}`)]),
      viewOf(state),
      (classes) => set({ classes }),
    ),
  );

function draw(host, state, answers) {
  const view = viewOf(state);
  host.dataset.view = view || "";
  if (!view) return host.replaceChildren(el("p", { className: "missing" }, t("classes.nothing")));
  return host.replaceChildren(
    el(
      "div",
      { className: "sides", data: { count: String(recorded().length) } },
      recorded().map(([slot, net]) => side(slot, net, answers, views[view], state)),
    ),
  );
}

function side(slot, net, answers, view, state) {
  const stage = el("div", { className: "pane" });
  const where = [
    net.name,
    view.wants === wantsPredictions ? "" : layerName(net),
    t("bar.epoch", { epoch: epochAt(net) }),
    nameOf("split", state.split),
  ]
    .filter(Boolean)
    .join(" · ");
  nextFrame(() => guarded(stage, () => view.draw(stage, slot, net, answers)));
  return el("section", { data: { slot } }, el("h3", {}, tag(slot), el("small", {}, where)), stage);
}
function guarded(stage, action) {
  try {
    if (stage.isConnected) action();
  } catch (error) {
    failures.push({ panel: "classes", error });
    missing(stage, t("panel.failed", { reason: String(error && error.message) }));
  }
}
const missing = (host, reason) => host.replaceChildren(el("p", { className: "missing" }, reason));

// ---- confusion: a cell is a way to its samples
function drawConfusion(host, slot, net, answers) {
  const answer = answers[slot];
  const found = answer && !answer.missing && answer.figures[state.split];
  if (!found) return missing(host, answer?.missing || t("classes.no_split"));
  const samples = answers[`${slot} samples`];
  return drawFigure(host, found, selects(slot) ? { pick: (row, column) => pick(answer, samples, row, column) } : {});
}

function pick({ predicted }, samples, row, column) {
  if (!samples || samples.missing) return;
  const own = SPLITS[state.split];
  const chosen = [...samples.label.data.keys()].filter(
    (i) =>
      samples.label.data[i] === row &&
      predicted.data[i] === column &&
      (own === undefined || samples.split.data[i] === own),
  );
  select(chosen);
  say(t("selection.count", { n: chosen.length }));
}

// ---- a measure's own figure of the cell
function drawMeasured(host, answer, name) {
  const found = answer && !answer.missing && answer.figures[name];
  return found ? drawFigure(host, found) : missing(host, answer?.missing || t("classes.not_here"));
}

export const classesPanel = {
  id: "classes",
  place: "left",
  title: "classes.title",
  wants,
  tools,
  draw,
  partial: true,
  follows: ["a", "b", "seed", "split", "layer", "epoch", "classes"],
};
