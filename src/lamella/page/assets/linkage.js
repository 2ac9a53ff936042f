// In which order the classes merge: the scale at which each pair of classes is linked, and beside it
// the tree of merges (single linkage), rows in the order of its leaves.
"use strict";

(function () {
  const L = window.lamella;
  const PLOT_HEIGHT = 46, ROW = 22;

  // Merges [{members, other, scale}] of a symmetric matrix, and the order of the leaves.
  L.mergeTree = (values, count) => {
    const groups = Array.from({ length: count }, (_, i) => [i]), merges = [];
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
    for (let a = 0; a < groups.length; a++) for (let b = a + 1; b < groups.length; b++) {
      const gap = gapOf(values, count, groups[a], groups[b]);
      if (gap < best[2]) best = [a, b, gap];
    }
    return best;
  }
  const gapOf = (values, count, first, second) => Math.min(...first.flatMap((i) => second.map((j) => { const value = values[i * count + j]; return Number.isNaN(value) ? Infinity : value; })));

  L.linkage = (host, record, names = record.rows) => {
    const values = Array.from(record.values.data), count = record.rows.length, { merges, order } = L.mergeTree(values, count);
    const map = L.el("div", {}), tree = L.el("div", {}), sorted = order.map((i) => names[i]);
    host.replaceChildren(L.el("div", { className: "linkage" }, map, tree));
    const known = values.filter(Number.isFinite), low = Math.min(...known), high = Math.max(...known);
    L.cells(map, { rows: sorted, columns: sorted, values: order.flatMap((i) => order.map((j) => values[i * count + j])), square: true, low, high, log: low > 0, stops: [...L.colours().seq].reverse(), valueLabel: record.value_label, name: record.value_label });
    drawTree(tree, merges, order, sorted, known, record.value_label);
  };

  function drawTree(host, merges, order, sorted, known, label) {
    const base = Math.min(1, ...known), top = 1.15 * Math.max(1, ...known), place = new Map(order.map((leaf, row) => [String(leaf), [row, base]]));
    const plot = L.plot(host, { height: PLOT_HEIGHT + ROW * sorted.length, x: { label, domain: [base - .02 * (top - base), top] }, y: { names: sorted, flip: true }, label });
    for (const { first, second, scale } of merges) {
      const [rowA, atA] = place.get(first.join()), [rowB, atB] = place.get(second.join()), at = Number.isFinite(scale) ? scale : top;
      plot.line([atA, at, at, atB], [rowA, rowA, rowB, rowB], { colour: "soft", width: 1.5, title: L.t("classes.merge", { scale: L.number(scale) }) });
      place.set([...first, ...second].join(), [(rowA + rowB) / 2, at]);
    }
  }
})();
