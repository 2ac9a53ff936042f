// Figures of distributions: histograms of one number by group, and small ones by group and layer.

import { el, svg } from "../core/elements.js";
import { t } from "../core/language.js";
import { clamp, formatNumber } from "../core/numbers.js";
import { columnsOf } from "./class-curves.js";
import { figures } from "./figure.js";
import { seriesColours } from "./lines.js";
import { plot } from "../plots/plot.js";

// ---- one number in one group or several; all share their bins, each sums to 100 %
figures.histogram = (host, [[, table]], { value = "value", group = null, bins = 40, palette } = {}) => {
  const columns = columnsOf(table);
  const numbers = columns[value];
  const groups = group ? columns[group].map(String) : numbers.map(() => "");
  const names = [...new Set(groups)];
  const fine = numbers.filter(Number.isFinite);
  if (!fine.length) return host.replaceChildren(el("p", { className: "missing" }, t("figure.no_values")));
  const low = least(fine);
  const high = most(fine);
  const wide = (high - low || 1) / bins;
  const edges = Array.from({ length: bins + 1 }, (_, at) => low + at * wide);
  const colours = seriesColours(names, palette);
  const chart = plot(host, {
    height: 230,
    x: { label: value, domain: [low, low + bins * wide] },
    y: { label: t("figure.share"), zero: true },
    label: value,
  });
  names.forEach((name, at) =>
    outline(chart, shares(numbers, groups, name, low, wide, bins), edges, {
      colour: colours[at],
      label: name || value,
      end: false,
      data: { group: name },
    }),
  );
  if (group) chart.legend(names.map((name, at) => [name, colours[at]]));
  return host.append(
    el(
      "p",
      { className: "note" },
      [
        t("figure.values", { n: fine.length }),
        fine.length < numbers.length && t("figure.not_finite", { n: numbers.length - fine.length }),
      ]
        .filter(Boolean)
        .join("; "),
    ),
  );
};
const least = (values) => values.reduce((a, b) => Math.min(a, b));
const most = (values) => values.reduce((a, b) => Math.max(a, b));

function shares(numbers, groups, name, low, wide, bins) {
  const counts = new Array(bins).fill(0);
  let all = 0;
  numbers.forEach((number, i) => {
    if (groups[i] === name && Number.isFinite(number)) {
      all++;
      counts[clamp(Math.floor((number - low) / wide), 0, bins - 1)]++;
    }
  });
  return counts.map((count) => (100 * count) / Math.max(1, all));
}

function outline(chart, found, edges, style) {
  const ys = [...found, found.at(-1)];
  chart.band(
    edges,
    ys.map(() => 0),
    ys,
    { colour: style.colour, steps: true, opacity: 0.12 },
  );
  chart.steps(edges, ys, { width: 1.6, ...style });
}

// ---- groups downwards, layers to the right, each panel on its own height, on one canvas a panel
figures.anatomy_histograms = (host, [[, table]], { note } = {}) => {
  const columns = columnsOf(table);
  const groups = [...new Set(columns.group.map(String))];
  const layers = [...new Set(columns.layer.map(String))];
  const grid = el("div", {
    className: "histograms",
    style: { gridTemplateColumns: `minmax(60px, max-content) repeat(${layers.length}, minmax(0, 1fr))` },
  });
  for (const group of groups)
    grid.append(
      el("span", { className: "name" }, group),
      ...layers.map((layer) => panel(columns, group, layer)),
    );
  grid.append(el("span", {}), ...layers.map((layer) => el("span", { className: "layer" }, layer)));
  host.replaceChildren(grid, note ? el("p", { className: "note" }, note) : "");
};

function panel(columns, group, layer) {
  const rows = [...columns.group.keys()].filter(
    (i) => String(columns.group[i]) === group && String(columns.layer[i]) === layer,
  );
  const share = rows.map((i) => columns.share[i]);
  const top = Math.max(...share, 1e-12);
  const deviation = rows.length ? columns.deviation[rows[0]] : NaN;
  const bars = share.map((value, at) =>
    value > 0 ? svg("rect", { x: at, y: 1 - value / top, width: 1.02, height: value / top }) : null,
  );
  const [from, to] = [columns.centre[rows[0]], columns.centre[rows.at(-1)]];
  const title = `${group}, ${layer}: ${formatNumber(from)} – ${formatNumber(to)}`;
  return el(
    "div",
    { title },
    el("small", {}, formatNumber(deviation)),
    svg("svg", { viewBox: `0 0 ${Math.max(1, share.length)} 1`, preserveAspectRatio: "none" }, bars),
  );
}
