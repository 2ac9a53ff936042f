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
import { drawF1, drawProfile } from "../figures/class-curves.js";
import { drawConfusionMatrix } from "../figures/confusion.js";
import { drawLinkage } from "../figures/linkage.js";

const SPLITS = { train: 0, test: 1 };
declare("classes", "confusion");

// view: measure that must be stored (null: none) and the record it draws.
const views = {
  confusion: {
    there: () => shown().some(([, net]) => net.class_names.length > 1),
    wants: wantsPredictions,
    draw: drawConfusion,
  },
  profile: { there: () => stored("compactness_profile"), wants: wantsProfile, draw: drawProfiles },
  linkage: {
    there: () => stored("class_linkage"),
    wants: wantsCells,
    draw: drawEach("class_linkage", (host, record, net) =>
      drawLinkage(host, record, named(net, record.rows)),
    ),
  },
  f1: {
    there: () => stored("perceptron_f1"),
    wants: wantsCells,
    draw: drawEach("perceptron_f1", (host, record) => drawF1(host, record)),
  },
};
const stored = (name) => index.measures.some((measure) => measure.name === name);
const shownViews = () => Object.keys(views).filter((name) => views[name].there());
const viewOf = (state) => (shownViews().includes(state.classes) ? state.classes : shownViews()[0]);

const named = (net, labels) =>
  labels.map((label) =>
    /^\d+$/.test(label) && net.class_names[label] !== undefined ? net.class_names[label] : label,
  );
const cellPath = (net, layer = layerName(net), epoch = epochAt(net)) =>
  answerPath("cell", net.name, seedOf(net), layer, epoch, state.split);
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
function wantsProfile() {
  return Object.fromEntries(
    recorded().flatMap(([slot, net]) => [
      [slot, cellPath(net)],
      [`${slot} input`, cellPath(net, net.layers[0].name)],
      ...(net.epochs[0] === 0 ? [[`${slot} untrained`, cellPath(net, layerName(net), 0)]] : []),
    ]),
  );
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
  const found = answer && !answer.missing && answer.confusion[state.split];
  if (!found) return missing(host, answer?.missing || t("classes.no_split"));
  const names = net.class_names.map(String);
  return drawConfusionMatrix(host, {
    rows: names,
    columns: names,
    values: Array.from(found.data),
    height: 330,
    name: t("classes.confusion"),
    pick: selects(slot) ? (row, column) => pick(answer, answers[`${slot} samples`], row, column) : null,
  });
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

// ---- compactness: the layer, and what it is to be compared to
function drawProfiles(host, slot, net, answers) {
  const record = recordOf(answers[slot], "compactness_profile");
  if (!record) return missing(host, answers[slot]?.missing || t("classes.not_here"));
  const baselines = [
    ["input", "card.raw_input"],
    ["untrained", "card.untrained"],
  ].map(([name, word]) => [t(word), recordOf(answers[`${slot} ${name}`], "compactness_profile")]);
  return drawProfile(host, [["", record]], {
    names: (labels) => named(net, labels),
    baselines: baselines.filter(([, one]) => one && one !== record),
    height: 230,
  });
}
const recordOf = (answer, name) => answer && !answer.missing && answer.records[name];

function drawEach(name, drawRecord) {
  return (host, slot, net, answers) => {
    const record = recordOf(answers[slot], name);
    return record
      ? drawRecord(host, record, net)
      : missing(host, answers[slot]?.missing || t("classes.not_here"));
  };
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
