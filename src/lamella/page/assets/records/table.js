// Tables: one row as a list of its numbers, more as rows that a click on a head puts in order.
//   drawTable(host, record, {most: rows, columns: [names], compact})

import { el } from "../core/elements.js";
import { t } from "../core/language.js";
import { formatNumber } from "../core/numbers.js";
import { listOf, recordFrame, recordReason } from "./frame.js";

const MOST = 200;

export const drawTable = (host, record, options = {}) => {
  const columns = columnsOf(record, options.columns);
  const count = columns[0]?.values.length ?? 0;
  if (!count) return recordReason(host, t("record.no_rows"));
  if (count === 1) return facts(host, columns);
  return rows(host, columns, count, options);
};

const columnsOf = (record, wanted) =>
  record.columns
    .filter(([name]) => !wanted || wanted.includes(name))
    .map(([name, column]) => ({ name, values: listOf(column), numeric: isNumeric(listOf(column)) }));
const isNumeric = (values) => values.length > 0 && typeof values[0] === "number";
const head = (name) => name.replaceAll("_", " ");
const said = (value) =>
  typeof value === "number"
    ? formatNumber(value)
    : typeof value === "boolean"
      ? value
        ? "1"
        : "0"
      : String(value ?? "–");

function facts(host, columns) {
  const room = recordFrame(host, null, "table");
  room.append(
    el(
      "dl",
      { className: "record-facts" },
      columns.map(({ name, values }) => [el("dt", {}, head(name)), el("dd", {}, said(values[0]))]),
    ),
  );
}

function rows(host, columns, count, options) {
  const most = options.most || MOST;
  const note = count > most ? t("record.rows", { n: most, total: count }) : null;
  const room = recordFrame(host, note, "table");
  const draw = (by, down) =>
    room.replaceChildren(
      table(columns, order(columns, count, by, down).slice(0, most), {
        by,
        down,
        again: (at) => draw(at, at === by ? !down : columns[at].numeric),
      }),
    );
  draw(-1, false);
}

function order(columns, count, by, down) {
  const rows = Array.from({ length: count }, (_, row) => row);
  if (by < 0) return rows;
  const { values, numeric } = columns[by];
  const sign = down ? -1 : 1;
  const compare = numeric
    ? (p, q) => value(values[p], down) - value(values[q], down)
    : (p, q) => String(values[p]).localeCompare(String(values[q]), undefined, { numeric: true });
  return rows.sort((p, q) => sign * compare(p, q) || p - q);
}
const value = (number, down) => (Number.isNaN(number) ? (down ? -Infinity : Infinity) : number);

function table(columns, rows, { by, down, again }) {
  const heads = columns.map(({ name, numeric }, at) =>
    el(
      "th",
      {
        scope: "col",
        className: numeric ? "numeric" : "",
        ariaSort: at !== by ? "none" : down ? "descending" : "ascending",
      },
      el(
        "button",
        { type: "button", title: t("record.order"), onclick: () => again(at) },
        head(name),
        at === by ? (down ? " ↓" : " ↑") : "",
      ),
    ),
  );
  const body = rows.map((row) =>
    el(
      "tr",
      {},
      columns.map(({ values, numeric }) =>
        el("td", { className: numeric ? "numeric" : "" }, said(values[row])),
      ),
    ),
  );
  return el(
    "table",
    { className: "record-table" },
    el("thead", {}, el("tr", {}, heads)),
    el("tbody", {}, body),
  );
}
