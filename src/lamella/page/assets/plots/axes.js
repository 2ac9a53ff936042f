// Axes of a figure: room for their words, ticks that do not touch, labels at the ends of lines.

import { svg } from "../core/elements.js";
import { clamp, formatNumber } from "../core/numbers.js";
import { paint } from "./paint.js";
import { spreadOut, tickTexts } from "./scales.js";
import { fitText, textWidth } from "./text.js";

const LINE = 13;
const MOST_LEFT = 0.36;
const MOST_RIGHT = 0.34;

// The value as an axis would say it: its name, its own format, or a number.
export const valueText = (axis, value) =>
  axis?.names
    ? String(axis.names[Math.round(value)] ?? "")
    : axis?.format
      ? axis.format(value)
      : formatNumber(value);

function ticksOf(axis, scale, most) {
  if (axis?.names) return named(axis, most);
  const given = Array.isArray(axis?.ticks)
    ? axis.ticks.filter((tick) => tick >= scale.low && tick <= scale.high)
    : null;
  const ticks = given ? thinned(given, most) : scale.ticks(Math.min(most, axis?.ticks || 6));
  if (axis?.texts) return { ticks, texts: ticks.map((tick) => axis.texts[axis.ticks.indexOf(tick)]) };
  return { ticks, texts: axis?.format ? ticks.map(axis.format) : tickTexts(ticks) };
}
function named(axis, most) {
  const ticks = thinned([...axis.names.keys()], most);
  return { ticks, texts: ticks.map((tick) => String(axis.names[tick])) };
}
const thinned = (list, most) => {
  const every = Math.max(1, Math.ceil(list.length / Math.max(1, most)));
  return list.filter((_, at) => at % every === 0);
};

// ---- room: the words of y decide the left, those of x the bottom, the ends of lines the right
export function measureRoom(p, width, height) {
  const { x = {}, y = {}, margin = {}, inner } = p.options;
  const label = y.label && !x.top ? 18 : 6;
  const rough = inner ?? height - label - 30;
  const yTicks = y.hide || y.bare
    ? { ticks: [], texts: [] }
    : ticksOf(y, p.y, Math.max(2, Math.floor(rough / (y.names ? 12 : 24))));
  const words = Math.max(0, corner(x), ...yTicks.texts.map(textWidth));
  const left =
    margin.left ??
    (y.hide ? 4 : Math.min(width * (inner ? 0.5 : MOST_LEFT), 9 + words) + turned(x, y));
  const right = margin.right ?? (p.ends ? endRoom(p, width) : 10);
  const xTicks = x.hide ? { ticks: [], texts: [] } : xTicksOf(p, x, width - left - right);
  const below = x.hide ? 6 : 7 + xTicks.tall + (x.label ? LINE : 0);
  const bottom = margin.bottom ?? (x.top ? 4 : below);
  const top = margin.top ?? (x.top ? 5 + xTicks.tall : label);
  const tall = inner ?? Math.max(20, height - top - bottom);
  p.area = { left, top, width: Math.max(20, width - left - right), height: tall, bottom };
  if (p.options.square) squared(p);
  p.area.all = { width, height: inner ? top + p.area.height + bottom : height };
  p.ticks = { x: xTicks, y: yTicks, leftRoom: left - 7 - turned(x, y) };
}

// Names above a plot are called what they are at its upper left; those at its left then by a turned word.
const corner = (x) => (x.top && x.label ? textWidth(x.label) : 0);
const turned = (x, y) => (x.top && y.label ? LINE + 2 : 0);

// A unit is as long across as it is up.
function squared({ area, x, y }) {
  const unit = Math.min(area.width / Math.abs(x.high - x.low), area.height / Math.abs(y.high - y.low));
  area.width = unit * Math.abs(x.high - x.low);
  area.height = unit * Math.abs(y.high - y.low);
}

const endRoom = (p, width) =>
  12 + Math.min(width * MOST_RIGHT, Math.max(0, ...ending(p).map((mark) => textWidth(endOf(mark)))));

// Fewer ticks until their words stand apart; names lean instead.
function xTicksOf(p, axis, wide) {
  if (axis.bare) return { ticks: [], texts: [], tall: 0, lean: false };
  if (axis.names) return leaning(p, axis, wide);
  for (let most = Math.max(2, Math.floor(wide / 36)); most > 1; most--) {
    const found = ticksOf(axis, p.x, most);
    const step = apart(p, found.ticks, wide);
    if (found.ticks.length < 2 || Math.max(...found.texts.map(textWidth)) + 8 <= step)
      return { ...found, tall: LINE, lean: false };
  }
  return { ...ticksOf(axis, p.x, 2), tall: LINE, lean: false };
}
const apart = (p, ticks, wide) =>
  Math.min(...ticks.slice(1).map((tick, at) => wide * Math.abs(p.x.at(tick) - p.x.at(ticks[at]))), wide);

function leaning(p, axis, wide) {
  const step = wide / Math.max(1, p.x.high - p.x.low);
  const longest = Math.max(0, ...axis.names.map((name) => textWidth(String(name))));
  if (longest + 6 <= step) return { ...named(axis, Infinity), tall: LINE, lean: false };
  const found = named(axis, Math.floor(wide / 13));
  const most = Math.min(longest, 84);
  return { ...found, texts: found.texts.map((name) => fitText(name, 84)), tall: 6 + most * 0.64, lean: true };
}

