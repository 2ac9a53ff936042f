// Everything that was stored about the cursor's cell, drawn by its kind with its measure's card: a
// new measure shows up here without a line written for it.
"use strict";

(function () {
  const L = window.lamella;
  const CARD = ["Range", "Misleads", "Source", "Definition", "Cost"];
  let lazy = null;

  const recorded = () => L.shown().filter(([, net]) => net.epochs.length);
  const wants = (state) => Object.fromEntries(recorded().map(([slot, net]) => [slot, L.path("cell", net.name, L.seedOf(net), L.layerName(net), L.epochAt(net), state.split)]));

  function draw(host, state, answers) {
    const cells = recorded().map(([slot, net]) => [slot, net, answers[slot]]), names = namesOf(cells), top = host.scrollTop;
    lazy?.stop();
    lazy = L.lazily(fill, "200px");
    if (!names.length) return host.replaceChildren(L.el("p", { className: "missing" }, cells.find(([, , answer]) => answer?.missing)?.[2].missing || L.t("measured.nothing")));
    host.replaceChildren(L.el("p", { className: "note" }, cells.map(([slot, net]) => `${slot.toUpperCase()} ${[net.name, L.layerName(net), L.t("bar.epoch", { epoch: L.epochAt(net) }), L.name("split", state.split)].join(" · ")}`).join("; ")), ...names.map((name) => section(name, cells)));
    host.scrollTop = top;
    return undefined;
  }
  const namesOf = (cells) => [...new Set(cells.flatMap(([, , answer]) => (answer && !answer.missing ? Object.keys(answer.records) : [])))];

  // ---- one measure: its name and card, then its record of each run
  function section(name, cells) {
    const measure = factsOf(name), there = cells.filter(([, , answer]) => answer && !answer.missing && answer.records[name]);
    return L.el("section", { className: "measured-one", data: { measure: name } }, L.el("h3", {}, measure ? L.measureTitle(measure) : name.replaceAll("_", " "), measure && card(measure)),
      measure && L.el("p", { className: "note" }, L.name("summary", measure.name, measure.summary)),
      L.el("div", { className: "sides", data: { count: String(there.length) } }, there.map(([slot, , answer]) => side(slot, answer.records[name], measure))));
  }
  const factsOf = (name) => L.measureOf(name) || L.measureOf(name.split("@")[0]);

  function card(measure) {
    const rows = CARD.filter((part) => measure.card?.[part]).map((part) => [L.el("dt", {}, L.t(`card.${part}`)), L.el("dd", {}, L.name(`card.${part}`, measure.name, measure.card[part]))]);
    return rows.length > 0 && L.el("details", {}, L.el("summary", {}, L.t("measured.card")), L.el("dl", { className: "facts" }, rows));
  }

  function side(slot, record, measure) {
    const stage = L.el("div", { className: "pane", data: { kind: record.kind } });
    stage.told = { record, measure };
    lazy.watch(stage);
    return L.el("div", { data: { slot } }, recorded().length > 1 && L.tag(slot), stage);
  }

  // ---- drawn when they come near the window; one that cannot be drawn costs only itself
  function fill(stage) {
    const { record, measure } = stage.told;
    try {
      L.drawRecord(stage, record, { measure, unit: measure?.unit, better: measure?.better });
    } catch (error) {
      L.failures.push({ panel: `measured/${measure?.name}`, error });
      stage.replaceChildren(L.el("p", { className: "missing" }, L.t("panel.failed", { reason: String(error && error.message) })));
    }
  }

  L.panel({ id: "measured", place: "right", title: "measured.title", wants, draw, partial: true, follows: ["a", "b", "seed", "split", "layer", "epoch", "right"] });
})();
