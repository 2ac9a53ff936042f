// Small figures in SVG: axes, lines, bands, dots, bars. Drawn in the microtask after it is described,
// drawn again when its host changes size, about a millisecond a figure.
//
//   const p = plot(host, { x: axis, y: axis, margin, height, label });   // what host held is replaced
//     axis   {label: "loss", domain: [0, 1], log, zero, ticks: 5 or [values], names: [...],
//            texts: [of the ticks], format(value), hide, grid, flip, top: names above, bare: no ticks}
//            without `domain` it follows the data; `zero` takes 0 in; `names` are categories at 0, 1, 2...;
//            `stops` are values that stand side by side at even distances;
//            `flip` runs down (or left); whole numbers get whole ticks. `ticks` without `domain` may be values too.
//     margin {top, right, bottom, left} only where the measured ones will not do; height px where the host has none
//     inner  height px of the plot without its words; square: one scale for both axes
//     label  what the figure is, for those who hear it
//   p.line(xs, ys, style)            NaN breaks it       style {colour, label, endLabel, width, dash,
//                                                         opacity, dots, quiet, end, data}
//   p.steps(xs, ys, style)           value from xs[i] on until xs[i+1]
//   p.band(xs, low, high, style)     a filled band; style.steps for steps
//   p.dots(xs, ys, style)            {radius, ring, colours: [one each], titles: [one each]}
//   p.bars(xs, ys, style)            upright bars; {width: in units of x, base: 0, colours}
//   p.segments(x0, x1, ys, style)    level bars of lengths x1 - x0, with an arrow where x1 is Infinity;
//                                    {width px, colours, titles, onPick(i)}
//   p.rule({x: 3} or {y: .5}, style) a line across; {label, dash, colour}
//   p.shade({x: [a, b]} or {y: [a, b]}, style)
//   p.mark((group, p) => ...)        anything else, with p.X(value), p.Y(value) in pixels and p.area
//   p.cursor(x, style)               the one upright line; moves without drawing anything again
//   p.endLabels()                    labels at the right ends of lines, pushed apart, never overlapping
//   p.legend([[label, colour, dash]...])   keys above the figure; of the labelled marks where left out
//   p.onPick(fn(x, y, event))        a click: the nearest x of the data
//   p.hover(fn(x, y, event) -> nodes or null)   else: x and every labelled series there
//   p.draw()                         now rather than in the microtask
// A colour is a name of colours() ("a", "h1", "soft", ...), which follows the theme, or any CSS colour.

import { el, svg } from "../core/elements.js";
import { drawAxes, drawEnds, measureRoom } from "./axes.js";
import {
  drawBand,
  drawBars,
  drawDots,
  drawLine,
  drawRule,
  drawSegments,
  drawShade,
  drawSteps,
} from "./marks.js";
import { DASHES, paint } from "./paint.js";
import { listenTo, side } from "./pointer.js";
import { domainOf, scale } from "./scales.js";

const LEAST = { width: 120, height: 80 };
const watched = new ResizeObserver((entries) => {
  for (const { target } of entries) target.lamellaPlot?.resized();
});

const xOf = (mark) => mark.xs;
const ysOf = (mark) => mark.ys;

export const plot = (host, options) => {
  const root = el("div", { className: "plot" });
  const keys = el("div", { className: "plot-keys", hidden: true });
  const box = el("div", { className: "plot-box" });
  root.append(keys, box);
  if (options.height) box.style.height = `${options.height}px`;
  host.replaceChildren(root);
  const p = {
    host,
    root,
    keys,
    box,
    options,
    marks: [],
    area: null,
    picked: null,
    describe: null,
    ends: false,
    cursorAt: null,
    size: "",
  };
  Object.assign(p, marksOf(p), manners(p));
  box.lamellaPlot = p;
  watched.observe(box);
  queueMicrotask(() => {
    if (!p.area) p.draw();
  });
  return p;
};

// ---- describing
function marksOf(p) {
  const add = (draw, mark, style) => {
    p.marks.push({ draw, ...mark, ...style });
    return p;
  };
  return {
    line: (xs, ys, style) => add(drawLine, { xs, ys, run: true }, style),
    steps: (xs, ys, style) => add(drawSteps, { xs, ys, run: true }, style),
    band: (xs, low, high, style) => add(drawBand, { xs, ys: low, more: high, under: true }, style),
    dots: (xs, ys, style) => add(drawDots, { xs, ys }, style),
    bars: (xs, ys, style) => add(drawBars, { xs, ys, zero: true, wide: style?.width ?? 0.8 }, style),
    segments: (x0, x1, ys, style) => add(drawSegments, { xs: x0, more_x: x1, ys, quiet: true }, style),
    rule: (place, style) => add(drawRule, { place, quiet: true }, style),
    shade: (place, style) => add(drawShade, { place, quiet: true, under: true }, style),
    mark: (draw, style) => add((group) => draw(group, p), { quiet: true }, style),
  };
}

