// A run that is still being written: the server tells what is new, the answers it touches are
// dropped, and the panels ask again. The browser reconnects by itself; the mark says whether it has.

import { byId, el } from "./core/elements.js";
import { announce, listen } from "./core/events.js";
import { t } from "./core/language.js";
import { answerPath, source } from "./core/source.js";
import { index, set, setIndex, shown, state } from "./core/state.js";

const AGAIN = 2500;
const GATHER = 250;
let stream = null;
let connected = null;
let missedSome = false;
let waiting = 0;
let reindex = false;

function mark() {
  const host = byId("live");
  if (!host || connected === null) return;
  const word = connected ? "live.on" : "live.off";
  host.className = connected ? "live" : "live off";
  host.title = t(`${word}_tip`);
  host.replaceChildren(el("i", { ariaHidden: "true" }), el("b", { className: "note" }, t(word)));
}

function connect() {
  stream = new EventSource("/events");
  stream.onopen = () => {
    connected = true;
    mark();
    if (missedSome) hear({ type: "net" });
    missedSome = false;
  };
  stream.onerror = () => {
    connected = false;
    missedSome = true;
    mark();
    if (stream.readyState === EventSource.CLOSED) setTimeout(connect, AGAIN);
  };
  stream.onmessage = (message) => hear(JSON.parse(message.data));
}

// Only what grew is asked for again: a written cell never changes, and an epoch that was not
// recorded has nothing but its numbers. Training should not feel that somebody looks.
const TOUCHED = {
  epoch: ({ net, recorded }) => [
    answerPath("training", net),
    ...(recorded ? [answerPath("cube", net), answerPath("vines", net)] : []),
  ],
  result: ({ net, measure }) => [
    answerPath("cube", net, measure),
    answerPath("cell", net),
    answerPath("vines", net),
  ],
  status: ({ net }) => [answerPath("training", net)],
  net: () => ["cube", "training", "story", "cell", "vines"],
};

function hear(event) {
  if (!(event.type in TOUCHED)) return;
  TOUCHED[event.type](event).forEach(source.drop);
  reindex ||= event.type !== "result" && event.recorded !== false;
  waiting ||= setTimeout(renew, GATHER);
}

// Many events in a moment are one round. A reader at the last epoch stays at the last.
async function renew() {
  const atEnd = shown().length && state.epoch === shown()[0][1].epochs.at(-1);
  const again = reindex;
  waiting = 0;
  reindex = false;
  if (!again) return announce("data", "results");
  source.drop("index");
  const index = await source.get("index");
  if (index.missing) return undefined;
  setIndex(index);
  const last = shown().length ? shown()[0][1].epochs.at(-1) : undefined;
  if (atEnd && last !== undefined) set({ epoch: last });
  return undefined;
}

// A background tab keeps no connection: fifty open pages cost the server only what is watched.
function follow() {
  if (document.hidden) return;
  if (!stream || stream.readyState === EventSource.CLOSED) connect();
}

let begun = false;
listen("data", () => {
  mark();
  if (begun || source.start.mode === "file" || !index.live) return;
  begun = true;
  follow();
  document.addEventListener("visibilitychange", follow);
});
listen("change", mark);
listen("language", mark);
