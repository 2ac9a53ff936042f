// How fast a slide draws: lamella.benchCloud("a", 50000) in the console, or benchmarks/page.py.

import { refresh } from "../core/panels.js";

const middle = (list) => [...list].sort((p, q) => p - q)[list.length >> 1];

// The slide's own points over and over, each copy a little beside the first.
function crowd(renderer, goal, count, shift) {
  const n = goal.length / 3;
  const xyz = new Float32Array(3 * count);
  for (let i = 0; i < count; i++)
    for (let c = 0; c < 2; c++)
      xyz[3 * i + c] = goal[3 * (i % n) + c] * (c ? 1 : shift) + 0.3 * Math.sin(i * (12.9898 + 65.111 * c));
  return xyz;
}

// Milliseconds of a frame in mid-glide: our script alone, and with the drawing waited for.
function still({ gl, draw }, frames) {
  const script = [];
  const whole = [];
  const pixel = new Uint8Array(4);
  for (let k = 0; k < frames; k++) {
    const begun = performance.now();
    draw();
    script.push(performance.now() - begun);
    gl.readPixels(0, 0, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, pixel);
    whole.push(performance.now() - begun);
  }
  return { script: middle(script), whole: middle(whole) };
}

// Frames a second that the browser gave while the points moved to and fro.
async function moving(renderer, there, back, seconds) {
  const begun = performance.now();
  const shares = [];
  let frames = 0;
  let turn = 0;
  let next = begun;
  while (performance.now() - begun < 1000 * seconds) {
    if (performance.now() >= next) {
      renderer.place(turn++ % 2 ? back : there, 500);
      next = performance.now() + 500;
    }
    await new Promise(requestAnimationFrame);
    frames++;
    shares.push(renderer.share);
  }
  return { framesPerSecond: (1000 * frames) / (performance.now() - begun), drawn: middle(shares) };
}

// Leaves the slide with its own points again. `thin` false: every point in every frame.
export const benchCloud = async (slide, count, { frames = 20, seconds = 4, thin = true } = {}) => {
  const { renderer } = slide;
  const before = slide.shown;
  const goal = renderer.goal.slice();
  const there = crowd(renderer, goal, count, 1);
  const back = crowd(renderer, goal, count, -0.7);
  renderer.points(count);
  slide.shown = count;
  slide.tiled = false;
  slide.resize();
  renderer.thinning = thin;
  const label = new Uint8Array(4 * count).map((_, k) =>
    k % 4 === 3 ? 205 : ((k >> 2) * (7 + (k % 4))) % 200,
  );
  renderer.paint(label);
  renderer.place(there, 0);
  renderer.place(back, 1e6);
  const found = {
    points: count,
    width: slide.canvas.width,
    height: slide.canvas.height,
    ...still(renderer, frames),
    ...(await moving(renderer, there, back, seconds)),
  };
  renderer.thinning = true;
  slide.shown = before;
  slide.key = slide.cloud = null;
  refresh("data");
  return found;
};
