// The card below the cube: the value at the cursor with what it must be compared to, and what the
// measure's own docstring says of its range, its traps and its source.

import { tag } from "../../core/controls.js";
import { el } from "../../core/elements.js";
import { currentLanguage, nameOf, t } from "../../core/language.js";
import { reasonOf } from "../../core/measures.js";
import { formatNumber, meanOf, spreadOf } from "../../core/numbers.js";
import { isPrinting } from "../../core/printing.js";
import { answerPath } from "../../core/source.js";
import { epochOf, layerOf, measureOf, shown, state } from "../../core/state.js";
import { reduceSeeds, seedValues } from "./grids.js";

const LINES = ["Range", "Misleads", "Source", "Definition", "Cost"];
const BASELINES = ["raw_input", "untrained", "chance", "shuffled", "gaussian"];

const wants = () =>
  !measureOf()
    ? {}
    : Object.fromEntries(shown().map(([slot, net]) => [slot, answerPath("cube", net.name, state.measure)]));

function valueOf(slot, net, cube) {
  const { split, over, seed } = state;
  const measure = measureOf();
  const layer = layerOf(net);
  const epoch = epochOf(net);
  const seeds = cube.missing ? [] : seedValues(cube, split, layer, epoch);
  const value = reduceSeeds(seeds, over === "seed" ? "seed" : "mean", seed);
  const known = seeds.filter((one) => !Number.isNaN(one)).length;
  return el(
    "span",
    { className: "reading" },
    tag(slot),
    el("b", {}, formatNumber(value, measure.unit)),
    el(
      "small",
      {},
      Number.isNaN(value) ? reasonOf(cube, net, split, layer, epoch) : error(net, value, seeds, known, over),
    ),
  );
}

// Spread over seeds; of one seed and a share of samples, the binomial standard error.
function error(net, value, seeds, known, over) {
  const spread = spreadOf(seeds);
  const samples = sampleCount(net);
  if (over !== "seed" && Number.isFinite(spread))
    return t("card.over_seeds", { spread: formatNumber(spread), n: known });
  if (measureOf().name !== "neighbour_error" || !samples) return "";
  return t("card.standard_error", {
    error: formatNumber(Math.sqrt((value * (100 - value)) / samples)),
    n: samples,
  });
}
const sampleCount = (net) =>
  state.split === "both" ? Object.values(net.samples).reduce((a, b) => a + b, 0) : net.samples[state.split];

// One baseline of both runs in one phrase where they agree.
function baseline(name, answers) {
  const unit = measureOf().unit;
  const found = shown()
    .map(([slot, net]) => [slot, baselineAt(answers[slot], net, name)])
    .filter(([, value]) => Number.isFinite(value));
  if (!found.length) return null;
  const texts = found.map(([, value]) => formatNumber(value, unit));
  const same = texts.every((text) => text === texts[0]);
  return el(
    "span",
    { title: t(`card.${name}_tip`) },
    `${t(`card.${name}`)} `,
    same ? texts[0] : found.map(([slot], at) => `${slot.toUpperCase()} ${texts[at]}`).join(", "),
  );
}

function baselineAt(cube, net, name) {
  const block = cube.missing ? undefined : cube.baselines?.[name];
  if (block === undefined || block === null) return NaN;
  return meanOf(seedValues(cube, state.split, layerOf(net), epochOf(net), block));
}

function draw(host, state, answers) {
  const measure = measureOf();
  if (!measure) return host.replaceChildren(el("p", { className: "missing" }, t("cube.no_measures")));
  const baselines = BASELINES.map((name) => baseline(name, answers)).filter(Boolean);
  const values = el(
    "div",
    { className: "values" },
    shown().map(([slot, net]) => valueOf(slot, net, answers[slot])),
    el("span", { className: "baselines" }, baselines),
  );
  if (host.dataset.card !== cardKey(measure) || !host.firstChild) {
    host.dataset.card = cardKey(measure);
    return host.replaceChildren(values, facts(measure));
  }
  return host.firstChild.replaceWith(values);
}

const cardKey = (measure) => `${measure.name}/${currentLanguage()}/${isPrinting()}`;

function facts(measure) {
  const summary = nameOf("summary", measure.name, measure.summary);
  const rows = LINES.filter((name) => measure.card?.[name]).map((name) => [
    el("dt", {}, t(`card.${name}`)),
    fact(name, nameOf(`card.${name}`, measure.name, measure.card[name])),
  ]);
  return el("dl", {}, el("dt", {}, t("card.shows")), el("dd", { className: "what" }, summary), rows);
}

// A definition may be long: its first sentence, the whole on hovering and on paper.
const fact = (name, text) =>
  name === "Definition" && !isPrinting()
    ? el("dd", { title: text }, text.split(/(?<=[.;])\s/)[0])
    : el("dd", {}, text);

export const cardPanel = {
  id: "card",
  place: "cube",
  title: "card.title",
  bare: true,
  wants,
  draw,
  partial: true,
};
