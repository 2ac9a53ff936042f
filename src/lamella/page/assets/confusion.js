// A confusion matrix: counts in square cells, blue by the share that is right, vermillion where wrong,
// and beside it the accuracy of each class. A cell can be a way to its samples.
"use strict";

(function () {
  const L = window.lamella;

  // options: {rows, columns, values, pick(row, column), name, height, rowLabel, columnLabel}
  L.confusion = (host, options) => {
    const counts = countsOf(options), map = L.el("div", {}), side = L.el("div", { className: "per-class" });
    host.replaceChildren(L.el("div", { className: "confusion" }, map, side));
    L.cells(map, {
      ...options, values: counts.values, square: true, legend: false, text: (value) => (value ? grouped(value) : ""), tone: counts.tone,
      rowLabel: options.rowLabel || L.t("classes.true"), columnLabel: options.columnLabel || L.t("classes.predicted"), tip: (row, column) => tipOf(options, counts, row, column),
    });
    side.replaceChildren(L.el("p", { className: "summary" }, summary(counts)), bars(options, counts));
    return counts;
  };

  const grouped = (value) => (value < 1e4 ? String(Math.round(value)) : Math.round(value).toLocaleString("en").replaceAll(",", "\u202f"));

  function countsOf({ values, rows, columns }) {
    const width = columns.length, wrong = (i) => Math.floor(i / width) !== i % width;
    const totals = rows.map((_, row) => sum(values.slice(row * width, (row + 1) * width)));
    const right = rows.map((_, row) => values[row * width + row] || 0), worst = Math.max(1, ...Array.from(values).filter((_, i) => wrong(i)));
    const { seq, bad, card } = L.colours();
    const tone = (value, row, column) => (row === column ? [.15 + .7 * value / Math.max(1, totals[row]), seq] : value ? [.12 + .88 * value / worst, [card, bad]] : [0, seq]);
    return { values, totals, right, tone, width };
  }
  const sum = (list) => list.reduce((total, value) => total + (Number.isFinite(value) ? value : 0), 0);

  const summary = ({ right, totals }) => L.t("classes.right_of", { right: grouped(sum(right)), all: grouped(sum(totals)), share: L.number(100 * sum(right) / Math.max(1, sum(totals)), "%") });

  function tipOf({ rows, columns, pick }, counts, row, column) {
    const value = counts.values[row * counts.width + column];
    return [L.t("classes.cell", { true: rows[row], predicted: columns[column], n: grouped(value), share: L.number(100 * value / Math.max(1, counts.totals[row]), "%") }), pick && L.el("div", {}, L.t("classes.click"))];
  }

  const bars = ({ rows }, { right, totals }) => L.el("table", { className: "anatomy" }, L.el("thead", {}, L.el("tr", {}, L.el("th", { className: "left" }, L.t("classes.class")), L.el("th", { className: "right" }, L.t("classes.accuracy")), L.el("th", { className: "right" }, "n"))),
    L.el("tbody", {}, rows.map((name, row) => L.el("tr", {}, L.el("th", { className: "left", scope: "row" }, L.el("i", { className: "dot", style: { background: L.classColour(row) } }), name),
      L.el("td", { className: "right" }, totals[row] ? L.number(100 * right[row] / totals[row], "%") : "–", L.el("i", { style: { width: `${100 * right[row] / Math.max(1, totals[row])}%` } })), L.el("td", { className: "right" }, grouped(totals[row]))))));
})();
