// Coloured cells with their numbers: a matrix in SVG, its names at the left and above, its scale
// below. Many cells are painted on a canvas behind; numbers stand where there is room for them.
//
//   drawCells(host, {rows, columns, values, ...})   values: row by row; what host held is replaced
//     low, high, log, stops   the scale; from the values and the theme where left out
//     tone(value, row, column) -> [t of 0..1, stops]   instead of the scale
//     text(value, row, column), rowLabel, columnLabel, valueLabel, square, height, name
//     legend: false, or nodes instead of the ramp;  pick(row, column);  tip(row, column) -> nodes

import { colours } from "../core/colours.js";
import { el, showTip, svg } from "../core/elements.js";
import { t } from "../core/language.js";
import { clamp, formatNumber, shortNumber } from "../core/numbers.js";
import { ramp, tones } from "../core/ramps.js";
import { fitText, textWidth } from "./text.js";

const LEAST = 3;
const WIDE = 64;
const TALL = 22;
const LINE = 13;
const CROWD = 3000;
const watcher = new ResizeObserver((entries) => {
  for (const { target } of entries)
    if (target.clientWidth && target.clientWidth !== target.drawnWidth) target.redraw();
});

export const drawCells = (host, options) => {
  const box = el("div", { className: "cells" });
  const o = settled(options);
  host.replaceChildren(box);
  box.redraw = () => paintCells(box, o);
  box.redraw();
  watcher.observe(box);
  return box;
};

function settled(options) {
  const known = Array.from(options.values).filter(
    (value) => Number.isFinite(value) && (!options.log || value > 0),
  );
  const low = options.low ?? (known.length ? Math.min(...known) : 0);
  const high = options.high ?? (known.length ? Math.max(...known) : 1);
  const stops = options.stops || colours().seq;
  return {
    text: (value) => shortNumber(value),
    ...options,
    low,
    high,
    tone: options.tone || ((value) => [partOf(value, low, high, options.log), stops]),
    stops,
  };
}

const partOf = (value, low, high, log) => {
  if (!Number.isFinite(value)) return value > 0 ? 1 : 0;
  if (!(high > low)) return 0.5;
  return clamp(
    log ? Math.log(Math.max(value, low) / low) / Math.log(high / low) : (value - low) / (high - low),
    0,
    1,
  );
};

// ---- room for names, then the side of a cell
function layout(box, o) {
  const width = Math.max(160, box.clientWidth);
  const names = o.rows.map(String);
  const heads = o.columns.map(String);
  const left =
    Math.ceil(Math.min(0.34 * width, Math.max(0, ...names.map(textWidth)) + 9)) + (o.rowLabel ? LINE + 3 : 0);
  let across = Math.min(o.square ? 46 : WIDE, (width - left - 2) / Math.max(1, heads.length));
  let tall = Math.max(LEAST, Math.min(TALL, ((o.height || 420) - 60) / Math.max(1, names.length)));
  if (o.square) {
    across = Math.min(across, Math.max(LEAST, ((o.height || 460) - 70) / Math.max(1, names.length)));
    tall = across;
  }
  const longest = Math.max(0, ...heads.map(textWidth));
  const lean = longest + 4 > across;
  const head = lean ? Math.min(longest, 84) * 0.66 + 10 : LINE + 3;
  const top = (o.columnLabel ? LINE + 2 : 0) + head;
  return {
    width,
    left,
    top,
    across,
    tall,
    lean,
    right: left + across * heads.length,
    bottom: top + tall * names.length,
  };
}

function paintCells(box, o) {
  box.drawnWidth = box.clientWidth;
  const at = layout(box, o);
  const crowd = o.values.length > CROWD;
  const last = o.columns.at(-1);
  const width = Math.min(
    at.width,
    Math.max(at.right + (at.lean && last ? 6 : 2), textWidth(o.columnLabel || "") + at.left + 4),
  );
  const height = at.bottom + 2;
  const picture = svg("svg", {
    viewBox: `0 0 ${width} ${height}`,
    width,
    height,
    role: "img",
    "aria-label": o.name || o.valueLabel || null,
  });
  picture.append(names(o, at), crowd ? "" : body(o, at));
  listen(picture, o, at);
  const stage = el(
    "div",
    { className: "pane", style: { height: `${height}px` } },
    crowd && painted(o, at),
    picture,
  );
  box.replaceChildren(...[stage, o.legend === false ? null : o.legend || legend(o)].filter(Boolean));
}

