// In which order the classes merge: the scale at which each pair of classes is linked, and beside it
// the tree of merges (single linkage), rows in the order of its leaves.

import { colours } from "../core/colours.js";
import { el } from "../core/elements.js";
import { t } from "../core/language.js";
import { formatNumber } from "../core/numbers.js";
import { drawCells } from "../plots/cells.js";
import { plot } from "../plots/plot.js";

const PLOT_HEIGHT = 46;
const ROW = 22;

// Merges [{members, other, scale}] of a symmetric matrix, and the order of the leaves.
const mergeTree = (values, count) => {
  const groups = Array.from({ length: count }, (_, i) => [i]);
  const merges = [];
  while (groups.length > 1) {
    const [a, b, scale] = nearest(values, count, groups);
    merges.push({ first: groups[a], second: groups[b], scale });
    groups[a] = [...groups[a], ...groups[b]];
    groups.splice(b, 1);
  }
  return { merges, order: groups[0] || [] };
};

function nearest(values, count, groups) {
  let best = [0, 1, Infinity];
  for (let a = 0; a < groups.length; a++)
    for (let b = a + 1; b < groups.length; b++) {
      const gap = gapOf(values, count, groups[a], groups[b]);
      if (gap < best[2]) best = [a, b, gap];
    }
  return best;
}
const gapOf = (values, count, first, second) =>
  Math.min(
    ...first.flatMap((i) =>
      second.map((j) => {
        const value = values[i * count + j];
        return Number.isNaN(value) ? Infinity : value;
      }),
    ),
  );

export const drawLinkage = (host, record, names = record.rows) => {
  const values = Array.from(record.values.data);
  const count = record.rows.length;
  const { merges, order } = mergeTree(values, count);
  const map = el("div", {});
  const tree = el("div", {});
  const sorted = order.map((i) => names[i]);
  host.replaceChildren(el("div", { className: "linkage" }, map, tree));
  const known = values.filter(Number.isFinite);
  const low = Math.min(...known);
  const high = Math.max(...known);
  drawCells(map, {
    rows: sorted,
    columns: sorted,
    values: order.flatMap((i) => order.map((j) => values[i * count + j])),
    square: true,
    low,
    high,
    log: low > 0,
    stops: [...colours().seq].reverse(),
    valueLabel: record.value_label,
    name: record.value_label,
  });
  drawTree(tree, merges, order, sorted, known, record.value_label);
};

function drawTree(host, merges, order, sorted, known, label) {
  const base = Math.min(1, ...known);
  const top = 1.15 * Math.max(1, ...known);
  const place = new Map(order.map((leaf, row) => [String(leaf), [row, base]]));
  const chart = plot(host, {
    height: PLOT_HEIGHT + ROW * sorted.length,
    x: { label, domain: [base - 0.02 * (top - base), top] },
    y: { names: sorted, flip: true },
    label,
  });
  for (const { first, second, scale } of merges) {
    const [rowA, atA] = place.get(first.join());
    const [rowB, atB] = place.get(second.join());
    const at = Number.isFinite(scale) ? scale : top;
    chart.line([atA, at, at, atB], [rowA, rowA, rowB, rowB], {
      colour: "soft",
      width: 1.5,
      title: t("classes.merge", { scale: formatNumber(scale) }),
    });
    place.set([...first, ...second].join(), [(rowA + rowB) / 2, at]);
  }
}
