// A figure value, drawn: panels in a grid under a title, a note and a key of colours, with a slider
// where it plays. The same value makes the figures of notebooks and files (lamella.plots).
//
//   drawFigure(host, {figure} or {plotly} or {missing}, {pick(row, column): a click on a cell})

import { el } from "../core/elements.js";
import { t } from "../core/language.js";
import { drawMark, hitOf, SEQUENTIAL } from "./figure-marks.js";
import { drawRows } from "./figure-rows.js";
import { said } from "./figure-words.js";
import { hexOf, paint } from "./paint.js";
import { plot } from "./plot.js";
import { drawPlotly } from "./plotly.js";
import { drawSpace } from "./space.js";

const LEAST = [0, 0, 260, 200, 158]; // pixels of a panel where so many stand in a line
const FRAME_TIME = 700; // milliseconds

export const drawFigure = (host, { figure, plotly, missing }, options = {}) => {
  host.dataset.drawn = figure ? "figure" : plotly ? "plotly" : "nothing";
  host.closest("figure")?.classList.toggle("wide", Boolean(plotly) || isWide(figure));
  if (plotly) return drawPlotly(host, plotly);
  if (!figure) return host.replaceChildren(el("p", { className: "missing" }, missing || t("figure.nothing")));
  const panels = el("div", { className: "figure-panels", style: { gridTemplateColumns: columnsOf(figure) } });
  host.replaceChildren(
    el(
      "div",
      { className: "figure-body" },
      figure.title && el("h4", {}, figure.title),
      figure.note && el("p", { className: "note" }, said(figure.note)),
      figure.key && el("p", { className: "keys" }, figure.key.map(keyOf)),
      panels,
    ),
  );
  const plots = figure.panels.map((panel) => drawPanel(panels, panel, options));
  if (sharesOf(figure)) line(plots);
  if (figure.frames) play(host.firstChild, figure, plots[0]);
  return plots;
};

const isWide = (figure) =>
  Boolean(figure) &&
  (figure.panels.length > 1 ||
    Boolean(figure.frames) ||
    figure.panels.some(
      ({ x, marks: [first] }) => x?.names?.length > 9 || first?.names?.length > 5 || first?.kind === "pictures",
    ));

const keyOf = ([name, colour]) =>
  el("span", {}, el("i", { className: "dot", style: { background: paint(colour) } }), said(name));

// ---- the grid: panels of one size wrap where the page is narrow, those of different shares do not
const sharesOf = ({ panels }) => panels.some(({ share = 1 }) => share !== 1);

function columnsOf(figure) {
  const across = Math.min(figure.across || 1, figure.panels.length);
  if (sharesOf(figure))
    return figure.panels.slice(0, across).map(({ share = 1 }) => `minmax(0, ${share}fr)`).join(" ");
  const least = LEAST[Math.min(across, LEAST.length - 1)];
  if (!least) return "minmax(0, 1fr)";
  return `repeat(auto-fit, minmax(max(${least}px, ${Math.floor(100 / across) - 3}%), 1fr))`;
}

// Plots of different shares stand beside each other with their tops at one height.
function line(plots) {
  const top = Math.max(...plots.map(({ area }) => area.top));
  for (const p of plots)
    if (p.area.top < top) {
      p.options.margin = { ...p.options.margin, top };
      p.draw();
    }
}

// ---- one panel
function drawPanel(grid, panel, options) {
  const stage = el("div", { className: "pane" });
  const scaled = panel.marks.find((mark) => mark.kind === "cells" && mark.scale !== undefined);
  grid.append(
    el(
      "div",
      {},
      panel.title && el("h5", { title: panel.title }, said(panel.title)),
      stage,
      scaled && scaleOf(scaled),
    ),
  );
  const rows = panel.marks.find((mark) => mark.kind === "rows");
  if (rows) return drawRows(stage, rows);
  const deep = panel.marks.find((mark) => mark.z);
  if (deep) return drawSpace(stage, panel, panel.height || 280);
  return drawMarks(stage, panel, options);
}

function drawMarks(stage, panel, options) {
  const p = plot(stage, {
    x: axisOf(panel.x),
    y: axisOf(panel.y),
    inner: panel.height || 280,
    square: panel.square,
    label: [panel.title, panel.y?.label].filter(Boolean).join(", "),
  });
  for (const mark of panel.marks) drawMark(p, mark);
  if (panel.marks.some((mark) => mark.end)) p.endLabels();
  const told = panel.marks.filter((mark) => mark.titles && mark.kind !== "segments" && mark.kind !== "bars");
  if (told.length) p.hover((x, y, event) => hitOf(p, told, x, y, event));
  const cells = panel.marks.find((mark) => mark.kind === "cells");
  if (options.pick && cells) p.onPick((x, y) => options.pick(Math.round(y), Math.round(x)));
  return p.draw();
}

const axisOf = ({ range, label, names, hidden, ...axis } = {}) => ({
  ...axis,
  domain: range,
  label: label && said(label),
  names: names?.length ? names.map(said) : undefined,
  hide: hidden,
});

// The colours of cells as a bar, with the texts of its ends and the name of the numbers.
const scaleOf = ({ ends, stops = SEQUENTIAL, scale }) =>
  el(
    "div",
    { className: "cells-scale" },
    said(ends[0]),
    el("i", { style: { background: `linear-gradient(90deg, ${stops.map(hexOf).join(",")})` } }),
    said(ends[1]),
    scale && el("span", {}, said(scale)),
  );

// ---- frames: what is the same stays, what moves is drawn anew
function play(body, { frames, step = "step", shown = 0 }, p) {
  const still = p.marks.slice();
  const words = el("output", {});
  const slider = el("input", { type: "range", min: 0, max: frames.length - 1, ariaLabel: said(step) });
  let timer = 0;
  const show = (at) => {
    p.marks = still.slice();
    for (const mark of frames[at].marks) drawMark(p, mark);
    p.draw();
    slider.value = at;
    words.textContent = `${said(step)} ${frames[at].name}`;
  };
  const stop = () => {
    clearInterval(timer);
    timer = 0;
    button.textContent = "▶";
  };
  const next = () => {
    if (!slider.isConnected || Number(slider.value) >= frames.length - 1) return stop();
    return show(Number(slider.value) + 1);
  };
  const start = () => {
    if (Number(slider.value) >= frames.length - 1) show(0);
    timer = setInterval(next, FRAME_TIME);
    button.textContent = "❚❚";
  };
  const button = el("button", { type: "button", className: "tool", onclick: () => (timer ? stop() : start()) });
  button.ariaLabel = t("figure.play");
  slider.addEventListener("input", () => {
    stop();
    show(Number(slider.value));
  });
  body.append(el("div", { className: "figure-player" }, button, slider, words));
  stop();
  show(shown);
}
