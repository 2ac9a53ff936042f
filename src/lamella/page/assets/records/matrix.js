// Matrices: a named number for each pair, coloured and, where there is room, printed.
//   drawMatrix(host, record, {better: "high" | "low", range: [low, high], compact, onPick(row, column)})

import { colours } from "../core/colours.js";
import { el, svg } from "../core/elements.js";
import { t } from "../core/language.js";
import { clamp, formatNumber, shortNumber } from "../core/numbers.js";
import { tones } from "../core/ramps.js";
import { plot } from "../plots/plot.js";
import { domainOf } from "../plots/scales.js";
import { recordFrame, recordReason } from "./frame.js";

const ROOM = { width: 25, height: 13 };

export const drawMatrix = (host, record, options = {}) => {
  const { rows, columns } = record;
  const values = record.values.data;
  if (!rows.length || !columns.length) return recordReason(host, t("record.no_rows"));
  const scale = scaleOf(values, options);
  const room = recordFrame(host, options.compact ? null : scaleNote(record, scale), "matrix");
  const p = plot(room, {
    x: { names: columns, label: options.compact ? null : record.column_label },
    y: { names: rows, flip: true, label: options.compact ? null : record.row_label },
    height: options.height,
    label: record.title || record.value_label,
  });
  p.mark((group) => drawCells(group, p, record, scale));
  p.hover((x, y) => tipOf(record, Math.round(x), Math.round(y)));
  if (options.onPick) p.onPick((x, y) => options.onPick(Math.round(y), Math.round(x)));
  return p.draw();
};

// Numbers on both sides of nought are drawn from the middle of the diverging ramp.
function scaleOf(values, { range, better }) {
  let [low, high] = range || domainOf([values], { pad: 0 });
  const both = !range && low < 0 && high > 0;
  const most = Math.max(-low, high);
  const stops = colours();
  if (both) {
    low = -most;
    high = most;
  }
  return { low, high, stops: both ? (better === "high" ? stops.div : [...stops.div].reverse()) : stops.seq };
}

const scaleNote = (record, { low, high, stops }) => [
  `${record.value_label || ""} ${formatNumber(low)} `.trimStart(),
  el("span", { className: "ramp", style: { background: `linear-gradient(90deg, ${stops.join(",")})` } }),
  ` ${formatNumber(high)}`,
];

// All cells of one tone are one path.
function drawCells(group, p, { values, rows, columns }, { low, high, stops }) {
  const shades = tones(stops);
  const wide = p.area.width / columns.length;
  const tall = p.area.height / rows.length;
  const paths = new Map();
  const words = [];
  const print = wide >= ROOM.width && tall >= ROOM.height;
  values.data.forEach((value, at) => {
    if (!Number.isFinite(value)) return;
    const x = p.area.left + (at % columns.length) * wide;
    const y = p.area.top + Math.floor(at / columns.length) * tall;
    const tone = Math.round(255 * clamp((value - low) / (high - low || 1), 0, 1));
    const corner = `M${x.toFixed(2)} ${y.toFixed(2)}`;
    const box = `h${wide.toFixed(2)}v${tall.toFixed(2)}h${-wide.toFixed(2)}z`;
    paths.set(tone, (paths.get(tone) || "") + corner + box);
    if (print) words.push(cellText(x + wide / 2, y + tall / 2 + 3.8, shortNumber(value), shades[tone][1]));
  });
  for (const [tone, d] of paths) group.append(cell(d, shades[tone][0]));
  group.append(...words);
}
function cell(d, colour) {
  const node = svg("path", { class: "matrix-cells", d });
  node.style.fill = colour;
  return node;
}
function cellText(x, y, text, ink) {
  const node = svg("text", { class: "matrix-number", x, y, "text-anchor": "middle" }, text);
  node.style.fill = ink;
  return node;
}

function tipOf({ values, rows, columns, row_label, column_label, value_label }, column, row) {
  if (!(row in rows) || !(column in columns)) return null;
  const named = (label, name) => [label, name].filter(Boolean).join(" ");
  return [
    el("div", {}, `${named(row_label, rows[row])}, ${named(column_label, columns[column])}`),
    el(
      "div",
      {},
      value_label ? `${value_label}: ` : "",
      el("b", {}, formatNumber(values.data[row * columns.length + column])),
    ),
  ];
}
