// Which point is meant: points are sorted into squares of the screen once a view, and only the
// squares around the pointer are searched.

import { clamp } from "../core/numbers.js";

const SQUARE = 24;

// xyz in the renderer's order; `hidden` says which of them cannot be meant.
export const screenGrid = (xyz, count, hidden, project, width, height) => {
  const columns = Math.max(1, Math.ceil(width / SQUARE));
  const rows = Math.max(1, Math.ceil(height / SQUARE));
  const x = new Float32Array(count);
  const y = new Float32Array(count);
  const square = new Int32Array(count).fill(-1);
  const first = new Int32Array(columns * rows + 1);
  const out = [0, 0];
  for (let k = 0; k < count; k++) {
    if (hidden(k)) continue;
    project(xyz[3 * k], xyz[3 * k + 1], xyz[3 * k + 2], out);
    [x[k], y[k]] = out;
    if (out[0] < 0 || out[1] < 0 || out[0] >= width || out[1] >= height) continue;
    square[k] = Math.floor(out[1] / SQUARE) * columns + Math.floor(out[0] / SQUARE);
    first[square[k] + 1]++;
  }
  for (let s = 0; s < columns * rows; s++) first[s + 1] += first[s];
  const next = first.slice();
  const items = new Int32Array(first[columns * rows]);
  for (let k = 0; k < count; k++) if (square[k] >= 0) items[next[square[k]]++] = k;

  function nearest(px, py, reach) {
    let best = -1;
    let least = reach * reach;
    const from = (value, most) => clamp(Math.floor(value / SQUARE), 0, most);
    const [left, right] = [from(px - reach, columns - 1), from(px + reach, columns - 1)];
    for (let row = from(py - reach, rows - 1); row <= from(py + reach, rows - 1); row++)
      for (let at = first[row * columns + left]; at < first[row * columns + right + 1]; at++) {
        const k = items[at];
        const far = (x[k] - px) ** 2 + (y[k] - py) ** 2;
        if (far < least) {
          least = far;
          best = k;
        }
      }
    return best;
  }

  // Points within a polygon: even-odd rule, only for those within its box.
  function inside(polygon) {
    const xs = polygon.map((corner) => corner[0]);
    const ys = polygon.map((corner) => corner[1]);
    const found = [];
    const [left, right, top, bottom] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
    for (let k = 0; k < count; k++)
      if (
        !hidden(k) &&
        x[k] >= left &&
        x[k] <= right &&
        y[k] >= top &&
        y[k] <= bottom &&
        within(polygon, x[k], y[k])
      )
        found.push(k);
    return found;
  }

  return { nearest, inside, x, y };
};

function within(polygon, x, y) {
  let odd = false;
  for (let a = 0, b = polygon.length - 1; a < polygon.length; b = a++) {
    const [ax, ay] = polygon[a];
    const [bx, by] = polygon[b];
    if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) odd = !odd;
  }
  return odd;
}
