// The cube: a measure over layers (down) and epochs (to the right), of A and B on one scale or as
// their difference. A move of the cursor moves two frames; colours are drawn when values change.
"use strict";

(function () {
  const L = window.lamella;
  const VALUES = ["first", "a", "b", "split", "seed", "measure", "compare", "over", "data", "size", "theme", "language", "fold"];
  let maps = [], drawn = null, folded = false;

  // A run without results is a map too: its cells are empty, but they can be gone to.
  const NOTHING = { name: "", title: "", unit: "", better: null };
  const wants = () => (L.measureOf() ? Object.fromEntries(L.shown().map(([slot, net]) => [slot, L.path("cube", net.name, L.state.measure)])) : {});
  const answered = (answers) => Object.fromEntries(L.shown().map(([slot]) => [slot, answers[slot] || { missing: L.t("cube.no_measures") }]));

  // ---- controls
  function tools(host, state) {
    const list = L.cubeMeasures().map((measure) => [measure.name, L.measureTitle(measure)]);
    const measure = L.choice(L.t("cube.measure"), list, state.measure, (name) => L.set({ measure: name }));
    measure.id = "measure";
    measure.hidden = list.length === 0;
    host.append(measure, L.el("span", { className: "grow" }));
    const seeds = Math.max(...L.shown().map(([, net]) => net.seeds.length));
    if (seeds > 1) host.append(overSeeds(seeds, state));
    if (L.shown().length < 2) return;
    const compare = L.seg(L.t("cube.compare"), [["both", "A | B"], ["difference", "B − A", !L.comparable()]], state.compare, (value) => L.set({ compare: value }));
    compare.id = "compare";
    host.append(compare);
  }

  function overSeeds(seeds, state) {
    const select = L.choice(L.t("cube.over"), [["mean", L.t("cube.mean", { n: seeds })], ["spread", L.t("cube.spread")], ["seed", L.t("cube.one_seed")]], state.over, (over) => L.set({ over }));
    select.id = "over";
    return select;
  }

  // ---- what is drawn: one grid a net, or one of differences
  function read(answers, state) {
    const nets = L.shown(), grids = Object.fromEntries(nets.map(([slot, net]) => [slot, L.gridOf(answers[slot], net, state)]));
    const measure = L.measureOf() || NOTHING, difference = state.compare === "difference" && nets.length === 2;
    return { nets, grids, answers, measure, difference, ...(difference ? differences(nets, grids, measure) : values(nets, grids)) };
  }

  function values(nets, grids) {
    const scale = L.scaleOf(Object.values(grids)), stops = L.colours().seq;
    return { scale, stops, slots: nets, tone: (value) => L.onScale(scale, value) };
  }

  // Vermillion always says that B is worse; without a direction, that B is larger.
  function differences([[, a], [, b]], grids, measure) {
    grids.d = L.differenceOf(grids.a, grids.b, a, b);
    const most = L.mostOf(grids.d), stops = measure.better === "high" ? L.colours().div : [...L.colours().div].reverse();
    return { scale: { low: -most, high: most, log: false }, stops, slots: [["d", a]], tone: (value) => .5 + .5 * value / most };
  }

  // ---- drawing
  function draw(host, state, answers, changed) {
    if (!L.shown().length) return host.replaceChildren();
    if (folded || VALUES.some((key) => changed.has(key)) || !drawn) drawAll(host, state, answers);
    folded = false;
    if (changed.has("select") || L.selection.size || drawn.barred) drawBars();
    return moveCursors(host);
  }

  function drawAll(host, state, answers) {
    drawn = read(answered(answers), state);
    const slots = drawn.slots.map(([slot]) => slot).join();
    if (host.dataset.slots !== slots || !host.querySelector(".maps")) mount(host, slots);
    drawn.slots.forEach(([slot, net], at) => drawMap(maps[at], slot, net));
  }

  function mount(host, slots) {
    host.dataset.slots = slots;
    const boxes = drawn.slots.map(([slot, net]) => box(slot, net));
    host.replaceChildren(L.el("div", { className: "maps" }, boxes.map(({ node }) => node)), L.el("div", { className: "scale" }));
    maps = boxes.map(({ map }) => map);
    maps.forEach((map, at) => map.grid.addEventListener("scroll", () => together(at), { passive: true }));
  }

  function box(slot) {
    const node = L.el("div", { className: "map", data: { slot } }, L.el("h3", {}));
    const map = L.heatmap(node, {
      pick: (layer, epoch) => pick(slot, layer, epoch), hover: (layer, epoch, event) => hover(slot, layer, epoch, event),
      fold: (row) => { L.foldGroup(row); folded = true; L.refresh("fold"); },
    });
    map.node = node;
    return { node, map };
  }

  const together = (from) => maps.forEach((map, at) => { if (at !== from) { map.grid.scrollLeft = maps[from].grid.scrollLeft; map.grid.scrollTop = maps[from].grid.scrollTop; } });
  const netOf = (slot) => drawn.nets.find(([name]) => name === (slot === "d" ? "a" : slot))[1];

  function pick(slot, layer, epoch) {
    const net = netOf(slot);
    L.set({ ...(layer === null ? {} : { layer: net.layers[layer].name }), ...(epoch === null ? {} : { epoch: net.epochs[epoch] }) });
  }

  function drawMap(map, slot, net) {
    const grid = drawn.grids[slot], { unit } = drawn.measure, other = slot === "d" ? drawn.nets[1][1] : null;
    map.rows = L.rowsOf(net).map((row) => ({ ...row, ...noteOf(row, net, other) }));
    map.node.querySelector("h3").replaceChildren(...heading(slot, net));
    shorten(map.node.querySelector("h3 small"));
    const tones = L.tones(drawn.stops), sign = slot === "d" ? "+" : "";
    const paint = (layer, epoch) => {
      const value = grid.at(layer, epoch);
      if (Number.isNaN(value)) return null;
      const [colour, ink] = tones[Math.round(255 * L.clamp(drawn.tone(value), 0, 1))];
      return [colour, ink, (value > 0 ? sign : "") + L.short(value, unit)];
    };
    map.draw({ rows: map.rows, columns: net.epochs.map(String), corner: L.t("cube.epoch"), labelWidth: labelWidth(map.rows), paint, label: L.t("cube.label", { measure: L.measureTitle(drawn.measure), net: slot === "d" ? `${other.name} − ${net.name}` : net.name }) });
  }

  function noteOf(row, net, other) {
    if (row.head) return { note: String(row.count), title: L.t("cube.group", { n: row.count, last: net.layers[row.to - 1].name }) };
    const layer = net.layers[row.layer], own = L.widthOf(layer), theirs = other && L.widthOf(other.layers[row.layer]);
    return { note: theirs && theirs !== own ? `${own}|${theirs}` : own, title: [layer.name, layer.type, own].filter(Boolean).join(", ") };
  }

  const labelWidth = (rows) => L.clamp(18 + 6.6 * Math.max(...rows.map((row) => row.label.length + (row.head ? 2 : 0) + Math.min(8, (row.note || "").length))), 62, maps.length > 1 ? 108 : 150);

  function heading(slot, net) {
    if (slot === "d") return [L.tag("b"), "− ", L.tag("a"), L.el("small", {}, L.t("cube.difference", { b: drawn.nets[1][1].name, a: net.name }))];
    return [L.tag(slot), L.el("span", {}, net.name), L.el("small", { title: net.description }, net.description)];
  }

  // Where the widths of the net have no room, the number of its parameters may have; else all of it
  // stands in the title.
  function shorten(small) {
    const cut = () => small.scrollWidth > small.clientWidth;
    if (cut()) small.textContent = small.textContent.split(", ").at(-1);
    if (cut()) small.textContent = "";
  }

  // ---- the cursor, and the scale on which both runs are marked
  function moveCursors(host) {
    drawn.slots.forEach(([slot, net], at) => {
      const layer = L.layerOf(net), epoch = L.epochOf(net), map = maps[at];
      map.move(L.rowOfLayer(map.rows, layer), net.epochs.length ? epoch : -1, spoken(slot, net, layer, epoch));
    });
    drawScale(host.querySelector(".scale"));
    L.say(drawn.slots.map(([slot, net]) => spoken(slot, net, L.layerOf(net), L.epochOf(net))).join("; "));
  }

  const spoken = (slot, net, layer, epoch) => L.t("cube.spoken", {
    net: slot === "d" ? "B − A" : net.name, layer: net.layers[layer].name, epoch: net.epochs[epoch] ?? "–", value: L.number(drawn.grids[slot].at(layer, epoch), drawn.measure.unit),
  });

  function drawScale(host) {
    const { scale, stops, measure, difference } = drawn;
    const ramp = L.el("span", { className: "ramp", style: { background: `linear-gradient(90deg, ${stops.join(",")})` } });
    if (!difference && !scale.empty) for (const [slot, net] of drawn.nets) mark(ramp, slot, drawn.grids[slot].at(L.layerOf(net), L.epochOf(net)));
    if (difference) mark(ramp, "d", drawn.grids.d.at(L.layerOf(drawn.nets[0][1]), L.epochOf(drawn.nets[0][1])));
    const sign = difference ? "+" : "";
    host.hidden = Boolean(scale.empty);
    host.replaceChildren(L.el("span", {}, L.number(scale.low, measure.unit)), ramp, L.el("span", {}, sign + L.number(scale.high, measure.unit) + (scale.log ? ` (${L.t("cube.log")})` : "")),
      L.el("span", { className: "note" }, direction(measure, difference)));
  }

  function mark(ramp, slot, value) {
    if (!Number.isNaN(value)) ramp.append(L.el("i", { className: slot, style: { left: `${100 * L.clamp(L.onScale(drawn.scale, value), 0, 1)}%` } }));
  }

  const direction = (measure, difference) => (!measure.better ? "" : difference ? L.t("cube.b_worse") : L.t(`cube.${measure.better}_is_better`));

  // ---- the selection's bars, where the cloud of a cell is here already
  function drawBars() {
    drawn.barred = L.selection.size > 0 && !drawn.difference;
    drawn.slots.forEach(([slot, net], at) => maps[at].bars(drawn.barred && (slot === "a" || L.sameData()) ? (layer, epoch) => shareOf(net, layer, epoch)?.share ?? null : null));
  }

  const counted = new WeakMap();   // wrong among the selected, kept for the cloud and the selection
  const SPLITS = { train: 0, test: 1 };

  function shareOf(net, layer, epoch) {
    const cloud = L.source.peek(L.path("cloud", net.name, L.seedOf(net), L.state.method, net.layers[layer].name, net.epochs[epoch]));
    if (!cloud || cloud.missing || !cloud.wrong) return null;
    const old = counted.get(cloud);
    if (old && old.selection === L.selection && old.split === L.state.split) return old.seen ? old : null;
    const samples = L.source.peek(L.path("samples", net.name)), own = SPLITS[L.state.split];
    let seen = 0, wrong = 0;
    for (const at of L.selection) if (at < cloud.wrong.data.length && (own === undefined || !samples?.split || samples.split.data[at] === own)) { seen++; wrong += cloud.wrong.data[at] ? 1 : 0; }
    const found = { selection: L.selection, split: L.state.split, seen, wrong, share: seen ? wrong / seen : 0 };
    counted.set(cloud, found);
    return seen ? found : null;
  }

  // ---- the tip of a cell: value, spread, every seed, or why there is none
  function hover(slot, layer, epoch, event) {
    const net = netOf(slot), where = `${net.layers[layer].name}, ${L.t("bar.epoch", { epoch: net.epochs[epoch] })}`;
    const lines = slot === "d" ? differenceLines(layer, epoch) : valueLines(slot, net, layer, epoch);
    L.tip([L.el("b", {}, slot === "d" ? "B − A" : net.name), ` ${where}`, lines.map((line) => L.el("div", {}, line))], event.clientX, event.clientY);
  }

  function valueLines(slot, net, layer, epoch) {
    const { measure, answers, grids } = drawn, value = grids[slot].at(layer, epoch), { split } = L.state;
    if (Number.isNaN(value)) return [L.reasonOf(answers[slot], net, split, layer, epoch)];
    const seeds = L.seedValues(answers[slot], split, layer, epoch), spread = L.spread(seeds), share = L.selection.size ? shareOf(net, layer, epoch) : null;
    return [
      [`${L.measureTitle(measure)}: `, L.el("b", {}, L.number(value, measure.unit)), L.state.over === "mean" && Number.isFinite(spread) ? ` ± ${L.number(spread)}` : ""],
      seeds.length > 1 && L.t("cube.seeds", { values: seeds.map((one) => L.number(one)).join(", ") }),
      share && L.t("cube.selected_wrong", { wrong: share.wrong, seen: share.seen }),
    ].filter(Boolean);
  }

  function differenceLines(layer, epoch) {
    const { grids, nets, measure } = drawn, at = nets[1][1].epochs.indexOf(nets[0][1].epochs[epoch]), value = grids.d.at(layer, epoch);
    if (Number.isNaN(value)) return [L.t("cube.not_computed")];
    return [[`${L.measureTitle(measure)}: `, L.el("b", {}, (value > 0 ? "+" : "") + L.number(value, measure.unit))],
      `A ${L.number(grids.a.at(layer, epoch), measure.unit)}, B ${L.number(grids.b.at(layer, at), measure.unit)}`];
  }

  L.cube = { placeOf: (slot, layer, epoch) => { const at = drawn.slots.findIndex(([name]) => name === slot); return maps[at].rectOf(L.rowOfLayer(maps[at].rows, layer), epoch); }, shareOf, get drawn() { return drawn; } };
  L.panel({ id: "cube", place: "cube", title: "cube.title", wants, draw, tools, partial: true });
})();
