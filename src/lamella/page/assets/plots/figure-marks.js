// The marks of a figure value on a plot: most are marks of the plot itself, others are drawn here.

import { el, svg } from "../core/elements.js";
import { clamp } from "../core/numbers.js";
import { tones } from "../core/ramps.js";
import { said } from "./figure-words.js";
import { hexOf, paint } from "./paint.js";
import { fitText, textWidth } from "./text.js";

const NEAR = 10; // pixels from the pointer to a dot
const PARTS = 6; // how often the colours of dots take turns, so that none hides another

export const SEQUENTIAL = [0, 1, 2, 3, 4, 5].map((at) => `seq${at}`);

// Marks stand one over the other as they come; bands are clipped like lines, and say no value.
const IN_ORDER = { under: false, run: true, quiet: true };

// Arrays of a pack and plain lists alike.
export const listOf = (part) => part?.data ?? part ?? [];
const flat = (texts) => listOf(texts).flat(Infinity);
const round = (value) => Math.round(value * 100) / 100;

export const drawMark = (p, mark) => drawn[mark.kind](p, mark);

const drawn = {
  line(p, { label, end, dots, fill, steps, ...mark }) {
    const [xs, ys] = [listOf(mark.x), listOf(mark.y)];
    const style = { ...looks(mark), label: said(label || end), endLabel: end && said(end), end: Boolean(end) };
    if (fill) p.band(xs, ys.map(() => 0), ys, { ...IN_ORDER, colour: hexOf(mark.colour), opacity: fill, steps });
    p[steps ? "steps" : "line"](xs, ys, { width: 2, dots: dots && dots / 2, data: { series: label }, ...style });
  },
  band(p, mark) {
    const style = { ...IN_ORDER, ...looks(mark), opacity: mark.opacity ?? 0.15, steps: mark.steps };
    Object.assign(style, { title: said(mark.label), data: { series: mark.label } });
    p.band(listOf(mark.x), listOf(mark.low), listOf(mark.high), style);
  },
  segments(p, mark) {
    const style = { width: 3, ...looks(mark), titles: mark.titles, pale: mark.pale && listOf(mark.pale) };
    p.segments(listOf(mark.x0), listOf(mark.x1), listOf(mark.y), { ...style, data: { series: mark.label } });
  },
  bars(p, { width = 1, colour = "seq3", ...mark }) {
    const style = { width, base: mark.base ?? 0, colour: hexOf(colour), titles: mark.titles };
    p.bars(listOf(mark.x), listOf(mark.y), style);
  },
  rule(p, mark) {
    const place = mark.x === undefined ? { y: mark.y } : { x: mark.x };
    p.rule(place, { width: 1, dash: null, label: said(mark.label), ...looks({ colour: "line", ...mark }) });
  },
  dots: (p, mark) => p.mark((group) => group.append(...dotsOf(p, mark))),
  cells: (p, mark) => p.mark((group) => group.append(cellsOf(p, mark))),
  text: (p, mark) => p.mark((group) => group.append(...textsOf(p, mark))),
  pictures: (p, mark) => p.mark((group) => group.append(pictureOf(p, mark)), { under: false }),
};

function looks({ colour = "ink", width, dash, opacity }) {
  const found = { colour: hexOf(colour), dash, opacity, width };
  return Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined));
}

// ---- dots: one path for all of a colour; where there are groups they take turns
const SHAPES = {
  circle: (r) => `m${-r} 0a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0`,
  diamond: (r) => `m0 ${-1.25 * r}l${1.25 * r} ${1.25 * r}l${-1.25 * r} ${1.25 * r}l${-1.25 * r} ${-1.25 * r}z`,
  square: (r) => `m${-r} ${-r}h${2 * r}v${2 * r}h${-2 * r}z`,
  triangle: (r) => `m0 ${-1.2 * r}l${1.1 * r} ${2 * r}h${-2.2 * r}z`,
  cross: (r) => `m${-r} ${-r / 3}h${2 * r}v${r * 0.66}h${-2 * r}z`,
};

