// The frame of a drawn record, and the reason where there is none.

import { el } from "../core/elements.js";

// The host's frame: the figure takes the room, the note stays under it.
export const recordFrame = (host, note, kind) => {
  const room = el("div", { className: "record-room" });
  host.replaceChildren(
    el(
      "div",
      { className: `record ${kind || ""}` },
      room,
      note ? el("p", { className: "record-note" }, note) : null,
    ),
  );
  return room;
};

export const recordReason = (host, reason) => host.replaceChildren(el("p", { className: "missing" }, reason));
