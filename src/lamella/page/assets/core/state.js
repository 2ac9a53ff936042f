// One state, one cursor. Everything that is looked at stands here and in the address; panels keep no
// copy. set({...}) changes it, settles names that do not exist, writes the address, and announces it.

import { orNone, readAddress, readerLike, writeAddress } from "./address.js";
import { forgetColours } from "./colours.js";
import { announce } from "./events.js";
import { clamp } from "./numbers.js";

const defaults = {};
const readers = {};
export const state = {};
export const index = { nets: [], measures: [], left_out: [] }; // what the runs hold; renewed in place
let selected = new Set();
export const selection = () => selected;
export const given = new Set(); // what the address itself names

// A panel's own part of the address: declare("shape", "barcode").
export const declare = (key, fallback, read) => {
  defaults[key] = fallback;
  readers[key] = read || readerLike(fallback);
  if (!(key in state)) state[key] = fallback;
};

declare("a", "");
declare("b", undefined, orNone(String));
declare("seed", 0);
declare("split", "test");
declare("layer", "");
declare("epoch", -1);
declare("sample", null, orNone(Number));
declare("measure", "");
declare("compare", "both");
declare("over", "mean");
declare("method", "pca2");
declare("colour", "class");
declare("left", "training");
declare("right", "topology");
declare("along", "epoch");
declare("theme", "");
declare("lang", "");

// ---- what the state points to
export const netNamed = (name) => index.nets.find((net) => net.name === name) || null;
export const shown = () =>
  [
    ["a", netNamed(state.a)],
    ["b", state.b === null ? null : netNamed(state.b)],
  ].filter(([, net]) => net);
export const sameData = () => {
  const [[, a], other] = shown();
  return Boolean(other) && a.data === other[1].data;
};

// The same name, or the same relative depth in a net that is built otherwise.
export const layerOf = (net) => {
  const at = net.layers.findIndex((layer) => layer.name === state.layer);
  if (at >= 0) return at;
  const owner = shown()
    .map(([, other]) => other)
    .find((other) => other.layers.some((layer) => layer.name === state.layer));
  if (!owner) return Math.min(2, net.layers.length - 1);
  const depth =
    owner.layers.findIndex((layer) => layer.name === state.layer) / Math.max(1, owner.layers.length - 1);
  return Math.round(depth * (net.layers.length - 1));
};
export const epochOf = (net) =>
  net.epochs.reduce(
    (best, epoch, at) =>
      Math.abs(epoch - state.epoch) < Math.abs(net.epochs[best] - state.epoch) ? at : best,
    0,
  );
export const seedOf = (net) => clamp(state.seed, 0, net.seeds.length - 1);
export const layerName = (net) => net.layers[layerOf(net)]?.name;
export const epochAt = (net) => net.epochs[epochOf(net)];
export const measureOf = (name) =>
  index.measures.find((measure) => measure.name === (name ?? state.measure)) || null;

// ---- settling: what does not exist becomes something that does
function settle() {
  const nets = index.nets;
  if (!nets.length) return;
  const a = netNamed(state.a) || nets[0];
  state.a = a.name;
  if (state.b === undefined) state.b = nets.find((net) => net !== a && net.data === a.data)?.name ?? null;
  if (state.b !== null && (state.b === a.name || !netNamed(state.b))) state.b = null;
  settleCell(a);
  if (!mapped().some((measure) => measure.name === state.measure)) state.measure = firstMeasure();
  if (state.compare === "difference" && !comparable()) state.compare = "both";
}

function settleCell(a) {
  const known = shown().some(([, net]) => net.layers.some((layer) => layer.name === state.layer));
  if (!known) state.layer = a.layers[Math.min(2, a.layers.length - 1)]?.name ?? "";
  if (!a.splits.includes(state.split)) state.split = a.splits.includes("test") ? "test" : a.splits[0];
  state.seed = seedOf(a);
  if (a.epochs.length) state.epoch = state.epoch < 0 ? lastOf(a) : epochAt(a);
}

// Seeds may end at epochs of their own: the page opens where the shown seed has a cloud.
const lastOf = (net) => net.seed_epochs?.[state.seed]?.at(-1) ?? net.epochs.at(-1);

// Only measures with one number a cell can be drawn as a map.
const mapped = () => index.measures.filter((measure) => measure.value);
const firstMeasure = () =>
  (mapped().find((measure) => measure.name === "neighbour_error") || mapped()[0])?.name ?? "";

export const comparable = () => {
  const [a, b] = shown();
  return (
    Boolean(b) &&
    a[1].layers.length === b[1].layers.length &&
    a[1].epochs.length > 0 &&
    b[1].epochs.length > 0
  );
};

// ---- changing
export const set = (change) => {
  const before = { ...state };
  Object.assign(state, change);
  settle();
  announceChanges(before);
};

function announceChanges(before) {
  const changed = new Set(Object.keys(state).filter((key) => state[key] !== before[key]));
  if (!changed.size) return;
  if (changed.has("a") && netNamed(before.a)?.data !== netNamed(state.a)?.data) select([]);
  writeHash();
  if (changed.has("theme")) {
    forgetColours();
    announce("theme");
  }
  if (changed.has("lang")) announce("language");
  announce("change", state, changed);
}

// What `look` would see with the cursor elsewhere; nothing is announced, nothing stays.
export const imagine = (change, look) => {
  const before = { ...state };
  Object.assign(state, change);
  try {
    return look(state);
  } finally {
    Object.assign(state, before);
  }
};

export const select = (items) => {
  selected = new Set(items);
  writeHash();
  announce("select", selection());
};

// A new index (first, or after a run appeared): the same cursor where it still exists.
export const setIndex = (found) => {
  const before = { ...state };
  const fresh = { ...found };
  for (const key of Object.keys(index)) delete index[key];
  Object.assign(index, fresh);
  settle();
  announceChanges(before);
  announce("data", "index");
};

// ---- the address, replaced in place so that Back is not spoilt
const address = () => writeAddress(state, defaults, selected);
let lastHash = "";
let writing = 0;

export const hashFor = (change) =>
  imagine(change, () => {
    settle();
    return address();
  });

// Browsers refuse more than about a hundred addresses in half a minute: written once a frame at most.
function writeHash() {
  if (!writing && index.nets.length)
    writing = setTimeout(() => {
      writing = 0;
      lastHash = address();
      history.replaceState(null, "", lastHash);
    }, 120);
}

addEventListener("hashchange", () => {
  if (location.hash === lastHash) return;
  const before = { ...state };
  readHash();
  settle();
  announceChanges(before);
  announce("select", selection());
});

export const readHash = () => {
  const found = readAddress(location.hash, defaults, readers);
  Object.assign(state, found.state);
  selected = new Set(found.selected);
  given.clear();
  for (const key of found.keys) given.add(key);
  lastHash = location.hash;
};
