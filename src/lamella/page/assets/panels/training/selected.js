// The probability that the network gives the true class of the selected samples, over the epochs:
// each sample a thin line, their mean a strong one, all samples for comparison.

import { selects } from "../../cloud/samples.js";
import { el } from "../../core/elements.js";
import { t } from "../../core/language.js";
import { meanOf } from "../../core/numbers.js";
import { answerPath } from "../../core/source.js";
import { seedOf, selection, shown } from "../../core/state.js";
import { epochAxis } from "./epochs.js";
import { plotGrid } from "../../plots/grid.js";
import { plot } from "../../plots/plot.js";

const MOST_LINES = 40;
const MOST_EPOCHS = 32;

const chosenEpochs = (net) => {
  const step = Math.ceil(net.epochs.length / MOST_EPOCHS);
  return net.epochs.filter((_, at) => at % step === 0 || at === net.epochs.length - 1);
};
const pathOf = (net, epoch) => answerPath("predictions", net.name, seedOf(net), epoch);
const tracked = () => shown().filter(([slot]) => selects(slot));
const wants = () =>
  Object.fromEntries(
    tracked().flatMap(([slot, net]) =>
      chosenEpochs(net).map((epoch) => [`${slot}/${epoch}`, pathOf(net, epoch)]),
    ),
  );

function seriesOf(slot, net, answers, items) {
  const epochs = chosenEpochs(net).filter(
    (epoch) => answers[`${slot}/${epoch}`] && !answers[`${slot}/${epoch}`].missing,
  );
  const rows = epochs.map((epoch) => answers[`${slot}/${epoch}`].p_true.data);
  const own = items.filter((i) => rows.length && i < rows[0].length);
  const mean = (row, list) => meanOf(list.map((i) => row[i])) / 255;
  return {
    epochs,
    own,
    rows,
    mean: rows.map((row) => mean(row, own)),
    all: rows.map((row) => mean(row, [...row.keys()])),
  };
}

function draw(host, state, answers) {
  const nets = tracked();
  const items = [...selection()];
  const series = nets
    .map(([slot, net]) => [slot, net, seriesOf(slot, net, answers, items)])
    .filter(([, , one]) => one.epochs.length);
  const reason = Object.values(answers).find((answer) => answer?.missing)?.missing;
  if (!series.length)
    return void host.replaceChildren(el("p", { className: "missing" }, reason || t("training.nothing")));
  const boxes = plotGrid(host, series.length);
  const plots = series.map((one, at) => plotOf(boxes[at], ...one));
  host.append(
    el(
      "p",
      { className: "note" },
      items.length ? t("training.selected_note", { n: items.length }) : t("training.select_first"),
    ),
  );
  return plots;
}

function plotOf(box, slot, net, { epochs, own, rows, mean, all }) {
  const chart = plot(box, {
    x: epochAxis(t("training.epoch"), epochs),
    y: {
      label: `${slot.toUpperCase()} · ${t("training.p_true")}`,
      domain: [0, 1.02],
      ticks: [0, 0.2, 0.4, 0.6, 0.8, 1],
    },
    label: `${net.name}, ${t("training.p_true")}`,
  });
  const lines = own.slice(0, MOST_LINES);
  for (const i of lines)
    chart.line(
      epochs,
      rows.map((row) => row[i] / 255),
      { colour: slot, opacity: 0.3, width: 1, quiet: true },
    );
  chart.line(epochs, all, { colour: "faint", dash: "dash", label: t("training.all") });
  if (own.length)
    chart.line(epochs, mean, {
      colour: slot,
      width: 2.4,
      label: t("training.selected_mean"),
      data: { slot, what: "mean" },
    });
  return chart.endLabels();
}

export const selectedView = {
  name: "selected",
  there: () => shown().some(([, net]) => net.class_names.length > 1),
  wants,
  draw,
};
