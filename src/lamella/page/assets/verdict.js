// The band under the bar: the study's answer with its numbers, and the rule by which it was found.
// Words that name a layer or an epoch are links to the cell.
"use strict";

(function () {
  const L = window.lamella;

  // ---- links, also for the analysis below
  function changeOf(cell) {
    const net = cell.run ? L.net(cell.run) || L.net(cell.run.split("/")[0]) : null, change = {};
    if (net && !L.shown().some(([, other]) => other === net)) change[L.state.b !== null && net.data === L.net(L.state.a)?.data ? "b" : "a"] = net.name;
    for (const key of ["layer", "epoch", "split", "measure"]) if (cell[key] !== null && cell[key] !== undefined) change[key] = cell[key];
    return change;
  }
  L.goTo = (cell) => L.set(changeOf(cell));

  const escaped = (text) => text.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&");

  // Layer names stand as whole words; the longest first, so that conv10 is not conv1.
  function wordPattern() {
    const names = [...new Set(L.index.nets.flatMap((net) => net.layers.map((layer) => layer.name)))].filter((name) => name.length > 1);
    const layers = names.sort((p, q) => q.length - p.length).slice(0, 400).map(escaped);
    return new RegExp(`(?<![\\p{L}\\p{N}_])(?:(epoch|эпох[аиеуы]?) (\\d+)${layers.length ? `|(${layers.join("|")})` : ""})(?![\\p{L}\\p{N}_])`, "gu");
  }

  // A link like any other: it can be copied and opened beside; a plain click only moves the cursor.
  const link = (text, cell, title) => L.el("a", {
    className: "to", title: title || "", href: L.hashFor(changeOf(cell)),
    onclick: (event) => { if (!event.ctrlKey && !event.metaKey && !event.shiftKey) { event.preventDefault(); L.goTo(cell); } },
  }, text);

  // The words of a sentence, with links; a sentence without a word for its cell gets an arrow.
  L.linked = (text, cell) => {
    if (!L.index.nets.length) return [text];   // nowhere to go
    const parts = [];
    let from = 0;
    for (const found of text.matchAll(wordPattern())) {
      parts.push(text.slice(from, found.index), link(found[0], { ...cell, ...(found[2] ? { epoch: Number(found[2]) } : { layer: found[3] }) }));
      from = found.index + found[0].length;
    }
    parts.push(text.slice(from));
    if (cell && parts.length === 1) parts.push(" ", link("→", cell, L.t("story.show")));
    return parts;
  };

  L.numbersOf = (numbers) => (numbers || []).map(([name, text]) => L.el("span", { className: "number" }, `${name} `, L.el("b", {}, text)));

  // ---- the band
  // The page opens at the split that the verdict is about, so that the cube shows its numbers; not
  // where the address or the reader asked for another.
  let opened = null;
  function openAt(split) {
    opened ??= L.state.split;
    if (!split || L.given.has("split") || L.state.split !== opened) return;
    L.given.add("split");
    if (L.net(L.state.a)?.splits.includes(split)) L.set({ split });
  }

  function draw(host, state, [story]) {
    openAt(story.verdict?.cell?.split);
    host.replaceChildren(...(story.missing || !story.verdict ? recorded() : verdict(story)));
  }

  const verdict = (story) => [
    L.el("strong", {}, L.linked(story.verdict.text, story.verdict.cell)),
    L.el("span", { className: "numbers" }, L.numbersOf(story.verdict.numbers)),
    story.rule && how(story.rule),
  ].filter(Boolean);

  // The rule stays open for a reader who wants it, by mouse or keyboard.
  const how = (rule) => L.el("details", { className: "how" }, L.el("summary", {}, L.t("verdict.how")), L.el("p", {}, rule));

  // Without a study behind the runs, at least what there is.
  function recorded() {
    const nets = L.index.nets.map((net) => L.t("verdict.net", { name: net.name, layers: net.layers.length - 1, epochs: net.epochs.length, seeds: net.seeds.length }));
    const samples = Object.entries(L.index.nets[0]?.samples || {}).map(([name, count]) => `${count} ${L.name("split", name)}`).join(", ");
    return [L.el("strong", {}, L.t("verdict.recorded")), L.el("span", {}, `${nets.join("; ")}${samples ? `; ${L.t("verdict.samples", { samples })}` : ""}`),
      L.el("span", { className: "note" }, L.t("verdict.measures", { n: L.index.measures.length }))];
  }

  L.panel({ id: "verdict", place: "verdict", title: "verdict.title", bare: true, wants: () => ["story"], draw, partial: true, follows: ["a", "b"] });
})();
