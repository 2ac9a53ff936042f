// The figures of the analysis: each view draws its records its own way, a view that the page does
// not know falls back to the kind of its record.
//
//   L.figure(host, {view, caption, arguments, record | records: [[name, record], ...]})
//   L.figures.<view> = (host, records, arguments, picture)     records: [[name, record], ...]
"use strict";

(function () {
  const L = window.lamella;
  L.figures = {};

  L.figure = (host, picture) => {
    const records = picture.records || [["", picture.record]], told = picture.arguments || {}, draw = L.figures[picture.view] || byKind;
    host.dataset.drawn = picture.view;
    if (!records.length || !records[0][1]) return host.replaceChildren(L.el("p", { className: "missing" }, L.t("figure.nothing")));
    const title = told.title || (records.length === 1 && records[0][1].title);
    const stage = L.el("div", { className: "figure-body" });
    host.replaceChildren(...[title && L.el("h4", {}, title), stage].filter(Boolean));
    host.closest("figure")?.classList.toggle("wide", isWide(records[0][1]));
    draw(stage, records, told, picture);
    return stage;
  };

  const isWide = (record) => record.kind === "table" && record.columns.length > 5;

  // Several records of an unknown view stand below each other under their names.
  function byKind(host, records, told) {
    for (const [name, record] of records) {
      const stage = L.el("div", {});
      host.append(...[records.length > 1 && L.el("h5", {}, name), stage].filter(Boolean));
      L.drawRecord(stage, record, { height: 280, ...told });
    }
  }

  // A box of equal width for each of many small figures.
  L.figureGrid = (host, names, least, paint) => {
    const boxes = names.map((name) => [name, L.el("div", { className: "pane" })]);
    host.append(L.el("div", { className: "small-figures", style: { gridTemplateColumns: `repeat(auto-fit, minmax(min(${least}px, 100%), 1fr))` } }, boxes.map(([name, stage]) => L.el("div", {}, name && L.el("h5", { title: name }, name), stage))));
    boxes.forEach(([, stage], at) => paint(stage, at));
  };

  // ---- words and tables
  L.figures.table = (host, [[, record]]) => L.records.table(host, record, {});
  L.figures.measure_card = (host, [[, record]]) => {
    const { part, text } = L.columnsOf(record);
    host.replaceChildren(L.el("dl", { className: "facts" }, part.map((name, at) => [L.el("dt", {}, String(name)), L.el("dd", {}, String(text[at]))])));
  };
})();
