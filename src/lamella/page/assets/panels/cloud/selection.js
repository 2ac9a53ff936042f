// The selection under the clouds: how to make one without the mouse, what is in it, and its ids.

import { thumbnail } from "../../cloud/atlas.js";
import { distances } from "../../cloud/colours.js";
import {
  erred,
  inSplit,
  predictionsPath,
  ranked,
  sampleName,
  samplesPath,
  selects,
  splitName,
} from "../../cloud/samples.js";
import { cloudPath } from "../../cloud/slow-methods.js";
import { choice, tag } from "../../core/controls.js";
import { el, say } from "../../core/elements.js";
import { nameOf, t } from "../../core/language.js";
import { source } from "../../core/source.js";
import { epochOf, select, selection, set, shown, state } from "../../core/state.js";

const MOST = 20;
const MOST_ERRORS = 200;
const PICTURES = 40;

function wants() {
  const wanted = {};
  for (const [slot, net] of shown())
    if (net.epochs.length && selects(slot)) {
      wanted[`${slot} samples`] = samplesPath(net);
      wanted[`${slot} cloud`] = cloudPath(net);
      wanted[`${slot} predictions`] = predictionsPath(net);
    }
  return wanted;
}

// ---- ways to select that need no mouse: the slot decides whose errors
const errors = ({ samples, predictions }) =>
  ranked(samples, (i) => Number(erred(samples, predictions)(i)), MOST_ERRORS);
const wrong = ({ samples, cloud }) => ranked(samples, (i) => cloud.wrong.data[i], MOST_ERRORS);
const unsure = ({ samples, predictions }) => ranked(samples, (i) => 256 - predictions.p_true.data[i], MOST);

// From the first recorded epoch to this one, added up over the epochs between.
async function moved({ net, samples, cloud }) {
  const last = epochOf(net);
  const ways = new Float32Array(samples.ids.data.length);
  const steps = await Promise.all(net.epochs.slice(0, last).map((_, at) => source.get(cloudPath(net, at))));
  const all = [...steps.filter((one) => !one.missing), cloud];
  for (let at = 1; at < all.length; at++)
    distances(all[at], all[at - 1]).forEach((way, i) => {
      ways[i] += way;
    });
  return ranked(samples, (i) => ways[i], MOST);
}

const recipes = {
  errors: [errors, true],
  wrong: [wrong, false],
  moved: [moved, false],
  unsure: [unsure, true],
};

async function selectBy(choice, facts) {
  const [recipe, slot] = choice.split(" ");
  const found = await recipes[recipe][0](facts[slot]);
  select(found);
  say(t("selection.count", { n: found.length }));
}

function menu(facts) {
  const options = Object.entries(recipes).flatMap(([name, [, needsNet]]) =>
    Object.values(facts)
      .filter((one) => !needsNet || !one.predictions.missing)
      .map(({ slot }) => [
        `${name} ${slot}`,
        `${t(`selection.${name}`)}${Object.keys(facts).length > 1 ? ` · ${slot.toUpperCase()}` : ""}`,
      ]),
  );
  const node = choice(t("selection.select"), [["", t("selection.select")], ...options], "", (choice) => {
    if (choice) selectBy(choice, facts);
  });
  node.id = "select-by";
  return node;
}

// ---- search by id: "215" in the split that is shown, or "test,215"
function search({ samples }) {
  const node = el("input", {
    id: "find-id",
    type: "search",
    placeholder: t("selection.find"),
    ariaLabel: t("selection.find_label"),
    title: t("selection.find_tip"),
  });
  node.addEventListener("input", () => {
    node.ariaInvalid = "false";
  });
  node.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    const found = find(samples, node.value);
    node.ariaInvalid = String(found < 0);
    if (found < 0) return say(t("selection.not_there"));
    set({ sample: found });
    return select(new Set([...selection(), found]));
  });
  return node;
}

function find(samples, text) {
  const [, split, id] = /^\s*(?:([^,\s]+)[\s,]+)?(-?\d+)\s*$/.exec(text) || [];
  if (id === undefined) return -1;
  const rows = [...samples.ids.data.keys()].filter((i) => String(samples.ids.data[i]) === id);
  if (split)
    return (
      rows.find((i) => splitName(samples, i) === split || nameOf("split", splitName(samples, i)) === split) ??
      -1
    );
  return rows.find(inSplit(samples)) ?? rows[0] ?? -1;
}

