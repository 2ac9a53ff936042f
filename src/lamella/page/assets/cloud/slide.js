// One slide: the canvas of a run's cloud, the glass over it, its caption and gauge, and the mouse.

import { camera, cameraHome, dragCamera, projection, zoomAt } from "./camera.js";
import { lassoGlass } from "./lasso.js";
import { screenGrid } from "./picking.js";
import { pointRenderer } from "./renderer.js";
import { el } from "../core/elements.js";
import { t } from "../core/language.js";
import { clamp } from "../core/numbers.js";

const REACH = 10;
const STILL = 3;

// on: {hover(slide, sample, x, y), pick(slide, sample), lasso(slide, samples, add), turned(), lassoing()}
export const makeSlide = (slot, on) => {
  const canvas = el("canvas", {});
  const glass = el("canvas", { className: "glass", tabIndex: -1 });
  const caption = el("p", { className: "caption" });
  const gauge = el("p", { className: "gauge" });
  const note = el("p", { className: "missing", hidden: true });
  const host = el("div", { className: "slide", data: { slot } }, canvas, glass, caption, gauge, note);
  const style = {
    view: { flat: true, fit: [2, 2], width: 1, height: 1 },
    fitBefore: [2, 2],
    ratio: 1,
    tile: 0,
    size: 2,
    paper: [1, 1, 1],
    edge: [0, 0, 0],
    after: drawGlass,
  };
  const slide = { slot, host, canvas, glass, caption, gauge, note, style, paths: [], key: null };
  const renderer = (slide.renderer = pointRenderer(canvas, style));
  if (!renderer) {
    note.hidden = false;
    note.textContent = t("cloud.no_webgl");
    return slide;
  }
  const scribble = lassoGlass(glass);
  let grid = null;
  let lasso = null;
  let drag = null;

  // ---- size and look
  slide.size = () => {
    style.ratio = Math.min(2, window.devicePixelRatio || 1);
    style.view.width = host.clientWidth || 1;
    style.view.height = host.clientHeight || 1;
    for (const one of [canvas, glass]) {
      one.width = Math.round(style.view.width * style.ratio);
      one.height = Math.round(style.view.height * style.ratio);
    }
    slide.resize();
    renderer.draw();
  };

  // Points and pictures shrink as they grow in number, and grow slower than the zoom.
  slide.resize = () => {
    const { zoom } = camera;
    const n = slide.shown || renderer.n || 1;
    style.size = Math.max(1, Math.min(4.2, 95 / Math.sqrt(n) + 0.7)) * Math.sqrt(zoom);
    const side = clamp(0.9 * Math.sqrt((style.view.width * style.view.height) / n), 8, 24);
    style.view.side = slide.tiled ? side : 6; // as it is before one zooms
    style.tile = slide.tiled ? Math.min(160, side * zoom ** 0.8) : 0;
    grid = null;
  };
  slide.redraw = () => {
    slide.resize();
    renderer.redraw();
  };
  slide.changed = () => {
    grid = null;
  };

  // ---- places
  slide.place = (xyz, milliseconds, fit, flat) => {
    style.fitBefore = milliseconds ? currentFit() : fit;
    style.view.fit = fit;
    style.view.flat = flat;
    renderer.place(xyz, milliseconds);
    grid = null;
  };
  const currentFit = () => {
    const t = renderer.progress();
    const part = t * t * (3 - 2 * t);
    return [0, 1].map(
      (axis) => style.fitBefore[axis] + (style.view.fit[axis] - style.fitBefore[axis]) * part,
    );
  };

  // ---- picking; the renderer has an order of its own, the page counts samples
  const gridNow = () =>
    (grid ||= screenGrid(
      renderer.goal,
      renderer.n,
      (k) => renderer.marks[k] & 8,
      projection(camera, style.view),
      style.view.width,
      style.view.height,
    ));
  slide.nearest = (x, y) => {
    const k = gridNow().nearest(x, y, Math.max(REACH, style.tile * 0.6));
    return k < 0 ? -1 : renderer.order[k];
  };
  slide.inside = (polygon) =>
    gridNow()
      .inside(polygon)
      .map((k) => renderer.order[k]);
  slide.where = (sample) => {
    const { x, y } = gridNow();
    const k = renderer.rank[sample];
    return [x[k], y[k]];
  };

  function drawGlass(t, fit) {
    const project = projection(camera, { ...style.view, fit });
    const { width, height } = style.view;
    const paths =
      t < 1 ? [] : slide.paths.map((path) => path.map(([x, y, z]) => project(x, y, z, [0, 0]).slice()));
    scribble({
      ratio: style.ratio,
      width,
      height,
      edge: style.edge.map((value) => Math.round(255 * value)),
      paths,
      lasso,
    });
  }

  // ---- the mouse
  const at = (event) => {
    const box = glass.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  };

  glass.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    glass.setPointerCapture(event.pointerId);
    drag = { at: at(event), from: at(event), moved: false };
    if (on.lassoing() || event.shiftKey) lasso = [at(event)];
    on.hover(slide, -1);
  });

  glass.addEventListener("pointermove", (event) => {
    const here = at(event);
    if (!drag) return on.hover(slide, slide.nearest(...here), event.clientX, event.clientY);
    if (Math.hypot(here[0] - drag.from[0], here[1] - drag.from[1]) > STILL) drag.moved = true;
    if (lasso) {
      lasso.push(here);
      return renderer.redraw();
    }
    if (!drag.moved) return undefined;
    dragCamera(
      camera,
      here[0] - drag.at[0],
      here[1] - drag.at[1],
      style.view.flat || event.altKey,
      style.view,
    );
    drag.at = here;
    return on.turned();
  });

  function release(event) {
    if (!drag) return;
    const noose = lasso;
    const was = drag;
    lasso = drag = null;
    if (noose && was.moved && noose.length > 3)
      on.lasso(slide, slide.inside(noose), event.ctrlKey || event.metaKey);
    else if (!was.moved) on.pick(slide, slide.nearest(...was.from));
    renderer.redraw();
  }
  glass.addEventListener("pointerup", release);
  glass.addEventListener("pointercancel", () => {
    lasso = drag = null;
    renderer.redraw();
  });
  glass.addEventListener("pointerleave", () => on.hover(slide, -1));
  glass.addEventListener("dblclick", () => {
    cameraHome();
    on.turned();
  });
  glass.addEventListener(
    "wheel",
    (event) => {
      event.preventDefault();
      const [x, y] = at(event);
      zoomAt(
        camera,
        Math.exp(-event.deltaY * 0.0012),
        (2 * x) / style.view.width - 1,
        1 - (2 * y) / style.view.height,
      );
      on.turned();
    },
    { passive: false },
  );

  new ResizeObserver(() => slide.size()).observe(host);
  return slide;
};
