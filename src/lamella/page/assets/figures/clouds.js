// Figures of clouds: many small ones in a grid of layers and epochs, on one canvas; one large; and one
// in which every point is its picture.

import { classColour, colours } from "../core/colours.js";
import { el } from "../core/elements.js";
import { t } from "../core/language.js";
import { clamp, formatNumber } from "../core/numbers.js";
import { figures } from "./figure.js";
import { figureKeys } from "./lines.js";
import { fitText, textWidth } from "../plots/text.js";
import { drawEmbedding } from "../records/embedding.js";

const FILL = 0.44;
const HEAD = 20;
const MOST_SIDE = 130;
const watcher = new ResizeObserver((entries) => {
  for (const { target } of entries)
    if (target.clientWidth && target.clientWidth !== target.drawnWidth) target.redraw();
});

figures.cloud = (host, [[, record]]) => drawEmbedding(host, record, { height: 340 });

// embeddings go row by row: all epochs of the first layer, then those of the second
figures.embedding_evolution = (host, records, { layers, epochs, most = 250, scale = "cell" }) => {
  const cells = records.map(([, record], at) => ({
    record,
    row: Math.floor(at / epochs.length),
    column: at % epochs.length,
  }));
  cloudGrid(host, cells, layers.map(String), epochs.map(String), {
    most,
    byRow: scale === "row",
    corner: t("training.epoch"),
  });
  host.append(
    el("p", { className: "note" }, t(scale === "row" ? "figure.row_scale" : "figure.own_scale", { most })),
  );
};

figures.rectangles_latents = (host, records, { most = 400 } = {}) => {
  const keys = records.map(([key]) => key.split(" | "));
  const rows = [...new Set(keys.map(([row]) => row))];
  const columns = [...new Set(keys.map(([, column]) => column))];
  cloudGrid(
    host,
    records.map(([, record], at) => ({
      record,
      row: rows.indexOf(keys[at][0]),
      column: columns.indexOf(keys[at][1]),
      note: kept(record),
    })),
    rows,
    columns,
    { most },
  );
  host.append(
    el("p", { className: "note" }, `${t("figure.own_scale", { most })}; ${t("figure.kept_below")}`),
  );
};
const kept = ({ neighbours_kept: share }) => (Number.isFinite(share) ? formatNumber(100 * share, "%") : "");

// ---- the grid: cells [{record, row, column, note}]
const cloudGrid = (host, cells, rows, columns, { most, byRow = false, corner = "" }) => {
  const canvas = el("canvas", { role: "img", ariaLabel: corner });
  const stage = el("div", { className: "cloud-grid" }, canvas);
  const clouds = cells.map((cell) => ({ ...cell, ...thinned(cell.record, most) }));
  if (byRow)
    for (const cloud of clouds)
      cloud.extent = Math.max(...clouds.filter((other) => other.row === cloud.row).map((other) => other.own));
  host.append(stage, classKeys(cells));
  stage.redraw = () => paint(stage, canvas, clouds, rows, columns, corner);
  stage.redraw();
  watcher.observe(stage);
};

// Evenly chosen points, centred; their extent makes the scale.
function thinned(
  {
    points: {
      data,
      shape: [count, width],
    },
    labels,
  },
  most,
) {
  const shown = Math.min(count, most);
  const chosen = Array.from({ length: shown }, (_, k) =>
    shown < 2 ? 0 : Math.round((k * (count - 1)) / (shown - 1)),
  );
  const part = (axis) => chosen.map((i) => (axis < width ? data[i * width + axis] : 0));
  const centred = (list) => {
    if (!list.length) return list;
    const middle = (Math.min(...list) + Math.max(...list)) / 2;
    return list.map((value) => value - middle);
  };
  const x = centred(part(0));
  const y = centred(part(1));
  const own = Math.max(1e-12, ...x.map(Math.abs), ...y.map(Math.abs));
  return { x, y, own, extent: own, labels: labels ? chosen.map((i) => (labels.data || labels)[i]) : null };
}

function paint(stage, canvas, clouds, rows, columns, corner) {
  const room = (stage.drawnWidth = stage.clientWidth);
  const left = Math.min(0.3 * room, 12 + Math.max(textWidth(corner), ...rows.map(textWidth)));
  const foot = clouds.some((cloud) => cloud.note) ? 15 : 0;
  const side = Math.min(MOST_SIDE, (room - left) / Math.max(1, columns.length));
  const tall = side + foot;
  const ratio = window.devicePixelRatio || 1;
  const width = Math.ceil(left + side * columns.length);
  const height = Math.ceil(HEAD + tall * rows.length);
  Object.assign(canvas, { width: width * ratio, height: height * ratio });
  Object.assign(canvas.style, { width: `${width}px`, height: `${height}px` });
  const context = canvas.getContext("2d");
  context.scale(ratio, ratio);
  names(context, rows, columns, { left, side, tall, corner });
  for (const cloud of clouds) one(context, cloud, left + side * cloud.column, HEAD + tall * cloud.row, side);
}

function names(context, rows, columns, { left, side, tall, corner }) {
  const { soft, hair } = colours();
  context.font = `11px ${getComputedStyle(document.body).fontFamily}`;
  context.fillStyle = soft;
  context.strokeStyle = hair;
  context.textBaseline = "middle";
  context.textAlign = "right";
  context.fillText(corner, left - 8, HEAD / 2);
  rows.forEach((name, row) =>
    context.fillText(fitText(name, left - 10), left - 8, HEAD + tall * row + side / 2),
  );
  context.textAlign = "center";
  columns.forEach((name, column) =>
    context.fillText(fitText(name, side - 4), left + side * (column + 0.5), HEAD / 2),
  );
  rows.forEach((_, row) =>
    columns.forEach((__, column) =>
      context.strokeRect(left + side * column + 0.5, HEAD + tall * row + 0.5, side - 3, side - 3),
    ),
  );
}

function one(context, { x, y, labels, extent, note }, left, top, side) {
  const scale = (FILL * side) / extent;
  const size = clamp(side / 45, 1.4, 2.6);
  const { soft, faint } = colours();
  context.globalAlpha = 0.8;
  for (const i of shuffled(x.length)) {
    context.fillStyle = labels ? classColour(labels[i]) : soft;
    context.fillRect(
      left + side / 2 - 1 + scale * x[i] - size / 2,
      top + side / 2 - 1 - scale * y[i] - size / 2,
      size,
      size,
    );
  }
  context.globalAlpha = 1;
  context.fillStyle = faint;
  if (note) context.fillText(note, left + side / 2, top + side + 6);
  if (!x.length) context.fillText("–", left + side / 2, top + side / 2);
}

// A fixed random order, in which no class hides another.
function shuffled(count) {
  const order = [...Array(count).keys()];
  for (let i = count - 1, seed = 1; i > 0; i--) {
    seed = (seed * 1664525 + 1013904223) >>> 0;
    const j = seed % (i + 1);
    [order[i], order[j]] = [order[j], order[i]];
  }
  return order;
}

function classKeys(cells) {
  const found = cells
    .map(({ record }) => record)
    .reduce((best, record) => (record.points.shape[0] > (best?.points.shape[0] ?? -1) ? record : best), null);
  if (!found?.labels) return "";
  const labels = [...new Set(found.labels.data || found.labels)].sort((p, q) => p - q);
  return figureKeys(labels.map((label) => [classColour(label), String(found.class_names?.[label] ?? label)]));
}
