// The frame around every panel: fetch what it wants, draw it when that is there and can be seen,
// say why where an answer is missing, and keep one panel's fault from the others.
//
//   mountPanels([{ id, place, title, wants, draw, tools }, ...])
//     place   "cube" | "cloud" | "left" | "right" | "story" | "verdict"
//     title   key of the word shown as title (or tab)
//     wants   (state) -> [path, ...] or {name: path, ...}; the answers come in the same form
//     draw    (host, state, answers, changed): `changed` is the Set of state keys that differ since
//             this panel's last draw, with "first", "select", "data", "size", "theme", "language"
//     tools   (host, state): its controls, made anew at a draw unless only layer or epoch moved
//             (an open list must not close while the cursor plays); `liveTools: true` does anyway
//     partial true: draw also where every answer is missing (an answer is then {missing: reason})
//     bare    true: no header
//     follows [key, ...]: the only state keys that make it draw again; left out, all do

import { byId, el } from "./elements.js";
import { listen } from "./events.js";
import { t } from "./language.js";
import { neighboursOf } from "./neighbours.js";
import { isPrinting } from "./printing.js";
import { source } from "./source.js";
import { epochOf, imagine, layerOf, set, shown, state } from "./state.js";

const panels = [];
const ORDER = ["cube", "cloud", "verdict", "right", "left", "story"];
const TABBED = new Set(["left", "right"]);
const MOVES = new Set(["layer", "epoch"]);
const SLOW = 150;
export const failures = [];

const fresh = (facts) => ({
  wants: () => [],
  changed: new Set(["first"]),
  turn: 0,
  seen: !["story"].includes(facts.place),
  ...facts,
});
export const panelOf = (id) => panels.find((panel) => panel.id === id) || null;

// ---- mounting
export const mountPanels = (all) => {
  panels.push(...all.map(fresh));
  panels.sort((p, q) => ORDER.indexOf(p.place) - ORDER.indexOf(q.place));
  for (const panel of panels) mount(panel);
  for (const place of TABBED) drawTabs(place);
};

function mount(panel) {
  panel.host = el("div", { className: "body" });
  panel.toolbar = el("div", { className: "tools" });
  panel.heading = el("h2", {});
  panel.header = panel.bare
    ? null
    : el("header", {}, TABBED.has(panel.place) ? null : panel.heading, panel.toolbar);
  panel.section = el(
    "section",
    { className: `panel ${panel.id}`, id: `panel-${panel.id}` },
    panel.header,
    panel.host,
  );
  byId(`place-${panel.place}`).append(panel.section);
  new ResizeObserver(() => resized(panel)).observe(panel.host);
  if (!panel.seen)
    new IntersectionObserver((entries) => appeared(panel, entries), { rootMargin: "300px" }).observe(
      panel.section,
    );
}

function resized(panel) {
  const size = `${panel.host.clientWidth}x${panel.host.clientHeight}`;
  if (panel.size === size) return;
  const first = !panel.size;
  panel.size = size;
  if (!first && panel.host.clientWidth) touch(panel, "size");
}

function appeared(panel, entries) {
  panel.seen = entries.some((entry) => entry.isIntersecting);
  if (panel.seen && panel.changed.size) drawChanged();
}

// ---- tabs
const tabsOf = (place) => panels.filter((panel) => panel.place === place);
const active = (place) => tabsOf(place).find((panel) => panel.id === state[place]) || tabsOf(place)[0];

function drawTabs(place) {
  const host = byId(`place-${place}`);
  const shown = active(place);
  if (!shown) return;
  const bar = el(
    "div",
    { className: "tablist", role: "tablist" },
    tabsOf(place).map((panel) => tab(place, panel, panel === shown)),
  );
  const focused = host.contains(document.activeElement) && document.activeElement.role === "tab";
  host.querySelector(":scope > .tablist")?.remove();
  host.prepend(bar);
  for (const panel of tabsOf(place)) showTab(panel, panel === shown);
  if (focused) bar.querySelector("[aria-selected=true]").focus();
}

function showTab(panel, on) {
  panel.section.hidden = !on;
  panel.section.setAttribute("role", "tabpanel");
  panel.section.setAttribute("aria-labelledby", `tab-${panel.id}`);
}

const tab = (place, panel, on) =>
  el(
    "button",
    {
      type: "button",
      id: `tab-${panel.id}`,
      role: "tab",
      ariaSelected: String(on),
      tabIndex: on ? 0 : -1,
      onclick: () => set({ [place]: panel.id }),
    },
    t(panel.title),
  );

const visible = (panel) =>
  (panel.seen || isPrinting()) && (!TABBED.has(panel.place) || active(panel.place) === panel);

// ---- what changed, and one round of drawing for it
let queued = [];
let frame = 0;
function touch(panel, ...keys) {
  keys.forEach((key) => panel.changed.add(key));
  schedule();
}
const touchAll = (...keys) => {
  for (const panel of panels) for (const key of keys) panel.changed.add(key);
};

let scheduled = false;
function schedule() {
  if (scheduled) return;
  scheduled = true;
  queueMicrotask(() => {
    scheduled = false;
    drawChanged();
  });
}

function drawChanged() {
  queued = [];
  for (const panel of panels) if (panel.host && visible(panel) && panel.changed.size) ask(panel);
  if (queued.length && !frame) frame = requestAnimationFrame(work);
}
// Whether everything that can be seen shows the state as it is: no answer is waited for.
export const quiet = () =>
  !queued.length && panels.every((panel) => !panel.host || !visible(panel) || !panel.changed.size);

