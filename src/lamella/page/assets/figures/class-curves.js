// Two curves about classes: how mixed the neighbourhoods are by rank (compactness profile), and how
// well each class is told from the others by the number of dimensions kept.

import { classColour } from "../core/colours.js";
import { meanOf } from "../core/cube-values.js";
import { el } from "../core/elements.js";
import { t } from "../core/language.js";
import { plotGrid } from "../plots/grid.js";
import { plot } from "../plots/plot.js";
import { domainOf } from "../plots/scales.js";

const ALL = "all";
const FULL = "full";
const MICRO = "micro";
const rowOf = ({ data, shape }, at) => Array.from(data.subarray(at * shape[1], (at + 1) * shape[1]));
const percent = (values) => values.map((value) => 100 * value);

// ---- compactness profile: one record shows its classes, several show the first series of each
// records: [[name, curve], ...]; options: {names(labels), baselines: [[name, curve]], first, log, height}
export const drawProfile = (
  host,
  records,
  { names = (labels) => labels, baselines = [], first, log = false, height = 300 } = {},
) => {
  const chart = plot(host, {
    height,
    x: { label: t("classes.rank"), log },
    y: { label: t("classes.other_class"), zero: true },
    label: t("classes.profile"),
  });
  for (const [name, curve] of baselines)
    series(chart, curve, 0, { label: name, colour: "faint", dash: "dash" }, first);
  if (records.length === 1) ofClasses(chart, records[0][1], names, first);
  else
    records.forEach(([name, curve], at) =>
      series(chart, curve, 0, { label: name, colour: classColour(at) }, first),
    );
  return chart.endLabels();
};

function ofClasses(chart, curve, names, first) {
  let at = 0;
  const shown = names(curve.series);
  curve.series.forEach((label, row) => {
    if (label !== ALL) series(chart, curve, row, { label: shown[row], colour: classColour(at++) }, first);
  });
  if (curve.series.includes(ALL))
    series(
      chart,
      curve,
      curve.series.indexOf(ALL),
      { label: t("classes.all"), colour: "ink", width: 2.4 },
      first,
    );
}

function series(chart, curve, row, style, first) {
  const xs = Array.from(curve.x.data).slice(0, first);
  const cut = (block) => percent(rowOf(block, row)).slice(0, first);
  if (curve.low && curve.high) chart.band(xs, cut(curve.low), cut(curve.high), { colour: style.colour });
  chart.line(xs, cut(curve.y), { width: 1.5, ...style, data: { series: style.label } });
}

// ---- F1 against dimension: one plot for each method, a ring where nothing was compressed
export const columnsOf = (table) =>
  Object.fromEntries(table.columns.map(([name, column]) => [name, Array.from(column.data || column)]));

export const drawF1 = (host, record, height = 250) => {
  const columns = columnsOf(record);
  const classes = [...new Set(columns.class.map(String))];
  const methods = [...new Set(columns.method.map(String))].filter((name) => name !== FULL);
  const domain = domainOf([columns.f1]);
  const shown = methods.length ? methods : [FULL];
  const boxes = plotGrid(host, shown.length);
  boxes.forEach((box) => {
    box.style.height = `${height}px`;
  });
  shown.forEach((method, at) => f1Of(boxes[at], columns, classes, method, domain));
  host.append(
    el(
      "p",
      { className: "note" },
      t("classes.f1_note") + ("seed" in columns ? ` · ${t("classes.f1_band")}` : ""),
    ),
  );
};

function f1Of(box, columns, classes, method, domain) {
  const all = [...new Set(columns.dimension)].sort((p, q) => p - q);
  const chart = plot(box, {
    x: { label: t("classes.dimension"), log: true, domain: domainOf([all], { log: true }), ticks: all },
    y: { label: `F1 · ${method.toUpperCase()}`, domain },
    label: `F1, ${method}`,
  });
  const lively = classes.filter((name) => name !== MICRO);
  for (const name of classes)
    lineOf(chart, columns, name, method, name === MICRO ? "ink" : classColour(lively.indexOf(name)));
  return chart.endLabels();
}

function lineOf(chart, columns, name, method, colour) {
  const compressed = overSeeds(columns, name, method);
  const full = overSeeds(columns, name, FULL);
  if (method !== FULL) {
    if ("seed" in columns) chart.band(compressed.xs, compressed.low, compressed.high, { colour });
    chart.line(compressed.xs, compressed.mean, {
      colour,
      label: name,
      width: name === MICRO ? 2.4 : 1.6,
      data: { series: name, method },
    });
  }
  if (full.xs.length)
    chart.dots(full.xs, full.mean, { colour, radius: 3.4, ring: true, label: method === FULL ? name : null });
}

function overSeeds(columns, name, method) {
  const rows = [...columns.f1.keys()].filter(
    (i) => String(columns.class[i]) === name && String(columns.method[i]) === method,
  );
  const xs = [...new Set(rows.map((i) => columns.dimension[i]))].sort((p, q) => p - q);
  const groups = xs.map((x) => rows.filter((i) => columns.dimension[i] === x).map((i) => columns.f1[i]));
  return {
    xs,
    mean: groups.map(meanOf),
    low: groups.map((group) => Math.min(...group)),
    high: groups.map((group) => Math.max(...group)),
  };
}
