// The keys: one table for what they do and for the help that lists them.

import { play, step, swap } from "./cursor.js";
import { el } from "./elements.js";
import { hasWord, t } from "./language.js";
import { comparable, index, select, set, shown, state } from "./state.js";
import { flipTheme } from "./theme.js";

const next = (list, current, by = 1) => list[(list.indexOf(current) + by + list.length) % list.length];

const measure = (by) => () => {
  const names = index.measures.map((one) => one.name);
  if (names.length) set({ measure: next(names, state.measure, by) });
};
const edge = (at) => () => {
  const [first] = shown();
  if (first) set({ epoch: first[1].epochs.at(at) ?? state.epoch });
};
const split = () => {
  const [first] = shown();
  if (first) set({ split: next(first[1].splits, state.split) });
};
const difference = () => {
  if (comparable()) set({ compare: state.compare === "difference" ? "both" : "difference" });
};

const actions = {
  ArrowLeft: () => step("epoch", -1),
  ArrowRight: () => step("epoch", 1),
  ArrowUp: () => step("layer", -1),
  ArrowDown: () => step("layer", 1),
  Home: edge(0),
  End: edge(-1),
  " ": () => play(),
  "[": measure(-1),
  "]": measure(1),
  s: split,
  d: difference,
  x: () => swap(),
  t: () => flipTheme(),
  "?": () => showHelp(),
  Escape: () => select([]),
};
const LINES = [
  ["← →", "epoch"],
  ["↑ ↓", "layer"],
  ["Home, End", "ends"],
  ["keys.space", "play"],
  ["[ ]", "measure"],
  ["s", "split"],
  ["d", "difference"],
  ["x", "swap"],
  ["Esc", "clear"],
  ["t", "theme"],
  ["?", "help"],
];

// A panel's own key: addKey("l", "cloud.key_lasso", action).
export const addKey = (key, word, action) => {
  actions[key] = action;
  LINES.splice(-2, 0, [key, word]);
};

const typing = (node) => /^(SELECT|INPUT|TEXTAREA)$/.test(node.tagName) || node.isContentEditable;
const presses = (node) => node.closest?.("button, a[href], summary, [data-own-keys]");

// In a radio group or a list of tabs the arrows go along it, as readers of the page expect.
function along(event) {
  const own = event.target.closest?.("[role=radio], [role=tab]");
  if (!own || !/^Arrow(Left|Right)$/.test(event.key)) return false;
  const all = [...own.parentNode.children].filter((node) => !node.disabled);
  next(all, own, event.key === "ArrowRight" ? 1 : -1).click();
  return true;
}

function pressed(event) {
  if (
    event.ctrlKey ||
    event.metaKey ||
    event.altKey ||
    event.defaultPrevented ||
    typing(event.target) ||
    document.querySelector("dialog[open]")
  )
    return;
  if ((event.key === " " || event.key === "Enter") && presses(event.target)) return;
  if (event.key === "?" || !event.shiftKey) {
    const act = along(event) ? () => {} : actions[event.key];
    if (act) {
      act(event);
      event.preventDefault();
    }
  }
}
addEventListener("keydown", pressed);

// After a click with the mouse the arrows belong to the cursor again, not to the control.
addEventListener("pointerup", (event) => {
  const own = event.target.closest?.("button");
  if (own && !document.querySelector("dialog[open]"))
    setTimeout(() => document.activeElement === own && own.blur());
});

export const showHelp = () => {
  const close = el(
    "button",
    { type: "button", className: "tool", onclick: () => dialog.close() },
    t("keys.close"),
  );
  const dialog = el(
    "dialog",
    { id: "help", ariaLabel: t("keys.title"), onclose: () => dialog.remove() },
    el("h2", {}, t("keys.title")),
    el(
      "dl",
      {},
      LINES.map(([key, word]) => [
        el("dt", {}, hasWord(key) ? t(key) : key),
        el("dd", {}, t(word.includes(".") ? word : `keys.${word}`)),
      ]),
    ),
    el("p", {}, t("keys.mouse")),
    el("p", {}, t("keys.address")),
    close,
  );
  document.body.append(dialog);
  dialog.showModal();
};
