// Everything that was stored about the cursor's cell, drawn by its kind with its measure's card: a
// new measure shows up here without a line written for it.

import { tag } from "../core/controls.js";
import { el } from "../core/elements.js";
import { nameOf, t } from "../core/language.js";
import { lazily } from "../core/lazy.js";
import { measureTitle } from "../core/measures.js";
import { failures } from "../core/panels.js";
import { answerPath } from "../core/source.js";
import { epochAt, layerName, measureOf, seedOf, shown } from "../core/state.js";
import { drawFigure } from "../plots/figure.js";

const CARD = ["Range", "Misleads", "Source", "Definition", "Cost"];
let lazy = null;

const recorded = () => shown().filter(([, net]) => net.epochs.length);
const wants = (state) =>
  Object.fromEntries(
    recorded().map(([slot, net]) => [
      slot,
      answerPath("cell", net.name, seedOf(net), layerName(net), epochAt(net), state.split),
    ]),
  );

function draw(host, state, answers) {
  const cells = recorded().map(([slot, net]) => [slot, net, answers[slot]]);
  const names = namesOf(cells);
  const top = host.scrollTop;
  lazy?.stop();
  lazy = lazily(fill, "200px");
  if (!names.length)
    return host.replaceChildren(
      el(
        "p",
        { className: "missing" },
        cells.find(([, , answer]) => answer?.missing)?.[2].missing || t("measured.nothing"),
      ),
    );
  host.replaceChildren(
    el("p", { className: "note" }, cells.map(([slot, net]) => whereOf(slot, net, state)).join("; ")),
    ...names.map((name) => section(name, cells)),
  );
  host.scrollTop = top;
  return undefined;
}
const whereOf = (slot, net, { split }) => {
  const place = [net.name, layerName(net), t("bar.epoch", { epoch: epochAt(net) }), nameOf("split", split)];
  return `${slot.toUpperCase()} ${place.join(" · ")}`;
};
const namesOf = (cells) => [
  ...new Set(cells.flatMap(([, , answer]) => (answer && !answer.missing ? Object.keys(answer.figures) : []))),
];

// ---- one measure: its name and card, then its record of each run
function section(name, cells) {
  const measure = factsOf(name);
  const there = cells.filter(([, , answer]) => answer && !answer.missing && answer.figures[name]);
  return el(
    "section",
    { className: "measured-one", data: { measure: name } },
    el("h3", {}, measure ? measureTitle(measure) : name.replaceAll("_", " "), measure && card(measure)),
    measure && el("p", { className: "note" }, nameOf("summary", measure.name, measure.summary)),
    el(
      "div",
      { className: "sides", data: { count: String(there.length) } },
      there.map(([slot, , answer]) => side(slot, answer.figures[name], measure)),
    ),
  );
}
const factsOf = (name) => measureOf(name) || measureOf(name.split("@")[0]);

function card(measure) {
  const rows = CARD.filter((part) => measure.card?.[part]).map((part) => [
    el("dt", {}, t(`card.${part}`)),
    el("dd", {}, nameOf(`card.${part}`, measure.name, measure.card[part])),
  ]);
  return (
    rows.length > 0 &&
    el("details", {}, el("summary", {}, t("measured.card")), el("dl", { className: "facts" }, rows))
  );
}

function side(slot, figure, measure) {
  const stage = el("div", { className: "pane" });
  stage.facts = { figure, measure };
  lazy.watch(stage);
  return el("div", { data: { slot } }, recorded().length > 1 && tag(slot), stage);
}

// ---- drawn when they come near the window; one that cannot be drawn costs only itself
function fill(stage) {
  const { figure, measure } = stage.facts;
  try {
    drawFigure(stage, figure);
  } catch (error) {
    failures.push({ panel: `measured/${measure?.name}`, error });
    stage.replaceChildren(
      el("p", { className: "missing" }, t("panel.failed", { reason: String(error && error.message) })),
    );
  }
}

export const measuredPanel = {
  id: "measured",
  place: "right",
  title: "measured.title",
  wants,
  draw,
  partial: true,
  follows: ["a", "b", "seed", "split", "layer", "epoch", "right"],
};
