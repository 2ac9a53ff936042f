// The frame of a drawn record, the reason where there is none, and columns as lists.

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

// Arrays of a pack and plain lists alike.
export const listOf = (column) => (column && column.data && column.shape ? column.data : column || []);
export const rowOf = ({ data, shape }, row) => data.subarray(row * shape[1], (row + 1) * shape[1]);
