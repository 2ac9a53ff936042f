// The bar: what is looked at (runs, seed, split, layer, epoch), play, and the page's own switches.
"use strict";

(function () {
  const L = window.lamella;
  const bar = () => L.$("bar");

  // ---- steps of the cursor, also for the keys
  L.step = (axis, by) => {
    const [first] = L.shown();
    if (!first) return;
    const [, net] = first;
    if (axis === "layer") L.set({ layer: net.layers[L.clamp(L.layerOf(net) + by, 0, net.layers.length - 1)].name });
    else if (net.epochs.length) L.set({ epoch: net.epochs[L.clamp(L.epochOf(net) + by, 0, net.epochs.length - 1)] });
  };

  L.swap = () => { if (L.state.b !== null) L.set({ a: L.state.b, b: L.state.a }); };

  // Another run A: B stays where it is comparable, and makes room where it is the same.
  function chooseA(name) {
    const { a, b } = L.state, same = L.net(name)?.data === L.net(a)?.data;
    L.set({ a: name, b: name === b ? a : same ? b : null });
  }

  // ---- play: one step a second; pauses when the page is left
  let playing = 0;
  L.playing = () => Boolean(playing);
  L.play = (on = !playing) => {
    clearInterval(playing);
    playing = on ? setInterval(advance, 1000) : 0;
    if (on) advance();
    drawPlay();
  };

  function advance() {
    const [first] = L.shown();
    if (!first) return;
    const [, net] = first, { along } = L.state;
    const list = along === "layer" ? net.layers.map((layer) => layer.name) : net.epochs;
    const at = along === "layer" ? L.layerOf(net) : L.epochOf(net);
    if (list.length) L.set({ [along]: list[(at + 1) % list.length] });
  }

  // ---- drawing: parts that are made once a change of runs or language, and texts of the cursor
  const parts = {};
  const button = (label, text, action, more) => L.el("button", { type: "button", className: "ghost", title: label, ariaLabel: label, onclick: action, ...more }, text);

  function draw() {
    const focus = document.activeElement?.id;
    const some = L.index.nets.length > 0;   // a sheet of pictures has no runs to choose from
    bar().replaceChildren(...[brand(), some && runs(), some && splits(), some && cursor(), switches()].filter(Boolean));
    drawCursor();
    drawPlay();
    if (focus) L.$(focus)?.focus();
  }

  const brand = () => L.el("h1", { className: "brand" }, L.el("span", { className: "mark", ariaHidden: "true" }, L.el("i"), L.el("i"), L.el("i")), L.el("span", {}, "lamella"));

  function runs() {
    const { a, b } = L.state, names = L.index.nets.map((net) => net.name);
    const others = [["none", L.t("bar.none")], ...names.filter((name) => name !== a).map((name) => [name, name])];
    return L.el("div", { className: "runs" },
      run("a", names.map((name) => [name, name]), a, chooseA),
      names.length > 1 && button(L.t("bar.swap"), "⇄", L.swap, { id: "swap", disabled: b === null }),
      names.length > 1 && run("b", others, b === null ? "none" : b, (name) => L.set({ b: name === "none" ? null : name })),
      seeds());
  }

  function run(slot, options, current, pick) {
    const net = L.net(current), select = L.choice(L.t("bar.run", { slot: slot.toUpperCase() }), options, current, pick);
    select.id = `run-${slot}`;
    select.title = net ? `${net.name}: ${net.description}` : "";
    return L.el("label", { className: `run ${slot}` }, L.tag(slot), select, net && state(net));
  }

  // What is not simply finished stands beside the run: growing, killed, failed.
  function state(net) {
    const told = [...new Set(net.status)].filter((status) => status !== "finished");
    return told.map((status) => L.el("span", { className: `status ${status}`, title: L.t("bar.status_of_seeds", { seeds: seedsWith(net, status) }) }, L.name("status", status)));
  }
  const seedsWith = (net, status) => net.seeds.filter((_, at) => net.status[at] === status).join(", ");

  function seeds() {
    const net = L.net(L.state.a);
    if (!net || net.seeds.length < 2) return null;
    const select = L.choice(L.t("bar.seed"), net.seeds.map((seed, at) => [String(at), L.t("bar.seed_of", { seed })]), String(L.seedOf(net)), (at) => L.set({ seed: Number(at) }));
    select.id = "seed";
    return select;
  }

  function splits() {
    const net = L.net(L.state.a), box = L.seg(L.t("bar.split"), net ? net.splits.map((split) => [split, L.name("split", split)]) : [], L.state.split, (split) => L.set({ split }));
    box.id = "split";
    return box;
  }

  function stepper(axis, less, more) {
    const make = (by, text, word) => L.el("button", { type: "button", id: `${axis}-${word}`, ariaLabel: L.t(`bar.${axis}_${word}`), title: L.t(`bar.${axis}_${word}`), onclick: () => L.step(axis, by) }, text);
    parts[`${axis}Less`] = make(-1, less, "less");
    parts[`${axis}More`] = make(1, more, "more");
    parts[axis] = L.el("output", { id: `${axis}-name` });
    return L.el("span", { className: "step" }, parts[`${axis}Less`], parts[axis], parts[`${axis}More`]);
  }

  function cursor() {
    const along = L.choice(L.t("bar.along"), [["epoch", L.t("bar.along_epoch")], ["layer", L.t("bar.along_layer")]], L.state.along, (value) => L.set({ along: value }));
    along.id = "along";
    parts.play = L.el("button", { type: "button", id: "play", className: "play", onclick: () => L.play() });
    return L.el("div", { className: "cursor", role: "group", ariaLabel: L.t("bar.cursor") }, stepper("layer", "↑", "↓"), stepper("epoch", "←", "→"), parts.play, along);
  }

  function switches() {
    const language = L.seg(L.t("bar.language"), L.languages.map((name) => [name, name.toUpperCase()]), L.language(), (lang) => L.set({ lang }));
    language.id = "language";
    return L.el("div", { className: "switches" }, L.el("span", { id: "live" }), language,
      button(L.t("bar.theme"), "◐", L.flipTheme, { id: "theme" }), button(L.t("bar.keys"), "?", () => L.help(), { id: "help-open" }));
  }

  function drawCursor() {
    const [first] = L.shown();
    if (!first || !parts.layer) return;
    const [, net] = first, layer = L.layerOf(net), epoch = L.epochOf(net);
    parts.layer.replaceChildren(L.el("b", { title: net.layers[layer].name }, net.layers[layer].name), L.el("small", {}, `${layer + 1}/${net.layers.length}`));
    parts.epoch.replaceChildren(L.t("bar.epoch", { epoch: net.epochs.length ? net.epochs[epoch] : "–" }));
    parts.layerLess.disabled = layer === 0;
    parts.layerMore.disabled = layer === net.layers.length - 1;
    parts.epochLess.disabled = epoch === 0;
    parts.epochMore.disabled = epoch >= net.epochs.length - 1;
  }

  function drawPlay() {
    if (!parts.play) return;
    parts.play.ariaPressed = String(Boolean(playing));
    parts.play.ariaLabel = parts.play.title = L.t(playing ? "bar.pause" : "bar.play");
  }

  L.flipTheme = () => L.set({ theme: L.themeNow() === "dark" ? "light" : "dark" });

  const REMADE = ["a", "b", "seed", "split", "along", "lang"];
  L.on("change", (state, changed) => (REMADE.some((key) => changed.has(key)) ? draw() : drawCursor()));
  L.on("language", draw);
  L.on("data", draw);
  document.addEventListener("visibilitychange", () => document.hidden && playing && L.play(false));
})();
