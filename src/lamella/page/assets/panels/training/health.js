// Is the training sound: gradients and updates of every parameter, and units that are dead or
// saturated, by layer. Lines are coloured by depth, pale at the input.

import { colours } from "../../core/colours.js";
import { tag } from "../../core/controls.js";
import { el } from "../../core/elements.js";
import { t } from "../../core/language.js";
import { measureTitle } from "../../core/measures.js";
import { formatNumber, meanOf } from "../../core/numbers.js";
import { cssColour, ramp } from "../../core/ramps.js";
import { answerPath } from "../../core/source.js";
import { measureOf, shown } from "../../core/state.js";
import { seedValues } from "../cube/grids.js";
import { epochAxis } from "./epochs.js";
import { plotGrid } from "../../plots/grid.js";
import { plot } from "../../plots/plot.js";
import { domainOf } from "../../plots/scales.js";

const UNITS = ["dead_units", "saturated_units"];

const depthColour = (at, count) =>
  cssColour(ramp(colours().seq.slice(1), count < 2 ? 0.6 : 0.12 + (0.82 * at) / (count - 1)));
const rowOf = (block, row, width) => Array.from(block.data.subarray(row * width, (row + 1) * width));
const nothing = (host, reason) =>
  void host.replaceChildren(el("p", { className: "missing" }, reason || t("training.nothing")));

// ---- sizes: the gradient, and the update relative to the weight it changes
function sizes({ health }) {
  const epochs = Array.from(health.epochs.data);
  const width = epochs.length;
  const rows = health.parameters.map((name, at) => ({
    name,
    gradient: rowOf(health.gradient_norm, at, width),
    weight: rowOf(health.weight_norm, at, width),
    update: rowOf(health.update_norm, at, width),
  }));
  return {
    epochs,
    rows: rows.map((row) => ({ ...row, relative: row.update.map((size, at) => size / row.weight[at]) })),
  };
}
const KINDS = [
  ["gradient", "training.gradient_norm"],
  ["relative", "training.relative_update"],
];

function drawUpdates(host, state, answers) {
  const nets = shown().filter(([slot]) => answers[slot]?.health?.parameters.length);
  if (!nets.length)
    return nothing(
      host,
      shown()
        .map(([slot]) => answers[slot]?.missing)
        .find(Boolean),
    );
  const found = nets.map(([slot, net]) => [slot, net, sizes(answers[slot])]);
  const boxes = plotGrid(host, KINDS.length * nets.length);
  const plots = KINDS.flatMap(([kind, word], row) => {
    const domain = domainOf(
      found.flatMap(([, , one]) => one.rows.map((line) => line[kind])),
      { log: true },
    );
    return found.map(([slot, net, one], at) =>
      linesOf(
        boxes[row * found.length + at],
        `${slot.toUpperCase()} · ${t(word)}`,
        one.epochs,
        one.rows.map((line) => [line.name, line[kind]]),
        { log: true, domain },
        row > 0,
      ),
    );
  });
  host.append(el("p", { className: "note" }, t("training.updates_note")));
  return plots;
}

function linesOf(box, label, xs, rows, axis, low = true) {
  const chart = plot(box, {
    x: epochAxis(low ? t("training.epoch") : null, xs),
    y: { label, ...axis },
    label,
  });
  rows.forEach(([name, ys], at) =>
    chart.line(xs, ys, { colour: depthColour(at, rows.length), width: 1.3, label: name, data: { name } }),
  );
  return chart.endLabels();
}

// ---- units: the share that never, or always, answers
const measured = () => UNITS.filter((name) => measureOf(name));
const wantsUnits = () =>
  Object.fromEntries(
    shown().flatMap(([slot, net]) =>
      measured().map((name) => [`${slot}/${name}`, answerPath("cube", net.name, name)]),
    ),
  );

function drawUnits(host, state, answers) {
  const found = measured()
    .flatMap((name) => shown().map(([slot, net]) => [slot, net, name, answers[`${slot}/${name}`]]))
    .filter(([, , , cube]) => cube && !cube.missing);
  if (!found.length) return nothing(host, Object.values(answers).find((answer) => answer?.missing)?.missing);
  const boxes = plotGrid(host, found.length);
  return found.map(([slot, net, name, cube], at) =>
    linesOf(boxes[at], `${slot.toUpperCase()} · ${labelOf(name)}`, net.epochs, unitRows(net, cube, state), {
      zero: true,
    }),
  );
}
const labelOf = (name) => {
  const measure = measureOf(name);
  return [measureTitle(measure), measure.unit].filter(Boolean).join(", ");
};

// Layers without a value at any epoch (the input, linear layers) have no line.
function unitRows(net, cube, { split }) {
  const rows = net.layers.map((layer, at) => [
    layer.name,
    net.epochs.map((_, epoch) => meanOf(seedValues(cube, split, at, epoch))),
  ]);
  return rows.filter(([, ys]) => ys.some(Number.isFinite));
}

// ---- cost
const MB = 1e6;
function drawCost(host, state, answers) {
  const rows = shown().flatMap(([slot, net]) =>
    (answers[slot]?.cost || []).map((cost, at) => [slot, net, at, cost]),
  );
  if (!rows.length) return nothing(host);
  const head = ["run", "seed", "seconds", "bytes", "share"].map((name, at) =>
    el("th", { scope: "col", className: at ? "right" : "left" }, t(`training.cost_${name}`)),
  );
  const line = ([slot, net, at, cost]) =>
    el(
      "tr",
      {},
      el("th", { scope: "row", className: "left" }, tag(slot), net.name),
      [
        net.seeds[at] ?? at,
        formatNumber(cost?.seconds, t("training.s")),
        formatNumber((cost?.bytes ?? NaN) / MB, "MB"),
        formatNumber(100 * (cost?.share ?? NaN), "%"),
      ].map((text) => el("td", { className: "right" }, String(text))),
    );
  host.replaceChildren(
    el(
      "table",
      { className: "anatomy" },
      el("thead", {}, el("tr", {}, head)),
      el("tbody", {}, rows.map(line)),
    ),
    el("p", { className: "note" }, t("training.cost_note")),
  );
  return [];
}

export const healthViews = [
  {
    name: "updates",
    there: () => true,
    keeps: ["select", "sample", "split", "seed", "measure"],
    draw: drawUpdates,
  },
  { name: "units", there: () => measured().length > 0, wants: wantsUnits, draw: drawUnits },
  { name: "cost", there: () => true, draw: drawCost },
];
