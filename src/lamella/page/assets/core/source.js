// Where answers come from: the server, or the bundle inside the file. The rest of the page sees
// only paths and objects, and asks each path once.

import { byId } from "./elements.js";
import { t } from "./language.js";
import { readPack } from "./packs.js";

const MOST_BYTES = 192e6;
const AT_ONCE = 3;
const kept = new Map();
const waiting = new Map();
let keptBytes = 0;
let bundle = null;
let start = { mode: "live", places: {} };

export const answerPath = (...parts) => parts.map((part) => encodeURIComponent(part)).join("/");

// ---- opening: what the file holds, if this is one
export const openSource = async () => {
  const given = JSON.parse(byId("lamella-start")?.textContent || "{}");
  start = { ...start, ...given };
  if (start.mode === "file") bundle = await inflated(byId("lamella-bundle").textContent.trim());
  return start;
};

function bytesOf(base64) {
  const text = atob(base64);
  const bytes = new Uint8Array(text.length);
  for (let at = 0; at < text.length; at++) bytes[at] = text.charCodeAt(at);
  return bytes;
}

export const inflated = (base64) =>
  new Response(
    new Blob([bytesOf(base64)]).stream().pipeThrough(new DecompressionStream("deflate")),
  ).arrayBuffer();

// ---- keeping: the answers used last stay, within a bound
function keep(path, answer, bytes) {
  kept.set(path, { answer, bytes });
  keptBytes += bytes;
  for (const [old, { bytes: size }] of kept) {
    if (keptBytes <= MOST_BYTES || old === path) break;
    if (old !== "index") forget(old, size);
  }
  return answer;
}
const forget = (path, size) => {
  kept.delete(path);
  keptBytes -= size;
};

function peek(path) {
  const found = kept.get(path);
  if (found) {
    kept.delete(path);
    kept.set(path, found);
    return found.answer;
  }
  return bundle ? fromBundle(path) : undefined;
}

function fromBundle(path) {
  const place = start.places[path];
  if (!place) return { missing: t("source.left_out") };
  return keep(path, readPack(bundle, place[0], place[1]), 0);
}

async function fetched(path) {
  const response = await fetch(`/answer/${path}`);
  if (!response.ok) return { missing: t("source.refused", { status: response.status }) };
  const buffer = await response.arrayBuffer();
  return keep(path, readPack(buffer, 0, buffer.byteLength), buffer.byteLength);
}

function get(path) {
  const found = peek(path);
  if (found !== undefined) return Promise.resolve(found);
  if (waiting.has(path)) return waiting.get(path);
  const promise = fetched(path)
    .catch(() => ({ missing: t("source.unreachable") }))
    .finally(() => waiting.delete(path));
  waiting.set(path, promise);
  return promise;
}

// ---- ahead of the cursor: a few at a time, and the list of an old cursor is dropped
let ahead = [];
let running = 0;
function prefetch(paths) {
  if (bundle) return;
  ahead = paths.filter((path) => !kept.has(path) && !waiting.has(path));
  pump();
}
function pump() {
  while (running < AT_ONCE && ahead.length) {
    running++;
    get(ahead.shift()).finally(() => {
      running--;
      pump();
    });
  }
}

function drop(prefix) {
  for (const [path, { bytes }] of [...kept]) if (path.startsWith(prefix)) forget(path, bytes);
  for (const path of [...waiting.keys()]) if (path.startsWith(prefix)) waiting.delete(path);
}

export const source = {
  get,
  peek,
  prefetch,
  drop,
  get start() {
    return start;
  },
};
