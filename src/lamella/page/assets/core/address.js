// The address of the page: what of the state differs from its defaults, and the selected samples.

const ALWAYS = new Set(["a", "b", "layer", "epoch"]);
const MOST_SELECTED = 400;

// ---- readers of one value each
const readers = { number: Number, boolean: (text) => text === "1" || text === "true" };
export const readerLike = (value) => readers[typeof value] || String;
export const orNone = (read) => (text) => (text === "" || text === "none" ? null : read(text));

function textOf(value) {
  if (value === null || value === undefined) return "none";
  return typeof value === "boolean" ? String(Number(value)) : String(value);
}

// "#a=wide&epoch=3&sel=1.a": the selected samples count in base 36; too many are left out.
export function writeAddress(state, defaults, selected) {
  const out = new URLSearchParams();
  for (const key of Object.keys(defaults))
    if (state[key] !== defaults[key] || ALWAYS.has(key)) out.set(key, textOf(state[key]));
  const samples = [...selected].sort((p, q) => p - q).map((sample) => sample.toString(36));
  if (samples.length && samples.length <= MOST_SELECTED) out.set("sel", samples.join("."));
  return `#${out}`;
}

// {state, selected, keys}: what cannot be read is as by default; keys are those that the address names.
export function readAddress(hash, defaults, readerOf) {
  const found = new URLSearchParams(hash.slice(1));
  const valueOf = (key) => {
    const value = found.has(key) ? readerOf[key](found.get(key)) : defaults[key];
    return Number.isNaN(value) ? defaults[key] : value;
  };
  const samples = (found.get("sel") || "").split(".").filter(Boolean);
  return {
    state: Object.fromEntries(Object.keys(defaults).map((key) => [key, valueOf(key)])),
    selected: samples.map((part) => parseInt(part, 36)).filter(Number.isInteger),
    keys: [...found.keys()],
  };
}
