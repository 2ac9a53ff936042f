// The cube: a measure over layers (down) and epochs (to the right), of A and B on one scale or as
// their difference. A move of the cursor moves two frames; colours are drawn when values change.

import { colours } from "../core/colours.js";
import { choice, seg, tag } from "../core/controls.js";
import {
  cubeMeasures,
  differenceOf,
  gridOf,
  measureTitle,
  mostOf,
  onScale,
  reasonOf,
  scaleOf,
  seedValues,
  spreadOf,
} from "../core/cube-values.js";
import { el, say, showTip } from "../core/elements.js";
import { t } from "../core/language.js";
import { clamp, formatNumber, shortNumber } from "../core/numbers.js";
import { refresh } from "../core/panels.js";
import { tones } from "../core/ramps.js";
import { answerPath, source } from "../core/source.js";
import {
  comparable,
  epochOf,
  layerOf,
  measureOf,
  sameData,
  seedOf,
  selection,
  set,
  shown,
  state,
} from "../core/state.js";
import { drawHeatmap } from "./cube-heatmap.js";
import { foldGroup, rowOfLayer, rowsOf, widthOf } from "./cube-rows.js";

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
  drawScale(host.querySelector(".scale"));
  say(drawn.slots.map(([slot, net]) => spoken(slot, net, layerOf(net), epochOf(net))).join("; "));
}

const spoken = (slot, net, layer, epoch) =>
  t("cube.spoken", {
    net: slot === "d" ? "B − A" : net.name,
    layer: net.layers[layer].name,
    epoch: net.epochs[epoch] ?? "–",
    value: formatNumber(drawn.grids[slot].at(layer, epoch), drawn.measure.unit),
  });

function drawScale(host) {
  const { scale, stops, measure, difference } = drawn;
  const ramp = el("span", {
    className: "ramp",
    style: { background: `linear-gradient(90deg, ${stops.join(",")})` },
  });
  if (!difference && !scale.empty)
    for (const [slot, net] of drawn.nets) mark(ramp, slot, drawn.grids[slot].at(layerOf(net), epochOf(net)));
  if (difference) mark(ramp, "d", drawn.grids.d.at(layerOf(drawn.nets[0][1]), epochOf(drawn.nets[0][1])));
  const sign = difference ? "+" : "";
  host.hidden = Boolean(scale.empty);
  host.replaceChildren(
    el("span", {}, formatNumber(scale.low, measure.unit)),
    ramp,
    el("span", {}, sign + formatNumber(scale.high, measure.unit) + (scale.log ? ` (${t("cube.log")})` : "")),
    el("span", { className: "note" }, direction(measure, difference)),
  );
}

function mark(ramp, slot, value) {
  if (!Number.isNaN(value))
    ramp.append(
      el("i", { className: slot, style: { left: `${100 * clamp(onScale(drawn.scale, value), 0, 1)}%` } }),
    );
}

const direction = (measure, difference) =>
  !measure.better ? "" : difference ? t("cube.b_worse") : t(`cube.${measure.better}_is_better`);

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

const counted = new WeakMap(); // wrong among the selected, kept for the cloud and the selection
const SPLITS = { train: 0, test: 1 };

export function shareOf(net, layer, epoch) {
  const cloud = source.peek(
    answerPath("cloud", net.name, seedOf(net), state.method, net.layers[layer].name, net.epochs[epoch]),
  );
  if (!cloud || cloud.missing || !cloud.wrong) return null;
  const old = counted.get(cloud);
  if (old && old.selection === selection() && old.split === state.split) return old.seen ? old : null;
  const samples = source.peek(answerPath("samples", net.name));
  const own = SPLITS[state.split];
  let seen = 0;
  let wrong = 0;
  for (const at of selection())
    if (
      at < cloud.wrong.data.length &&
      (own === undefined || !samples?.split || samples.split.data[at] === own)
    ) {
      seen++;
      wrong += cloud.wrong.data[at] ? 1 : 0;
    }
  const found = { selection: selection(), split: state.split, seen, wrong, share: seen ? wrong / seen : 0 };
  counted.set(cloud, found);
  return seen ? found : null;
}

// ---- the tip of a cell: value, spread, every seed, or why there is none
function hover(slot, layer, epoch, event) {
  const net = netOf(slot);
  const where = `${net.layers[layer].name}, ${t("bar.epoch", { epoch: net.epochs[epoch] })}`;
  const lines = slot === "d" ? differenceLines(layer, epoch) : valueLines(slot, net, layer, epoch);
  showTip(
    [el("b", {}, slot === "d" ? "B − A" : net.name), ` ${where}`, lines.map((line) => el("div", {}, line))],
    event.clientX,
    event.clientY,
  );
}

function valueLines(slot, net, layer, epoch) {
  const { measure, answers, grids } = drawn;
  const value = grids[slot].at(layer, epoch);
  const { split } = state;
  if (Number.isNaN(value)) return [reasonOf(answers[slot], net, split, layer, epoch)];
  const seeds = seedValues(answers[slot], split, layer, epoch);
  const spread = spreadOf(seeds);
  const share = selection().size ? shareOf(net, layer, epoch) : null;
  return [
    [
      `${measureTitle(measure)}: `,
      el("b", {}, formatNumber(value, measure.unit)),
      state.over === "mean" && Number.isFinite(spread) ? ` ± ${formatNumber(spread)}` : "",
    ],
    seeds.length > 1 && t("cube.seeds", { values: seeds.map((one) => formatNumber(one)).join(", ") }),
    share && t("cube.selected_wrong", { wrong: share.wrong, seen: share.seen }),
  ].filter(Boolean);
}

function differenceLines(layer, epoch) {
  const { grids, nets, measure } = drawn;
  const at = nets[1][1].epochs.indexOf(nets[0][1].epochs[epoch]);
  const value = grids.d.at(layer, epoch);
  if (Number.isNaN(value)) return [t("cube.not_computed")];
  return [
    [`${measureTitle(measure)}: `, el("b", {}, (value > 0 ? "+" : "") + formatNumber(value, measure.unit))],
    `A ${formatNumber(grids.a.at(layer, epoch), measure.unit)}, B ${formatNumber(grids.b.at(layer, at), measure.unit)}`,
  ];
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
