// Topology of the cell: the diagrams of A and B on one scale, and their features over the epochs.
// A bar that was clicked selects the samples of its cycle, where cycles were stored.

import { seg, tag, toggle } from "../../core/controls.js";
import { byId, el, say } from "../../core/elements.js";
import { t } from "../../core/language.js";
import { answerPath, source } from "../../core/source.js";
import {
  declare,
  epochAt,
  layerName,
  sameData,
  seedOf,
  select,
  set,
  shown,
  state,
} from "../../core/state.js";
import { drawVines } from "./vines.js";
import { diagramBars, reachOf } from "../../records/diagram-bars.js";
import { drawDiagrams } from "../../records/diagrams.js";
import { recordReason } from "../../records/frame.js";

const MEASURE = "homology";
const ROWS = 36;
declare("shape", "barcode");
declare("holes", "01");

const cellPath = (net, state) =>
  answerPath("cell", net.name, seedOf(net), layerName(net), epochAt(net), state.split);
const recorded = () => shown().filter(([, net]) => net.epochs.length && net.layers.length);
const wants = (state) => Object.fromEntries(recorded().map(([slot, net]) => [slot, cellPath(net, state)]));
const chosen = (state) => [...state.holes].map(Number).filter(Number.isInteger).sort();

// ---- controls
function tools(host, state) {
  const forms = [
    ["barcode", t("topology.barcode")],
    ["diagram", t("topology.diagram")],
    ["betti", t("topology.betti")],
  ];
  const form = seg(t("topology.shape"), forms, state.shape, (shape) => set({ shape }));
  form.id = "topology-shape";
  host.append(
    form,
    el("span", { className: "grow" }),
    el(
      "span",
      { className: "holes", role: "group", ariaLabel: t("topology.dimensions") },
      [0, 1, 2].map((dimension) => chip(dimension, state)),
    ),
  );
}

function chip(dimension, state) {
  const on = state.holes.includes(dimension);
  const node = toggle(`H${dimension}`, on, () => flip(dimension, state), t(`topology.h${dimension}`));
  node.dataset.hole = dimension;
  return node;
}
function flip(dimension, state) {
  const now = new Set(chosen(state));
  if (now.has(dimension)) now.delete(dimension);
  else now.add(dimension);
  if (now.size) set({ holes: [...now].sort().join("") });
}

// ---- drawing: what does not depend on the epoch stays
function draw(host, state, answers, changed) {
  const nets = recorded();
  const dimensions = chosen(state);
  if (!nets.length) return recordReason(host, t("topology.nothing"));
  const found = nets.map(([slot]) => diagramsOf(answers[slot]));
  if (!found.some(({ record }) => record)) {
    host.dataset.slots = "";
    return recordReason(host, found[0].reason);
  }
  const boxes = mounted(host, nets);
  if (changed.has("theme") || changed.has("language"))
    boxes.forEach(({ vines }) => {
      if (vines) vines.dataset.drawn = "";
    });
  const reach = reachOf(
    found.filter(({ record }) => record).map(({ record }) => diagramBars(record)),
    dimensions,
  );
  nets.forEach(([slot, net], at) =>
    drawOne(boxes[at], slot, net, found[at], { form: state.shape, dimensions, reach, most: ROWS }),
  );
  drawVinesBox(boxes.at(-1), state, dimensions);
  return undefined;
}

function mounted(host, nets) {
  const key = nets.map(([slot]) => slot).join("");
  if (host.dataset.slots !== key || !host.querySelector(".topology")) mount(host, key, nets);
  return [...host.querySelectorAll(".topology > .shape-box")].map((box) => ({
    head: box.firstChild,
    body: box.lastChild,
    vines: box.dataset.vines ? box.lastChild : null,
  }));
}
function mount(host, key, nets) {
  const box = (data) =>
    el("div", { className: "shape-box", data }, el("h3", {}), el("div", { className: "shape-body" }));
  host.dataset.slots = key;
  host.replaceChildren(
    el(
      "div",
      { className: `topology of-${nets.length}` },
      nets.map(([slot]) => box({ slot })),
      box({ vines: "1" }),
    ),
  );
}

function diagramsOf(answer) {
  if (!answer || answer.missing) return { reason: answer?.missing || t("topology.not_measured") };
  const record = answer.records[MEASURE];
  return record && record.kind === "diagrams" ? { record } : { reason: t("topology.not_measured") };
}

const whereOf = (net) =>
  [
    layerName(net),
    t("bar.epoch", { epoch: epochAt(net) }),
    net.seeds.length > 1 ? t("bar.seed_of", { seed: net.seeds[seedOf(net)] }) : "",
  ]
    .filter(Boolean)
    .join(", ");

function drawOne({ head, body }, slot, net, { record, reason }, options) {
  head.replaceChildren(tag(slot), el("span", { title: net.name }, net.name), el("small", {}, whereOf(net)));
  if (!record) return recordReason(body, reason);
  return drawDiagrams(body, record, { ...options, onBar: (i) => selectCycle(slot, net, record, i) });
}

function drawVinesBox({ head, vines }, state, dimensions) {
  const dimension = dimensions.find((each) => each > 0) ?? dimensions[0];
  head.replaceChildren(el("span", {}, t("topology.vines_of", { name: `H${dimension}` })));
  drawVines(vines, state, dimension);
}

// ---- a bar's samples: vertices count the samples of the split, in the order of the record
function selectCycle(slot, net, record, i) {
  const cycle = verticesOf(record, i);
  if (!cycle.length) return say(showNote(t("topology.no_cycle")));
  return source.get(answerPath("samples", net.name)).then((samples) => {
    const places = samples.missing ? null : placesOf(samples, net, state.split, cycle, record.points);
    if (!places) return showNote(t("topology.not_all_shown"));
    if (slot === "b" && !sameData()) return showNote(t("topology.other_data"));
    showNote(t("topology.selected", { n: places.length }));
    return select(places);
  });
}

export function verticesOf({ vertices }, i) {
  if (!vertices) return [];
  return [...vertices.items.data.subarray(vertices.offsets.data[i], vertices.offsets.data[i + 1])];
}

// Rows of the split are places in the cloud only where the cloud shows the whole split.
export function placesOf(samples, net, split, cycle, points) {
  const probes = samples.probes || ["train", "test"];
  const own = split === "both" ? [0, 1] : [probes.indexOf(split)];
  const rows = [];
  for (const probe of own)
    samples.split.data.forEach((each, at) => {
      if (each === probe) rows.push(at);
    });
  const total = own.reduce((sum, probe) => sum + (net.samples[probes[probe]] ?? NaN), 0);
  return rows.length === total && points === total ? cycle.map((vertex) => rows[vertex]) : null;
}

function showNote(words) {
  const node =
    byId("panel-topology").querySelector(".topology-said") ||
    el("p", { className: "topology-said", role: "status" });
  node.textContent = words;
  byId("panel-topology").querySelector(".topology")?.append(node);
  clearTimeout(node.lamellaTimer);
  node.lamellaTimer = setTimeout(() => node.remove(), 9000);
  return words;
}

export const topologyPanel = {
  id: "topology",
  place: "right",
  title: "topology.title",
  wants,
  tools,
  draw,
  partial: true,
};
