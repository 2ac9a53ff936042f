// The analysis: the words of the study's report, each sentence a way to the cell that shows it, and
// its figures. Figures are drawn when they come near the window.

import { el } from "../core/elements.js";
import { t } from "../core/language.js";
import { lazily } from "../core/lazy.js";
import { formatNumber } from "../core/numbers.js";
import { failures } from "../core/panels.js";
import { index } from "../core/state.js";
import { drawFigure } from "../plots/figure.js";
import { linked, numbersOf } from "./verdict.js";

const KEEPS = new Set(["size", "select", "data"]); // figures mind their own size
let lazy = null;
let drawn = null;

function draw(host, state, [story], changed) {
  if (story === drawn && !story.missing && [...changed].every((key) => KEEPS.has(key))) return;
  drawn = story;
  lazy?.stop();
  lazy = lazily(fill, "400px");
  host.replaceChildren(...(story.missing ? withoutStory() : sections(story)));
}

const sections = (story) => [...story.sections.map(section), facts(story.facts)].filter(Boolean);

const section = (part) =>
  el(
    "section",
    { className: "chapter" },
    el("h3", {}, part.title),
    part.sentences.length > 0 && el("div", { className: "words" }, part.sentences.map(sentence)),
    part.pictures.length > 0 && el("div", { className: "pictures" }, part.pictures.map(picture)),
  );

const sentence = (words) =>
  el(
    "p",
    {},
    linked(words.text, words.cell),
    words.numbers?.length > 0 && el("span", { className: "numbers" }, numbersOf(words.numbers)),
  );

function picture(facts) {
  const stage = el("div", { className: "picture" });
  const frame = el(
    "figure",
    { data: { view: facts.view } },
    stage,
    facts.caption && el("figcaption", {}, facts.caption),
  );
  frame.facts = facts;
  lazy.watch(frame);
  return frame;
}

// One figure that cannot be drawn costs only itself.
function fill(frame) {
  const stage = frame.firstChild;
  try {
    drawFigure(stage, frame.facts);
  } catch (error) {
    failures.push({ panel: `story/${frame.facts.view}`, error });
    stage.replaceChildren(
      el("p", { className: "missing" }, t("panel.failed", { reason: String(error && error.message) })),
    );
  }
}

const list = (pairs) =>
  el(
    "dl",
    { className: "facts" },
    pairs.map(([name, text]) => el("div", {}, el("dt", {}, name), el("dd", {}, text))),
  );

const facts = (pairs) =>
  pairs?.length > 0 && el("section", { className: "chapter" }, el("h3", {}, t("story.facts")), list(pairs));

// No study told anything: what was recorded, what it cost, and what went wrong.
function withoutStory() {
  const about = (net) =>
    el(
      "section",
      { className: "chapter" },
      el("h3", {}, net.name),
      list(
        [
          [t("story.net"), net.description],
          [t("story.layers"), String(net.layers.length - 1)],
          [t("story.epochs"), net.epochs.join(", ")],
          [t("story.seeds"), net.seeds.join(", ")],
          ...cost(net),
          ...(net.problems || []).map((problem) => [t("story.problem"), problem]),
        ].filter(([, text]) => text),
      ),
    );
  return [el("p", { className: "missing" }, t("story.none")), ...index.nets.map(about)];
}

const cost = ({ cost: paid }) =>
  paid && Number.isFinite(paid.seconds)
    ? [
        [
          t("story.cost"),
          t("story.cost_text", {
            seconds: formatNumber(paid.seconds),
            mb: formatNumber(paid.bytes / 1e6),
            share: Number.isFinite(paid.share) ? formatNumber(100 * paid.share, "%") : "–",
          }),
        ],
      ]
    : [];

export const storyPanel = {
  id: "story",
  place: "story",
  title: "story.title",
  wants: () => ["story"],
  draw,
  partial: true,
  follows: [],
};
