// The bar: what is looked at (runs, seed, split, layer, epoch), play, and the page's own switches.

import { choice, seg, tag } from "../core/controls.js";
import { isPlaying, play, step, swap } from "../core/cursor.js";
import { byId, el } from "../core/elements.js";
import { listen } from "../core/events.js";
import { showHelp } from "../core/keys.js";
import { currentLanguage, languages, nameOf, t } from "../core/language.js";
import { epochOf, index, layerOf, netNamed, seedOf, set, shown, state } from "../core/state.js";
import { flipTheme } from "../core/theme.js";

const bar = () => byId("bar");

// Another run A: B stays where it is comparable, and makes room where it is the same.
function chooseA(name) {
  const { a, b } = state;
  const same = netNamed(name)?.data === netNamed(a)?.data;
  set({ a: name, b: name === b ? a : same ? b : null });
}

// ---- drawing: parts that are made once a change of runs or language, and texts of the cursor
const parts = {};
const button = (label, text, action, more) =>
  el(
    "button",
    { type: "button", className: "ghost", title: label, ariaLabel: label, onclick: action, ...more },
    text,
  );

function draw() {
  const focus = document.activeElement?.id;
  const some = index.nets.length > 0; // a sheet of pictures has no runs to choose from
  bar().replaceChildren(
    ...[brand(), some && runs(), some && splits(), some && cursor(), switches()].filter(Boolean),
  );
  drawCursor();
  drawPlay();
  if (focus) byId(focus)?.focus();
}

const brand = () =>
  el(
    "h1",
    { className: "brand" },
    el("span", { className: "mark", ariaHidden: "true" }, el("i"), el("i"), el("i")),
    el("span", {}, "lamella"),
  );

function runs() {
  const { a, b } = state;
  const names = index.nets.map((net) => net.name);
  const others = [["none", t("bar.none")], ...names.filter((name) => name !== a).map((name) => [name, name])];
  return el(
    "div",
    { className: "runs" },
    run(
      "a",
      names.map((name) => [name, name]),
      a,
      chooseA,
    ),
    names.length > 1 && button(t("bar.swap"), "⇄", swap, { id: "swap", disabled: b === null }),
    names.length > 1 &&
      run("b", others, b === null ? "none" : b, (name) => set({ b: name === "none" ? null : name })),
    seeds(),
  );
}

function run(slot, options, current, pick) {
  const net = netNamed(current);
  const select = choice(t("bar.run", { slot: slot.toUpperCase() }), options, current, pick);
  select.id = `run-${slot}`;
  select.title = net ? `${net.name}: ${net.description}` : "";
  return el("label", { className: `run ${slot}` }, tag(slot), select, net && statusMarks(net));
}

// What is not simply finished stands beside the run: growing, killed, failed.
function statusMarks(net) {
  const unusual = [...new Set(net.status)].filter((status) => status !== "finished");
  return unusual.map((status) =>
    el(
      "span",
      { className: `status ${status}`, title: t("bar.status_of_seeds", { seeds: seedsWith(net, status) }) },
      nameOf("status", status),
    ),
  );
}
const seedsWith = (net, status) => net.seeds.filter((_, at) => net.status[at] === status).join(", ");

function seeds() {
  const net = netNamed(state.a);
  if (!net || net.seeds.length < 2) return null;
  const select = choice(
    t("bar.seed"),
    net.seeds.map((seed, at) => [String(at), t("bar.seed_of", { seed })]),
    String(seedOf(net)),
    (at) => set({ seed: Number(at) }),
  );
  select.id = "seed";
  return select;
}

function splits() {
  const net = netNamed(state.a);
  const box = seg(
    t("bar.split"),
    net ? net.splits.map((split) => [split, nameOf("split", split)]) : [],
    state.split,
    (split) => set({ split }),
  );
  box.id = "split";
  return box;
}

function stepper(axis, less, more) {
  const make = (by, text, word) =>
    el(
      "button",
      {
        type: "button",
        id: `${axis}-${word}`,
        ariaLabel: t(`bar.${axis}_${word}`),
        title: t(`bar.${axis}_${word}`),
        onclick: () => step(axis, by),
      },
      text,
    );
  parts[`${axis}Less`] = make(-1, less, "less");
  parts[`${axis}More`] = make(1, more, "more");
  parts[axis] = el("output", { id: `${axis}-name` });
  return el("span", { className: "step" }, parts[`${axis}Less`], parts[axis], parts[`${axis}More`]);
}

function cursor() {
  const along = choice(
    t("bar.along"),
    [
      ["epoch", t("bar.along_epoch")],
      ["layer", t("bar.along_layer")],
    ],
    state.along,
    (value) => set({ along: value }),
  );
  along.id = "along";
  parts.play = el("button", { type: "button", id: "play", className: "play", onclick: () => play() });
  return el(
    "div",
    { className: "cursor", role: "group", ariaLabel: t("bar.cursor") },
    stepper("layer", "↑", "↓"),
    stepper("epoch", "←", "→"),
    parts.play,
    along,
  );
}

function switches() {
  const language = seg(
    t("bar.language"),
    languages.map((name) => [name, name.toUpperCase()]),
    currentLanguage(),
    (lang) => set({ lang }),
  );
  language.id = "language";
  return el(
    "div",
    { className: "switches" },
    el("span", { id: "live" }),
    language,
    button(t("bar.theme"), "◐", flipTheme, { id: "theme" }),
    button(t("bar.keys"), "?", () => showHelp(), { id: "help-open" }),
  );
}

function drawCursor() {
  const [first] = shown();
  if (!first || !parts.layer) return;
  const [, net] = first;
  const layer = layerOf(net);
  const epoch = epochOf(net);
  parts.layer.replaceChildren(
    el("b", { title: net.layers[layer].name }, net.layers[layer].name),
    el("small", {}, `${layer + 1}/${net.layers.length}`),
  );
  parts.epoch.replaceChildren(t("bar.epoch", { epoch: net.epochs.length ? net.epochs[epoch] : "–" }));
  parts.layerLess.disabled = layer === 0;
  parts.layerMore.disabled = layer === net.layers.length - 1;
  parts.epochLess.disabled = epoch === 0;
  parts.epochMore.disabled = epoch >= net.epochs.length - 1;
}

function drawPlay() {
  if (!parts.play) return;
  parts.play.ariaPressed = String(isPlaying());
  parts.play.ariaLabel = parts.play.title = t(isPlaying() ? "bar.pause" : "bar.play");
}

const REMADE = ["a", "b", "seed", "split", "along", "lang"];
listen("change", (statusMarks, changed) => (REMADE.some((key) => changed.has(key)) ? draw() : drawCursor()));
listen("language", draw);
listen("data", draw);
listen("play", drawPlay);
