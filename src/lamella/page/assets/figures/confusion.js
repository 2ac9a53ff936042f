// A confusion matrix: counts in square cells, blue by the share that is right, vermillion where wrong,
// and beside it the accuracy of each class. A cell can be a way to its samples.

import { classColour, colours } from "../core/colours.js";
import { el } from "../core/elements.js";
import { t } from "../core/language.js";
import { formatNumber } from "../core/numbers.js";
import { drawCells } from "../plots/cells.js";

// options: {rows, columns, values, pick(row, column), name, height, rowLabel, columnLabel}
export const drawConfusionMatrix = (host, options) => {
  const counts = countsOf(options);
  const map = el("div", {});
  const side = el("div", { className: "per-class" });
  host.replaceChildren(el("div", { className: "confusion" }, map, side));
  drawCells(map, {
    ...options,
    values: counts.values,
    square: true,
    legend: false,
    text: (value) => (value ? grouped(value) : ""),
    tone: counts.tone,
    rowLabel: options.rowLabel || t("classes.true"),
    columnLabel: options.columnLabel || t("classes.predicted"),
    tip: (row, column) => tipOf(options, counts, row, column),
  });
  side.replaceChildren(el("p", { className: "summary" }, summary(counts)), bars(options, counts));
  return counts;
};

const grouped = (value) =>
  value < 1e4 ? String(Math.round(value)) : Math.round(value).toLocaleString("en").replaceAll(",", "\u202f");

function countsOf({ values, rows, columns }) {
  const width = columns.length;
  const wrong = (i) => Math.floor(i / width) !== i % width;
  const totals = rows.map((_, row) => sum(values.slice(row * width, (row + 1) * width)));
  const right = rows.map((_, row) => values[row * width + row] || 0);
  const worst = Math.max(1, ...Array.from(values).filter((_, i) => wrong(i)));
  const { seq, bad, card } = colours();
  const tone = (value, row, column) =>
    row === column
      ? [0.15 + (0.7 * value) / Math.max(1, totals[row]), seq]
      : value
        ? [0.12 + (0.88 * value) / worst, [card, bad]]
        : [0, seq];
  return { values, totals, right, tone, width };
}
const sum = (list) => list.reduce((total, value) => total + (Number.isFinite(value) ? value : 0), 0);

const summary = ({ right, totals }) =>
  t("classes.right_of", {
    right: grouped(sum(right)),
    all: grouped(sum(totals)),
    share: formatNumber((100 * sum(right)) / Math.max(1, sum(totals)), "%"),
  });

function tipOf({ rows, columns, pick }, counts, row, column) {
  const value = counts.values[row * counts.width + column];
  return [
    t("classes.cell", {
      true: rows[row],
      predicted: columns[column],
      n: grouped(value),
      share: formatNumber((100 * value) / Math.max(1, counts.totals[row]), "%"),
    }),
    pick && el("div", {}, t("classes.click")),
  ];
}

const bars = ({ rows }, { right, totals }) =>
  el(
    "table",
    { className: "anatomy" },
    el(
      "thead",
      {},
      el(
        "tr",
        {},
        el("th", { className: "left" }, t("classes.class")),
        el("th", { className: "right" }, t("classes.accuracy")),
        el("th", { className: "right" }, "n"),
      ),
    ),
    el(
      "tbody",
      {},
      rows.map((name, row) =>
        el(
          "tr",
          {},
          el(
            "th",
            { className: "left", scope: "row" },
            el("i", { className: "dot", style: { background: classColour(row) } }),
            name,
          ),
          el(
            "td",
            { className: "right" },
            totals[row] ? formatNumber((100 * right[row]) / totals[row], "%") : "–",
            el("i", { style: { width: `${(100 * right[row]) / Math.max(1, totals[row])}%` } }),
          ),
          el("td", { className: "right" }, grouped(totals[row])),
        ),
      ),
    ),
  );
