// Vines: how long the greatest features of a layer live, epoch by epoch. An answer of its own, which
// may take the server seconds: the diagrams beside it do not wait. Epochs stand one beside the other as
// in the cube, since the recorded ones double.

import { t } from "../../core/language.js";
import { clamp } from "../../core/numbers.js";
import { answerPath, source } from "../../core/source.js";
import { epochAt, layerName, seedOf, set, shown } from "../../core/state.js";
import { plot } from "../../plots/plot.js";
import { recordFrame, recordReason } from "../../records/frame.js";

const SHOWN = 8;

const pathOf = (net, state, dimension) =>
  answerPath("vines", net.name, seedOf(net), layerName(net), state.split, dimension);

export const drawVines = (host, state, dimension) => {
  const nets = shown();
  const paths = nets.map(([, net]) => pathOf(net, state, dimension));
  const key = [dimension, ...paths].join(" ");
  const here = paths.map((path) => source.peek(path));
  if (host.dataset.drawn === key && host.lamellaVines) return host.lamellaVines.cursor(cursorOf(nets));
  host.dataset.key = key;
  if (here.every(Boolean)) return draw(host, nets, here, key, dimension);
  if (!host.lamellaVines) recordReason(host, t("topology.vines_waiting"));
  return Promise.all(paths.map((path) => source.get(path))).then((answers) => {
    if (host.dataset.key === key && host.isConnected) draw(host, nets, answers, key, dimension);
  });
};

const epochsOf = (nets) => [...new Set(nets.flatMap(([, net]) => net.epochs))].sort((p, q) => p - q);
const cursorOf = (nets) => epochsOf(nets).indexOf(epochAt(nets[0][1]));

// Rows of the answer as one line a vine, the longest first; x is the place among the epochs.
function linesOf({ vine, epoch, birth, death }, epochs) {
  const lines = new Map();
  vine.data.forEach((name, row) => {
    const line = lines.get(name) || lines.set(name, { name, xs: [], ys: [], sum: 0 }).get(name);
    const length = death.data[row] - birth.data[row];
    if (!Number.isFinite(length)) return;
    line.xs.push(epochs.indexOf(epoch.data[row]));
    line.ys.push(length);
    line.sum += length;
  });
  return [...lines.values()].filter(({ xs }) => xs.length).sort((p, q) => q.sum - p.sum);
}

function draw(host, nets, answers, key, dimension) {
  host.dataset.drawn = key;
  host.lamellaVines = null;
  const reason = answers.every((answer) => answer.missing) ? answers[0].missing : null;
  if (reason) return recordReason(host, reason);
  const epochs = epochsOf(nets);
  const shown = nets.map(([slot, net], at) => ({
    slot,
    net,
    answer: answers[at],
    lines: answers[at].missing ? [] : linesOf(answers[at], epochs),
  }));
  if (!shown.some(({ lines }) => lines.length))
    return recordReason(host, t("topology.no_vines", { name: `H${dimension}` }));
  const p = plot(recordFrame(host, noteOf(shown), "vines"), {
    x: { label: t("topology.epoch"), format: (place) => String(epochs[Math.round(place)] ?? "") },
    y: { label: t("topology.length"), zero: true },
    label: t("topology.vines"),
  });
  for (const { slot, lines } of shown)
    for (const [rank, line] of lines.slice(0, SHOWN).entries())
      p.line(line.xs, line.ys, styleOf(slot, rank, line));
  p.legend(
    shown
      .filter(({ lines }) => lines.length)
      .map(({ slot }) => [slot.toUpperCase(), slot, slot === "b" ? "dash" : null]),
  );
  p.onPick((place) => set({ epoch: epochs[clamp(Math.round(place), 0, epochs.length - 1)] })).cursor(
    cursorOf(nets),
  );
  host.lamellaVines = p.draw();
  return p;
}

const styleOf = (slot, rank, line) => ({
  colour: slot,
  dash: slot === "b" ? "dash" : undefined,
  width: rank ? 1.2 : 2.2,
  opacity: rank ? 0.6 : 1,
  dots: line.xs.length < 3 ? 1.8 : false,
  data: { slot, vine: line.name },
  label: rank < 2 ? `${slot.toUpperCase()} ${rank + 1}` : null,
});

const noteOf = (shown) =>
  shown
    .map(({ slot, answer, lines }) =>
      answer.missing
        ? `${slot.toUpperCase()}: ${answer.missing}`
        : shown.length > 1
          ? `${slot.toUpperCase()}: ${t("topology.of", { n: Math.min(SHOWN, lines.length), total: answer.of })}`
          : t("topology.of", { n: Math.min(SHOWN, lines.length), total: answer.of }),
    )
    .join("; ");
