// Where the clouds are looked at from. One camera serves both slides, so that they turn together.
"use strict";

(function () {
  const L = window.lamella;
  const HOME = { yaw: .6, pitch: .35, zoom: 1, x: 0, y: 0 };
  const PERSPECTIVE = .16, OUTSIDE = .004;

  L.camera = { ...HOME };
  L.cameraHome = () => Object.assign(L.camera, HOME);

  // The rotation, column by column; a flat picture does not turn.
  function rotation(camera, flat) {
    if (flat) return [1, 0, 0, 0, 1, 0, 0, 0, 1];
    const [c, s, d, u] = [Math.cos(camera.yaw), Math.sin(camera.yaw), Math.cos(camera.pitch), Math.sin(camera.pitch)];
    return [c, s * u, -s * d, 0, d, u, s, -c * u, c * d];
  }

  // Scale and shift in clip space; `fit` is the half width and half height that must be seen, between
  // the line of caption above and the gauge below, with room for half a mark of `side` pixels all round.
  function frame(camera, fit, width, height, side = 0) {
    const pixels = camera.zoom * Math.min((.95 * width - side) / fit[0], (height - 68 - side) / fit[1]);
    return [pixels / width, pixels / height, camera.x, camera.y];
  }

  // The vertex shader's arithmetic: (x, y, z) of the cloud to pixels of the slide.
  function projection(camera, view) {
    const m = rotation(camera, view.flat), f = frame(camera, view.fit, view.width, view.height, view.side);
    const bend = view.flat ? 0 : PERSPECTIVE;
    return (x, y, z, out) => {
      const w = 1 - bend * (m[2] * x + m[5] * y + m[8] * z);
      out[0] = ((m[0] * x + m[3] * y + m[6] * z) * f[0] / w + f[2] + 1) * view.width / 2;
      out[1] = (1 - (m[1] * x + m[4] * y + m[7] * z) * f[1] / w - f[3]) * view.height / 2;
      return out;
    };
  }

  // Zoom about a point of the slide, given in clip space.
  function zoomAt(camera, by, x, y) {
    const zoom = L.clamp(camera.zoom * by, .4, 24), k = zoom / camera.zoom;
    Object.assign(camera, { zoom, x: x - (x - camera.x) * k, y: y - (y - camera.y) * k });
  }

  function drag(camera, dx, dy, flat, view) {
    if (flat) {
      camera.x += 2 * dx / view.width;
      camera.y -= 2 * dy / view.height;
    } else {
      camera.yaw += dx * .008;
      camera.pitch = L.clamp(camera.pitch + dy * .008, -1.5, 1.5);
    }
  }

  // The middle and the half widths of all but .4 % of some points at each end; a cloud that turns is as wide as it is deep.
  L.extent = ({ data, shape: [, width] }, rows, unit) => {
    const ends = Array.from({ length: width }, (_, axis) => {
      const sorted = Float32Array.from(rows, (i) => unit * data[i * width + axis]).sort(), cut = Math.floor(OUTSIDE * sorted.length);
      return sorted.length ? [sorted[cut], sorted[sorted.length - 1 - cut]] : [-1, 1];
    });
    const half = ends.map(([low, high]) => (high - low) / 2), radius = .82 * Math.hypot(...half);
    return { centre: [0, 1, 2].map((axis) => (axis < width ? (ends[axis][0] + ends[axis][1]) / 2 : 0)), half: width === 3 ? [radius, radius] : half };
  };

  L.view = { rotation, frame, projection, zoomAt, drag };
})();
