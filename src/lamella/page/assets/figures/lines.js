// Figures of lines: curves over epochs or layers, training curves of several runs, activations.

import { colours } from "../core/colours.js";
import { meanOf } from "../core/cube-values.js";
import { el } from "../core/elements.js";
import { nameOf, t } from "../core/language.js";
import { columnsOf, drawF1, drawProfile } from "./class-curves.js";
import { figureGrid, figures } from "./figure.js";
import { paint } from "../plots/paint.js";
import { plot } from "../plots/plot.js";
import { textWidth } from "../plots/text.js";
import { drawTable } from "../records/table.js";

const HEIGHT = 280;
const PALETTES = { runs: ["a", "b", "h2", "h1", "soft"], homology: ["h0", "h1", "h2"] };
const rowOf = ({ data, shape }, at) => Array.from(data.subarray(at * shape[1], (at + 1) * shape[1]));

// Two series are two runs; more are told apart as classes are; baselines are grey.
export const seriesColours = (names, palette, baselines = []) => {
  const lively = names.filter((name) => !baselines.includes(name));
  const own = PALETTES[palette || (lively.length <= 2 ? "runs" : "classes")] || colours().classes;
  return names.map((name) => (baselines.includes(name) ? "faint" : own[lively.indexOf(name) % own.length]));
};

// ---- lines
figures.lines = (host, [[, curve]], told) => {
  const xs = Array.from(curve.x.data || curve.x);
  const words = xs.some((x) => typeof x === "string");
  const at = words ? [...xs.keys()] : xs;
  const chart = plot(host, {
    height: told.height || HEIGHT,
    x: { label: curve.x_label, log: told.log_x && !words, ...(words ? { names: xs } : {}) },
    y: {
      label: curve.y_label + (told.log_y ? `, ${t("training.log")}` : ""),
      log: told.log_y,
      zero: told.zero,
    },
    label: curve.title || curve.y_label,
  });
  const colours = seriesColours(curve.series, told.palette, told.baselines);
  const marked = words || xs.length < 12;
  curve.series.forEach((name, row) => {
    if (curve.low && curve.high)
      chart.band(at, rowOf(curve.low, row), rowOf(curve.high, row), { colour: colours[row] });
    chart.line(at, rowOf(curve.y, row), {
      colour: colours[row],
      label: name || curve.y_label,
      dash: dashOf(name, told),
      dots: marked,
      end: Boolean(name),
      data: { series: name },
    });
  });
  return labelled(chart, curve.series);
};
const dashOf = (name, { baselines = [], dotted = [] }) =>
  baselines.includes(name) ? "dash" : dotted.includes(name) ? "dot" : null;
// Names too long for the margin, or too many, stand above.
const labelled = (chart, names) =>
  names.length > 12 || Math.max(...names.map(textWidth)) > 150 ? chart.legend() : chart.endLabels();

// ---- training curves: a plot for each quantity, every run in its colour
figures.training_curves = (host, tables, { quantities = ["error", "loss"], log = true } = {}) => {
  const found = quantities
    .map((quantity) => [
      quantity,
      tables.flatMap(([name, table], at) =>
        ["test", "train"].map((split) => lineOf(name, columnsOf(table), split, quantity, at)).filter(Boolean),
      ),
    ])
    .filter(([, lines]) => lines.length);
  if (!found.length) return tables.forEach(([, table]) => drawTable(host, table, {}));
  const colours = seriesColours(
    tables.map(([name]) => name),
    "runs",
  );
  const boxes = [];
  figureGrid(
    host,
    found.map(() => ""),
    320,
    (stage) => boxes.push(stage),
  );
  found.forEach(([quantity, lines], at) => trainingPlot(boxes[at], quantity, lines, colours, log));
  const note = [t("training.solid"), lines(found).some((line) => line.seeds > 1) && t("figure.band")]
    .filter(Boolean)
    .join(" · ");
  return host.append(el("p", { className: "note" }, note));
};
const lines = (found) => found.flatMap(([, some]) => some);

