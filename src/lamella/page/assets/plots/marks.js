// The marks of a figure: each draws itself into a group from its data and the figure's scales.

import { svg } from "../core/elements.js";
import { clamp } from "../core/numbers.js";
import { DASHES, paint } from "./paint.js";
import { textWidth } from "./text.js";

const round = (value) => Math.round(value * 100) / 100;
const low = (p) => p.area.top + p.area.height;
const right = (p) => p.area.left + p.area.width;

function stroked(node, mark, width = 1.6) {
  node.style.stroke = paint(mark.colour);
  node.setAttribute("stroke-width", mark.width ?? width);
  if (mark.dash) node.setAttribute("stroke-dasharray", DASHES[mark.dash] || mark.dash);
  return shared(node, mark);
}
function filled(node, mark, opacity = 1) {
  node.style.fill = paint(mark.colour);
  node.setAttribute("opacity", mark.opacity ?? opacity);
  return named(node, mark);
}
function shared(node, mark) {
  if (mark.opacity !== undefined) node.setAttribute("opacity", mark.opacity);
  return named(node, mark);
}
function named(node, mark) {
  if (mark.data) Object.assign(node.dataset, mark.data);
  if (mark.title) node.append(svg("title", {}, mark.title));
  return node;
}

// Gaps in the data are gaps in the line; a point alone between gaps is a dot.
function pathOf(p, xs, ys, steps) {
  let text = "";
  let open = false;
  let before = 0;
  for (let i = 0; i < xs.length; i++) {
    if (!Number.isFinite(ys[i]) || (p.y.log && ys[i] <= 0)) {
      open = false;
      continue;
    }
    const x = round(p.X(xs[i]));
    const y = round(p.Y(ys[i]));
    text += !open ? `M${x} ${y}h0` : steps ? `H${x}V${y}` : `L${x} ${y}`;
    open = true;
    before = x;
  }
  return steps && text && p.options.x?.toEdge !== false && xs.at(-1) < p.x.high
    ? `${text}H${round(Math.max(before, right(p)))}`
    : text;
}

export const drawLine = (group, p, mark) => drawRun(group, p, mark, false);
export const drawSteps = (group, p, mark) => drawRun(group, p, mark, true);

function drawRun(group, p, mark, steps) {
  group.append(stroked(svg("path", { class: "plot-line", d: pathOf(p, mark.xs, mark.ys, steps) }), mark));
  if (mark.dots)
    drawDots(group, p, { ...mark, radius: mark.dots === true ? 2.2 : mark.dots, data: null, label: null });
}

export function drawBand(group, p, mark) {
  const keep = [...mark.xs.keys()].filter(
    (i) => Number.isFinite(mark.ys[i]) && Number.isFinite(mark.more[i]),
  );
  if (!keep.length) return;
  const there = keep.map((i) => [mark.xs[i], mark.ys[i]]);
  const back = keep.map((i) => [mark.xs[i], mark.more[i]]);
  const path = mark.steps ? stepBand(p, there, back) : corners(p, [...there, ...back.reverse()]);
  group.append(filled(svg("path", { class: "plot-band", d: `${path}Z` }), mark, 0.16));
}
const corners = (p, points) => `M${points.map(([x, y]) => `${round(p.X(x))} ${round(p.Y(y))}`).join("L")}`;
function stepBand(p, there, back) {
  const stairs = (points) =>
    points.flatMap(([x, y], i) =>
      i
        ? [
            [x, points[i - 1][1]],
            [x, y],
          ]
        : [[x, y]],
    );
  return corners(p, [...stairs(there), ...stairs(back).reverse()]);
}

// Dots of one colour that nobody clicks are one path of round caps: thousands cost nothing.
export function drawDots(group, p, mark) {
  if (!mark.ring && !mark.colours && !mark.titles && !mark.onPick)
    return group.append(shared(caps(p, mark), mark));
  const box = svg("g", { class: "plot-dots" });
  for (let i = 0; i < mark.xs.length; i++)
    if (Number.isFinite(mark.xs[i]) && Number.isFinite(mark.ys[i])) box.append(dot(p, mark, i));
  group.append(shared(box, mark));
}
function caps(p, mark) {
  let path = "";
  for (let i = 0; i < mark.xs.length; i++)
    if (Number.isFinite(mark.xs[i]) && Number.isFinite(mark.ys[i]))
      path += `M${round(p.X(mark.xs[i]))} ${round(p.Y(mark.ys[i]))}h0`;
  const node = svg("path", {
    class: "plot-dots",
    d: path,
    "stroke-linecap": "round",
    "stroke-width": 2 * (mark.radius ?? 2.6),
  });
  node.style.stroke = paint(mark.colour);
  return node;
}
function dot(p, mark, i) {
  const node = svg("circle", {
    cx: round(p.X(mark.xs[i])),
    cy: round(p.Y(mark.ys[i])),
    r: mark.radius ?? 2.6,
  });
  const colour = paint(mark.colours?.[i] ?? mark.colour);
  node.style.fill = mark.ring ? "none" : colour;
  if (mark.ring) {
    node.style.stroke = colour;
    node.setAttribute("stroke-width", 1.3);
  }
  if (mark.titles) node.append(svg("title", {}, mark.titles[i]));
  return picks(node, mark, i);
}

