// The keys: one table for what they do and for the help that lists them.
"use strict";

(function () {
  const L = window.lamella;
  const next = (list, current, by = 1) => list[(list.indexOf(current) + by + list.length) % list.length];

  const measure = (by) => () => { const names = L.index.measures.map((one) => one.name); if (names.length) L.set({ measure: next(names, L.state.measure, by) }); };
  const edge = (at) => () => { const [first] = L.shown(); if (first) L.set({ epoch: first[1].epochs.at(at) ?? L.state.epoch }); };
  const split = () => { const [first] = L.shown(); if (first) L.set({ split: next(first[1].splits, L.state.split) }); };
  const difference = () => { if (L.comparable()) L.set({ compare: L.state.compare === "difference" ? "both" : "difference" }); };

  const actions = {
    ArrowLeft: () => L.step("epoch", -1), ArrowRight: () => L.step("epoch", 1), ArrowUp: () => L.step("layer", -1), ArrowDown: () => L.step("layer", 1),
    Home: edge(0), End: edge(-1), " ": () => L.play(), "[": measure(-1), "]": measure(1), s: split, d: difference,
    x: () => L.swap(), t: () => L.flipTheme(), "?": () => L.help(), Escape: () => L.select([]),
  };
  const LINES = [["← →", "epoch"], ["↑ ↓", "layer"], ["Home, End", "ends"], ["keys.space", "play"], ["[ ]", "measure"], ["s", "split"], ["d", "difference"],
    ["x", "swap"], ["Esc", "clear"], ["t", "theme"], ["?", "help"]];

  // A panel's own key: L.key("l", "cloud.key_lasso", action).
  L.key = (key, word, action) => { actions[key] = action; LINES.splice(-2, 0, [key, word]); };

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
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || typing(event.target) || document.querySelector("dialog[open]")) return;
    if ((event.key === " " || event.key === "Enter") && presses(event.target)) return;
    if (event.key === "?" || !event.shiftKey) {
      const act = along(event) ? () => {} : actions[event.key];
      if (act) { act(event); event.preventDefault(); }
    }
  }
  addEventListener("keydown", pressed);

  // After a click with the mouse the arrows belong to the cursor again, not to the control.
  addEventListener("pointerup", (event) => {
    const own = event.target.closest?.("button");
    if (own && !document.querySelector("dialog[open]")) setTimeout(() => document.activeElement === own && own.blur());
  });

  L.help = () => {
    const close = L.el("button", { type: "button", className: "tool", onclick: () => dialog.close() }, L.t("keys.close"));
    const dialog = L.el("dialog", { id: "help", ariaLabel: L.t("keys.title"), onclose: () => dialog.remove() },
      L.el("h2", {}, L.t("keys.title")),
      L.el("dl", {}, LINES.map(([key, word]) => [L.el("dt", {}, L.hasWord(key) ? L.t(key) : key), L.el("dd", {}, L.t(word.includes(".") ? word : `keys.${word}`))])),
      L.el("p", {}, L.t("keys.mouse")), L.el("p", {}, L.t("keys.address")), close);
    document.body.append(dialog);
    dialog.showModal();
  };
})();
