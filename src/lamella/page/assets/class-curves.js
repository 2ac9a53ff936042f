// Two curves about classes: how mixed the neighbourhoods are by rank (compactness profile), and how
// well each class is told from the others by the number of dimensions kept.
"use strict";

(function () {
  const L = window.lamella;
  const ALL = "all", FULL = "full", MICRO = "micro";
  const rowOf = ({ data, shape }, at) => Array.from(data.subarray(at * shape[1], (at + 1) * shape[1]));
  const percent = (values) => values.map((value) => 100 * value);

  // ---- compactness profile: one record shows its classes, several show the first series of each
  // records: [[name, curve], ...]; options: {names(labels), baselines: [[name, curve]], first, log, height}
  L.profile = (host, records, { names = (labels) => labels, baselines = [], first, log = false, height = 300 } = {}) => {
    const plot = L.plot(host, { height, x: { label: L.t("classes.rank"), log }, y: { label: L.t("classes.other_class"), zero: true }, label: L.t("classes.profile") });
    for (const [name, curve] of baselines) series(plot, curve, 0, { label: name, colour: "faint", dash: "dash" }, first);
    if (records.length === 1) ofClasses(plot, records[0][1], names, first);
    else records.forEach(([name, curve], at) => series(plot, curve, 0, { label: name, colour: L.classColour(at) }, first));
    return plot.endLabels();
  };

  function ofClasses(plot, curve, names, first) {
    let at = 0;
    const shown = names(curve.series);
    curve.series.forEach((label, row) => { if (label !== ALL) series(plot, curve, row, { label: shown[row], colour: L.classColour(at++) }, first); });
    if (curve.series.includes(ALL)) series(plot, curve, curve.series.indexOf(ALL), { label: L.t("classes.all"), colour: "ink", width: 2.4 }, first);
  }

  function series(plot, curve, row, style, first) {
    const xs = Array.from(curve.x.data).slice(0, first), cut = (block) => percent(rowOf(block, row)).slice(0, first);
    if (curve.low && curve.high) plot.band(xs, cut(curve.low), cut(curve.high), { colour: style.colour });
    plot.line(xs, cut(curve.y), { width: 1.5, ...style, data: { series: style.label } });
  }

  // ---- F1 against dimension: one plot for each method, a ring where nothing was compressed
  L.columnsOf = (table) => Object.fromEntries(table.columns.map(([name, column]) => [name, Array.from(column.data || column)]));

  L.f1 = (host, record, height = 250) => {
    const columns = L.columnsOf(record), classes = [...new Set(columns.class.map(String))], methods = [...new Set(columns.method.map(String))].filter((name) => name !== FULL);
    const domain = L.domainOf([columns.f1]), shown = methods.length ? methods : [FULL], boxes = L.plotGrid(host, shown.length);
    boxes.forEach((box) => { box.style.height = `${height}px`; });
    shown.forEach((method, at) => f1Of(boxes[at], columns, classes, method, domain));
    host.append(L.el("p", { className: "note" }, L.t("classes.f1_note") + ("seed" in columns ? ` · ${L.t("classes.f1_band")}` : "")));
  };

  function f1Of(box, columns, classes, method, domain) {
    const all = [...new Set(columns.dimension)].sort((p, q) => p - q);
    const plot = L.plot(box, { x: { label: L.t("classes.dimension"), log: true, domain: L.domainOf([all], { log: true }), ticks: all }, y: { label: `F1 · ${method.toUpperCase()}`, domain }, label: `F1, ${method}` });
    const lively = classes.filter((name) => name !== MICRO);
    for (const name of classes) lineOf(plot, columns, name, method, name === MICRO ? "ink" : L.classColour(lively.indexOf(name)));
    return plot.endLabels();
  }

  function lineOf(plot, columns, name, method, colour) {
    const compressed = overSeeds(columns, name, method), full = overSeeds(columns, name, FULL);
    if (method !== FULL) {
      if ("seed" in columns) plot.band(compressed.xs, compressed.low, compressed.high, { colour });
      plot.line(compressed.xs, compressed.mean, { colour, label: name, width: name === MICRO ? 2.4 : 1.6, data: { series: name, method } });
    }
    if (full.xs.length) plot.dots(full.xs, full.mean, { colour, radius: 3.4, ring: true, label: method === FULL ? name : null });
  }

  function overSeeds(columns, name, method) {
    const rows = [...columns.f1.keys()].filter((i) => String(columns.class[i]) === name && String(columns.method[i]) === method);
    const xs = [...new Set(rows.map((i) => columns.dimension[i]))].sort((p, q) => p - q), groups = xs.map((x) => rows.filter((i) => columns.dimension[i] === x).map((i) => columns.f1[i]));
    return { xs, mean: groups.map(L.mean), low: groups.map((group) => Math.min(...group)), high: groups.map((group) => Math.max(...group)) };
  }
})();
