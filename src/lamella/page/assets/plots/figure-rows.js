// A table of a figure: texts as they are, columns of numbers to the right; a click on a head sorts.

import { el } from "../core/elements.js";
import { t } from "../core/language.js";
import { listOf } from "./figure-marks.js";
import { said } from "./figure-words.js";

export function drawRows(host, { names, texts, numbers = [] }) {
  const columns = names.map((name, at) => ({ name, texts: texts[at], values: numbers[at] && listOf(numbers[at]) }));
  const draw = (by, down) => host.replaceChildren(table(columns, order(columns, by, down), by, down, draw));
  draw(-1, false);
}

function order(columns, by, down) {
  const rows = [...(columns[0]?.texts ?? []).keys()];
  if (by < 0) return rows;
  const { texts, values } = columns[by];
  const least = down ? -Infinity : Infinity;
  const known = (row) => (Number.isNaN(values[row]) ? least : values[row]);
  const compare = values
    ? (p, q) => known(p) - known(q)
    : (p, q) => texts[p].localeCompare(texts[q], undefined, { numeric: true });
  return rows.sort((p, q) => (down ? -1 : 1) * compare(p, q) || p - q);
}

function table(columns, rows, by, down, draw) {
  const sorted = down ? "descending" : "ascending";
  const head = ({ name, values }, at) =>
    el(
      "th",
      { scope: "col", className: values ? "numeric" : "", ariaSort: at !== by ? "none" : sorted },
      el(
        "button",
        { type: "button", title: t("record.order"), onclick: () => draw(at, at === by ? !down : Boolean(values)) },
        said(name.replaceAll("_", " ")),
        at === by ? (down ? " ↓" : " ↑") : "",
      ),
    );
  const cell = ({ texts, values }, row) =>
    el("td", { className: values ? "numeric" : "" }, texts[row].replaceAll("\n", " "));
  return el(
    "table",
    { className: "record-table" },
    columns.some(({ name }) => name) && el("thead", {}, el("tr", {}, columns.map(head))),
    el("tbody", {}, rows.map((row) => el("tr", {}, columns.map((column) => cell(column, row))))),
  );
}
