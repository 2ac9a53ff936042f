// The selection under the clouds: how to make one without the mouse, what is in it, and its ids.
"use strict";

(function () {
  const L = window.lamella;
  const MOST = 20, MOST_ERRORS = 200, PICTURES = 40;

  function wants() {
    const wanted = {};
    for (const [slot, net] of L.shown()) if (net.epochs.length && L.selects(slot)) {
      wanted[`${slot} samples`] = L.samplesPath(net);
      wanted[`${slot} cloud`] = L.cloudPath(net);
      wanted[`${slot} predictions`] = L.predictionsPath(net);
    }
    return wanted;
  }

  // ---- ways to select that need no mouse: the slot decides whose errors
  const errors = ({ samples, predictions }) => L.ranked(samples, (i) => Number(L.erred(samples, predictions)(i)), MOST_ERRORS);
  const wrong = ({ samples, cloud }) => L.ranked(samples, (i) => cloud.wrong.data[i], MOST_ERRORS);
  const unsure = ({ samples, predictions }) => L.ranked(samples, (i) => 256 - predictions.p_true.data[i], MOST);

  // From the first recorded epoch to this one, added up over the epochs between.
  async function moved({ net, samples, cloud }) {
    const last = L.epochOf(net), ways = new Float32Array(samples.ids.data.length);
    const steps = await Promise.all(net.epochs.slice(0, last).map((_, at) => L.source.get(L.cloudPath(net, at))));
    const all = [...steps.filter((one) => !one.missing), cloud];
    for (let at = 1; at < all.length; at++) L.distances(all[at], all[at - 1]).forEach((way, i) => { ways[i] += way; });
    return L.ranked(samples, (i) => ways[i], MOST);
  }

  const recipes = { errors: [errors, true], wrong: [wrong, false], moved: [moved, false], unsure: [unsure, true] };

  async function select(choice, facts) {
    const [recipe, slot] = choice.split(" ");
    const found = await recipes[recipe][0](facts[slot]);
    L.select(found);
    L.say(L.t("selection.count", { n: found.length }));
  }

  function menu(facts) {
    const options = Object.entries(recipes).flatMap(([name, [, needsNet]]) => Object.values(facts)
      .filter((one) => !needsNet || !one.predictions.missing)
      .map(({ slot }) => [`${name} ${slot}`, `${L.t(`selection.${name}`)}${Object.keys(facts).length > 1 ? ` · ${slot.toUpperCase()}` : ""}`]));
    const node = L.choice(L.t("selection.select"), [["", L.t("selection.select")], ...options], "", (choice) => { if (choice) select(choice, facts); });
    node.id = "select-by";
    return node;
  }

  // ---- search by id: "215" in the split that is shown, or "test,215"
  function search({ samples }) {
    const node = L.el("input", { id: "find-id", type: "search", placeholder: L.t("selection.find"), ariaLabel: L.t("selection.find_label"), title: L.t("selection.find_tip") });
    node.addEventListener("input", () => { node.ariaInvalid = "false"; });
    node.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      const found = find(samples, node.value);
      node.ariaInvalid = String(found < 0);
      if (found < 0) return L.say(L.t("selection.not_there"));
      L.set({ sample: found });
      return L.select(new Set([...L.selection, found]));
    });
    return node;
  }

  function find(samples, text) {
    const [, split, id] = /^\s*(?:([^,\s]+)[\s,]+)?(-?\d+)\s*$/.exec(text) || [];
    if (id === undefined) return -1;
    const rows = [...samples.ids.data.keys()].filter((i) => String(samples.ids.data[i]) === id);
    if (split) return rows.find((i) => L.splitName(samples, i) === split || L.name("split", L.splitName(samples, i)) === split) ?? -1;
    return rows.find(L.inSplit(samples)) ?? rows[0] ?? -1;
  }

  // ---- what is selected
  function classes({ net, samples }, picked) {
    const counts = new Map();
    for (const i of picked) { const label = samples.label.data[i]; counts.set(label, (counts.get(label) || 0) + 1); }
    const all = [...counts].sort((p, q) => q[1] - p[1]), named = all.slice(0, 3).map(([label, n]) => `${n} × ${net.class_names[label] ?? "–"}`);
    return named.join(", ") + (all.length > 3 ? " …" : "");
  }

  const count = (word, facts, of) => L.el("span", { className: "count" }, `${L.t(word)} `, Object.values(facts).map((one) => [L.tag(one.slot), L.el("b", {}, String(of(one)))]));

  // A line of its own where there are pictures, also while nothing is selected, so that nothing jumps.
  function strip({ samples }, picked) {
    if (!samples.pictures) return [];
    return [L.el("div", { className: "strip" }, picked.slice(0, PICTURES).map((i) => L.el("button", {
      type: "button", title: L.sampleName(samples, i), ariaLabel: L.sampleName(samples, i), ariaPressed: String(L.state.sample === i), onclick: () => L.set({ sample: i }),
    }, L.thumbnail(samples.pictures, i, 24))))];
  }

  async function copy(samples, picked, button) {
    const text = picked.map((i) => L.sampleName(samples, i)).join("\n");
    try { await navigator.clipboard.writeText(text); } catch { byHand(text); }
    button.textContent = L.t("selection.copied");
    setTimeout(() => { button.textContent = L.t("selection.copy"); }, 1200);
  }

  // A file opened from disk, or a page without the permission, has no clipboard of its own.
  function byHand(text) {
    const area = document.body.appendChild(L.el("textarea", { value: text, className: "sr" }));
    area.select();
    document.execCommand("copy");
    area.remove();
  }

  function summary(facts, picked) {
    const [first] = Object.values(facts), all = Object.values(facts).every((one) => !one.predictions.missing);
    const button = L.el("button", { type: "button", className: "tool", id: "copy-ids", title: L.t("selection.copy_tip"), onclick: () => copy(first.samples, picked, button) }, L.t("selection.copy"));
    return [
      L.el("span", { className: "said", title: classes(first, picked) }, L.el("b", {}, L.t("selection.count", { n: picked.length })), first.samples.pictures ? "" : ` ${classes(first, picked)}`),
      all && count("selection.net_errors", facts, ({ samples, predictions }) => picked.filter(L.erred(samples, predictions)).length),
      count("selection.wrong_here", facts, ({ cloud }) => picked.filter((i) => cloud.wrong.data[i]).length),
      L.el("span", { className: "grow" }), button,
      L.el("button", { type: "button", className: "tool", id: "clear-selection", onclick: () => { L.set({ sample: null }); L.select([]); } }, L.t("selection.clear")),
    ];
  }

  function draw(host, state, answers) {
    const facts = {};
    for (const [slot, net] of L.shown()) {
      const [samples, cloud, predictions] = ["samples", "cloud", "predictions"].map((name) => answers[`${slot} ${name}`]);
      if (samples && cloud && !samples.missing && !cloud.missing) facts[slot] = { slot, net, samples, cloud, predictions };
    }
    const [first] = Object.values(facts);
    if (!first) return host.replaceChildren(L.el("div", { className: "picked" }));
    const picked = [...L.selection].filter((i) => i < first.samples.ids.data.length);
    const typed = host.querySelector("#find-id"), kept = typed && document.activeElement === typed ? typed : null;
    const words = picked.length ? summary(facts, picked) : L.el("span", { className: "note" }, L.t("selection.hint"));
    host.replaceChildren(L.el("div", { className: "picked" }, menu(facts), search(first), words), ...strip(first, picked));
    if (kept) host.querySelector("#find-id").focus();
    return undefined;
  }

  L.panel({ id: "selection", place: "cloud", title: "selection.title", bare: true, partial: true, wants, draw, follows: ["a", "b", "seed", "split", "layer", "epoch", "sample", "method"] });
})();