// ---- what is selected
function classes({ net, samples }, picked) {
  const counts = new Map();
  for (const i of picked) {
    const label = samples.label.data[i];
    counts.set(label, (counts.get(label) || 0) + 1);
  }
  const all = [...counts].sort((p, q) => q[1] - p[1]);
  const named = all.slice(0, 3).map(([label, n]) => `${n} × ${net.class_names[label] ?? "–"}`);
  return named.join(", ") + (all.length > 3 ? " …" : "");
}

const count = (word, facts, of) =>
  el(
    "span",
    { className: "count" },
    `${t(word)} `,
    Object.values(facts).map((one) => [tag(one.slot), el("b", {}, String(of(one)))]),
  );

// A line of its own where there are pictures, also while nothing is selected, so that nothing jumps.
function strip({ samples }, picked) {
  if (!samples.pictures) return [];
  return [
    el(
      "div",
      { className: "strip" },
      picked.slice(0, PICTURES).map((i) =>
        el(
          "button",
          {
            type: "button",
            title: sampleName(samples, i),
            ariaLabel: sampleName(samples, i),
            ariaPressed: String(state.sample === i),
            onclick: () => set({ sample: i }),
          },
          thumbnail(samples.pictures, i, 24),
        ),
      ),
    ),
  ];
}

async function copy(samples, picked, button) {
  const text = picked.map((i) => sampleName(samples, i)).join("\n");
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    byHand(text);
  }
  button.textContent = t("selection.copied");
  setTimeout(() => {
    button.textContent = t("selection.copy");
  }, 1200);
}

// A file opened from disk, or a page without the permission, has no clipboard of its own.
function byHand(text) {
  const area = document.body.appendChild(el("textarea", { value: text, className: "sr" }));
  area.select();
  document.execCommand("copy");
  area.remove();
}

function summary(facts, picked) {
  const [first] = Object.values(facts);
  const all = Object.values(facts).every((one) => !one.predictions.missing);
  const button = el(
    "button",
    {
      type: "button",
      className: "tool",
      id: "copy-ids",
      title: t("selection.copy_tip"),
      onclick: () => copy(first.samples, picked, button),
    },
    t("selection.copy"),
  );
  return [
    el(
      "span",
      { className: "said", title: classes(first, picked) },
      el("b", {}, t("selection.count", { n: picked.length })),
      first.samples.pictures ? "" : ` ${classes(first, picked)}`,
    ),
    all &&
      count(
        "selection.net_errors",
        facts,
        ({ samples, predictions }) => picked.filter(erred(samples, predictions)).length,
      ),
    count("selection.wrong_here", facts, ({ cloud }) => picked.filter((i) => cloud.wrong.data[i]).length),
    el("span", { className: "grow" }),
    button,
    el(
      "button",
      {
        type: "button",
        className: "tool",
        id: "clear-selection",
        onclick: () => {
          set({ sample: null });
          select([]);
        },
      },
      t("selection.clear"),
    ),
  ];
}

function draw(host, state, answers) {
  const facts = {};
  for (const [slot, net] of shown()) {
    const [samples, cloud, predictions] = ["samples", "cloud", "predictions"].map(
      (name) => answers[`${slot} ${name}`],
    );
    if (samples && cloud && !samples.missing && !cloud.missing)
      facts[slot] = { slot, net, samples, cloud, predictions };
  }
  const [first] = Object.values(facts);
  if (!first) return host.replaceChildren(el("div", { className: "picked" }));
  const picked = [...selection()].filter((i) => i < first.samples.ids.data.length);
  const typed = host.querySelector("#find-id");
  const kept = typed && document.activeElement === typed ? typed : null;
  const words = picked.length
    ? summary(facts, picked)
    : el("span", { className: "note" }, t("selection.hint"));
  host.replaceChildren(
    el("div", { className: "picked" }, menu(facts), search(first), words),
    ...strip(first, picked),
  );
  if (kept) host.querySelector("#find-id").focus();
  return undefined;
}

export const selectionPanel = {
  id: "selection",
  place: "cloud",
  title: "selection.title",
  bare: true,
  partial: true,
  wants,
  draw,
  follows: ["a", "b", "seed", "split", "layer", "epoch", "sample", "method"],
};
