// The figures of the analysis: each view draws its records its own way, a view that the page does
// not know falls back to the kind of its record.
//
//   drawFigure(host, {view, caption, arguments, record | records: [[name, record], ...]})
//   figures.<view> = (host, records, arguments, picture)     records: [[name, record], ...]

import { el } from "../core/elements.js";
import { t } from "../core/language.js";
import { columnsOf } from "./class-curves.js";
import { drawRecord } from "../records/draw.js";
import { drawTable } from "../records/table.js";

export const figures = {};

export const drawFigure = (host, picture) => {
  const records = picture.records || [["", picture.record]];
  const told = picture.arguments || {};
  const draw = figures[picture.view] || byKind;
  host.dataset.drawn = picture.view;
  if (!records.length || !records[0][1])
    return host.replaceChildren(el("p", { className: "missing" }, t("figure.nothing")));
  const title = told.title || (records.length === 1 && records[0][1].title);
  const stage = el("div", { className: "figure-body" });
  host.replaceChildren(...[title && el("h4", {}, title), stage].filter(Boolean));
  host.closest("figure")?.classList.toggle("wide", isWide(records[0][1]));
  draw(stage, records, told, picture);
  return stage;
};

const isWide = (record) => record.kind === "table" && record.columns.length > 5;

// Several records of an unknown view stand below each other under their names.
function byKind(host, records, told) {
  for (const [name, record] of records) {
    const stage = el("div", {});
    host.append(...[records.length > 1 && el("h5", {}, name), stage].filter(Boolean));
    drawRecord(stage, record, { height: 280, ...told });
  }
}

// A box of equal width for each of many small figures.
export const figureGrid = (host, names, least, paint) => {
  const boxes = names.map((name) => [name, el("div", { className: "pane" })]);
  host.append(
    el(
      "div",
      {
        className: "small-figures",
        style: { gridTemplateColumns: `repeat(auto-fit, minmax(min(${least}px, 100%), 1fr))` },
      },
      boxes.map(([name, stage]) => el("div", {}, name && el("h5", { title: name }, name), stage)),
    ),
  );
  boxes.forEach(([, stage], at) => paint(stage, at));
};

// ---- words and tables
figures.table = (host, [[, record]]) => drawTable(host, record, {});
figures.measure_card = (host, [[, record]]) => {
  const { part, text } = columnsOf(record);
  host.replaceChildren(
    el(
      "dl",
      { className: "facts" },
      part.map((name, at) => [el("dt", {}, String(name)), el("dd", {}, String(text[at]))]),
    ),
  );
};