export const refresh = (...keys) => {
  touchAll(...keys);
  schedule();
};

// Cube and cloud are drawn at once, the others one a frame after them: a glide must not stall.
function work() {
  frame = 0;
  while (queued.length) {
    const job = queued.shift();
    job();
    if (!queued.length || !queued[0].urgent) break;
  }
  if (queued.length) frame = requestAnimationFrame(work);
}
function enqueue(panel, answers, turn) {
  const job = () => {
    if (turn === panel.turn) drawPanel(panel, answers);
  };
  job.urgent = ["cube", "cloud"].includes(panel.place);
  if (job.urgent) queued.unshift(job);
  else queued.push(job);
  if (!frame) frame = requestAnimationFrame(work);
}

// ---- answers, in the form in which the panel wants them
function ask(panel) {
  const turn = ++panel.turn;
  const wanted = guarded(panel, () => panel.wants(state));
  if (wanted === undefined) return;
  const paths = Object.values(wanted);
  const here = paths.map((path) => source.peek(path));
  const form = (answers) => formed(wanted, answers);
  if (here.every((answer) => answer !== undefined)) return enqueue(panel, form(here), turn);
  const slow = setTimeout(() => {
    if (turn === panel.turn) panel.section.classList.add("busy");
  }, SLOW);
  Promise.all(paths.map((path) => source.get(path))).then((answers) => {
    clearTimeout(slow);
    if (turn === panel.turn) enqueue(panel, form(answers), turn);
  });
}

const formed = (wanted, answers) =>
  Array.isArray(wanted)
    ? answers
    : Object.fromEntries(Object.keys(wanted).map((name, at) => [name, answers[at]]));

// Without waiting for a frame: what has changed and whose answers are here.
export const drawNow = () =>
  panels.filter((panel) => panel.host && visible(panel) && panel.changed.size).forEach(drawAtOnce);

function drawAtOnce(panel) {
  const wanted = guarded(panel, () => panel.wants(state));
  if (wanted === undefined) return;
  const here = Object.values(wanted).map((path) => source.peek(path));
  if (here.some((answer) => answer === undefined)) return;
  panel.turn++;
  drawPanel(panel, formed(wanted, here));
}

function drawPanel(panel, answers) {
  panel.section.classList.remove("busy");
  if (!visible(panel)) return;
  const changed = panel.changed;
  const list = Object.values(answers);
  panel.changed = new Set();
  panel.heading.textContent = t(panel.title);
  delete panel.section.dataset.failed;
  const reason =
    !panel.partial && list.length && list.every((answer) => answer.missing) ? list[0].missing : null;
  if (reason !== null) return note(panel, reason);
  if (panel.noted) {
    panel.host.replaceChildren();
    panel.noted = false;
    changed.add("first");
  }
  guarded(panel, () => {
    if (panel.tools && (panel.liveTools || [...changed].some((key) => !MOVES.has(key)))) redrawTools(panel);
    panel.draw(panel.host, state, answers, changed);
  });
}

// Controls are made anew; a keyboard user stays on the one that was used.
function redrawTools(panel) {
  const old = panel.toolbar.contains(document.activeElement) ? document.activeElement : null;
  const at = old ? focusable(panel.toolbar).indexOf(old) : -1;
  const radio = old && old.role === "radio";
  const fresh = el("div", { className: "tools" });
  panel.tools(fresh, state);
  panel.toolbar.replaceWith(fresh);
  panel.toolbar = fresh;
  if (!old) return;
  const now = focusable(fresh);
  (radio
    ? now.find((node) => node.role === "radio" && node.dataset.value === old.dataset.value)
    : now[at]
  )?.focus();
}
const focusable = (host) => [...host.querySelectorAll("button, select, input")];

function note(panel, text) {
  panel.host.replaceChildren(el("p", { className: "missing" }, text));
  panel.noted = true;
}

function guarded(panel, action) {
  try {
    return action();
  } catch (error) {
    failures.push({ panel: panel.id, error });
    panel.changed = new Set();
    panel.section.dataset.failed = String(error && error.message);
    note(panel, t("panel.failed", { reason: String(error && error.message) }));
    return undefined;
  }
}

// ---- the cells beside the cursor, ahead of it
let later = 0;
function lookAhead() {
  clearTimeout(later);
  later = setTimeout(() => source.prefetch([...new Set(neighbours().flatMap(wantedAt))]), 60);
}
const wantedAt = (place) =>
  imagine(place, (state) => panels.filter(visible).flatMap((panel) => wishes(panel, state)));
const wishes = (panel, state) => {
  try {
    return Object.values(panel.wants(state));
  } catch {
    return [];
  }
};

// ---- wiring
listen("change", (state, changed) => {
  for (const panel of panels)
    for (const key of changed) if (!panel.follows || panel.follows.includes(key)) panel.changed.add(key);
  for (const place of TABBED) if (changed.has(place)) drawTabs(place);
  schedule();
  lookAhead();
});
listen("select", () => refresh("select"));
listen("theme", () => refresh("theme"));
listen("language", () => {
  for (const place of TABBED) drawTabs(place);
  refresh("language");
});
listen("data", () => {
  refresh("data");
  lookAhead();
});

const neighbours = () =>
  shown()
    .slice(0, 1)
    .flatMap(([, net]) => neighboursOf(net, layerOf(net), epochOf(net)));
