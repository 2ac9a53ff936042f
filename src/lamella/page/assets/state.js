// One state, one cursor. Everything that is looked at stands here and in the address; panels keep no
// copy. `L.set({...})` changes it, settles names that do not exist, writes the address, and tells.
"use strict";

(function () {
  const L = window.lamella;
  const defaults = {}, readers = {}, listeners = {};
  const state = L.state = {};
  L.index = { nets: [], measures: [], left_out: [] };
  L.selection = new Set();

  const number = (text) => Number(text), flag = (text) => text === "1" || text === "true";
  const orNull = (read) => (text) => (text === "" || text === "none" ? null : read(text));
  const readerOf = (value) => ({ number, boolean: flag }[typeof value] || String);

  // A panel's own part of the address: L.declare("shape", "barcode").
  L.declare = (key, fallback, read) => {
    defaults[key] = fallback;
    readers[key] = read || readerOf(fallback);
    if (!(key in state)) state[key] = fallback;
  };

  L.declare("a", ""); L.declare("b", undefined, orNull(String)); L.declare("seed", 0);
  L.declare("split", "test"); L.declare("layer", ""); L.declare("epoch", -1);
  L.declare("sample", null, orNull(Number)); L.declare("measure", "");
  L.declare("compare", "both"); L.declare("over", "mean"); L.declare("method", "pca2"); L.declare("colour", "class");
  L.declare("left", "training"); L.declare("right", "topology"); L.declare("along", "epoch");
  L.declare("theme", ""); L.declare("lang", "");

  // ---- listening
  L.on = (event, listener) => { (listeners[event] ||= []).push(listener); };
  L.first = (event, listener) => { (listeners[event] ||= []).unshift(listener); };
  L.tell = (event, ...facts) => { for (const listener of listeners[event] || []) listener(...facts); };

  // ---- what the state points to
  L.net = (name) => L.index.nets.find((net) => net.name === name) || null;
  L.shown = () => [["a", L.net(state.a)], ["b", state.b === null ? null : L.net(state.b)]].filter(([, net]) => net);
  L.sameData = () => { const [[, a], other] = L.shown(); return Boolean(other) && a.data === other[1].data; };
  L.slotLabel = (slot) => slot.toUpperCase();

  // The same name, or the same relative depth in a net that is built otherwise.
  L.layerOf = (net) => {
    const at = net.layers.findIndex((layer) => layer.name === state.layer);
    if (at >= 0) return at;
    const owner = L.shown().map(([, other]) => other).find((other) => other.layers.some((layer) => layer.name === state.layer));
    if (!owner) return Math.min(2, net.layers.length - 1);
    const depth = owner.layers.findIndex((layer) => layer.name === state.layer) / Math.max(1, owner.layers.length - 1);
    return Math.round(depth * (net.layers.length - 1));
  };
  L.epochOf = (net) => net.epochs.reduce((best, epoch, at) => (Math.abs(epoch - state.epoch) < Math.abs(net.epochs[best] - state.epoch) ? at : best), 0);
  L.seedOf = (net) => L.clamp(state.seed, 0, net.seeds.length - 1);
  L.layerName = (net) => net.layers[L.layerOf(net)]?.name;
  L.epochAt = (net) => net.epochs[L.epochOf(net)];
  L.measureOf = (name) => L.index.measures.find((measure) => measure.name === (name ?? state.measure)) || null;

  // ---- settling: what does not exist becomes something that does
  function settle() {
    const nets = L.index.nets;
    if (!nets.length) return;
    const a = L.net(state.a) || nets[0];
    state.a = a.name;
    if (state.b === undefined) state.b = nets.find((net) => net !== a && net.data === a.data)?.name ?? null;
    if (state.b !== null && (state.b === a.name || !L.net(state.b))) state.b = null;
    settleCell(a);
    if (!mapped().some((measure) => measure.name === state.measure)) state.measure = firstMeasure();
    if (state.compare === "difference" && !L.comparable()) state.compare = "both";
  }

  function settleCell(a) {
    const known = L.shown().some(([, net]) => net.layers.some((layer) => layer.name === state.layer));
    if (!known) state.layer = a.layers[Math.min(2, a.layers.length - 1)]?.name ?? "";
    if (!a.splits.includes(state.split)) state.split = a.splits.includes("test") ? "test" : a.splits[0];
    state.seed = L.seedOf(a);
    if (a.epochs.length) state.epoch = state.epoch < 0 ? lastOf(a) : L.epochAt(a);
  }

  // Seeds may end at epochs of their own: the page opens where the shown seed has a cloud.
  const lastOf = (net) => net.seed_epochs?.[state.seed]?.at(-1) ?? net.epochs.at(-1);

  // Only measures with one number a cell can be drawn as a map.
  const mapped = () => L.index.measures.filter((measure) => measure.value);
  const firstMeasure = () => (mapped().find((measure) => measure.name === "neighbour_error") || mapped()[0])?.name ?? "";

  L.comparable = () => { const [a, b] = L.shown(); return Boolean(b) && a[1].layers.length === b[1].layers.length && a[1].epochs.length > 0 && b[1].epochs.length > 0; };

  // ---- changing
  L.set = (change) => {
    const before = { ...state };
    Object.assign(state, change);
    settle();
    announce(before);
  };

  function announce(before) {
    const changed = new Set(Object.keys(state).filter((key) => state[key] !== before[key]));
    if (!changed.size) return;
    if (changed.has("a") && L.net(before.a)?.data !== L.net(state.a)?.data) L.select([]);
    writeHash();
    if (changed.has("theme")) { L.forgetColours(); L.tell("theme"); }
    if (changed.has("lang")) L.tell("language");
    L.tell("change", state, changed);
  }

  // What `look` would see with the cursor elsewhere; nothing is told, nothing stays.
  L.imagine = (change, look) => {
    const before = { ...state };
    Object.assign(state, change);
    try { return look(state); } finally { Object.assign(state, before); }
  };

  L.select = (items) => {
    L.selection = new Set(items);
    writeHash();
    L.tell("select", L.selection);
  };

  // A new index (first, or after a run appeared): the same cursor where it still exists.
  L.setIndex = (index) => {
    const before = { ...state };
    L.index = index;
    settle();
    announce(before);
    L.tell("data", "index");
  };

  // ---- the address: what differs from the defaults, replaced in place so that Back is not spoilt
  const ALWAYS = new Set(["a", "b", "layer", "epoch"]), MOST_IN_HASH = 400;
  let lastHash = "", writing = 0;
  const text = (value) => (value === null || value === undefined ? "none" : typeof value === "boolean" ? (value ? "1" : "0") : String(value));

  function hashOf() {
    const out = new URLSearchParams();
    for (const key of Object.keys(defaults)) if (state[key] !== defaults[key] || ALWAYS.has(key)) out.set(key, text(state[key]));
    if (L.selection.size && L.selection.size <= MOST_IN_HASH) out.set("sel", [...L.selection].sort((p, q) => p - q).map((at) => at.toString(36)).join("."));
    return `#${out}`;
  }

  L.hashFor = (change) => L.imagine(change, () => { settle(); return hashOf(); });

  // Browsers refuse more than about a hundred addresses in half a minute: written once a frame at most.
  function writeHash() {
    if (!writing && L.index.nets.length) writing = setTimeout(() => { writing = 0; lastHash = hashOf(); history.replaceState(null, "", lastHash); }, 120);
  }

  L.readHash = () => {
    const given = new URLSearchParams(location.hash.slice(1));
    for (const key of Object.keys(defaults)) state[key] = given.has(key) ? safe(key, given.get(key)) : defaults[key];
    L.selection = new Set((given.get("sel") || "").split(".").filter(Boolean).map((part) => parseInt(part, 36)).filter(Number.isInteger));
    L.given = new Set(given.keys());
    lastHash = location.hash;
  };
  function safe(key, given) {
    const value = readers[key](given);
    return Number.isNaN(value) ? defaults[key] : value;
  }

  addEventListener("hashchange", () => {
    if (location.hash === lastHash) return;
    const before = { ...state };
    L.readHash();
    settle();
    announce(before);
    L.tell("select", L.selection);
  });
  L.settle = settle;
})();
