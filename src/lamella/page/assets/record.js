// A stored record of any kind: L.records[kind](host, record, options) draws it into the host.
//   options   compact: true for a small one beside others; height in px where the host has none;
//             and what each kind adds, said at the top of its file
"use strict";

(function () {
  const L = window.lamella;
  L.records = {};

  // The host's frame: the figure takes the room, the note stays under it.
  L.recordFrame = (host, note, kind) => {
    const room = L.el("div", { className: "record-room" });
    host.replaceChildren(L.el("div", { className: `record ${kind || ""}` }, room, note ? L.el("p", { className: "record-note" }, note) : null));
    return room;
  };

  L.recordReason = (host, reason) => host.replaceChildren(L.el("p", { className: "missing" }, reason));

  // Draws what it can; says what it cannot.
  L.drawRecord = (host, record, options = {}) => {
    if (!record || record.missing) return L.recordReason(host, record?.missing || L.t("record.absent"));
    const draw = L.records[record.kind];
    return draw ? draw(host, record, options) : L.recordReason(host, L.t("record.unknown", { kind: record.kind }));
  };

  // Arrays of a pack and plain lists alike.
  L.listOf = (column) => (column && column.data && column.shape ? column.data : column || []);
  L.rowOf = ({ data, shape }, row) => data.subarray(row * shape[1], (row + 1) * shape[1]);
})();
