// The classes: which are taken for which, how their neighbourhoods mix, in which order they merge,
// and in how few dimensions they stay apart. Only what was recorded or measured has a tab.
"use strict";

(function () {
  const L = window.lamella;
  const SPLITS = { train: 0, test: 1 };
  L.declare("classes", "confusion");

  // view: measure that must be stored (null: none) and the record it draws.
  const views = {
    confusion: { there: () => L.shown().some(([, net]) => net.class_names.length > 1), wants: wantsPredictions, draw: drawConfusion },
    profile: { there: () => stored("compactness_profile"), wants: wantsProfile, draw: drawProfile },
    linkage: { there: () => stored("class_linkage"), wants: wantsCells, draw: drawEach("class_linkage", (host, record, net) => L.linkage(host, record, named(net, record.rows))) },
    f1: { there: () => stored("perceptron_f1"), wants: wantsCells, draw: drawEach("perceptron_f1", (host, record) => L.f1(host, record)) },
  };
  const stored = (name) => L.index.measures.some((measure) => measure.name === name);
  const shownViews = () => Object.keys(views).filter((name) => views[name].there());
  const viewOf = (state) => (shownViews().includes(state.classes) ? state.classes : shownViews()[0]);

  const named = (net, labels) => labels.map((label) => (/^\d+$/.test(label) && net.class_names[label] !== undefined ? net.class_names[label] : label));
  const cellPath = (net, layer = L.layerName(net), epoch = L.epochAt(net)) => L.path("cell", net.name, L.seedOf(net), layer, epoch, L.state.split);
  const recorded = () => L.shown().filter(([, net]) => net.epochs.length);

  function wants(state) { const view = viewOf(state); return view ? views[view].wants() : {}; }
  function wantsPredictions() { return Object.fromEntries(recorded().flatMap(([slot, net]) => [[slot, L.predictionsPath(net)], [`${slot} samples`, L.samplesPath(net)]])); }
  function wantsCells() { return Object.fromEntries(recorded().map(([slot, net]) => [slot, cellPath(net)])); }
  function wantsProfile() {
    return Object.fromEntries(recorded().flatMap(([slot, net]) => [[slot, cellPath(net)], [`${slot} input`, cellPath(net, net.layers[0].name)], ...(net.epochs[0] === 0 ? [[`${slot} untrained`, cellPath(net, L.layerName(net), 0)]] : [])]));
  }

  const tools = (host, state) => host.append(L.seg(L.t("classes.view"), shownViews().map((name) => [name, L.t(`classes.${name}`)]), viewOf(state), (classes) => L.set({ classes })));

  function draw(host, state, answers) {
    const view = viewOf(state);
    host.dataset.view = view || "";
    if (!view) return host.replaceChildren(L.el("p", { className: "missing" }, L.t("classes.nothing")));
    return host.replaceChildren(L.el("div", { className: "sides", data: { count: String(recorded().length) } }, recorded().map(([slot, net]) => side(slot, net, answers, views[view], state))));
  }

  function side(slot, net, answers, view, state) {
    const stage = L.el("div", { className: "pane" }), where = [net.name, view.wants === wantsPredictions ? "" : L.layerName(net), L.t("bar.epoch", { epoch: L.epochAt(net) }), L.name("split", state.split)].filter(Boolean).join(" · ");
    L.nextFrame(() => guarded(stage, () => view.draw(stage, slot, net, answers)));
    return L.el("section", { data: { slot } }, L.el("h3", {}, L.tag(slot), L.el("small", {}, where)), stage);
  }
  function guarded(stage, action) {
    try { if (stage.isConnected) action(); } catch (error) { L.failures.push({ panel: "classes", error }); missing(stage, L.t("panel.failed", { reason: String(error && error.message) })); }
  }
  const missing = (host, reason) => host.replaceChildren(L.el("p", { className: "missing" }, reason));

  // ---- confusion: a cell is a way to its samples
  function drawConfusion(host, slot, net, answers) {
    const answer = answers[slot], found = answer && !answer.missing && answer.confusion[L.state.split];
    if (!found) return missing(host, answer?.missing || L.t("classes.no_split"));
    const names = net.class_names.map(String);
    return L.confusion(host, { rows: names, columns: names, values: Array.from(found.data), height: 330, name: L.t("classes.confusion"), pick: L.selects(slot) ? (row, column) => pick(answer, answers[`${slot} samples`], row, column) : null });
  }

  function pick({ predicted }, samples, row, column) {
    if (!samples || samples.missing) return;
    const own = SPLITS[L.state.split], chosen = [...samples.label.data.keys()].filter((i) => samples.label.data[i] === row && predicted.data[i] === column && (own === undefined || samples.split.data[i] === own));
    L.select(chosen);
    L.say(L.t("selection.count", { n: chosen.length }));
  }

  // ---- compactness: the layer, and what it is to be compared to
  function drawProfile(host, slot, net, answers) {
    const record = recordOf(answers[slot], "compactness_profile");
    if (!record) return missing(host, answers[slot]?.missing || L.t("classes.not_here"));
    const baselines = [["input", "card.raw_input"], ["untrained", "card.untrained"]].map(([name, word]) => [L.t(word), recordOf(answers[`${slot} ${name}`], "compactness_profile")]);
    return L.profile(host, [["", record]], { names: (labels) => named(net, labels), baselines: baselines.filter(([, one]) => one && one !== record), height: 230 });
  }
  const recordOf = (answer, name) => answer && !answer.missing && answer.records[name];

  function drawEach(name, drawRecord) {
    return (host, slot, net, answers) => {
      const record = recordOf(answers[slot], name);
      return record ? drawRecord(host, record, net) : missing(host, answers[slot]?.missing || L.t("classes.not_here"));
    };
  }

  L.panel({ id: "classes", place: "left", title: "classes.title", wants, tools, draw, partial: true, follows: ["a", "b", "seed", "split", "layer", "epoch", "classes"] });
})();