// ---- drawing
export function drawAxes(p) {
  const { x = {}, y = {} } = p.options;
  const group = svg("g", { class: "plot-axes" });
  const bottom = p.area.top + p.area.height;
  if (!y.hide) p.ticks.y.ticks.forEach((tick, at) => group.append(...yTick(p, tick, p.ticks.y.texts[at], y)));
  if (!x.hide)
    p.ticks.x.ticks.forEach((tick, at) => group.append(...xTick(p, tick, p.ticks.x.texts[at], bottom, x)));
  if (x.bare) group.append(svg("rect", { class: "plot-frame", ...frameOf(p) }));
  else if (!x.hide && !x.top)
    group.append(
      svg("line", { class: "plot-axis", x1: p.area.left, x2: right(p), y1: bottom, y2: bottom }),
    );
  if (y.label && x.top) group.append(turnedLabel(p, y.label));
  else if (y.label && !y.hide) group.append(label(y.label, { x: 2, y: 10 }, p.area.all.width - 6));
  if (x.label && x.top)
    group.append(label(x.label, { x: p.area.left - 6, y: p.area.top - 6, "text-anchor": "end" }, p.area.left));
  else if (x.label && !x.hide)
    group.append(
      label(x.label, { x: right(p), y: p.area.all.height - 3, "text-anchor": "end" }, right(p) - 4),
    );
  return group;
}
const title = (words) => svg("title", {}, words);
const right = ({ area }) => area.left + area.width;
const frameOf = ({ area }) => ({ x: area.left, y: area.top, width: area.width, height: area.height });
const label = (words, place, room) =>
  svg("text", { class: "plot-label", ...place }, fitText(words, room), title(words));
function turnedLabel({ area }, words) {
  const transform = `translate(10 ${area.top + area.height / 2}) rotate(-90)`;
  const shown = fitText(words, Math.max(area.height, 30));
  return svg("text", { class: "plot-label", transform, "text-anchor": "middle" }, shown);
}

function yTick(p, tick, words, axis) {
  const at = p.Y(tick);
  const shown = fitText(words, p.ticks.leftRoom);
  const line =
    axis.names || axis.grid === false
      ? []
      : [
          svg("line", {
            class: "plot-grid",
            x1: p.area.left,
            x2: p.area.left + p.area.width,
            y1: at,
            y2: at,
          }),
        ];
  return [
    ...line,
    svg(
      "text",
      { class: "plot-tick", x: p.area.left - 5, y: at + 3.8, "text-anchor": "end" },
      shown,
      shown === words ? null : title(words),
    ),
  ];
}

function xTick(p, tick, words, bottom, axis) {
  const at = p.X(tick);
  if (axis.top) return [topTick(p, at, words)];
  const lines =
    axis.grid === true
      ? [svg("line", { class: "plot-grid", x1: at, x2: at, y1: p.area.top, y2: bottom })]
      : [];
  if (!axis.names)
    lines.push(svg("line", { class: "plot-axis", x1: at, x2: at, y1: bottom, y2: bottom + 3 }));
  if (p.ticks.x.lean)
    return [
      ...lines,
      svg(
        "text",
        {
          class: "plot-tick",
          transform: `translate(${at + 3} ${bottom + 12}) rotate(-40)`,
          "text-anchor": "end",
        },
        words,
      ),
    ];
  const half = textWidth(words) / 2;
  const inside = clamp(at, half + 1, p.area.all.width - half - 1);
  return [
    ...lines,
    svg("text", { class: "plot-tick", x: inside, y: bottom + LINE + 1, "text-anchor": "middle" }, words),
  ];
}

function topTick(p, at, words) {
  const y = p.area.top - 6;
  if (p.ticks.x.lean)
    return svg("text", { class: "plot-tick", transform: `translate(${at + 2} ${y + 1}) rotate(-40)` }, words);
  return svg("text", { class: "plot-tick", x: at, y, "text-anchor": "middle" }, words);
}

// ---- labels at the ends of lines
const endOf = (mark) => mark.endLabel ?? mark.label;
const ending = (p) =>
  p.marks.filter((mark) => mark.run && mark.label && mark.end !== false && lastOf(mark) >= 0);
function lastOf(mark) {
  for (let at = mark.xs.length - 1; at >= 0; at--) if (Number.isFinite(mark.ys[at])) return at;
  return -1;
}

export function drawEnds(p) {
  const { area } = p;
  const group = svg("g", { class: "plot-ends" });
  const most = Math.max(1, Math.floor((area.height + 8) / 12));
  const marks = ending(p).slice(0, most);
  const wanted = marks.map((mark) => clamp(p.Y(mark.ys[lastOf(mark)]), area.top, area.top + area.height));
  const found = spreadOut(wanted, 12, area.top - 2, area.top + area.height + 2);
  const x = area.left + area.width + 9;
  marks.forEach((mark, at) => {
    const words = svg(
      "text",
      { x, y: found[at] + 3.8 },
      fitText(endOf(mark), area.all.width - x - 1),
      title(mark.label),
    );
    words.style.fill = paint(mark.colour);
    const from = clamp(p.X(mark.xs[lastOf(mark)]), area.left, area.left + area.width);
    if (marks.length < 8 && Math.abs(found[at] - wanted[at]) > 5)
      group.append(
        svg("path", { class: "plot-leader", d: `M${from + 1} ${wanted[at]}L${x - 2} ${found[at]}` }),
      );
    group.append(words);
  });
  return group;
}
