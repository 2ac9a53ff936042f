// The probability that the network gives the true class of the selected samples, over the epochs:
// each sample a thin line, their mean a strong one, all samples for comparison.
"use strict";

(function () {
  const L = window.lamella;
  const MOST_LINES = 40, MOST_EPOCHS = 32;

  const chosenEpochs = (net) => { const step = Math.ceil(net.epochs.length / MOST_EPOCHS); return net.epochs.filter((_, at) => at % step === 0 || at === net.epochs.length - 1); };
  const pathOf = (net, epoch) => L.path("predictions", net.name, L.seedOf(net), epoch);
  const tracked = () => L.shown().filter(([slot]) => L.selects(slot));
  const wants = () => Object.fromEntries(tracked().flatMap(([slot, net]) => chosenEpochs(net).map((epoch) => [`${slot}/${epoch}`, pathOf(net, epoch)])));

  function seriesOf(slot, net, answers, items) {
    const epochs = chosenEpochs(net).filter((epoch) => answers[`${slot}/${epoch}`] && !answers[`${slot}/${epoch}`].missing);
    const rows = epochs.map((epoch) => answers[`${slot}/${epoch}`].p_true.data);
    const own = items.filter((i) => rows.length && i < rows[0].length);
    const mean = (row, list) => L.mean(list.map((i) => row[i])) / 255;
    return { epochs, own, rows, mean: rows.map((row) => mean(row, own)), all: rows.map((row) => mean(row, [...row.keys()])) };
  }

  function draw(host, state, answers) {
    const nets = tracked(), items = [...L.selection], series = nets.map(([slot, net]) => [slot, net, seriesOf(slot, net, answers, items)]).filter(([, , one]) => one.epochs.length);
    const reason = Object.values(answers).find((answer) => answer?.missing)?.missing;
    if (!series.length) return void host.replaceChildren(L.el("p", { className: "missing" }, reason || L.t("training.nothing")));
    const boxes = L.plotGrid(host, series.length), plots = series.map((one, at) => plotOf(boxes[at], ...one));
    host.append(L.el("p", { className: "note" }, items.length ? L.t("training.selected_note", { n: items.length }) : L.t("training.select_first")));
    return plots;
  }

  function plotOf(box, slot, net, { epochs, own, rows, mean, all }) {
    const plot = L.plot(box, { x: L.epochAxis(L.t("training.epoch"), epochs), y: { label: `${slot.toUpperCase()} · ${L.t("training.p_true")}`, domain: [0, 1.02], ticks: [0, .2, .4, .6, .8, 1] }, label: `${net.name}, ${L.t("training.p_true")}` });
    const lines = own.slice(0, MOST_LINES);
    for (const i of lines) plot.line(epochs, rows.map((row) => row[i] / 255), { colour: slot, opacity: .3, width: 1, quiet: true });
    plot.line(epochs, all, { colour: "faint", dash: "dash", label: L.t("training.all") });
    if (own.length) plot.line(epochs, mean, { colour: slot, width: 2.4, label: L.t("training.selected_mean"), data: { slot, what: "mean" } });
    return plot.endLabels();
  }

  L.trainingViews.push({ name: "selected", there: () => L.shown().some(([, net]) => net.class_names.length > 1), wants, draw });
})();
