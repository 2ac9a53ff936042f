// Figures of matrices: heat maps, two of them and their difference, similarities, confusion, linkage,
// signs of health side by side.

import { colours } from "../core/colours.js";
import { el } from "../core/elements.js";
import { t } from "../core/language.js";
import { shortNumber } from "../core/numbers.js";
import { drawConfusionMatrix } from "./confusion.js";
import { figureGrid, figures } from "./figure.js";
import { drawLinkage } from "./linkage.js";
import { drawCells } from "../plots/cells.js";

const listOf = (matrix) => Array.from(matrix.values.data);
const facts = (matrix) => ({
  rows: matrix.rows,
  columns: matrix.columns,
  values: listOf(matrix),
  rowLabel: "",
  columnLabel: matrix.column_label,
  valueLabel: matrix.value_label,
  name: matrix.title || matrix.value_label,
});
const limits = (lists, log) => {
  const known = lists.flat().filter((value) => Number.isFinite(value) && (!log || value > 0));
  return known.length
    ? [known.reduce((a, b) => Math.min(a, b)), known.reduce((a, b) => Math.max(a, b))]
    : [0, 1];
};
const note = (host, text) => {
  if (text) host.append(el("p", { className: "note" }, text));
};
const direction = (better) => (better === "low" || better === "high" ? t(`cube.${better}_is_better`) : "");

figures.heat_map = (host, [[, matrix]], { better, span, diverging, log } = {}) => {
  const stage = el("div", {});
  const [low, high] = span || limits([listOf(matrix)], log);
  const most = Math.max(Math.abs(low), Math.abs(high));
  host.append(stage);
  drawCells(stage, {
    ...facts(matrix),
    log,
    ...(diverging ? { low: -most, high: most, stops: colours().div } : { low, high }),
  });
  note(host, direction(better));
};

// ---- A, B on one scale, and B - A; rows and columns are matched by name
figures.comparison = (host, records, { better } = {}) => {
  if (records.length !== 2)
    return records.forEach(([name, matrix]) => {
      const stage = el("div", {});
      host.append(el("h5", {}, name), stage);
      figures.heat_map(stage, [[name, matrix]], { better });
    });
  const [[nameA, a], [nameB, b]] = matched(records);
  const [low, high] = limits([a.values, b.values]);
  const difference = a.values.map((value, i) => b.values[i] - value);
  const most = Math.max(...difference.filter(Number.isFinite).map(Math.abs), 1e-12);
  const stops = better === "low" ? [...colours().div].reverse() : colours().div;
  const panels = [
    [nameA, a.values, { low, high }],
    [nameB, b.values, { low, high }],
    [`${nameB} − ${nameA}`, difference, { low: -most, high: most, stops, text: signed }],
  ];
  figureGrid(
    host,
    panels.map(([name]) => name),
    300,
    (stage, at) =>
      drawCells(stage, {
        rows: a.rows,
        columns: a.columns,
        columnLabel: records[0][1].column_label,
        valueLabel: at < 2 ? records[0][1].value_label : t("figure.difference"),
        values: panels[at][1],
        ...panels[at][2],
        name: panels[at][0],
      }),
  );
  return note(
    host,
    [direction(better), better && t("figure.worse", { name: nameB })].filter(Boolean).join("; "),
  );
};
const signed = (value) => (value > 0 ? "+" : "") + shortNumber(value);

function matched(records) {
  const union = (part) => [...new Set(records.flatMap(([, matrix]) => matrix[part]))];
  const rows = union("rows");
  const columns = union("columns");
  return records.map(([name, matrix]) => [
    name,
    { rows, columns, values: rows.flatMap((row) => columns.map((column) => valueAt(matrix, row, column))) },
  ]);
}
function valueAt(matrix, row, column) {
  const r = matrix.rows.indexOf(row);
  const c = matrix.columns.indexOf(column);
  return r < 0 || c < 0 ? NaN : matrix.values.data[r * matrix.columns.length + c];
}

figures.similarity_matrix = (host, [[, matrix]], { span = [0, 1], better = "high" } = {}) => {
  const [low, high] = span || limits([listOf(matrix)]);
  const seq = colours().seq;
  drawCells(host, {
    ...facts(matrix),
    rowLabel: matrix.row_label,
    square: true,
    low,
    high,
    stops: better === "low" ? [...seq].reverse() : seq,
  });
};

figures.confusion_matrix = (host, [[, matrix]]) =>
  drawConfusionMatrix(host, {
    rows: matrix.rows,
    columns: matrix.columns,
    values: listOf(matrix),
    name: matrix.title,
    height: 380,
  });

figures.class_linkage = (host, [[, matrix]]) => {
  drawLinkage(host, matrix);
  note(host, t("figure.linked"));
};

figures.health_map = (host, records, { log = [] } = {}) => {
  figureGrid(
    host,
    records.map(([name]) => name),
    300,
    (stage, at) =>
      drawCells(stage, {
        ...facts(records[at][1]),
        log: log.includes(records[at][0]),
        ...span(records[at], log),
      }),
  );
};
const span = ([name, matrix], log) => {
  const [low, high] = limits([listOf(matrix)], log.includes(name));
  return { low, high };
};
