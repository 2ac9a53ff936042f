// Matrices: a named number for each pair, coloured and, where there is room, printed.
//   L.records.matrix(host, record, {better: "high" | "low", range: [low, high], compact, onPick(row, column)})
"use strict";

(function () {
  const L = window.lamella;
  const ROOM = { width: 25, height: 13 };

  L.records.matrix = (host, record, options = {}) => {
    const { rows, columns } = record, values = record.values.data;
    if (!rows.length || !columns.length) return L.recordReason(host, L.t("record.no_rows"));
    const scale = scaleOf(values, options), room = L.recordFrame(host, options.compact ? null : scaleNote(record, scale), "matrix");
    const p = L.plot(room, {
      x: { names: columns, label: options.compact ? null : record.column_label }, y: { names: rows, flip: true, label: options.compact ? null : record.row_label },
      height: options.height, label: record.title || record.value_label,
    });
    p.mark((group) => drawCells(group, p, record, scale));
    p.hover((x, y) => tipOf(record, Math.round(x), Math.round(y)));
    if (options.onPick) p.onPick((x, y) => options.onPick(Math.round(y), Math.round(x)));
    return p.draw();
  };

  // Numbers on both sides of nought are drawn from the middle of the diverging ramp.
  function scaleOf(values, { range, better }) {
    let [low, high] = range || L.domainOf([values], { pad: 0 });
    const both = !range && low < 0 && high > 0, most = Math.max(-low, high), stops = L.colours();
    if (both) { low = -most; high = most; }
    return { low, high, stops: both ? (better === "high" ? stops.div : [...stops.div].reverse()) : stops.seq };
  }

  const scaleNote = (record, { low, high, stops }) => [`${record.value_label || ""} ${L.number(low)} `.trimStart(),
    L.el("span", { className: "ramp", style: { background: `linear-gradient(90deg, ${stops.join(",")})` } }), ` ${L.number(high)}`];

  // All cells of one tone are one path.
  function drawCells(group, p, { values, rows, columns }, { low, high, stops }) {
    const tones = L.tones(stops), wide = p.area.width / columns.length, tall = p.area.height / rows.length, paths = new Map(), words = [], print = wide >= ROOM.width && tall >= ROOM.height;
    values.data.forEach((value, at) => {
      if (!Number.isFinite(value)) return;
      const x = p.area.left + (at % columns.length) * wide, y = p.area.top + Math.floor(at / columns.length) * tall;
      const tone = Math.round(255 * L.clamp((value - low) / (high - low || 1), 0, 1));
      paths.set(tone, `${paths.get(tone) || ""}M${x.toFixed(2)} ${y.toFixed(2)}h${wide.toFixed(2)}v${tall.toFixed(2)}h${-wide.toFixed(2)}z`);
      if (print) words.push(cellText(x + wide / 2, y + tall / 2 + 3.8, L.short(value), tones[tone][1]));
    });
    for (const [tone, d] of paths) group.append(cell(d, tones[tone][0]));
    group.append(...words);
  }
  function cell(d, colour) {
    const node = L.svg("path", { class: "matrix-cells", d });
    node.style.fill = colour;
    return node;
  }
  function cellText(x, y, text, ink) {
    const node = L.svg("text", { class: "matrix-number", x, y, "text-anchor": "middle" }, text);
    node.style.fill = ink;
    return node;
  }

  function tipOf({ values, rows, columns, row_label, column_label, value_label }, column, row) {
    if (!(row in rows) || !(column in columns)) return null;
    const named = (label, name) => [label, name].filter(Boolean).join(" ");
    return [L.el("div", {}, `${named(row_label, rows[row])}, ${named(column_label, columns[column])}`), L.el("div", {}, value_label ? `${value_label}: ` : "", L.el("b", {}, L.number(values.data[row * columns.length + column])))];
  }
})();
