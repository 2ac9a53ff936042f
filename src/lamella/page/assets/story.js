// The analysis: the words of the study's report, each sentence a way to the cell that shows it, and
// its figures. Figures are drawn when they come near the window.
"use strict";

(function () {
  const L = window.lamella;
  const KEEPS = new Set(["size", "select", "data"]);   // figures mind their own size
  let lazy = null, told = null;

  function draw(host, state, [story], changed) {
    if (story === told && !story.missing && [...changed].every((key) => KEEPS.has(key))) return;
    told = story;
    lazy?.stop();
    lazy = L.lazily(fill, "400px");
    host.replaceChildren(...(story.missing ? withoutStory() : sections(story)));
  }

  const sections = (story) => [...story.sections.map(section), facts(story.facts)].filter(Boolean);

  const section = (part) => L.el("section", { className: "chapter" }, L.el("h3", {}, part.title),
    part.sentences.length > 0 && L.el("div", { className: "words" }, part.sentences.map(sentence)),
    part.pictures.length > 0 && L.el("div", { className: "pictures" }, part.pictures.map(picture)));

  const sentence = (told) => L.el("p", {}, L.linked(told.text, told.cell), told.numbers?.length > 0 && L.el("span", { className: "numbers" }, L.numbersOf(told.numbers)));

  function picture(told) {
    const stage = L.el("div", { className: "picture" }), figure = L.el("figure", { data: { view: told.view } }, stage, told.caption && L.el("figcaption", {}, told.caption));
    figure.told = told;
    lazy.watch(figure);
    return figure;
  }

  // One figure that cannot be drawn costs only itself.
  function fill(figure) {
    const stage = figure.firstChild;
    try {
      L.figure(stage, figure.told);
    } catch (error) {
      L.failures.push({ panel: `story/${figure.told.view}`, error });
      stage.replaceChildren(L.el("p", { className: "missing" }, L.t("panel.failed", { reason: String(error && error.message) })));
    }
  }

  const list = (pairs) => L.el("dl", { className: "facts" }, pairs.map(([name, text]) => L.el("div", {}, L.el("dt", {}, name), L.el("dd", {}, text))));

  const facts = (pairs) => pairs?.length > 0 && L.el("section", { className: "chapter" }, L.el("h3", {}, L.t("story.facts")), list(pairs));

  // No study told anything: what was recorded, what it cost, and what went wrong.
  function withoutStory() {
    const about = (net) => L.el("section", { className: "chapter" }, L.el("h3", {}, net.name), list([
      [L.t("story.net"), net.description], [L.t("story.layers"), String(net.layers.length - 1)], [L.t("story.epochs"), net.epochs.join(", ")],
      [L.t("story.seeds"), net.seeds.join(", ")], ...cost(net), ...(net.problems || []).map((problem) => [L.t("story.problem"), problem]),
    ].filter(([, text]) => text)));
    return [L.el("p", { className: "missing" }, L.t("story.none")), ...L.index.nets.map(about)];
  }

  const cost = ({ cost: paid }) => (paid && Number.isFinite(paid.seconds) ? [[L.t("story.cost"), L.t("story.cost_text", { seconds: L.number(paid.seconds), mb: L.number(paid.bytes / 1e6), share: Number.isFinite(paid.share) ? L.number(100 * paid.share, "%") : "–" })]] : []);

  L.panel({ id: "story", place: "story", title: "story.title", wants: () => ["story"], draw, partial: true, follows: [] });
})();