function manners(p) {
  return {
    cursor: (x, style) => {
      p.cursorAt = x;
      p.cursorStyle = style || p.cursorStyle || {};
      if (p.area) moveCursor(p);
      return p;
    },
    endLabels: () => {
      p.ends = true;
      return p;
    },
    legend: (entries) => {
      p.entries = entries || true;
      return p;
    },
    onPick: (pick) => {
      p.picked = pick;
      return p;
    },
    hover: (describe) => {
      p.describe = describe;
      return p;
    },
    draw: () => {
      drawPlot(p);
      return p;
    },
    resized: () => {
      if (p.area && p.size !== `${p.box.clientWidth}x${p.box.clientHeight}` && p.box.clientWidth) drawPlot(p);
    },
    X: (value) => p.area.left + p.area.width * side(p.options.x, p.x.at(value)),
    Y: (value) => p.area.top + p.area.height * (1 - side(p.options.y, p.y.at(value))),
    series: () => p.marks.filter((mark) => mark.xs && mark.ys && !mark.quiet && !mark.under),
  };
}

// ---- drawing: scales from the data, room for the words, then axes and marks
function drawPlot(p) {
  drawKeys(p);
  const width = Math.max(LEAST.width, p.box.clientWidth);
  p.x = scale(settled(p, "x", xOf, "more_x"));
  p.y = scale(settled(p, "y", ysOf, "more"));
  measureRoom(p, width, Math.max(LEAST.height, p.options.inner ?? p.box.clientHeight));
  const { height } = p.area.all;
  if (p.options.inner) p.box.style.height = `${height}px`;
  p.size = `${p.box.clientWidth}x${p.box.clientHeight}`;
  p.svg = svg("svg", {
    viewBox: `0 0 ${width} ${height}`,
    width,
    height,
    role: "img",
    "aria-label": p.options.label || null,
  });
  p.svg.append(drawAxes(p));
  const clip = clipOf(p);
  const under = svg("g", { "clip-path": clip });
  const over = svg("g", {});
  for (const mark of p.marks) mark.draw(mark.under ? under : mark.run ? inside(over, clip) : over, p, mark);
  p.cursorLine = svg("line", { class: "plot-cursor" });
  p.spot = svg("g", { class: "plot-spot" });
  p.svg.append(under, p.cursorLine, over, p.spot);
  if (p.ends) p.svg.append(drawEnds(p));
  moveCursor(p);
  listenTo(p);
  p.box.replaceChildren(p.svg);
}

// What runs out of the domain ends at the frame; two pixels more, so that a line on it is whole.
let clips = 0;
function clipOf(p) {
  const id = `plot-clip-${++clips}`;
  const { left, top, width, height } = p.area;
  p.svg.append(
    svg("clipPath", { id }, svg("rect", { x: left - 2, y: top - 2, width: width + 4, height: height + 4 })),
  );
  return `url(#${id})`;
}
function inside(group, clip) {
  const part = svg("g", { "clip-path": clip });
  group.append(part);
  return part;
}

function settled(p, name, read, more) {
  const axis = p.options[name] || {};
  if (axis.names) return { domain: axis.domain || [-0.5, axis.names.length - 0.5] };
  if (axis.stops) return { domain: [axis.stops[0], axis.stops.at(-1)], stops: axis.stops };
  if (axis.domain) return { domain: axis.domain, log: axis.log };
  const marks = p.marks.filter((mark) => mark.xs);
  const values = marks.flatMap((mark) => [read(mark), mark[more]].filter(Boolean));
  const zero = axis.zero || (name === "y" && marks.some((mark) => mark.zero));
  const domain = domainOf(values, { log: axis.log, zero, pad: name === "x" ? (axis.pad ?? 0) : 0.05 });
  const whole =
    marks.length > 0 && values.every((list) => Array.prototype.every.call(list, Number.isInteger));
  const half = name === "x" ? Math.max(0, ...marks.map((mark) => (mark.wide || 0) / 2)) : 0;
  return { domain: [domain[0] - half, domain[1] + half], log: axis.log, whole };
}

function drawKeys(p) {
  p.keys.hidden = !p.entries;
  if (!p.entries) return;
  const entries =
    p.entries === true
      ? p.marks.filter((mark) => mark.label && mark.xs).map((mark) => [mark.label, mark.colour, mark.dash])
      : p.entries;
  p.keys.replaceChildren(
    ...entries.map(([label, colour, dash]) => {
      const line = svg("line", {
        x1: 0,
        x2: 16,
        y1: 5,
        y2: 5,
        "stroke-dasharray": DASHES[dash] || null,
        "stroke-width": 2.5,
      });
      line.style.stroke = paint(colour);
      return el("span", {}, svg("svg", { width: 16, height: 10, "aria-hidden": "true" }, line), label);
    }),
  );
}

function moveCursor(p) {
  const shown =
    p.cursorAt !== null && Number.isFinite(p.cursorAt) && p.cursorAt >= p.x.low && p.cursorAt <= p.x.high;
  p.cursorLine.style.display = shown ? "" : "none";
  if (!shown) return;
  const x = p.X(p.cursorAt);
  for (const [key, value] of [
    ["x1", x],
    ["x2", x],
    ["y1", p.area.top],
    ["y2", p.area.top + p.area.height],
  ])
    p.cursorLine.setAttribute(key, value);
  p.cursorLine.style.stroke = p.cursorStyle?.colour ? paint(p.cursorStyle.colour) : "";
}
