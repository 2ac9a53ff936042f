// Figures of lines: curves over epochs or layers, training curves of several runs, activations.
"use strict";

(function () {
  const L = window.lamella;
  const HEIGHT = 280, PALETTES = { runs: ["a", "b", "h2", "h1", "soft"], homology: ["h0", "h1", "h2"] };
  const rowOf = ({ data, shape }, at) => Array.from(data.subarray(at * shape[1], (at + 1) * shape[1]));

  // Two series are two runs; more are told apart as classes are; baselines are grey.
  L.seriesColours = (names, palette, baselines = []) => {
    const lively = names.filter((name) => !baselines.includes(name)), own = PALETTES[palette || (lively.length <= 2 ? "runs" : "classes")] || L.colours().classes;
    return names.map((name) => (baselines.includes(name) ? "faint" : own[lively.indexOf(name) % own.length]));
  };

  // ---- lines
  L.figures.lines = (host, [[, curve]], told) => {
    const xs = Array.from(curve.x.data || curve.x), words = xs.some((x) => typeof x === "string"), at = words ? [...xs.keys()] : xs;
    const plot = L.plot(host, { height: told.height || HEIGHT, x: { label: curve.x_label, log: told.log_x && !words, ...(words ? { names: xs } : {}) }, y: { label: curve.y_label + (told.log_y ? `, ${L.t("training.log")}` : ""), log: told.log_y, zero: told.zero }, label: curve.title || curve.y_label });
    const colours = L.seriesColours(curve.series, told.palette, told.baselines), marked = words || xs.length < 12;
    curve.series.forEach((name, row) => {
      if (curve.low && curve.high) plot.band(at, rowOf(curve.low, row), rowOf(curve.high, row), { colour: colours[row] });
      plot.line(at, rowOf(curve.y, row), { colour: colours[row], label: name || curve.y_label, dash: dashOf(name, told), dots: marked, end: Boolean(name), data: { series: name } });
    });
    return labelled(plot, curve.series);
  };
  const dashOf = (name, { baselines = [], dotted = [] }) => (baselines.includes(name) ? "dash" : dotted.includes(name) ? "dot" : null);
  // Names too long for the margin, or too many, stand above.
  const labelled = (plot, names) => (names.length > 12 || Math.max(...names.map(L.textWidth)) > 150 ? plot.legend() : plot.endLabels());

  // ---- training curves: a plot for each quantity, every run in its colour
  L.figures.training_curves = (host, tables, { quantities = ["error", "loss"], log = true } = {}) => {
    const found = quantities.map((quantity) => [quantity, tables.flatMap(([name, table], at) => ["test", "train"].map((split) => lineOf(name, L.columnsOf(table), split, quantity, at)).filter(Boolean))]).filter(([, lines]) => lines.length);
    if (!found.length) return tables.forEach(([, table]) => L.records.table(host, table, {}));
    const colours = L.seriesColours(tables.map(([name]) => name), "runs"), boxes = [];
    L.figureGrid(host, found.map(() => ""), 320, (stage) => boxes.push(stage));
    found.forEach(([quantity, lines], at) => trainingPlot(boxes[at], quantity, lines, colours, log));
    const note = [L.t("training.solid"), lines(found).some((line) => line.seeds > 1) && L.t("figure.band")].filter(Boolean).join(" · ");
    return host.append(L.el("p", { className: "note" }, note));
  };
  const lines = (found) => found.flatMap(([, some]) => some);

  function lineOf(name, columns, split, quantity, run) {
    const straight = columns[`${split}_${quantity}`] || (split === "test" ? columns[quantity] : null), accuracy = quantity === "error" && columns[`${split}_accuracy`];
    if (!straight && !accuracy) return null;
    const scale = quantity === "error" || quantity === "accuracy" ? 100 : 1, values = (straight || accuracy.map((value) => 1 - value)).map((value) => scale * value);
    const xs = [...new Set(columns.epoch)].sort((p, q) => p - q), groups = xs.map((x) => values.filter((value, i) => columns.epoch[i] === x && Number.isFinite(value)));
    const each = (reduce) => groups.map((group) => (group.length ? reduce(group) : NaN));
    return { name, split, run, xs, seeds: Math.max(...groups.map((group) => group.length)), mean: each(L.mean), low: each((group) => Math.min(...group)), high: each((group) => Math.max(...group)) };
  }

  function trainingPlot(host, quantity, lines, colours, log) {
    const values = lines.flatMap(({ low, high }) => [...low, ...high]).filter((value) => value > 0), wide = log && Math.max(...values) / Math.min(...values) > 10;
    const label = `${L.name("training.quantity", quantity, quantity.replaceAll("_", " "))}${quantity === "error" || quantity === "accuracy" ? ", %" : ""}${wide ? `, ${L.t("training.log")}` : ""}`;
    const plot = L.plot(host, { height: 250, x: { label: L.t("training.epoch") }, y: { label, log: wide, zero: !wide }, label });
    for (const line of lines) {
      const colour = colours[line.run], tested = line.split === "test";
      if (tested && line.seeds > 1) plot.band(line.xs, line.low, line.high, { colour });
      plot.line(line.xs, line.mean, { colour, dash: tested ? null : "dot", width: tested ? 1.8 : 1.3, label: [line.name, tested ? null : L.name("split", "train")].filter(Boolean).join(", "), data: { run: line.name, split: line.split } });
    }
    plot.legend(tested(lines).map((line) => [line.name || L.name("split", "test"), colours[line.run]]));
  }
  const tested = (lines) => { const own = lines.filter((line) => line.split === "test"); return own.length ? own : lines; };

  // ---- profiles and F1
  L.figures.compactness_profile = (host, records, told) => {
    const baselines = records.filter(([name]) => (told.baselines || []).includes(name)), others = records.filter(([name]) => !(told.baselines || []).includes(name));
    L.profile(host, others, { baselines, first: told.first, log: told.log });
  };
  L.figures.f1_against_dimension = (host, [[, table]]) => L.f1(host, table);

  // ---- activations: the value, and the derivative in vermillion, on common axes
  L.figures.anatomy_activations = (host, [[, table]]) => {
    const columns = L.columnsOf(table), names = [...new Set(columns.activation)];
    L.figureGrid(host, names, 170, (stage, at) => {
      const rows = [...columns.activation.keys()].filter((i) => columns.activation[i] === names[at]), of = (name) => rows.map((i) => columns[name][i]);
      const plot = L.plot(stage, { height: 130, x: { domain: [-4, 4], ticks: [-4, 0, 4] }, y: { domain: [-1.6, 3.2], ticks: [-1, 0, 1, 2, 3] }, label: names[at] });
      plot.rule({ y: 0 }, { colour: "line", dash: null }).rule({ x: 0 }, { colour: "line", dash: null });
      plot.line(of("input"), of("value"), { colour: "a", width: 2, label: L.t("figure.value") }).line(of("input"), of("derivative"), { colour: "bad", width: 1.5, label: L.t("figure.derivative") });
    });
    host.append(keys([["a", L.t("figure.value")], ["bad", L.t("figure.derivative")]]));
  };
  const keys = (entries) => L.el("p", { className: "note keys" }, entries.map(([colour, word]) => L.el("span", {}, L.el("i", { className: "dot", style: { background: L.paint(colour) } }), word)));
  L.figureKeys = keys;
})();
