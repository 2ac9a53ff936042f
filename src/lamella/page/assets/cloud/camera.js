// Where the clouds are looked at from. One camera serves both slides, so that they turn together.

import { clamp } from "../core/numbers.js";

const HOME = { yaw: 0.6, pitch: 0.35, zoom: 1, x: 0, y: 0 };
const PERSPECTIVE = 0.16;
const OUTSIDE = 0.004;

export const camera = { ...HOME };
export const cameraHome = () => Object.assign(camera, HOME);

// The rotation, column by column; a flat picture does not turn.
export function rotation(camera, flat) {
  if (flat) return [1, 0, 0, 0, 1, 0, 0, 0, 1];
  const [c, s, d, u] = [
    Math.cos(camera.yaw),
    Math.sin(camera.yaw),
    Math.cos(camera.pitch),
    Math.sin(camera.pitch),
  ];
  return [c, s * u, -s * d, 0, d, u, s, -c * u, c * d];
}

// Scale and shift in clip space; `fit` is the half width and half height that must be seen, between
// the line of caption above and the gauge below, with room for half a mark of `side` pixels all round.
export function frameOf(camera, fit, width, height, side = 0) {
  const pixels = camera.zoom * Math.min((0.95 * width - side) / fit[0], (height - 68 - side) / fit[1]);
  return [pixels / width, pixels / height, camera.x, camera.y];
}

// The vertex shader's arithmetic: (x, y, z) of the cloud to pixels of the slide.
export function projection(camera, view) {
  const m = rotation(camera, view.flat);
  const f = frameOf(camera, view.fit, view.width, view.height, view.side);
  const bend = view.flat ? 0 : PERSPECTIVE;
  return (x, y, z, out) => {
    const w = 1 - bend * (m[2] * x + m[5] * y + m[8] * z);
    out[0] = ((((m[0] * x + m[3] * y + m[6] * z) * f[0]) / w + f[2] + 1) * view.width) / 2;
    out[1] = ((1 - ((m[1] * x + m[4] * y + m[7] * z) * f[1]) / w - f[3]) * view.height) / 2;
    return out;
  };
}

// Zoom about a point of the slide, given in clip space.
export function zoomAt(camera, by, x, y) {
  const zoom = clamp(camera.zoom * by, 0.4, 24);
  const k = zoom / camera.zoom;
  Object.assign(camera, { zoom, x: x - (x - camera.x) * k, y: y - (y - camera.y) * k });
}

export function dragCamera(camera, dx, dy, flat, view) {
  if (flat) {
    camera.x += (2 * dx) / view.width;
    camera.y -= (2 * dy) / view.height;
  } else {
    camera.yaw += dx * 0.008;
    camera.pitch = clamp(camera.pitch + dy * 0.008, -1.5, 1.5);
  }
}

// The middle and the half widths of all but .4 % of some points at each end; a cloud that turns is as
// wide as it is deep.
export const extentOf = ({ data, shape: [, width] }, rows, unit) => {
  const ends = Array.from({ length: width }, (_, axis) => {
    const sorted = Float32Array.from(rows, (i) => unit * data[i * width + axis]).sort();
    const cut = Math.floor(OUTSIDE * sorted.length);
    return sorted.length ? [sorted[cut], sorted[sorted.length - 1 - cut]] : [-1, 1];
  });
  const half = ends.map(([low, high]) => (high - low) / 2);
  const radius = 0.82 * Math.hypot(...half);
  return {
    centre: [0, 1, 2].map((axis) => (axis < width ? (ends[axis][0] + ends[axis][1]) / 2 : 0)),
    half: width === 3 ? [radius, radius] : half,
  };
};
