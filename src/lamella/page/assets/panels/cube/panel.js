// The cube: a measure over layers (down) and epochs (to the right), of A and B on one scale or as
// their difference. A move of the cursor moves two frames; colours are drawn when values change.

import { colours } from "../../core/colours.js";
import { choice, seg, tag } from "../../core/controls.js";
import { el, say, showTip } from "../../core/elements.js";
import { t } from "../../core/language.js";
import { cubeMeasures, measureTitle } from "../../core/measures.js";
import { clamp, formatNumber, shortNumber } from "../../core/numbers.js";
import { refresh } from "../../core/panels.js";
import { tones } from "../../core/ramps.js";
import { answerPath } from "../../core/source.js";
import {
  comparable,
  epochOf,
  layerOf,
  measureOf,
  sameData,
  selection,
  set,
  shown,
  state,
} from "../../core/state.js";
import { differenceOf, gridOf, mostOf, onScale, scaleOf } from "./grids.js";
import { drawHeatmap } from "./heatmap.js";
import { foldGroup, rowOfLayer, rowsOf, widthOf } from "./rows.js";
import { drawScale } from "./scale.js";
import { shareOf } from "./selected.js";
import { differenceLines, valueLines } from "./tip.js";

const VALUES = [
  "first",
  "a",
  "b",
  "split",
  "seed",
  "measure",
  "compare",
  "over",
  "data",
  "size",
  "theme",
  "language",
  "fold",
];
let maps = [];
let drawn = null;
let folded = false;

// A run without results is a map too: its cells are empty, but they can be gone to.
const NOTHING = { name: "", title: "", unit: "", better: null };
const wants = () =>
  measureOf()
    ? Object.fromEntries(shown().map(([slot, net]) => [slot, answerPath("cube", net.name, state.measure)]))
    : {};
const answered = (answers) =>
  Object.fromEntries(shown().map(([slot]) => [slot, answers[slot] || { missing: t("cube.no_measures") }]));

// ---- controls
function tools(host, state) {
  const list = cubeMeasures().map((measure) => [measure.name, measureTitle(measure)]);
  const measure = choice(t("cube.measure"), list, state.measure, (name) => set({ measure: name }));
  measure.id = "measure";
  measure.hidden = list.length === 0;
  host.append(measure, el("span", { className: "grow" }));
  const seeds = Math.max(...shown().map(([, net]) => net.seeds.length));
  if (seeds > 1) host.append(overSeeds(seeds, state));
  if (shown().length < 2) return;
  const compare = seg(
    t("cube.compare"),
    [
      ["both", "A | B"],
      ["difference", "B − A", !comparable()],
    ],
    state.compare,
    (value) => set({ compare: value }),
  );
  compare.id = "compare";
  host.append(compare);
}

function overSeeds(seeds, state) {
  const select = choice(
    t("cube.over"),
    [
      ["mean", t("cube.mean", { n: seeds })],
      ["spread", t("cube.spread")],
      ["seed", t("cube.one_seed")],
    ],
    state.over,
    (over) => set({ over }),
  );
  select.id = "over";
  return select;
}

// ---- what is drawn: one grid a net, or one of differences
function read(answers, state) {
  const nets = shown();
  const grids = Object.fromEntries(nets.map(([slot, net]) => [slot, gridOf(answers[slot], net, state)]));
  const measure = measureOf() || NOTHING;
  const difference = state.compare === "difference" && nets.length === 2;
  return {
    nets,
    grids,
    answers,
    measure,
    difference,
    ...(difference ? differences(nets, grids, measure) : values(nets, grids)),
  };
}

function values(nets, grids) {
  const scale = scaleOf(Object.values(grids));
  const stops = colours().seq;
  return { scale, stops, slots: nets, tone: (value) => onScale(scale, value) };
}

// Vermillion always says that B is worse; without a direction, that B is larger.
function differences([[, a], [, b]], grids, measure) {
  grids.d = differenceOf(grids.a, grids.b, a, b);
  const most = mostOf(grids.d);
  const stops = measure.better === "high" ? colours().div : [...colours().div].reverse();
  return {
    scale: { low: -most, high: most, log: false },
    stops,
    slots: [["d", a]],
    tone: (value) => 0.5 + (0.5 * value) / most,
  };
}

// ---- drawing
function draw(host, state, answers, changed) {
  if (!shown().length) return host.replaceChildren();
  if (folded || VALUES.some((key) => changed.has(key)) || !drawn) drawAll(host, state, answers);
  folded = false;
  if (changed.has("select") || selection().size || drawn.barred) drawBars();
  return moveCursors(host);
}

function drawAll(host, state, answers) {
  drawn = read(answered(answers), state);
  const slots = drawn.slots.map(([slot]) => slot).join();
  if (host.dataset.slots !== slots || !host.querySelector(".maps")) mount(host, slots);
  drawn.slots.forEach(([slot, net], at) => drawMap(maps[at], slot, net));
}

function mount(host, slots) {
  host.dataset.slots = slots;
  const boxes = drawn.slots.map(([slot, net]) => box(slot, net));
  host.replaceChildren(
    el(
      "div",
      { className: "maps" },
      boxes.map(({ node }) => node),
    ),
    el("div", { className: "scale" }),
  );
  maps = boxes.map(({ map }) => map);
  maps.forEach((map, at) => map.grid.addEventListener("scroll", () => together(at), { passive: true }));
}

function box(slot) {
  const node = el("div", { className: "map", data: { slot } }, el("h3", {}));
  const map = drawHeatmap(node, {
    pick: (layer, epoch) => pick(slot, layer, epoch),
    hover: (layer, epoch, event) => hover(slot, layer, epoch, event),
    fold: (row) => {
      foldGroup(row);
      folded = true;
      refresh("fold");
    },
  });
  map.node = node;
  return { node, map };
}

