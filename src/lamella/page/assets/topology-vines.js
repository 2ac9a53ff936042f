// Vines: how long the greatest features of a layer live, epoch by epoch. An answer of its own, which
// may take the server seconds: the diagrams beside it do not wait. Epochs stand one beside the other as
// in the cube, since the recorded ones double.
"use strict";

(function () {
  const L = window.lamella;
  const SHOWN = 8;

  const pathOf = (net, state, dimension) => L.path("vines", net.name, L.seedOf(net), L.layerName(net), state.split, dimension);

  L.drawVines = (host, state, dimension) => {
    const nets = L.shown(), paths = nets.map(([, net]) => pathOf(net, state, dimension)), asked = [dimension, ...paths].join(" ");
    const here = paths.map((path) => L.source.peek(path));
    if (host.dataset.drawn === asked && host.lamellaVines) return host.lamellaVines.cursor(cursorOf(nets));
    host.dataset.asked = asked;
    if (here.every(Boolean)) return draw(host, nets, here, asked, dimension);
    if (!host.lamellaVines) L.recordReason(host, L.t("topology.vines_waiting"));
    return Promise.all(paths.map((path) => L.source.get(path))).then((answers) => { if (host.dataset.asked === asked && host.isConnected) draw(host, nets, answers, asked, dimension); });
  };

  const epochsOf = (nets) => [...new Set(nets.flatMap(([, net]) => net.epochs))].sort((p, q) => p - q);
  const cursorOf = (nets) => epochsOf(nets).indexOf(L.epochAt(nets[0][1]));

  // Rows of the answer as one line a vine, the longest first; x is the place among the epochs.
  function linesOf({ vine, epoch, birth, death }, epochs) {
    const lines = new Map();
    vine.data.forEach((name, row) => {
      const line = lines.get(name) || lines.set(name, { name, xs: [], ys: [], sum: 0 }).get(name), length = death.data[row] - birth.data[row];
      if (!Number.isFinite(length)) return;
      line.xs.push(epochs.indexOf(epoch.data[row])); line.ys.push(length); line.sum += length;
    });
    return [...lines.values()].filter(({ xs }) => xs.length).sort((p, q) => q.sum - p.sum);
  }

  function draw(host, nets, answers, asked, dimension) {
    host.dataset.drawn = asked;
    host.lamellaVines = null;
    const reason = answers.every((answer) => answer.missing) ? answers[0].missing : null;
    if (reason) return L.recordReason(host, reason);
    const epochs = epochsOf(nets), shown = nets.map(([slot, net], at) => ({ slot, net, answer: answers[at], lines: answers[at].missing ? [] : linesOf(answers[at], epochs) }));
    if (!shown.some(({ lines }) => lines.length)) return L.recordReason(host, L.t("topology.no_vines", { name: `H${dimension}` }));
    const p = L.plot(L.recordFrame(host, noteOf(shown), "vines"), { x: { label: L.t("topology.epoch"), format: (place) => String(epochs[Math.round(place)] ?? "") }, y: { label: L.t("topology.length"), zero: true }, label: L.t("topology.vines") });
    for (const { slot, lines } of shown) for (const [rank, line] of lines.slice(0, SHOWN).entries()) p.line(line.xs, line.ys, styleOf(slot, rank, line));
    p.legend(shown.filter(({ lines }) => lines.length).map(({ slot }) => [slot.toUpperCase(), slot, slot === "b" ? "dash" : null]));
    p.onPick((place) => L.set({ epoch: epochs[L.clamp(Math.round(place), 0, epochs.length - 1)] })).cursor(cursorOf(nets));
    host.lamellaVines = p.draw();
    return p;
  }

  const styleOf = (slot, rank, line) => ({ colour: slot, dash: slot === "b" ? "dash" : undefined, width: rank ? 1.2 : 2.2, opacity: rank ? .6 : 1, dots: line.xs.length < 3 ? 1.8 : false, data: { slot, vine: line.name }, label: rank < 2 ? `${slot.toUpperCase()} ${rank + 1}` : null });

  const noteOf = (shown) => shown.map(({ slot, answer, lines }) => (answer.missing ? `${slot.toUpperCase()}: ${answer.missing}` : shown.length > 1 ? `${slot.toUpperCase()}: ${L.t("topology.of", { n: Math.min(SHOWN, lines.length), total: answer.of })}` : L.t("topology.of", { n: Math.min(SHOWN, lines.length), total: answer.of }))).join("; ");
})();
