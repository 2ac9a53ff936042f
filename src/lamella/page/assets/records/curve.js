// Curves: one or more series over one axis, each with its band where there is one.
//   drawCurve(host, record, {log_x, log_y, colours: {series: colour}, cursor: x, onPick(x), x: axis, y: axis, compact})

import { colours } from "../core/colours.js";
import { t } from "../core/language.js";
import { plot } from "../plots/plot.js";
import { listOf, recordFrame, recordReason, rowOf } from "./frame.js";

const MOST_LABELS = 14;
const MOST_POINTS = 250;

export const drawCurve = (host, record, options = {}) => {
  const names = record.series.length ? record.series : [""];
  const xs = listOf(record.x);
  if (!xs.length) return recordReason(host, t("record.no_rows"));
  const p = plot(recordFrame(host, null, "curve"), {
    x: axisOf(record.x_label, xs, options, "x"),
    y: axisOf(record.y_label, [], options, "y"),
    height: options.height,
    label: record.title || record.y_label,
  });
  const kept = thin(xs.length);
  const at = positions(xs, kept);
  const colours = coloursOf(names, options.colours || {});
  for (const [row, name] of inOrder(names))
    drawSeries(p, record, {
      name,
      row,
      at,
      kept,
      colour: colours[row],
      first: row === 0 && names.length > 1 && isAll(name),
    });
  label(p, names, options);
  if (options.cursor !== undefined) p.cursor(options.cursor);
  if (options.onPick) p.onPick(options.onPick);
  return p.draw();
};

const isText = (xs) => typeof xs[0] === "string";
const axisOf = (label, xs, options, name) => ({
  label: options.compact ? null : label,
  log: Boolean(options[`log_${name}`]),
  ...(isText(xs) ? { names: xs } : {}),
  ...(options[name] || {}),
});
const positions = (xs, kept) => (isText(xs) ? kept : kept.map((i) => Number(xs[i])));

// A screen has fewer pixels than a profile has neighbours: every k-th point, and the last.
function thin(count) {
  const every = Math.ceil(count / MOST_POINTS);
  const kept = [];
  for (let i = 0; i < count; i += every) kept.push(i);
  if (kept.at(-1) !== count - 1) kept.push(count - 1);
  return kept;
}

// The whole is drawn over its classes.
const inOrder = (names) => [...names.entries()].sort(([, p], [, q]) => isAll(p) - isAll(q));
const isAll = (name) => name === "all";
function coloursOf(names, given) {
  const palette = colours().classes;
  const alone = names.length === 1;
  let next = 0;
  return names.map(
    (name) =>
      given[name] || (alone || isAll(name) ? "ink" : next < palette.length ? palette[next++] : "faint"),
  );
}

function drawSeries(p, record, { name, row, at, kept, colour, first }) {
  const of = (part) => {
    const values = rowOf(part, row);
    return kept.map((i) => values[i]);
  };
  if (record.low && record.high) p.band(at, of(record.low), of(record.high), { colour });
  p.line(at, of(record.y), {
    colour,
    label: name || record.y_label || record.title,
    width: first ? 2.4 : 1.6,
    dots: at.length < 12,
    data: { series: name },
  });
}

function label(p, names, { compact }) {
  if (names.length < 2) return;
  if (!compact && names.length <= MOST_LABELS) p.endLabels();
  else if (names.length <= 2 * MOST_LABELS) p.legend();
}
