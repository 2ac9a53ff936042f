// Coloured cells with their numbers: a matrix in SVG, its names at the left and above, its scale
// below. Many cells are painted on a canvas behind; numbers stand where there is room for them.
//
//   L.cells(host, {rows, columns, values, ...})   values: row by row; what host held is replaced
//     low, high, log, stops   the scale; from the values and the theme where left out
//     tone(value, row, column) -> [t of 0..1, stops]   instead of the scale
//     text(value, row, column), rowLabel, columnLabel, valueLabel, square, height, name
//     legend: false, or nodes instead of the ramp;  pick(row, column);  tip(row, column) -> nodes
"use strict";

(function () {
  const L = window.lamella;
  const LEAST = 3, WIDE = 64, TALL = 22, LINE = 13, CROWD = 3000;
  const watcher = new ResizeObserver((entries) => { for (const { target } of entries) if (target.clientWidth && target.clientWidth !== target.drawnWidth) target.redraw(); });

  L.cells = (host, options) => {
    const box = L.el("div", { className: "cells" }), o = settled(options);
    host.replaceChildren(box);
    box.redraw = () => drawCells(box, o);
    box.redraw();
    watcher.observe(box);
    return box;
  };

  function settled(options) {
    const known = Array.from(options.values).filter((value) => Number.isFinite(value) && (!options.log || value > 0));
    const low = options.low ?? (known.length ? Math.min(...known) : 0), high = options.high ?? (known.length ? Math.max(...known) : 1);
    const stops = options.stops || L.colours().seq;
    return { text: (value) => L.short(value), ...options, low, high, tone: options.tone || ((value) => [L.partOf(value, low, high, options.log), stops]), stops };
  }

  L.partOf = (value, low, high, log) => {
    if (!Number.isFinite(value)) return value > 0 ? 1 : 0;
    if (!(high > low)) return .5;
    return L.clamp(log ? Math.log(Math.max(value, low) / low) / Math.log(high / low) : (value - low) / (high - low), 0, 1);
  };

  // ---- room for names, then the side of a cell
  function layout(box, o) {
    const width = Math.max(160, box.clientWidth), names = o.rows.map(String), heads = o.columns.map(String);
    const left = Math.ceil(Math.min(.34 * width, Math.max(0, ...names.map(L.textWidth)) + 9)) + (o.rowLabel ? LINE + 3 : 0);
    let across = Math.min(o.square ? 46 : WIDE, (width - left - 2) / Math.max(1, heads.length));
    let tall = Math.max(LEAST, Math.min(TALL, ((o.height || 420) - 60) / Math.max(1, names.length)));
    if (o.square) { across = Math.min(across, Math.max(LEAST, ((o.height || 460) - 70) / Math.max(1, names.length))); tall = across; }
    const longest = Math.max(0, ...heads.map(L.textWidth)), lean = longest + 4 > across;
    const head = lean ? Math.min(longest, 84) * .66 + 10 : LINE + 3, top = (o.columnLabel ? LINE + 2 : 0) + head;
    return { width, left, top, across, tall, lean, right: left + across * heads.length, bottom: top + tall * names.length };
  }

  function drawCells(box, o) {
    box.drawnWidth = box.clientWidth;
    const at = layout(box, o), crowd = o.values.length > CROWD, last = o.columns.at(-1);
    const width = Math.min(at.width, Math.max(at.right + (at.lean && last ? 6 : 2), L.textWidth(o.columnLabel || "") + at.left + 4)), height = at.bottom + 2;
    const svg = L.svg("svg", { viewBox: `0 0 ${width} ${height}`, width, height, role: "img", "aria-label": o.name || o.valueLabel || null });
    svg.append(names(o, at), crowd ? "" : body(o, at));
    listen(svg, o, at);
    const stage = L.el("div", { className: "pane", style: { height: `${height}px` } }, crowd && painted(o, at), svg);
    box.replaceChildren(...[stage, o.legend === false ? null : o.legend || legend(o)].filter(Boolean));
  }

  // ---- words around
  function names(o, at) {
    const group = L.svg("g", { class: "names" }), every = Math.ceil(11 / at.tall), each = Math.ceil((at.lean ? 12 : 1) / at.across);
    o.rows.forEach((name, row) => { if (row % every === 0) group.append(word(String(name), at.left - 6, at.top + (row + .5) * at.tall + 4, "end", at.left - (o.rowLabel ? LINE + 10 : 8))); });
    o.columns.forEach((name, column) => { if (column % each === 0) group.append(above(String(name), at.left + (column + .5) * at.across, at)); });
    if (o.columnLabel) group.append(word(o.columnLabel, at.left, 10, "start", Infinity));
    if (o.rowLabel) group.append(L.svg("text", { transform: `translate(10 ${at.bottom}) rotate(-90)`, class: "label" }, L.fitText(o.rowLabel, Math.max(at.bottom - 12, 30))));
    return group;
  }
  function word(text, x, y, anchor, room) {
    const shown = L.fitText(text, room);
    return L.svg("text", { x, y, "text-anchor": anchor }, shown, shown === text ? null : L.svg("title", {}, text));
  }
  const above = (text, x, at) => (at.lean ? L.svg("text", { transform: `translate(${x - 1} ${at.top - 5}) rotate(-40)` }, L.fitText(text, 84)) : word(text, x, at.top - 5, "middle", at.across));

  // ---- cells
  function body(o, at) {
    const group = L.svg("g", { class: "body" }), gap = Math.min(at.across, at.tall) > 9 ? 1 : 0;
    o.rows.forEach((_, row) => o.columns.forEach((__, column) => group.append(...cell(o, at, row, column, gap))));
    return group;
  }

  function cell(o, at, row, column, gap) {
    const value = o.values[row * o.columns.length + column], x = at.left + column * at.across, y = at.top + row * at.tall;
    const rect = L.svg("rect", { x, y, width: Math.max(.5, at.across - gap), height: Math.max(.5, at.tall - gap), class: Number.isNaN(value) ? "none" : null });
    if (Number.isNaN(value)) return [rect];
    const [t, stops] = o.tone(value, row, column), [colour, ink] = L.tones(stops)[Math.round(255 * L.clamp(t, 0, 1))], text = value === Infinity ? "∞" : o.text(value, row, column);
    rect.style.fill = colour;
    if (!text || L.textWidth(text) + 1 > at.across || at.tall < 11) return [rect];
    const words = L.svg("text", { x: x + (at.across - gap) / 2, y: y + at.tall / 2 + 3.6, "text-anchor": "middle" }, text);
    words.style.fill = ink;
    return [rect, words];
  }

  function painted(o, at) {
    const canvas = L.el("canvas", { width: o.columns.length, height: o.rows.length, style: { left: `${at.left}px`, top: `${at.top}px`, width: `${at.right - at.left}px`, height: `${at.bottom - at.top}px` } });
    const context = canvas.getContext("2d"), image = context.createImageData(canvas.width, canvas.height);
    o.values.forEach((value, i) => {
      if (Number.isNaN(value)) return;
      const [t, stops] = o.tone(value, Math.floor(i / o.columns.length), i % o.columns.length);
      image.data.set([...L.ramp(stops, t), 255], 4 * i);
    });
    context.putImageData(image, 0, 0);
    return canvas;
  }

  const legend = (o) => L.el("div", { className: "cells-scale" }, L.number(o.low), L.el("i", { style: { background: `linear-gradient(90deg, ${o.stops.join(",")})` } }), L.number(o.high) + (o.log ? ` (${L.t("cube.log")})` : ""), o.valueLabel && L.el("span", {}, o.valueLabel));

  // ---- the pointer
  function listen(svg, o, at) {
    const place = (event) => {
      const rect = svg.getBoundingClientRect(), column = Math.floor((event.clientX - rect.left - at.left) / at.across), row = Math.floor((event.clientY - rect.top - at.top) / at.tall);
      return row >= 0 && column >= 0 && row < o.rows.length && column < o.columns.length ? [row, column] : null;
    };
    svg.addEventListener("pointermove", (event) => { const found = place(event); L.tip(found && (o.tip || told)(...found), event.clientX, event.clientY); });
    svg.addEventListener("pointerleave", () => L.tip(null));
    if (!o.pick) return;
    svg.classList.add("pickable");
    svg.addEventListener("click", (event) => { const found = place(event); if (found) o.pick(...found); });
    function told(row, column) {
      const value = o.values[row * o.columns.length + column];
      return [`${o.rows[row]}, ${o.columns[column]}: `, L.el("b", {}, Number.isNaN(value) ? L.t("cube.not_computed") : L.number(value))];
    }
  }
})();