const together = (from) =>
  maps.forEach((map, at) => {
    if (at !== from) {
      map.grid.scrollLeft = maps[from].grid.scrollLeft;
      map.grid.scrollTop = maps[from].grid.scrollTop;
    }
  });
const netOf = (slot) => drawn.nets.find(([name]) => name === (slot === "d" ? "a" : slot))[1];

function pick(slot, layer, epoch) {
  const net = netOf(slot);
  set({
    ...(layer === null ? {} : { layer: net.layers[layer].name }),
    ...(epoch === null ? {} : { epoch: net.epochs[epoch] }),
  });
}

function drawMap(map, slot, net) {
  const grid = drawn.grids[slot];
  const { unit } = drawn.measure;
  const other = slot === "d" ? drawn.nets[1][1] : null;
  map.rows = rowsOf(net).map((row) => ({ ...row, ...noteOf(row, net, other) }));
  map.node.querySelector("h3").replaceChildren(...heading(slot, net));
  shorten(map.node.querySelector("h3 small"));
  const shades = tones(drawn.stops);
  const sign = slot === "d" ? "+" : "";
  const paint = (layer, epoch) => {
    const value = grid.at(layer, epoch);
    if (Number.isNaN(value)) return null;
    const [colour, ink] = shades[Math.round(255 * clamp(drawn.tone(value), 0, 1))];
    return [colour, ink, (value > 0 ? sign : "") + shortNumber(value, unit)];
  };
  map.draw({
    rows: map.rows,
    columns: net.epochs.map(String),
    corner: t("cube.epoch"),
    labelWidth: labelWidth(map.rows),
    paint,
    label: t("cube.label", {
      measure: measureTitle(drawn.measure),
      net: slot === "d" ? `${other.name} − ${net.name}` : net.name,
    }),
  });
}

function noteOf(row, net, other) {
  if (row.head)
    return {
      note: String(row.count),
      title: t("cube.group", { n: row.count, last: net.layers[row.to - 1].name }),
    };
  const layer = net.layers[row.layer];
  const own = widthOf(layer);
  const theirs = other && widthOf(other.layers[row.layer]);
  return {
    note: theirs && theirs !== own ? `${own}|${theirs}` : own,
    title: [layer.name, layer.type, own].filter(Boolean).join(", "),
  };
}

const labelWidth = (rows) =>
  clamp(
    18 +
      6.6 *
        Math.max(
          ...rows.map((row) => row.label.length + (row.head ? 2 : 0) + Math.min(8, (row.note || "").length)),
        ),
    62,
    maps.length > 1 ? 108 : 150,
  );

function heading(slot, net) {
  if (slot === "d")
    return [
      tag("b"),
      "− ",
      tag("a"),
      el("small", {}, t("cube.difference", { b: drawn.nets[1][1].name, a: net.name })),
    ];
  return [tag(slot), el("span", {}, net.name), el("small", { title: net.description }, net.description)];
}

// Where the widths of the net have no room, the number of its parameters may have; else all of it
// stands in the title.
function shorten(small) {
  const cut = () => small.scrollWidth > small.clientWidth;
  if (cut()) small.textContent = small.textContent.split(", ").at(-1);
  if (cut()) small.textContent = "";
}

// ---- the cursor, and the scale on which both runs are marked
function moveCursors(host) {
  drawn.slots.forEach(([slot, net], at) => {
    const layer = layerOf(net);
    const epoch = epochOf(net);
    const map = maps[at];
    map.move(rowOfLayer(map.rows, layer), net.epochs.length ? epoch : -1, spoken(slot, net, layer, epoch));
  });
  drawScale(host.querySelector(".scale"), drawn);
  say(drawn.slots.map(([slot, net]) => spoken(slot, net, layerOf(net), epochOf(net))).join("; "));
}

const spoken = (slot, net, layer, epoch) =>
  t("cube.spoken", {
    net: slot === "d" ? "B − A" : net.name,
    layer: net.layers[layer].name,
    epoch: net.epochs[epoch] ?? "–",
    value: formatNumber(drawn.grids[slot].at(layer, epoch), drawn.measure.unit),
  });

// ---- the selection's bars, where the cloud of a cell is here already
function drawBars() {
  drawn.barred = selection().size > 0 && !drawn.difference;
  drawn.slots.forEach(([slot, net], at) =>
    maps[at].bars(
      drawn.barred && (slot === "a" || sameData())
        ? (layer, epoch) => shareOf(net, layer, epoch)?.share ?? null
        : null,
    ),
  );
}

// ---- the tip of a cell: value, spread, every seed, or why there is none
function hover(slot, layer, epoch, event) {
  const net = netOf(slot);
  const where = `${net.layers[layer].name}, ${t("bar.epoch", { epoch: net.epochs[epoch] })}`;
  const lines =
    slot === "d" ? differenceLines(drawn, layer, epoch) : valueLines(drawn, slot, net, layer, epoch);
  showTip(
    [el("b", {}, slot === "d" ? "B − A" : net.name), ` ${where}`, lines.map((line) => el("div", {}, line))],
    event.clientX,
    event.clientY,
  );
}

// Where a cell stands on the screen, and what was drawn last.
export const placeOfCell = (slot, layer, epoch) => {
  const at = drawn.slots.findIndex(([name]) => name === slot);
  return maps[at].rectOf(rowOfLayer(maps[at].rows, layer), epoch);
};
export const drawnCube = () => drawn;
export const cubePanel = {
  id: "cube",
  place: "cube",
  title: "cube.title",
  wants,
  draw,
  tools,
  partial: true,
};
