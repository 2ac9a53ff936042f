// The card below the cube: the value at the cursor with what it must be compared to, and what the
// measure's own docstring says of its range, its traps and its source.
"use strict";

(function () {
  const L = window.lamella;
  const LINES = ["Range", "Misleads", "Source", "Definition", "Cost"];
  const BASELINES = ["raw_input", "untrained", "chance", "shuffled", "gaussian"];

  const wants = () => (!L.measureOf() ? {} : Object.fromEntries(L.shown().map(([slot, net]) => [slot, L.path("cube", net.name, L.state.measure)])));

  function valueOf(slot, net, cube) {
    const { split, over, seed } = L.state, measure = L.measureOf(), layer = L.layerOf(net), epoch = L.epochOf(net);
    const seeds = cube.missing ? [] : L.seedValues(cube, split, layer, epoch), value = L.reduceSeeds(seeds, over === "seed" ? "seed" : "mean", seed);
    const known = seeds.filter((one) => !Number.isNaN(one)).length;
    return L.el("span", { className: "reading" }, L.tag(slot), L.el("b", {}, L.number(value, measure.unit)),
      L.el("small", {}, Number.isNaN(value) ? L.reasonOf(cube, net, split, layer, epoch) : error(net, value, seeds, known, over)));
  }

  // Spread over seeds; of one seed and a share of samples, the binomial standard error.
  function error(net, value, seeds, known, over) {
    const spread = L.spread(seeds), samples = sampleCount(net);
    if (over !== "seed" && Number.isFinite(spread)) return L.t("card.over_seeds", { spread: L.number(spread), n: known });
    if (L.measureOf().name !== "neighbour_error" || !samples) return "";
    return L.t("card.standard_error", { error: L.number(Math.sqrt(value * (100 - value) / samples)), n: samples });
  }
  const sampleCount = (net) => (L.state.split === "both" ? Object.values(net.samples).reduce((a, b) => a + b, 0) : net.samples[L.state.split]);

  // One baseline of both runs in one phrase where they agree.
  function baseline(name, answers) {
    const unit = L.measureOf().unit;
    const found = L.shown().map(([slot, net]) => [slot, baselineAt(answers[slot], net, name)]).filter(([, value]) => Number.isFinite(value));
    if (!found.length) return null;
    const texts = found.map(([, value]) => L.number(value, unit)), same = texts.every((text) => text === texts[0]);
    return L.el("span", { title: L.t(`card.${name}_tip`) }, `${L.t(`card.${name}`)} `, same ? texts[0] : found.map(([slot], at) => `${slot.toUpperCase()} ${texts[at]}`).join(", "));
  }

  function baselineAt(cube, net, name) {
    const block = cube.missing ? undefined : cube.baselines?.[name];
    if (block === undefined || block === null) return NaN;
    return L.mean(L.seedValues(cube, L.state.split, L.layerOf(net), L.epochOf(net), block));
  }

  function draw(host, state, answers) {
    const measure = L.measureOf();
    if (!measure) return host.replaceChildren(L.el("p", { className: "missing" }, L.t("cube.no_measures")));
    const baselines = BASELINES.map((name) => baseline(name, answers)).filter(Boolean);
    const values = L.el("div", { className: "values" }, L.shown().map(([slot, net]) => valueOf(slot, net, answers[slot])), L.el("span", { className: "baselines" }, baselines));
    if (host.dataset.card !== cardKey(measure) || !host.firstChild) {
      host.dataset.card = cardKey(measure);
      return host.replaceChildren(values, facts(measure));
    }
    return host.firstChild.replaceWith(values);
  }

  const cardKey = (measure) => `${measure.name}/${L.language()}/${L.printing}`;

  function facts(measure) {
    const summary = L.name("summary", measure.name, measure.summary);
    const rows = LINES.filter((name) => measure.card?.[name]).map((name) => [L.el("dt", {}, L.t(`card.${name}`)), fact(name, L.name(`card.${name}`, measure.name, measure.card[name]))]);
    return L.el("dl", {}, L.el("dt", {}, L.t("card.shows")), L.el("dd", { className: "what" }, summary), rows);
  }

  // A definition may be long: its first sentence, the whole on hovering and on paper.
  const fact = (name, text) => (name === "Definition" && !L.printing ? L.el("dd", { title: text }, text.split(/(?<=[.;])\s/)[0]) : L.el("dd", {}, text));

  L.panel({ id: "card", place: "cube", title: "card.title", bare: true, wants, draw, partial: true });
})();
