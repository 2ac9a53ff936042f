// Topology of the cell: the diagrams of A and B on one scale, and their features over the epochs.
// A bar that was clicked selects the samples of its cycle, where cycles were stored.
"use strict";

(function () {
  const L = window.lamella;
  const MEASURE = "homology", ROWS = 36;
  L.declare("shape", "barcode"); L.declare("holes", "01");

  const cellPath = (net, state) => L.path("cell", net.name, L.seedOf(net), L.layerName(net), L.epochAt(net), state.split);
  const recorded = () => L.shown().filter(([, net]) => net.epochs.length && net.layers.length);
  const wants = (state) => Object.fromEntries(recorded().map(([slot, net]) => [slot, cellPath(net, state)]));
  const chosen = (state) => [...state.holes].map(Number).filter(Number.isInteger).sort();

  // ---- controls
  function tools(host, state) {
    const forms = [["barcode", L.t("topology.barcode")], ["diagram", L.t("topology.diagram")], ["betti", L.t("topology.betti")]];
    const form = L.seg(L.t("topology.shape"), forms, state.shape, (shape) => L.set({ shape }));
    form.id = "topology-shape";
    host.append(form, L.el("span", { className: "grow" }), L.el("span", { className: "holes", role: "group", ariaLabel: L.t("topology.dimensions") }, [0, 1, 2].map((dimension) => chip(dimension, state))));
  }

  function chip(dimension, state) {
    const on = state.holes.includes(dimension), node = L.toggle(`H${dimension}`, on, () => flip(dimension, state), L.t(`topology.h${dimension}`));
    node.dataset.hole = dimension;
    return node;
  }
  function flip(dimension, state) {
    const now = new Set(chosen(state));
    if (now.has(dimension)) now.delete(dimension); else now.add(dimension);
    if (now.size) L.set({ holes: [...now].sort().join("") });
  }

  // ---- drawing: what does not depend on the epoch stays
  function draw(host, state, answers, changed) {
    const nets = recorded(), dimensions = chosen(state);
    if (!nets.length) return L.recordReason(host, L.t("topology.nothing"));
    const found = nets.map(([slot]) => diagramsOf(answers[slot]));
    if (!found.some(({ record }) => record)) { host.dataset.slots = ""; return L.recordReason(host, found[0].reason); }
    const boxes = mounted(host, nets);
    if (changed.has("theme") || changed.has("language")) boxes.forEach(({ vines }) => { if (vines) vines.dataset.drawn = ""; });
    const reach = L.reachOf(found.filter(({ record }) => record).map(({ record }) => L.diagramBars(record)), dimensions);
    nets.forEach(([slot, net], at) => drawOne(boxes[at], slot, net, found[at], { form: state.shape, dimensions, reach, most: ROWS }));
    drawVines(boxes.at(-1), state, dimensions);
    return undefined;
  }

  function mounted(host, nets) {
    const key = nets.map(([slot]) => slot).join("");
    if (host.dataset.slots !== key || !host.querySelector(".topology")) mount(host, key, nets);
    return [...host.querySelectorAll(".topology > .shape-box")].map((box) => ({ head: box.firstChild, body: box.lastChild, vines: box.dataset.vines ? box.lastChild : null }));
  }
  function mount(host, key, nets) {
    const box = (data) => L.el("div", { className: "shape-box", data }, L.el("h3", {}), L.el("div", { className: "shape-body" }));
    host.dataset.slots = key;
    host.replaceChildren(L.el("div", { className: `topology of-${nets.length}` }, nets.map(([slot]) => box({ slot })), box({ vines: "1" })));
  }

  function diagramsOf(answer) {
    if (!answer || answer.missing) return { reason: answer?.missing || L.t("topology.not_measured") };
    const record = answer.records[MEASURE];
    return record && record.kind === "diagrams" ? { record } : { reason: L.t("topology.not_measured") };
  }

  const whereOf = (net) => [L.layerName(net), L.t("bar.epoch", { epoch: L.epochAt(net) }), net.seeds.length > 1 ? L.t("bar.seed_of", { seed: net.seeds[L.seedOf(net)] }) : ""].filter(Boolean).join(", ");

  function drawOne({ head, body }, slot, net, { record, reason }, options) {
    head.replaceChildren(L.tag(slot), L.el("span", { title: net.name }, net.name), L.el("small", {}, whereOf(net)));
    if (!record) return L.recordReason(body, reason);
    return L.records.diagrams(body, record, { ...options, onBar: (i) => select(slot, net, record, i) });
  }

  function drawVines({ head, vines }, state, dimensions) {
    const dimension = dimensions.find((each) => each > 0) ?? dimensions[0];
    head.replaceChildren(L.el("span", {}, L.t("topology.vines_of", { name: `H${dimension}` })));
    L.drawVines(vines, state, dimension);
  }

  // ---- a bar's samples: vertices count the samples of the split, in the order of the record
  function select(slot, net, record, i) {
    const cycle = verticesOf(record, i);
    if (!cycle.length) return L.say(tell(L.t("topology.no_cycle")));
    return L.source.get(L.path("samples", net.name)).then((samples) => {
      const places = samples.missing ? null : placesOf(samples, net, L.state.split, cycle, record.points);
      if (!places) return tell(L.t("topology.not_all_shown"));
      if (slot === "b" && !L.sameData()) return tell(L.t("topology.other_data"));
      tell(L.t("topology.selected", { n: places.length }));
      return L.select(places);
    });
  }

  function verticesOf({ vertices }, i) {
    if (!vertices) return [];
    return [...vertices.items.data.subarray(vertices.offsets.data[i], vertices.offsets.data[i + 1])];
  }

  // Rows of the split are places in the cloud only where the cloud shows the whole split.
  function placesOf(samples, net, split, cycle, points) {
    const probes = samples.probes || ["train", "test"], own = split === "both" ? [0, 1] : [probes.indexOf(split)], rows = [];
    for (const probe of own) samples.split.data.forEach((each, at) => { if (each === probe) rows.push(at); });
    const total = own.reduce((sum, probe) => sum + (net.samples[probes[probe]] ?? NaN), 0);
    return rows.length === total && points === total ? cycle.map((vertex) => rows[vertex]) : null;
  }

  function tell(words) {
    const node = L.$("panel-topology").querySelector(".topology-said") || L.el("p", { className: "topology-said", role: "status" });
    node.textContent = words;
    L.$("panel-topology").querySelector(".topology")?.append(node);
    clearTimeout(node.lamellaTimer);
    node.lamellaTimer = setTimeout(() => node.remove(), 9000);
    return words;
  }

  L.topology = { placesOf, verticesOf };
  L.panel({ id: "topology", place: "right", title: "topology.title", wants, tools, draw, partial: true });
})();
