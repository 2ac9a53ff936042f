// A WebGL2 point renderer: the same points glide between places, on the graphics card. The points
// are drawn in one fixed random order, so that no class covers another, and the marked ones again on
// top. Everything is kept here as well, so that a lost context is built anew.

import { makeAtlas } from "./atlas.js";
import { camera, frameOf, rotation } from "./camera.js";
import { cloudPrograms } from "./shaders.js";

const MARKED = 18;
const HIDDEN = 8;
const CROWD = 12000;
const ENOUGH = 31;

// A permutation that is the same for the same number of points.
function shuffled(n) {
  const order = Uint32Array.from({ length: n }, (_, i) => i);
  let seed = 12345;
  for (let i = n - 1; i > 0; i--) {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    const j = seed % (i + 1);
    const kept = order[i];
    order[i] = order[j];
    order[j] = kept;
  }
  return order;
}

export const pointRenderer = (canvas, style) => {
  const gl = canvas.getContext("webgl2", {
    antialias: false,
    alpha: true,
    depth: true,
    powerPreference: "high-performance",
  });
  if (!gl) return null;
  let programs;
  let buffers;
  let texture = null;
  let sheet = null;
  let n = 0;
  let order = shuffled(0);
  let rank = order;
  let started = 0;
  let lasts = 0;
  let marked = new Uint32Array(0);
  let share = 1;
  let last = 0;
  let thinning = true;
  let data = {
    start: new Float32Array(0),
    goal: new Float32Array(0),
    colour: new Uint8Array(0),
    mark: new Uint8Array(0),
    picture: new Uint32Array(0),
  };
  const SLOTS = { start: [0, 3], goal: [1, 3], colour: [2, 4], mark: [3, 1], picture: [4, 1] };

  function build() {
    programs = cloudPrograms(gl);
    buffers = Object.fromEntries([...Object.keys(SLOTS), "marked"].map((name) => [name, gl.createBuffer()]));
    for (const [name, [slot, width]] of Object.entries(SLOTS)) attribute(name, slot, width);
    gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
    gl.clearColor(0, 0, 0, 0);
    Object.keys(SLOTS).forEach(upload);
    uploadMarked();
    if (sheet) uploadSheet();
  }

  function attribute(name, slot, width) {
    gl.bindBuffer(gl.ARRAY_BUFFER, buffers[name]);
    gl.enableVertexAttribArray(slot);
    if (slot < 2) gl.vertexAttribPointer(slot, width, gl.FLOAT, false, 0, 0);
    else if (slot === 2) gl.vertexAttribPointer(slot, width, gl.UNSIGNED_BYTE, true, 0, 0);
    else gl.vertexAttribIPointer(slot, width, slot === 3 ? gl.UNSIGNED_BYTE : gl.UNSIGNED_INT, 0, 0);
  }

  function upload(name) {
    if (gl.isContextLost()) return;
    gl.bindBuffer(gl.ARRAY_BUFFER, buffers[name]);
    gl.bufferData(gl.ARRAY_BUFFER, data[name], gl.DYNAMIC_DRAW);
  }

  function uploadMarked() {
    if (gl.isContextLost()) return;
    gl.bindBuffer(gl.ELEMENT_ARRAY_BUFFER, buffers.marked);
    gl.bufferData(gl.ELEMENT_ARRAY_BUFFER, marked, gl.DYNAMIC_DRAW);
  }

  function uploadSheet() {
    if (gl.isContextLost()) return;
    const [inside, format] = sheet.channels === 1 ? [gl.R8, gl.RED] : [gl.RGB8, gl.RGB];
    gl.deleteTexture(texture);
    gl.bindTexture(gl.TEXTURE_2D, (texture = gl.createTexture()));
    gl.pixelStorei(gl.UNPACK_ALIGNMENT, 1);
    gl.texImage2D(
      gl.TEXTURE_2D,
      0,
      inside,
      sheet.width,
      sheet.height,
      0,
      format,
      gl.UNSIGNED_BYTE,
      sheet.data,
    );
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, gl.LINEAR);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MAG_FILTER, gl.NEAREST);
    for (const side of [gl.TEXTURE_WRAP_S, gl.TEXTURE_WRAP_T])
      gl.texParameteri(gl.TEXTURE_2D, side, gl.CLAMP_TO_EDGE);
  }

  // ---- what is drawn; callers count samples in their own order
  function points(count) {
    n = count;
    order = shuffled(n);
    rank = new Uint32Array(n);
    order.forEach((sample, at) => {
      rank[sample] = at;
    });
    data = {
      start: new Float32Array(3 * n),
      goal: new Float32Array(3 * n),
      colour: new Uint8Array(4 * n),
      mark: new Uint8Array(n),
      picture: order,
    };
    marked = new Uint32Array(0);
    lasts = 0;
    Object.keys(SLOTS).forEach(upload);
    uploadMarked();
  }

  const progress = () => (lasts ? Math.min(1, (performance.now() - started) / lasts) : 1);
  const eased = (t) => t * t * (3 - 2 * t);

  // Points leave from where they are now.
  function place(xyz, milliseconds) {
    const part = eased(progress());
    const { start, goal } = data;
    for (let k = 0; k < n; k++)
      for (let c = 0; c < 3; c++) {
        const at = 3 * k + c;
        start[at] += (goal[at] - start[at]) * part;
        goal[at] = xyz[3 * order[k] + c];
      }
    if (!milliseconds) start.set(goal);
    started = performance.now();
    lasts = milliseconds;
    last = 0;
    upload("start");
    upload("goal");
    redraw();
  }

  function paint(rgba) {
    const from = new Uint32Array(rgba.buffer, rgba.byteOffset, n);
    const to = new Uint32Array(data.colour.buffer);
    for (let k = 0; k < n; k++) to[k] = from[order[k]];
    upload("colour");
    redraw();
  }

  function mark(marks) {
    for (let k = 0; k < n; k++) data.mark[k] = marks[order[k]];
    const top = [];
    for (let i = 0; i < n; i++) if (marks[i] & MARKED && !(marks[i] & HIDDEN)) top.push(i);
    marked = Uint32Array.from(
      top.sort((p, q) => marks[p] - marks[q]),
      (sample) => rank[sample],
    );
    upload("mark");
    uploadMarked();
    redraw();
  }

  function pictures(images) {
    sheet = images && makeAtlas(images, gl.getParameter(gl.MAX_TEXTURE_SIZE));
    if (sheet) uploadSheet();
    redraw();
  }

  // ---- drawing
  let queued = false;
  function redraw() {
    if (queued) return;
    queued = true;
    requestAnimationFrame(() => {
      queued = false;
      draw();
    });
  }

  function setUniforms({ program, at }, t, fit, size) {
    const view = { ...style.view, fit };
    gl.useProgram(program);
    gl.uniformMatrix3fv(at.turn, false, rotation(camera, view.flat));
    gl.uniform4fv(at.frame, frameOf(camera, fit, view.width, view.height, view.side));
    gl.uniform1f(at.time, t);
    gl.uniform1f(at.depth, view.flat ? 0 : 1);
    gl.uniform1f(at.size, size);
    gl.uniform3fv(at.paper, style.paper);
    gl.uniform3fv(at.edge, style.edge);
    gl.uniform2i(at.atlas, sheet ? sheet.columns : 1, sheet ? sheet.rows : 1);
    gl.uniform1i(at.grey, sheet && sheet.channels === 1 ? 1 : 0);
  }

  function draw() {
    if (gl.isContextLost() || !programs) return;
    const t = progress();
    const moving = t < 1;
    const crowd = n > CROWD && moving && !style.tile;
    if (crowd && thinning) thin();
    const fit = [0, 1].map(
      (axis) => style.fitBefore[axis] + (style.view.fit[axis] - style.fitBefore[axis]) * eased(t),
    );
    gl.viewport(0, 0, canvas.width, canvas.height);
    gl.clear(style.view.flat ? gl.COLOR_BUFFER_BIT : gl.COLOR_BUFFER_BIT | gl.DEPTH_BUFFER_BIT);
    gl[style.view.flat ? "disable" : "enable"](gl.DEPTH_TEST);
    gl[crowd ? "disable" : "enable"](gl.BLEND);
    const tiles = style.tile > 0 && sheet;
    const [program, size] = tiles
      ? [programs.picture, style.tile / 2]
      : [crowd ? programs.crowd : programs.disc, style.size];
    setUniforms(program, t, fit, size * style.ratio);
    gl.drawArrays(gl.POINTS, 0, Math.ceil(n * (crowd ? share : 1)));
    gl.enable(gl.BLEND);
    gl.disable(gl.DEPTH_TEST);
    if (marked.length) gl.drawElements(gl.POINTS, marked.length, gl.UNSIGNED_INT, 0);
    style.after(t, fit);
    if (moving) redraw();
  }

  // A processor that cannot draw the whole crowd in a frame draws a random part while it moves.
  function thin() {
    const now = performance.now();
    if (last && now - last > ENOUGH) share = Math.max(0.3, share * 0.85);
    else if (last && now - last < 0.7 * ENOUGH) share = Math.min(1, share * 1.05);
    last = now;
  }

  canvas.addEventListener("webglcontextlost", (event) => event.preventDefault());
  canvas.addEventListener("webglcontextrestored", () => {
    build();
    redraw();
  });
  build();

  return {
    points,
    place,
    paint,
    mark,
    pictures,
    redraw,
    draw,
    gl,
    progress,
    get n() {
      return n;
    },
    get share() {
      return share;
    },
    get marks() {
      return data.mark;
    },
    get order() {
      return order;
    },
    get rank() {
      return rank;
    },
    get goal() {
      return data.goal;
    },
    set thinning(on) {
      thinning = on;
    },
    // A slide that is taken away gives its context back: a browser has only a few.
    forget() {
      gl.getExtension("WEBGL_lose_context")?.loseContext();
    },
  };
};