export function drawBars(group, p, mark) {
  const base = p.Y(clamp(mark.base ?? (p.y.log ? p.y.low : 0), p.y.low, p.y.high));
  const wide = mark.wide;
  for (let i = 0; i < mark.xs.length; i++) {
    if (!Number.isFinite(mark.ys[i])) continue;
    const x = p.X(mark.xs[i] - wide / 2);
    const y = p.Y(mark.ys[i]);
    const node = svg("rect", {
      class: "plot-bar",
      x: round(x),
      y: round(Math.min(y, base)),
      width: round(Math.max(0.6, p.X(mark.xs[i] + wide / 2) - x)),
      height: round(Math.abs(y - base)),
    });
    group.append(
      picks(
        filled(node, { ...mark, colour: mark.colours?.[i] ?? mark.colour, title: mark.titles?.[i] }),
        mark,
        i,
      ),
    );
  }
}

// A bar that never ends runs to the edge and carries an arrow there.
export function drawSegments(group, p, mark) {
  const box = svg("g", { class: "plot-segments" });
  for (let i = 0; i < mark.xs.length; i++) box.append(segment(p, mark, i));
  group.append(shared(box, mark));
}
function segment(p, mark, i) {
  const endless = mark.more_x[i] === Infinity;
  const y = round(p.Y(mark.ys[i]));
  const from = round(p.X(mark.xs[i]));
  const to = endless ? right(p) : round(p.X(mark.more_x[i]));
  const colour = paint(mark.colours?.[i] ?? mark.colour);
  const size = Math.min(4, Math.max(2.2, (mark.width ?? 2) + 1));
  const line = svg("path", {
    d: `M${from} ${y}H${round(Math.max(to, from + 0.6))}`,
    "stroke-width": mark.width ?? 2,
  });
  const node = svg("g", { class: endless ? "plot-segment endless" : "plot-segment", "data-i": i }, line);
  line.style.stroke = colour;
  if (endless) node.append(arrow(to, y, size, colour));
  if (mark.onPick)
    node.prepend(
      svg("path", {
        class: "plot-reach",
        d: `M${from} ${y}H${round(Math.max(to, from + 3))}`,
        "stroke-width": Math.max(mark.width ?? 2, 5),
      }),
    );
  if (mark.titles) node.append(svg("title", {}, mark.titles[i]));
  if (mark.pale?.[i]) node.setAttribute("opacity", 0.4);
  return picks(node, mark, i);
}
function arrow(x, y, size, colour) {
  const head = svg("path", {
    class: "plot-arrow",
    d: `M${x - 1} ${y - size}l${size + 2} ${size}l${-size - 2} ${size}z`,
  });
  head.style.fill = colour;
  return head;
}

function picks(node, mark, i) {
  if (!mark.onPick) return node;
  node.classList.add("pickable");
  node.addEventListener("click", (event) => {
    event.stopPropagation();
    mark.onPick(i, event);
  });
  return node;
}

export function drawRule(group, p, mark) {
  const { place } = mark;
  const upright = "x" in place;
  const value = upright ? place.x : place.y;
  const scale = upright ? p.x : p.y;
  if (
    !Number.isFinite(value) ||
    value < Math.min(scale.low, scale.high) ||
    value > Math.max(scale.low, scale.high)
  )
    return;
  const x = upright ? p.X(value) : p.area.left;
  const y = upright ? p.area.top : p.Y(value);
  const line = svg("line", {
    class: "plot-rule",
    x1: round(x),
    x2: upright ? round(x) : right(p),
    y1: round(y),
    y2: upright ? low(p) : round(y),
  });
  group.append(stroked(line, { colour: "soft", dash: "dash", ...mark }, 1));
  if (mark.label) group.append(ruleText(p, mark, x, y, upright));
}
function ruleText(p, mark, x, y, upright) {
  const wide = textWidth(mark.label);
  const fits = x + wide + 6 < right(p);
  const at = upright
    ? { x: fits ? x + 4 : x - 4, y: p.area.top + (mark.down ?? 9), "text-anchor": fits ? "start" : "end" }
    : { x: right(p) - 2, y: y - 4 < p.area.top + 8 ? y + 12 : y - 4, "text-anchor": "end" };
  return svg("text", { class: "plot-note halo", ...at }, mark.label);
}

export function drawShade(group, p, mark) {
  const upright = "x" in mark.place;
  const [from, to] = upright ? mark.place.x : mark.place.y;
  const ends = upright
    ? [p.X(Math.max(from, p.x.low)), p.X(Math.min(to, p.x.high))]
    : [p.Y(Math.max(from, p.y.low)), p.Y(Math.min(to, p.y.high))];
  const start = Math.min(...ends);
  const size = Math.abs(ends[1] - ends[0]);
  const box = upright
    ? { x: start, width: size, y: p.area.top, height: p.area.height }
    : { y: start, height: size, x: p.area.left, width: p.area.width };
  group.append(filled(svg("rect", { class: "plot-shade", ...box }), { colour: "hair", ...mark }, 0.6));
}
