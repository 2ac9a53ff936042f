// Points in space, which a drag turns, on a canvas.

import { el, showTip } from "../core/elements.js";
import { clamp } from "../core/numbers.js";
import { listOf } from "./figure-marks.js";
import { hexOf } from "./paint.js";

const NEAR = 10;
const EDGE = 10;
const watched = new ResizeObserver((entries) => {
  for (const { target } of entries) target.lamellaDraw?.();
});

export function drawSpace(host, { marks }, height) {
  const canvas = el("canvas", { role: "img" });
  const room = el("div", { className: "record-room", style: { height: `${height}px` } }, canvas);
  const view = { room, canvas, clouds: marks.filter((mark) => mark.z).map(cloudOf), yaw: 0.6, pitch: 0.35 };
  host.replaceChildren(room);
  room.lamellaDraw = () => draw(view);
  watched.observe(room);
  turn(view);
  draw(view);
  return view;
}

function cloudOf({ x, y, z, groups, colours, colour = "ink", size = 5, titles = [] }) {
  const of = groups && listOf(groups);
  return { at: [x, y, z].map(listOf), paint: (i) => (of ? colours[of[i]] : colour), size: 0.6 * size, titles };
}

// Turned about the upright axis and tilted; both directions of the screen have one scale.
function turned({ at: [xs, ys, zs] }, yaw, pitch) {
  const [cy, sy, cp, sp] = [Math.cos(yaw), Math.sin(yaw), Math.cos(pitch), Math.sin(pitch)];
  return Array.from(xs, (x, i) => [cy * x + sy * zs[i], cp * ys[i] - sp * (cy * zs[i] - sy * x)]);
}

function draw(view) {
  const { canvas, room, clouds, yaw, pitch } = view;
  const [width, height] = [Math.max(60, room.clientWidth), Math.max(60, room.clientHeight)];
  const sharp = devicePixelRatio || 1;
  Object.assign(canvas, { width: width * sharp, height: height * sharp });
  const pen = canvas.getContext("2d");
  pen.scale(sharp, sharp);
  pen.globalAlpha = 0.85;
  const flat = clouds.map((cloud) => turned(cloud, yaw, pitch));
  const ends = [0, 1].map((axis) => {
    const all = flat.flat().map((point) => point[axis]);
    return [Math.min(...all), Math.max(...all)];
  });
  const room_ = [width - 2 * EDGE, height - 2 * EDGE];
  const scale = Math.min(...ends.map(([low, high], axis) => room_[axis] / (high - low || 1)));
  const middle = ends.map(([low, high]) => (low + high) / 2);
  view.places = flat.map((points) =>
    points.map(([x, y]) => [width / 2 + scale * (x - middle[0]), height / 2 - scale * (y - middle[1])]),
  );
  view.places.forEach((places, k) => places.forEach(([x, y], i) => dot(pen, x, y, clouds[k], i)));
}

function dot(pen, x, y, { paint, size }, i) {
  pen.fillStyle = hexOf(paint(i));
  pen.beginPath();
  pen.arc(x, y, size / 2 + 0.4, 0, 7);
  pen.fill();
}

function turn(view) {
  const { canvas } = view;
  let held = null;
  canvas.style.cursor = "grab";
  canvas.addEventListener("pointerdown", (event) => {
    held = [event.clientX, event.clientY];
    canvas.setPointerCapture(event.pointerId);
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

function tell({ canvas, places, clouds }, event) {
  const rect = canvas.getBoundingClientRect();
  let [best, gap] = [null, NEAR * NEAR];
  places.forEach((points, k) =>
    points.forEach(([x, y], i) => {
      const away = (x - event.clientX + rect.left) ** 2 + (y - event.clientY + rect.top) ** 2;
      if (away < gap) [best, gap] = [clouds[k].titles[i], away];
    }),
  );
  showTip(best ? [best] : null, event.clientX, event.clientY);
}