function dotsOf(p, { x, y, groups, colours, colour = "ink", size = 5, symbol = "circle", opacity }) {
  const [xs, ys, of] = [listOf(x), listOf(y), groups && listOf(groups)];
  const shape = SHAPES[symbol](round(size / 2));
  const paths = new Map();
  for (let i = 0; i < xs.length; i++) {
    const key = of ? `${Math.floor((PARTS * i) / xs.length)} ${of[i]}` : "0 0";
    paths.set(key, `${paths.get(key) || ""}M${round(p.X(xs[i]))} ${round(p.Y(ys[i]))}${shape}`);
  }
  return [...paths].map(([key, d]) => {
    const node = svg("path", { class: "figure-dots", d, opacity });
    node.style.fill = paint(of ? colours[Number(key.split(" ")[1])] : colour);
    return node;
  });
}

// ---- cells: all of one tone are one path; numbers where they fit, stripes where there is none
function tonesOf({ values, low, high, log }) {
  const span = log ? Math.log(high / low) : high - low;
  return Array.from(listOf(values), (value) => {
    if (Number.isNaN(value) || (log && value <= 0)) return NaN;
    const share = log ? Math.log(value / low) / span : (value - low) / (span || 1);
    return clamp(Number.isFinite(share) ? share : value > 0 ? 1 : 0, 0, 1);
  });
}

function cellsOf(p, mark) {
  const { left = 0, top = 0, opacity, striped = true, size = 11 } = mark;
  const [rows, columns] = mark.values.shape;
  const stops = (mark.stops ?? SEQUENTIAL).map(hexOf);
  const group = svg("g", { class: "figure-cells", opacity });
  const [wide, tall] = [Math.abs(p.X(1) - p.X(0)), Math.abs(p.Y(1) - p.Y(0))];
  const gap = Math.min(wide, tall) > 9 ? 1 : 0;
  const shares = tonesOf(mark);
  const texts = mark.texts && flat(mark.texts);
  const fits = texts && tall >= size + 2 && wide >= 2 + (size / 11) * Math.max(...texts.map(textWidth));
  const words = [];
  const paths = new Map();
  for (let i = 0; i < rows * columns; i++) {
    const [x, y] = [p.X(left + (i % columns)) - wide / 2, p.Y(top + Math.floor(i / columns)) - tall / 2];
    const tone = Number.isNaN(shares[i]) ? -1 : Math.round(255 * shares[i]);
    if (tone < 0 && !striped) continue;
    const box = `M${round(x)} ${round(y)}h${round(wide - gap)}v${round(tall - gap)}h${round(gap - wide)}z`;
    paths.set(tone, (paths.get(tone) || "") + box);
    if (fits) words.push(cellText(texts[i], x + wide / 2, y + tall / 2, size, tone, stops));
  }
  for (const [tone, d] of paths) group.append(cellPath(d, tone, stops));
  group.append(...words);
  return group;
}

function cellPath(d, tone, stops) {
  const node = svg("path", { class: tone < 0 ? "figure-none" : "figure-cell", d });
  if (tone >= 0) node.style.fill = tones(stops)[tone][0];
  return node;
}

function cellText(text, x, y, size, tone, stops) {
  const node = svg("text", { class: "figure-number", x, y: y + 0.33 * size, "text-anchor": "middle" }, text);
  node.style.fill = tone < 0 ? paint("faint") : tones(stops)[tone][1];
  node.style.fontSize = `${size}px`;
  return node;
}

// ---- words: at places of the data, or at shares of the panel
function textsOf(p, mark) {
  const { anchor = "middle", colour = "soft", size = 12, shift = [0, 0], room = 0 } = mark;
  const [xs, ys] = [listOf(mark.x), listOf(mark.y)];
  const { left, top, width, height } = p.area;
  return mark.texts.flatMap((text, i) => {
    const x = mark.inside ? left + width * xs[i] : p.X(xs[i]);
    const y = mark.inside ? top + height * (1 - ys[i]) : p.Y(ys[i]);
    const lines = said(text).split("\n");
    return lines.map((words, at) => {
      const row = at - (lines.length - 1) / 2;
      const shown = room ? fitText(words, p.X(room) - p.X(0)) : words;
      const place = { x: x + shift[0], y: y + shift[1] + 0.33 * size + 1.25 * size * row };
      const node = svg("text", { class: "figure-text", ...place, "text-anchor": anchor }, shown);
      node.style.fill = paint(mark.colours?.[i] ?? colour);
      node.style.fontSize = `${size}px`;
      if (mark.bold) node.style.fontWeight = 640;
      return node;
    });
  });
}

