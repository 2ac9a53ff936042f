// Where the points of a cloud stand, how much of it must be seen, which points are marked, and the
// paths of the selected samples.

import { extentOf } from "../../cloud/camera.js";
import { inSplit, selects } from "../../cloud/samples.js";
import { selection, state } from "../../core/state.js";

const COORDINATE = 4 / 32767;
const RING = 1;
const SELECTED = 2;
const DIMMED = 4;
const HIDDEN = 8;
const CURRENT = 16;

export function pointsOf(one) {
  const { points } = one.cloud;
  const { centre } = extentOfRun(one);
  const [count, width] = points.shape;
  const out = new Float32Array(3 * count);
  for (let i = 0; i < count; i++)
    for (let c = 0; c < width; c++) out[3 * i + c] = points.data[i * width + c] * COORDINATE - centre[c];
  return out;
}

// Both slides in one scale: what nearly all of the shown points of either need, in steps, so that it
// seldom changes; each around the middle of its own points.
export function commonFit(runs) {
  const all = runs.map(extentOfRun);
  return [0, 1].map((axis) => stepped(Math.max(0.05, ...all.map(({ half }) => 1.06 * half[axis]))));
}
const stepped = (value) => 1.1 ** Math.ceil(Math.log(value) / Math.log(1.1));

const extents = new WeakMap();
export function extentOfRun({ cloud, samples }) {
  const kept = extents.get(cloud);
  if (kept && kept.split === state.split) return kept;
  const found = {
    split: state.split,
    ...extentOf(cloud.points, [...samples.ids.data.keys()].filter(inSplit(samples)), COORDINATE),
  };
  extents.set(cloud, found);
  return found;
}

export function marksOf(slot, { samples }) {
  const inView = inSplit(samples);
  const marks = new Uint8Array(samples.ids.data.length);
  const picked = selects(slot) ? selection() : new Set();
  const rings = state.split === "both" ? RING : 0;
  const rest = [...picked].some((i) => i < marks.length && inView(i)) ? DIMMED : 0;
  for (let i = 0; i < marks.length; i++)
    marks[i] = inView(i)
      ? (samples.split.data[i] === 1 ? rings : 0) | (picked.has(i) ? SELECTED : rest)
      : HIDDEN;
  if (
    selects(slot) &&
    state.sample !== null &&
    marks[state.sample] !== undefined &&
    !(marks[state.sample] & HIDDEN)
  )
    marks[state.sample] |= CURRENT;
  return marks;
}

// Where the selected samples were in the epochs before.
export function pathsOf(one) {
  const { samples, cloud, history } = one;
  const { centre } = extentOfRun(one);
  const inView = inSplit(samples);
  const steps = [...history, cloud].filter(
    (one) => one.points.shape[0] === samples.ids.data.length && one.points.shape[1] === cloud.points.shape[1],
  );
  if (steps.length < 2) return [];
  const width = cloud.points.shape[1];
  return [...selection()]
    .filter(inView)
    .map((i) =>
      steps.map(({ points }) =>
        [0, 1, 2].map((c) => (c < width ? points.data[i * width + c] * COORDINATE - centre[c] : 0)),
      ),
    );
}
