// Figures of matrices: heat maps, two of them and their difference, similarities, confusion, linkage,
// signs of health side by side.
"use strict";

(function () {
  const L = window.lamella;
  const listOf = (matrix) => Array.from(matrix.values.data);
  const facts = (matrix) => ({ rows: matrix.rows, columns: matrix.columns, values: listOf(matrix), rowLabel: "", columnLabel: matrix.column_label, valueLabel: matrix.value_label, name: matrix.title || matrix.value_label });
  const limits = (lists, log) => { const known = lists.flat().filter((value) => Number.isFinite(value) && (!log || value > 0)); return known.length ? [known.reduce((a, b) => Math.min(a, b)), known.reduce((a, b) => Math.max(a, b))] : [0, 1]; };
  const note = (host, text) => { if (text) host.append(L.el("p", { className: "note" }, text)); };
  const direction = (better) => (better === "low" || better === "high" ? L.t(`cube.${better}_is_better`) : "");

  L.figures.heat_map = (host, [[, matrix]], { better, span, diverging, log } = {}) => {
    const stage = L.el("div", {}), [low, high] = span || limits([listOf(matrix)], log), most = Math.max(Math.abs(low), Math.abs(high));
    host.append(stage);
    L.cells(stage, { ...facts(matrix), log, ...(diverging ? { low: -most, high: most, stops: L.colours().div } : { low, high }) });
    note(host, direction(better));
  };

  // ---- A, B on one scale, and B - A; rows and columns are matched by name
  L.figures.comparison = (host, records, { better } = {}) => {
    if (records.length !== 2) return records.forEach(([name, matrix]) => { const stage = L.el("div", {}); host.append(L.el("h5", {}, name), stage); L.figures.heat_map(stage, [[name, matrix]], { better }); });
    const [[nameA, a], [nameB, b]] = matched(records), [low, high] = limits([a.values, b.values]), difference = a.values.map((value, i) => b.values[i] - value), most = Math.max(...difference.filter(Number.isFinite).map(Math.abs), 1e-12);
    const stops = better === "low" ? [...L.colours().div].reverse() : L.colours().div, panels = [[nameA, a.values, { low, high }], [nameB, b.values, { low, high }], [`${nameB} − ${nameA}`, difference, { low: -most, high: most, stops, text: signed }]];
    L.figureGrid(host, panels.map(([name]) => name), 300, (stage, at) => L.cells(stage, { rows: a.rows, columns: a.columns, columnLabel: records[0][1].column_label, valueLabel: at < 2 ? records[0][1].value_label : L.t("figure.difference"), values: panels[at][1], ...panels[at][2], name: panels[at][0] }));
    return note(host, [direction(better), better && L.t("figure.worse", { name: nameB })].filter(Boolean).join("; "));
  };
  const signed = (value) => (value > 0 ? "+" : "") + L.short(value);

  function matched(records) {
    const union = (part) => [...new Set(records.flatMap(([, matrix]) => matrix[part]))], rows = union("rows"), columns = union("columns");
    return records.map(([name, matrix]) => [name, { rows, columns, values: rows.flatMap((row) => columns.map((column) => valueAt(matrix, row, column))) }]);
  }
  function valueAt(matrix, row, column) {
    const r = matrix.rows.indexOf(row), c = matrix.columns.indexOf(column);
    return r < 0 || c < 0 ? NaN : matrix.values.data[r * matrix.columns.length + c];
  }

  L.figures.similarity_matrix = (host, [[, matrix]], { span = [0, 1], better = "high" } = {}) => {
    const [low, high] = span || limits([listOf(matrix)]), seq = L.colours().seq;
    L.cells(host, { ...facts(matrix), rowLabel: matrix.row_label, square: true, low, high, stops: better === "low" ? [...seq].reverse() : seq });
  };

  L.figures.confusion_matrix = (host, [[, matrix]]) => L.confusion(host, { rows: matrix.rows, columns: matrix.columns, values: listOf(matrix), name: matrix.title, height: 380 });

  L.figures.class_linkage = (host, [[, matrix]]) => { L.linkage(host, matrix); note(host, L.t("figure.linked")); };

  L.figures.health_map = (host, records, { log = [] } = {}) => {
    L.figureGrid(host, records.map(([name]) => name), 300, (stage, at) => L.cells(stage, { ...facts(records[at][1]), log: log.includes(records[at][0]), ...span(records[at], log) }));
  };
  const span = ([name, matrix], log) => { const [low, high] = limits([listOf(matrix)], log.includes(name)); return { low, high }; };
})();