function lineOf(name, columns, split, quantity, run) {
  const straight = columns[`${split}_${quantity}`] || (split === "test" ? columns[quantity] : null);
  const accuracy = quantity === "error" && columns[`${split}_accuracy`];
  if (!straight && !accuracy) return null;
  const scale = quantity === "error" || quantity === "accuracy" ? 100 : 1;
  const values = (straight || accuracy.map((value) => 1 - value)).map((value) => scale * value);
  const xs = [...new Set(columns.epoch)].sort((p, q) => p - q);
  const groups = xs.map((x) => values.filter((value, i) => columns.epoch[i] === x && Number.isFinite(value)));
  const each = (reduce) => groups.map((group) => (group.length ? reduce(group) : NaN));
  return {
    name,
    split,
    run,
    xs,
    seeds: Math.max(...groups.map((group) => group.length)),
    mean: each(meanOf),
    low: each((group) => Math.min(...group)),
    high: each((group) => Math.max(...group)),
  };
}

function trainingPlot(host, quantity, lines, colours, log) {
  const values = lines.flatMap(({ low, high }) => [...low, ...high]).filter((value) => value > 0);
  const wide = log && Math.max(...values) / Math.min(...values) > 10;
  const unit = quantity === "error" || quantity === "accuracy" ? ", %" : "";
  const label =
    nameOf("training.quantity", quantity, quantity.replaceAll("_", " ")) +
    unit +
    (wide ? `, ${t("training.log")}` : "");
  const chart = plot(host, {
    height: 250,
    x: { label: t("training.epoch") },
    y: { label, log: wide, zero: !wide },
    label,
  });
  for (const line of lines) {
    const colour = colours[line.run];
    const tested = line.split === "test";
    if (tested && line.seeds > 1) chart.band(line.xs, line.low, line.high, { colour });
    chart.line(line.xs, line.mean, {
      colour,
      dash: tested ? null : "dot",
      width: tested ? 1.8 : 1.3,
      label: [line.name, tested ? null : nameOf("split", "train")].filter(Boolean).join(", "),
      data: { run: line.name, split: line.split },
    });
  }
  chart.legend(tested(lines).map((line) => [line.name || nameOf("split", "test"), colours[line.run]]));
}
const tested = (lines) => {
  const own = lines.filter((line) => line.split === "test");
  return own.length ? own : lines;
};

// ---- profiles and F1
figures.compactness_profile = (host, records, told) => {
  const baselines = records.filter(([name]) => (told.baselines || []).includes(name));
  const others = records.filter(([name]) => !(told.baselines || []).includes(name));
  drawProfile(host, others, { baselines, first: told.first, log: told.log });
};
figures.f1_against_dimension = (host, [[, table]]) => drawF1(host, table);

// ---- activations: the value, and the derivative in vermillion, on common axes
figures.anatomy_activations = (host, [[, table]]) => {
  const columns = columnsOf(table);
  const names = [...new Set(columns.activation)];
  figureGrid(host, names, 170, (stage, at) => {
    const rows = [...columns.activation.keys()].filter((i) => columns.activation[i] === names[at]);
    const of = (name) => rows.map((i) => columns[name][i]);
    const chart = plot(stage, {
      height: 130,
      x: { domain: [-4, 4], ticks: [-4, 0, 4] },
      y: { domain: [-1.6, 3.2], ticks: [-1, 0, 1, 2, 3] },
      label: names[at],
    });
    chart.rule({ y: 0 }, { colour: "line", dash: null }).rule({ x: 0 }, { colour: "line", dash: null });
    chart
      .line(of("input"), of("value"), { colour: "a", width: 2, label: t("figure.value") })
      .line(of("input"), of("derivative"), { colour: "bad", width: 1.5, label: t("figure.derivative") });
  });
  host.append(
    figureKeys([
      ["a", t("figure.value")],
      ["bad", t("figure.derivative")],
    ]),
  );
};
export const figureKeys = (entries) =>
  el(
    "p",
    { className: "note keys" },
    entries.map(([colour, word]) =>
      el("span", {}, el("i", { className: "dot", style: { background: paint(colour) } }), word),
    ),
  );