// ---- words around
function names(o, at) {
  const group = svg("g", { class: "names" });
  const every = Math.ceil(11 / at.tall);
  const each = Math.ceil((at.lean ? 12 : 1) / at.across);
  o.rows.forEach((name, row) => {
    if (row % every === 0)
      group.append(
        word(
          String(name),
          at.left - 6,
          at.top + (row + 0.5) * at.tall + 4,
          "end",
          at.left - (o.rowLabel ? LINE + 10 : 8),
        ),
      );
  });
  o.columns.forEach((name, column) => {
    if (column % each === 0) group.append(above(String(name), at.left + (column + 0.5) * at.across, at));
  });
  if (o.columnLabel) group.append(word(o.columnLabel, at.left, 10, "start", Infinity));
  if (o.rowLabel)
    group.append(
      svg(
        "text",
        { transform: `translate(10 ${at.bottom}) rotate(-90)`, class: "label" },
        fitText(o.rowLabel, Math.max(at.bottom - 12, 30)),
      ),
    );
  return group;
}
function word(text, x, y, anchor, room) {
  const shown = fitText(text, room);
  return svg("text", { x, y, "text-anchor": anchor }, shown, shown === text ? null : svg("title", {}, text));
}
const above = (text, x, at) =>
  at.lean
    ? svg("text", { transform: `translate(${x - 1} ${at.top - 5}) rotate(-40)` }, fitText(text, 84))
    : word(text, x, at.top - 5, "middle", at.across);

// ---- cells
function body(o, at) {
  const group = svg("g", { class: "body" });
  const gap = Math.min(at.across, at.tall) > 9 ? 1 : 0;
  o.rows.forEach((_, row) =>
    o.columns.forEach((__, column) => group.append(...cell(o, at, row, column, gap))),
  );
  return group;
}

function cell(o, at, row, column, gap) {
  const value = o.values[row * o.columns.length + column];
  const x = at.left + column * at.across;
  const y = at.top + row * at.tall;
  const rect = svg("rect", {
    x,
    y,
    width: Math.max(0.5, at.across - gap),
    height: Math.max(0.5, at.tall - gap),
    class: Number.isNaN(value) ? "none" : null,
  });
  if (Number.isNaN(value)) return [rect];
  const [t, stops] = o.tone(value, row, column);
  const [colour, ink] = tones(stops)[Math.round(255 * clamp(t, 0, 1))];
  const text = value === Infinity ? "∞" : o.text(value, row, column);
  rect.style.fill = colour;
  if (!text || textWidth(text) + 1 > at.across || at.tall < 11) return [rect];
  const words = svg(
    "text",
    { x: x + (at.across - gap) / 2, y: y + at.tall / 2 + 3.6, "text-anchor": "middle" },
    text,
  );
  words.style.fill = ink;
  return [rect, words];
}

function painted(o, at) {
  const canvas = el("canvas", {
    width: o.columns.length,
    height: o.rows.length,
    style: {
      left: `${at.left}px`,
      top: `${at.top}px`,
      width: `${at.right - at.left}px`,
      height: `${at.bottom - at.top}px`,
    },
  });
  const context = canvas.getContext("2d");
  const image = context.createImageData(canvas.width, canvas.height);
  o.values.forEach((value, i) => {
    if (Number.isNaN(value)) return;
    const [t, stops] = o.tone(value, Math.floor(i / o.columns.length), i % o.columns.length);
    image.data.set([...ramp(stops, t), 255], 4 * i);
  });
  context.putImageData(image, 0, 0);
  return canvas;
}

const legend = (o) =>
  el(
    "div",
    { className: "cells-scale" },
    formatNumber(o.low),
    el("i", { style: { background: `linear-gradient(90deg, ${o.stops.join(",")})` } }),
    formatNumber(o.high) + (o.log ? ` (${t("cube.log")})` : ""),
    o.valueLabel && el("span", {}, o.valueLabel),
  );

// ---- the pointer
function listen(picture, o, at) {
  const place = (event) => {
    const rect = picture.getBoundingClientRect();
    const column = Math.floor((event.clientX - rect.left - at.left) / at.across);
    const row = Math.floor((event.clientY - rect.top - at.top) / at.tall);
    return row >= 0 && column >= 0 && row < o.rows.length && column < o.columns.length ? [row, column] : null;
  };
  picture.addEventListener("pointermove", (event) => {
    const found = place(event);
    showTip(found && (o.tip || told)(...found), event.clientX, event.clientY);
  });
  picture.addEventListener("pointerleave", () => showTip(null));
  if (!o.pick) return;
  picture.classList.add("pickable");
  picture.addEventListener("click", (event) => {
    const found = place(event);
    if (found) o.pick(...found);
  });
  function told(row, column) {
    const value = o.values[row * o.columns.length + column];
    return [
      `${o.rows[row]}, ${o.columns[column]}: `,
      el("b", {}, Number.isNaN(value) ? t("cube.not_computed") : formatNumber(value)),
    ];
  }
}
