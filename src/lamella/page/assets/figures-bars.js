// Figures of distributions: histograms of one number by group, and small ones by group and layer.
"use strict";

(function () {
  const L = window.lamella;

  // ---- one number in one group or several; all share their bins, each sums to 100 %
  L.figures.histogram = (host, [[, table]], { value = "value", group = null, bins = 40, palette } = {}) => {
    const columns = L.columnsOf(table), numbers = columns[value], groups = group ? columns[group].map(String) : numbers.map(() => ""), names = [...new Set(groups)];
    const fine = numbers.filter(Number.isFinite);
    if (!fine.length) return host.replaceChildren(L.el("p", { className: "missing" }, L.t("figure.no_values")));
    const low = least(fine), high = most(fine), wide = (high - low || 1) / bins, edges = Array.from({ length: bins + 1 }, (_, at) => low + at * wide), colours = L.seriesColours(names, palette);
    const plot = L.plot(host, { height: 230, x: { label: value, domain: [low, low + bins * wide] }, y: { label: L.t("figure.share"), zero: true }, label: value });
    names.forEach((name, at) => outline(plot, shares(numbers, groups, name, low, wide, bins), edges, { colour: colours[at], label: name || value, end: false, data: { group: name } }));
    if (group) plot.legend(names.map((name, at) => [name, colours[at]]));
    return host.append(L.el("p", { className: "note" }, [L.t("figure.values", { n: fine.length }), fine.length < numbers.length && L.t("figure.not_finite", { n: numbers.length - fine.length })].filter(Boolean).join("; ")));
  };
  const least = (values) => values.reduce((a, b) => Math.min(a, b)), most = (values) => values.reduce((a, b) => Math.max(a, b));

  function shares(numbers, groups, name, low, wide, bins) {
    const counts = new Array(bins).fill(0);
    let all = 0;
    numbers.forEach((number, i) => { if (groups[i] === name && Number.isFinite(number)) { all++; counts[L.clamp(Math.floor((number - low) / wide), 0, bins - 1)]++; } });
    return counts.map((count) => 100 * count / Math.max(1, all));
  }

  function outline(plot, found, edges, style) {
    const ys = [...found, found.at(-1)];
    plot.band(edges, ys.map(() => 0), ys, { colour: style.colour, steps: true, opacity: .12 });
    plot.steps(edges, ys, { width: 1.6, ...style });
  }

  // ---- groups downwards, layers to the right, each panel on its own height, on one canvas a panel
  L.figures.anatomy_histograms = (host, [[, table]], { note } = {}) => {
    const columns = L.columnsOf(table), groups = [...new Set(columns.group.map(String))], layers = [...new Set(columns.layer.map(String))];
    const grid = L.el("div", { className: "histograms", style: { gridTemplateColumns: `minmax(60px, max-content) repeat(${layers.length}, minmax(0, 1fr))` } });
    for (const group of groups) grid.append(L.el("span", { className: "name" }, group), ...layers.map((layer) => panel(columns, group, layer)));
    grid.append(L.el("span", {}), ...layers.map((layer) => L.el("span", { className: "layer" }, layer)));
    host.replaceChildren(grid, note ? L.el("p", { className: "note" }, note) : "");
  };

  function panel(columns, group, layer) {
    const rows = [...columns.group.keys()].filter((i) => String(columns.group[i]) === group && String(columns.layer[i]) === layer);
    const share = rows.map((i) => columns.share[i]), top = Math.max(...share, 1e-12), deviation = rows.length ? columns.deviation[rows[0]] : NaN;
    const bars = share.map((value, at) => (value > 0 ? L.svg("rect", { x: at, y: 1 - value / top, width: 1.02, height: value / top }) : null));
    const title = `${group}, ${layer}: ${L.number(columns.centre[rows[0]])} – ${L.number(columns.centre[rows.at(-1)])}`;
    return L.el("div", { title }, L.el("small", {}, L.number(deviation)), L.svg("svg", { viewBox: `0 0 ${Math.max(1, share.length)} 1`, preserveAspectRatio: "none" }, bars));
  }
})();
