// What was logged over the epochs: one plot for each quantity, test as a line and train dotted, the
// mean over seeds with a band from the least to the greatest.

import { classColour } from "../../core/colours.js";
import { el } from "../../core/elements.js";
import { nameOf, t } from "../../core/language.js";
import { meanOf } from "../../core/numbers.js";
import { shown } from "../../core/state.js";
import { epochAxis } from "./epochs.js";
import { plotGrid } from "../../plots/grid.js";
import { plot } from "../../plots/plot.js";
import { textWidth } from "../../plots/text.js";

const SPLITS = [
  ["test", null],
  ["train", "dot"],
];
const HIDDEN = new Set(["seconds", "learning_rate", "epoch"]);
const LOG_FROM = 30;

// ---- names: train_loss and test_loss are the quantity loss; accuracy is shown as error, in percent
function quantityOf(name) {
  const [, split, rest] = name.match(/^(?:(train|test)_)?(.*)$/);
  return {
    split: split || "test",
    quantity: rest === "accuracy" ? "error" : rest,
    flip: rest === "accuracy",
  };
}
const isError = (quantity) => quantity === "error";
const family = (quantity) => quantity.replace(/_\d+$/, "");

// -> Map of quantity -> [{slot, net, split, member, xs, mean, low, high}]
const trainingSeries = (answers) => {
  const found = new Map();
  for (const [slot, net] of shown()) {
    const answer = answers[slot];
    if (answer && !answer.missing)
      answer.names.forEach((name, at) => add(found, slot, net, answer, name, at));
  }
  return found;
};

function add(found, slot, net, answer, name, at) {
  if (HIDDEN.has(name) && !(name === "learning_rate" && changes(answer, at))) return;
  const { split, quantity, flip } = quantityOf(name);
  const key = family(quantity);
  const line = overSeeds(answer, at, (value) =>
    flip ? 100 * (1 - value) : isError(quantity) ? 100 * value : value,
  );
  if (!line.mean.some(Number.isFinite)) return;
  if (!found.has(key)) found.set(key, []);
  found
    .get(key)
    .push({ slot, net, split, member: key === quantity ? null : quantity.slice(key.length + 1), ...line });
}

const valueAt = ({ values: { data, shape } }, seed, name, epoch) =>
  data[(seed * shape[1] + name) * shape[2] + epoch];
const changes = (answer, at) =>
  new Set(Array.from(answer.epochs.data, (_, e) => valueAt(answer, 0, at, e)).filter(Number.isFinite)).size >
  1;

function overSeeds(answer, name, read) {
  const xs = Array.from(answer.epochs.data);
  const seeds = answer.values.shape[0];
  const columns = xs.map((_, epoch) =>
    Array.from({ length: seeds }, (_, seed) => read(valueAt(answer, seed, name, epoch))).filter(
      Number.isFinite,
    ),
  );
  const each = (reduce) => columns.map((values) => (values.length ? reduce(values) : NaN));
  return {
    xs,
    seeds,
    mean: each(meanOf),
    low: each((values) => Math.min(...values)),
    high: each((values) => Math.max(...values)),
  };
}

// Error first, then loss; a quantity that only one net logged comes last.
const order = ["error", "loss"];
const ranked = (series) => [...series].sort(([p], [q]) => rank(p) - rank(q));
const rank = (name) =>
  order.includes(name) ? order.indexOf(name) : name === "learning_rate" ? order.length + 1 : order.length;

// ---- drawing
function draw(host, state, answers) {
  const series = ranked(trainingSeries(answers));
  if (!series.length)
    return void host.replaceChildren(
      el(
        "p",
        { className: "missing" },
        Object.values(answers).find((answer) => answer?.missing)?.missing || t("training.nothing"),
      ),
    );
  const boxes = plotGrid(host, series.length);
  const plots = series.map(([quantity, lines], at) => plotOf(boxes[at], quantity, lines));
  host.append(el("p", { className: "note" }, noteOf(series)));
  return plots;
}

const title = (quantity) =>
  `${nameOf("training.quantity", quantity, quantity.replaceAll("_", " "))}${isError(quantity) ? ", %" : ""}`;
const keyOf = ({ slot, split, member }) =>
  [slot.toUpperCase(), split === "train" ? nameOf("split", "train") : null, member].filter(Boolean).join(" ");

// At the end of a line its net's name where there is room for it; the dotted one beside it is train.
const NAME_ROOM = 0.3;
function namerOf(box, lines) {
  const names = [...new Set(lines.map(({ net }) => net.name))];
  const fits = Math.max(...names.map(textWidth)) <= NAME_ROOM * box.clientWidth;
  return (line) =>
    line.member || !fits ? keyOf(line) : line.split === "train" ? nameOf("split", "train") : line.net.name;
}

// A loss that falls through a decade or more is read on a logarithmic axis.
function isLog(quantity, lines) {
  const values = lines.flatMap(({ low, high }) => [...low, ...high]).filter(Number.isFinite);
  const least = Math.min(...values);
  return (
    (quantity === "loss" || quantity === "learning_rate") &&
    least > 0 &&
    Math.max(...values) / least > LOG_FROM
  );
}

function plotOf(box, quantity, lines) {
  const log = isLog(quantity, lines);
  const chart = plot(box, {
    x: epochAxis(
      t("training.epoch"),
      lines.flatMap(({ xs }) => xs),
    ),
    y: { label: title(quantity) + (log ? `, ${t("training.log")}` : ""), log, zero: !log },
    label: title(quantity),
  });
  const name = namerOf(box, lines);
  for (const [split, dash] of SPLITS)
    for (const line of lines.filter((one) => one.split === split)) drawLine(chart, line, dash, name(line));
  chart.endLabels();
  return chart;
}

function drawLine(chart, line, dash, end) {
  const colour = line.member ? classColour(Number(line.member) - 1) : line.slot;
  const label = keyOf(line);
  const data = { slot: line.slot, split: line.split };
  if (line.seeds > 1 && line.split === "test") chart.band(line.xs, line.low, line.high, { colour });
  chart.line(line.xs, line.mean, {
    colour,
    dash: line.member && line.slot === "b" ? "dash" : dash,
    label,
    endLabel: end,
    width: line.split === "test" ? 1.8 : 1.3,
    dots: line.xs.length < 2,
    data,
  });
}

function noteOf(series) {
  const all = series.flatMap(([, lines]) => lines);
  const parts = [];
  if (all.some((line) => line.split === "train")) parts.push(t("training.dotted"));
  if (all.some((line) => line.seeds > 1))
    parts.push(t("training.band", { n: Math.max(...all.map((line) => line.seeds)) }));
  return [...parts, t("training.click")].join(" · ");
}

export const curvesView = {
  name: "curves",
  there: () => true,
  keeps: ["select", "seed", "split", "measure", "sample", "method", "colour", "compare", "over"],
  draw,
};
