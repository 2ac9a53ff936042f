// Tables: one row as a list of its numbers, more as rows that a click on a head puts in order.
//   L.records.table(host, record, {most: rows, columns: [names], compact})
"use strict";

(function () {
  const L = window.lamella;
  const MOST = 200;

  L.records.table = (host, record, options = {}) => {
    const columns = columnsOf(record, options.columns), count = columns[0]?.values.length ?? 0;
    if (!count) return L.recordReason(host, L.t("record.no_rows"));
    if (count === 1) return facts(host, columns);
    return rows(host, columns, count, options);
  };

  const columnsOf = (record, wanted) => record.columns.filter(([name]) => !wanted || wanted.includes(name)).map(([name, column]) => ({ name, values: L.listOf(column), numeric: isNumeric(L.listOf(column)) }));
  const isNumeric = (values) => values.length > 0 && typeof values[0] === "number";
  const head = (name) => name.replaceAll("_", " ");
  const said = (value) => (typeof value === "number" ? L.number(value) : typeof value === "boolean" ? (value ? "1" : "0") : String(value ?? "–"));

  function facts(host, columns) {
    const room = L.recordFrame(host, null, "table");
    room.append(L.el("dl", { className: "record-facts" }, columns.map(({ name, values }) => [L.el("dt", {}, head(name)), L.el("dd", {}, said(values[0]))])));
  }

  function rows(host, columns, count, options) {
    const most = options.most || MOST, note = count > most ? L.t("record.rows", { n: most, total: count }) : null;
    const room = L.recordFrame(host, note, "table");
    const draw = (by, down) => room.replaceChildren(table(columns, order(columns, count, by, down).slice(0, most), { by, down, again: (at) => draw(at, at === by ? !down : columns[at].numeric) }));
    draw(-1, false);
  }

  function order(columns, count, by, down) {
    const rows = Array.from({ length: count }, (_, row) => row);
    if (by < 0) return rows;
    const { values, numeric } = columns[by], sign = down ? -1 : 1;
    const compare = numeric ? (p, q) => value(values[p], down) - value(values[q], down) : (p, q) => String(values[p]).localeCompare(String(values[q]), undefined, { numeric: true });
    return rows.sort((p, q) => sign * compare(p, q) || p - q);
  }
  const value = (number, down) => (Number.isNaN(number) ? (down ? -Infinity : Infinity) : number);

  function table(columns, rows, { by, down, again }) {
    const heads = columns.map(({ name, numeric }, at) => L.el("th", { scope: "col", className: numeric ? "numeric" : "", ariaSort: at !== by ? "none" : down ? "descending" : "ascending" },
      L.el("button", { type: "button", title: L.t("record.order"), onclick: () => again(at) }, head(name), at === by ? (down ? " ↓" : " ↑") : "")));
    const body = rows.map((row) => L.el("tr", {}, columns.map(({ values, numeric }) => L.el("td", { className: numeric ? "numeric" : "" }, said(values[row])))));
    return L.el("table", { className: "record-table" }, L.el("thead", {}, L.el("tr", {}, heads)), L.el("tbody", {}, body));
  }
})();
