// A stored record of any kind: drawRecord(host, record, options) draws it into the host.
//   options   compact: true for a small one beside others; height in px where the host has none;
//             and what each kind adds, said at the top of its file

import { t } from "../core/language.js";
import { drawCurve } from "./curve.js";
import { drawDiagrams } from "./diagrams.js";
import { drawEmbedding } from "./embedding.js";
import { recordReason } from "./frame.js";
import { drawImages } from "./images.js";
import { drawMatrix } from "./matrix.js";
import { drawTable } from "./table.js";

const KINDS = {
  table: drawTable,
  curve: drawCurve,
  diagrams: drawDiagrams,
  embedding: drawEmbedding,
  matrix: drawMatrix,
  images: drawImages,
};

// Draws what it can; says what it cannot.
export const drawRecord = (host, record, options = {}) => {
  if (!record || record.missing) return recordReason(host, record?.missing || t("record.absent"));
  const draw = KINDS[record.kind];
  return draw ? draw(host, record, options) : recordReason(host, t("record.unknown", { kind: record.kind }));
};
