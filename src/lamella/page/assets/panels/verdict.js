// The band under the bar: the study's answer with its numbers, and the rule by which it was found.
// Words that name a layer or an epoch are links to the cell.

import { el } from "../core/elements.js";
import { nameOf, t } from "../core/language.js";
import { given, hashFor, index, netNamed, set, shown, state } from "../core/state.js";

// ---- links, also for the analysis below
function changeOf(cell) {
  const net = cell.run ? netNamed(cell.run) || netNamed(cell.run.split("/")[0]) : null;
  const change = {};
  if (net && !shown().some(([, other]) => other === net))
    change[state.b !== null && net.data === netNamed(state.a)?.data ? "b" : "a"] = net.name;
  for (const key of ["layer", "epoch", "split", "measure"])
    if (cell[key] !== null && cell[key] !== undefined) change[key] = cell[key];
  return change;
}
const goTo = (cell) => set(changeOf(cell));

const escaped = (text) => text.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&");

// Layer names stand as whole words; the longest first, so that conv10 is not conv1.
function wordPattern() {
  const names = [...new Set(index.nets.flatMap((net) => net.layers.map((layer) => layer.name)))].filter(
    (name) => name.length > 1,
  );
  const layers = names
    .sort((p, q) => q.length - p.length)
    .slice(0, 400)
    .map(escaped);
  const letter = "[\\p{L}\\p{N}_]";
  const layer = layers.length ? `|(${layers.join("|")})` : "";
  return new RegExp(`(?<!${letter})(?:(epoch|эпох[аиеуы]?) (\\d+)${layer})(?!${letter})`, "gu");
}

// A link like any other: it can be copied and opened beside; a plain click only moves the cursor.
const link = (text, cell, title) =>
  el(
    "a",
    {
      className: "to",
      title: title || "",
      href: hashFor(changeOf(cell)),
      onclick: (event) => {
        if (!event.ctrlKey && !event.metaKey && !event.shiftKey) {
          event.preventDefault();
          goTo(cell);
        }
      },
    },
    text,
  );

// The words of a sentence, with links; a sentence without a word for its cell gets an arrow.
export const linked = (text, cell) => {
  if (!index.nets.length) return [text]; // nowhere to go
  const parts = [];
  let from = 0;
  for (const found of text.matchAll(wordPattern())) {
    parts.push(
      text.slice(from, found.index),
      link(found[0], { ...cell, ...(found[2] ? { epoch: Number(found[2]) } : { layer: found[3] }) }),
    );
    from = found.index + found[0].length;
  }
  parts.push(text.slice(from));
  if (cell && parts.length === 1) parts.push(" ", link("→", cell, t("story.show")));
  return parts;
};

export const numbersOf = (numbers) =>
  (numbers || []).map(([name, text]) => el("span", { className: "number" }, `${name} `, el("b", {}, text)));

// ---- the band
// The page opens at the split that the verdict is about, so that the cube shows its numbers; not
// where the address or the reader asked for another.
let opened = null;
function openAt(split) {
  opened ??= state.split;
  if (!split || given.has("split") || state.split !== opened) return;
  given.add("split");
  if (netNamed(state.a)?.splits.includes(split)) set({ split });
}

function draw(host, state, [story]) {
  openAt(story.verdict?.cell?.split);
  host.replaceChildren(...(story.missing || !story.verdict ? recorded() : verdict(story)));
}

const verdict = (story) =>
  [
    el("strong", {}, linked(story.verdict.text, story.verdict.cell)),
    el("span", { className: "numbers" }, numbersOf(story.verdict.numbers)),
    story.rule && how(story.rule),
  ].filter(Boolean);

// The rule stays open for a reader who wants it, by mouse or keyboard.
const how = (rule) =>
  el("details", { className: "how" }, el("summary", {}, t("verdict.how")), el("p", {}, rule));

// Without a study behind the runs, at least what there is.
function recorded() {
  const nets = index.nets.map((net) =>
    t("verdict.net", {
      name: net.name,
      layers: net.layers.length - 1,
      epochs: net.epochs.length,
      seeds: net.seeds.length,
    }),
  );
  const samples = Object.entries(index.nets[0]?.samples || {})
    .map(([name, count]) => `${count} ${nameOf("split", name)}`)
    .join(", ");
  return [
    el("strong", {}, t("verdict.recorded")),
    el("span", {}, `${nets.join("; ")}${samples ? `; ${t("verdict.samples", { samples })}` : ""}`),
    el("span", { className: "note" }, t("verdict.measures", { n: index.measures.length })),
  ];
}

export const verdictPanel = {
  id: "verdict",
  place: "verdict",
  title: "verdict.title",
  bare: true,
  wants: () => ["story"],
  draw,
  partial: true,
  follows: ["a", "b"],
};
