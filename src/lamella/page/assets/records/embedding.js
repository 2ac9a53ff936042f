// Embeddings: points in the plane, or in space, which a drag turns; on a canvas, any number of them.
//   drawEmbedding(host, record, {height, radius, compact})

import { colours } from "../core/colours.js";
import { el, showTip } from "../core/elements.js";
import { t } from "../core/language.js";
import { clamp, formatNumber } from "../core/numbers.js";
import { domainOf } from "../plots/scales.js";
import { listOf, recordFrame, recordReason } from "./frame.js";

const NEAR = 10;
const EDGE = 10;
const MOST_CLASSES = 12;
const watched = new ResizeObserver((entries) => {
  for (const { target } of entries) target.lamellaDraw?.();
});

export const drawEmbedding = (host, record, options = {}) => {
  const count = record.points.shape[0];
  if (!count) return recordReason(host, t("record.no_rows"));
  const room = recordFrame(host, options.compact ? null : noteOf(record), "embedding");
  const canvas = el("canvas", { role: "img", ariaLabel: record.title || record.method });
  if (options.height) room.style.height = `${options.height}px`;
  const view = {
    record,
    canvas,
    room,
    options,
    count,
    labels: record.labels ? listOf(record.labels) : null,
    yaw: 0.6,
    pitch: 0.35,
    places: null,
    order: shuffled(count),
  };
  room.append(canvas, ...keys(view));
  room.lamellaDraw = () => draw(view);
  watched.observe(room);
  listen(view);
  draw(view);
  return view;
};

const share = (value) => (Number.isFinite(value) ? value : null);
function noteOf({ method, trustworthiness, neighbours_kept, points }) {
  const kept = share(neighbours_kept);
  const trust = share(trustworthiness);
  return [
    method,
    t("record.points", { n: points.shape[0] }),
    kept === null ? null : t("record.kept", { share: formatNumber(100 * kept, "%") }),
    trust === null ? null : t("record.trust", { trust: formatNumber(trust) }),
  ]
    .filter(Boolean)
    .join("; ");
}

// A fixed random order: no class lies on top because it comes last.
function shuffled(count) {
  const order = Uint32Array.from({ length: count }, (_, i) => i);
  for (let i = count - 1, seed = 7; i > 0; i--) {
    seed = (seed * 1664525 + 1013904223) >>> 0;
    const j = seed % (i + 1);
    [order[i], order[j]] = [order[j], order[i]];
  }
  return order;
}

const colourOf = (label) => {
  const { classes, soft } = colours();
  return label >= 0 ? classes[label % classes.length] : soft;
};
const className = ({ class_names: names }, label) => names?.[label] ?? String(label);

function keys({ record, labels }) {
  const found = labels ? [...new Set(labels)].filter((label) => label >= 0).sort((p, q) => p - q) : [];
  if (!found.length || found.length > MOST_CLASSES) return [];
  return [
    el(
      "div",
      { className: "embedding-keys" },
      found.map((label) =>
        el("span", {}, el("i", { style: { background: colourOf(label) } }), className(record, label)),
      ),
    ),
  ];
}

// ---- places: turned, centred, the same scale both ways
function flat({ record, count, yaw, pitch }) {
  const {
    data,
    shape: [, d],
  } = record.points;
  const out = new Float32Array(2 * count);
  const [cy, sy, cp, sp] = [Math.cos(yaw), Math.sin(yaw), Math.cos(pitch), Math.sin(pitch)];
  for (let i = 0; i < count; i++) {
    const x = data[i * d];
    const y = d > 1 ? data[i * d + 1] : 0;
    const z = data[i * d + 2];
    out[2 * i] = d < 3 ? x : cy * x + sy * z;
    out[2 * i + 1] = d < 3 ? y : cp * y - sp * (cy * z - sy * x);
  }
  return out;
}

function placesOf(view, width, height) {
  const points = flat(view);
  const xs = domainOf([points.filter((_, i) => i % 2 === 0)], { pad: 0 });
  const ys = domainOf([points.filter((_, i) => i % 2)], { pad: 0 });
  const scale = Math.min((width - 2 * EDGE) / (xs[1] - xs[0]), (height - 2 * EDGE) / (ys[1] - ys[0]));
  return points.map((value, i) =>
    i % 2
      ? height / 2 - (value - (ys[0] + ys[1]) / 2) * scale
      : width / 2 + (value - (xs[0] + xs[1]) / 2) * scale,
  );
}

function draw(view) {
  const { canvas, room, labels, order, options, count } = view;
  const width = Math.max(60, room.clientWidth);
  const height = Math.max(60, room.clientHeight);
  const sharp = devicePixelRatio || 1;
  canvas.width = width * sharp;
  canvas.height = height * sharp;
  const context = canvas.getContext("2d");
  const radius = options.radius || clamp(60 / Math.sqrt(count), 1.2, 3);
  context.scale(sharp, sharp);
  context.globalAlpha = 0.85;
  view.places = placesOf(view, width, height);
  for (const i of order) {
    context.fillStyle = colourOf(labels ? labels[i] : -1);
    context.beginPath();
    context.arc(view.places[2 * i], view.places[2 * i + 1], radius, 0, 7);
    context.fill();
  }
}

// ---- reading and turning
function listen(view) {
  const { canvas, record } = view;
  const deep = record.points.shape[1] > 2;
  let held = null;
  canvas.style.cursor = deep ? "grab" : "";
  canvas.addEventListener("pointerdown", (event) => {
    if (deep) {
      held = [event.clientX, event.clientY];
      canvas.setPointerCapture(event.pointerId);
    }
  });
  canvas.addEventListener("pointerup", () => {
    held = null;
  });
  canvas.addEventListener("pointerleave", () => showTip(null));
  canvas.addEventListener("pointermove", (event) => {
    if (!held) return tell(view, event);
    view.yaw += (event.clientX - held[0]) / 120;
    view.pitch = clamp(view.pitch + (event.clientY - held[1]) / 120, -1.5, 1.5);
    held = [event.clientX, event.clientY];
    return draw(view);
  });
}

function tell({ canvas, places, record, labels, count }, event) {
  const rect = canvas.getBoundingClientRect();
  const x = event.clientX - rect.left;
  const y = event.clientY - rect.top;
  let best = -1;
  let gap = NEAR * NEAR;
  for (let i = 0; i < count; i++) {
    const away = (places[2 * i] - x) ** 2 + (places[2 * i + 1] - y) ** 2;
    if (away < gap) {
      gap = away;
      best = i;
    }
  }
  if (best < 0) return showTip(null);
  const id = record.ids ? listOf(record.ids)[best] : best;
  return showTip(
    [`${id}`, labels ? el("div", {}, className(record, labels[best])) : null],
    event.clientX,
    event.clientY,
  );
}
