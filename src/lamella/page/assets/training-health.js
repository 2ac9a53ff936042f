// Is the training sound: gradients and updates of every parameter, and units that are dead or
// saturated, by layer. Lines are coloured by depth, pale at the input.
"use strict";

(function () {
  const L = window.lamella;
  const UNITS = ["dead_units", "saturated_units"];

  const depthColour = (at, count) => L.css(L.ramp(L.colours().seq.slice(1), count < 2 ? .6 : .12 + .82 * at / (count - 1)));
  const rowOf = (block, row, width) => Array.from(block.data.subarray(row * width, (row + 1) * width));
  const nothing = (host, reason) => void host.replaceChildren(L.el("p", { className: "missing" }, reason || L.t("training.nothing")));

  // ---- sizes: the gradient, and the update relative to the weight it changes
  function sizes({ health }) {
    const epochs = Array.from(health.epochs.data), width = epochs.length, rows = health.parameters.map((name, at) => ({
      name, gradient: rowOf(health.gradient_norm, at, width), weight: rowOf(health.weight_norm, at, width), update: rowOf(health.update_norm, at, width),
    }));
    return { epochs, rows: rows.map((row) => ({ ...row, relative: row.update.map((size, at) => size / row.weight[at]) })) };
  }
  const KINDS = [["gradient", "training.gradient_norm"], ["relative", "training.relative_update"]];

  function drawUpdates(host, state, answers) {
    const nets = L.shown().filter(([slot]) => answers[slot]?.health?.parameters.length);
    if (!nets.length) return nothing(host, L.shown().map(([slot]) => answers[slot]?.missing).find(Boolean));
    const found = nets.map(([slot, net]) => [slot, net, sizes(answers[slot])]), boxes = L.plotGrid(host, KINDS.length * nets.length);
    const plots = KINDS.flatMap(([kind, word], row) => {
      const domain = L.domainOf(found.flatMap(([, , one]) => one.rows.map((line) => line[kind])), { log: true });
      return found.map(([slot, net, one], at) => linesOf(boxes[row * found.length + at], `${slot.toUpperCase()} · ${L.t(word)}`, one.epochs, one.rows.map((line) => [line.name, line[kind]]), { log: true, domain }, row > 0));
    });
    host.append(L.el("p", { className: "note" }, L.t("training.updates_note")));
    return plots;
  }

  function linesOf(box, label, xs, rows, axis, low = true) {
    const plot = L.plot(box, { x: L.epochAxis(low ? L.t("training.epoch") : null, xs), y: { label, ...axis }, label });
    rows.forEach(([name, ys], at) => plot.line(xs, ys, { colour: depthColour(at, rows.length), width: 1.3, label: name, data: { name } }));
    return plot.endLabels();
  }

  // ---- units: the share that never, or always, answers
  const measured = () => UNITS.filter((name) => L.measureOf(name));
  const wantsUnits = () => Object.fromEntries(L.shown().flatMap(([slot, net]) => measured().map((name) => [`${slot}/${name}`, L.path("cube", net.name, name)])));

  function drawUnits(host, state, answers) {
    const found = measured().flatMap((name) => L.shown().map(([slot, net]) => [slot, net, name, answers[`${slot}/${name}`]])).filter(([, , , cube]) => cube && !cube.missing);
    if (!found.length) return nothing(host, Object.values(answers).find((answer) => answer?.missing)?.missing);
    const boxes = L.plotGrid(host, found.length);
    return found.map(([slot, net, name, cube], at) => linesOf(boxes[at], `${slot.toUpperCase()} · ${labelOf(name)}`, net.epochs, unitRows(net, cube, state), { zero: true }));
  }
  const labelOf = (name) => { const measure = L.measureOf(name); return [L.measureTitle(measure), measure.unit].filter(Boolean).join(", "); };

  // Layers without a value at any epoch (the input, linear layers) have no line.
  function unitRows(net, cube, { split }) {
    const rows = net.layers.map((layer, at) => [layer.name, net.epochs.map((_, epoch) => L.mean(L.seedValues(cube, split, at, epoch)))]);
    return rows.filter(([, ys]) => ys.some(Number.isFinite));
  }

  // ---- cost
  const MB = 1e6;
  function drawCost(host, state, answers) {
    const rows = L.shown().flatMap(([slot, net]) => (answers[slot]?.cost || []).map((cost, at) => [slot, net, at, cost]));
    if (!rows.length) return nothing(host);
    const head = ["run", "seed", "seconds", "bytes", "share"].map((name, at) => L.el("th", { scope: "col", className: at ? "right" : "left" }, L.t(`training.cost_${name}`)));
    const line = ([slot, net, at, cost]) => L.el("tr", {}, L.el("th", { scope: "row", className: "left" }, L.tag(slot), net.name), [
      net.seeds[at] ?? at, L.number(cost?.seconds, L.t("training.s")), L.number((cost?.bytes ?? NaN) / MB, "MB"), L.number(100 * (cost?.share ?? NaN), "%"),
    ].map((text) => L.el("td", { className: "right" }, String(text))));
    host.replaceChildren(L.el("table", { className: "anatomy" }, L.el("thead", {}, L.el("tr", {}, head)), L.el("tbody", {}, rows.map(line))), L.el("p", { className: "note" }, L.t("training.cost_note")));
    return [];
  }

  L.trainingViews.push(
    { name: "updates", there: () => true, keeps: ["select", "sample", "split", "seed", "measure"], draw: drawUpdates },
    { name: "units", there: () => measured().length > 0, wants: wantsUnits, draw: drawUnits },
    { name: "cost", there: () => true, draw: drawCost },
  );
})();