// ---- pictures: all on one canvas, which becomes one image of the figure
function pictureOf(p, mark) {
  const { left, top, width, height } = p.area;
  const sharp = 2 * (window.devicePixelRatio || 1);
  const canvas = Object.assign(document.createElement("canvas"), {
    width: Math.ceil(width * sharp),
    height: Math.ceil(height * sharp),
  });
  const pen = canvas.getContext("2d");
  pen.imageSmoothingEnabled = false;
  pen.scale(sharp, sharp);
  pen.globalAlpha = mark.opacity ?? 1;
  eachPicture(p, mark, (i, x, y, wide, tall) => {
    const edge = mark.frames ? Math.max(1, Math.min(wide, tall) / 14) : 0;
    pen.fillStyle = mark.frames ? hexOf(mark.frames[i]) : "transparent";
    pen.fillRect(x - left, y - top, wide, tall);
    pen.drawImage(canvasOf(mark.pixels, i), x - left + edge, y - top + edge, wide - 2 * edge, tall - 2 * edge);
  });
  return svg("image", { class: "figure-pictures", x: left, y: top, width, height, href: canvas.toDataURL() });
}

function eachPicture(p, mark, action) {
  const [xs, ys] = [listOf(mark.x), listOf(mark.y)];
  const wide = Math.abs(p.X(mark.width) - p.X(0));
  const tall = Math.abs(p.Y(mark.height) - p.Y(0));
  for (let i = 0; i < xs.length; i++) action(i, p.X(xs[i]), p.Y(ys[i]), wide, tall);
}

// One of several pictures, of one, three or four channels, as a canvas of its own pixels.
function canvasOf({ data, shape: [, height, width, channels] }, at) {
  const canvas = Object.assign(document.createElement("canvas"), { width, height });
  const pen = canvas.getContext("2d");
  const image = pen.createImageData(width, height);
  const from = at * height * width * channels;
  for (let i = 0; i < width * height; i++)
    for (let c = 0; c < 4; c++)
      image.data[4 * i + c] = c < 3 || channels > 3 ? data[from + channels * i + Math.min(c, channels - 1)] : 255;
  pen.putImageData(image, 0, 0);
  return canvas;
}

// ---- what lies under the pointer, in the words of its mark
export function hitOf(p, marks, x, y, event) {
  for (const mark of marks) {
    const found = mark.kind === "cells" ? inCells(mark, p, event) : nearest(p, mark, event);
    if (found) return found.split("\n").map((line) => el("div", {}, line));
  }
  return null;
}

function inCells({ left = 0, top = 0, values: { shape }, titles }, p, event) {
  const [x, y] = pixelsOf(p, event);
  const column = Math.round(p.x.value((x - p.area.left) / p.area.width) - left);
  const up = 1 - (y - p.area.top) / p.area.height;
  const row = Math.round(p.y.value(p.options.y.flip ? 1 - up : up) - top);
  return row >= 0 && column >= 0 && row < shape[0] && column < shape[1] ? flat(titles)[row * shape[1] + column] : null;
}

function nearest(p, mark, event) {
  const [x, y] = pixelsOf(p, event);
  let [best, gap] = [-1, NEAR * NEAR];
  if (mark.kind === "pictures")
    eachPicture(p, mark, (i, left, top, wide, tall) => {
      if (x >= left && x < left + wide && y >= top && y < top + tall) best = i;
    });
  else
    for (let i = 0, [xs, ys] = [listOf(mark.x), listOf(mark.y)]; i < xs.length; i++) {
      const away = (p.X(xs[i]) - x) ** 2 + (p.Y(ys[i]) - y) ** 2;
      if (away < gap) [best, gap] = [i, away];
    }
  return best < 0 ? null : said(mark.titles[best]);
}

function pixelsOf(p, event) {
  const rect = p.svg.getBoundingClientRect();
  return [event.clientX - rect.left, event.clientY - rect.top];
}
