// A run that is still being written: the server tells what is new, the answers it touches are
// dropped, and the panels ask again. The browser reconnects by itself; the mark says whether it has.
"use strict";

(function () {
  const L = window.lamella;
  const AGAIN = 2500, GATHER = 250;
  let stream = null, connected = null, missedSome = false, waiting = 0, reindex = false;

  function mark() {
    const host = L.$("live");
    if (!host || connected === null) return;
    const word = connected ? "live.on" : "live.off";
    host.className = connected ? "live" : "live off";
    const gone = L.index?.gone || [];
    host.title = [L.t(`${word}_tip`), ...gone.map((path) => L.t("live.gone_tip", { path }))].join("\n");
    const said = gone.length ? `${L.t(word)}, ${L.t("live.gone", { count: gone.length })}` : L.t(word);
    host.replaceChildren(L.el("i", { ariaHidden: "true" }), L.el("b", { className: "note" }, said));
  }

  function connect() {
    stream = new EventSource("/events");
    stream.onopen = () => { connected = true; mark(); if (missedSome) hear({ type: "net" }); missedSome = false; };
    stream.onerror = () => { connected = false; missedSome = true; mark(); if (stream.readyState === EventSource.CLOSED) setTimeout(connect, AGAIN); };
    stream.onmessage = (message) => hear(JSON.parse(message.data));
  }

  // Only what grew is asked for again: a written cell never changes, and an epoch that was not
  // recorded has nothing but its numbers. Training should not feel that somebody looks.
  const TOUCHED = {
    epoch: ({ net, recorded }) => [L.path("training", net), ...(recorded ? [L.path("cube", net), L.path("vines", net)] : [])],
    result: ({ net, measure }) => [L.path("cube", net, measure), L.path("cell", net), L.path("vines", net)],
    status: ({ net }) => [L.path("training", net)],
    net: () => ["cube", "training", "story", "cell", "vines"],
  };

  function hear(event) {
    if (!(event.type in TOUCHED)) return;
    TOUCHED[event.type](event).forEach(L.source.drop);
    reindex ||= event.type !== "result" && event.recorded !== false;
    waiting ||= setTimeout(renew, GATHER);
  }

  // Many events in a moment are one round. A reader at the last epoch stays at the last.
  async function renew() {
    const atEnd = L.shown().length && L.state.epoch === L.shown()[0][1].epochs.at(-1), again = reindex;
    waiting = 0;
    reindex = false;
    if (!again) return L.tell("data", "results");
    L.source.drop("index");
    const index = await L.source.get("index");
    if (index.missing) return undefined;
    L.setIndex(index);
    const last = L.shown().length ? L.shown()[0][1].epochs.at(-1) : undefined;
    if (atEnd && last !== undefined) L.set({ epoch: last });
    return undefined;
  }

  // A background tab keeps no connection: fifty open pages cost the server only what is watched.
  function follow() {
    if (document.hidden) return;
    if (!stream || stream.readyState === EventSource.CLOSED) connect();
  }

  let begun = false;
  L.on("data", () => {
    mark();
    if (begun || L.source.start.mode === "file" || !L.index.live) return;
    begun = true;
    follow();
    document.addEventListener("visibilitychange", follow);
  });
  L.on("change", mark);
  L.on("language", mark);
})();
