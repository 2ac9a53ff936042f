// Figures of persistence diagrams: barcodes of many cells on one scale, births against deaths, Betti
// curves, and vines.

import { el } from "../core/elements.js";
import { t } from "../core/language.js";
import { clamp } from "../core/numbers.js";
import { columnsOf } from "./class-curves.js";
import { figureGrid, figures } from "./figure.js";
import { figureKeys } from "./lines.js";
import { plot } from "../plots/plot.js";
import { diagramBars, homologyColour, reachOf } from "../records/diagram-bars.js";
import { drawDiagrams } from "../records/diagrams.js";

const MOST = 12;
const HEAD = 15;
const FOOT = 34;

const one =
  (form, height) =>
  (host, [[, record]], told) =>
    drawDiagrams(host, record, { form, height, most: told.most, dimensions: told.dimensions });
figures.birth_death = one("diagram", 300);
figures.betti_curves = one("betti", 240);
figures.barcode = (host, [[, record]], { most = 40 } = {}) =>
  drawDiagrams(host, record, { form: "barcode", most, height: heightOf([record], most, 5) });

figures.barcodes = (host, records, { most = MOST, across, to } = {}) => {
  const all = records.map(([, record]) => diagramBars(record));
  const reach = to || reachOf(all);
  const height = heightOf(
    records.map(([, record]) => record),
    most,
    6,
  );
  const least = across ? Math.max(180, Math.floor(1100 / across) - 20) : 230;
  figureGrid(
    host,
    records.map(([name]) => name),
    least,
    (stage, at) =>
      drawDiagrams(stage, records[at][1], { form: "barcode", most, reach, height, compact: true }),
  );
  host.append(
    figureKeys(
      [...new Set(all.flatMap(({ dimensions }) => dimensions.map(({ dimension }) => dimension)))]
        .sort()
        .map((d) => [homologyColour(d), `H${d}`]),
    ),
    el(
      "p",
      { className: "note" },
      `${t("figure.bars", { most })}; ${all[0].unit === "mean_distance" ? t("figure.mean_distances") : all[0].unit}`,
    ),
  );
};

// As high as the longest list of bars that is shown, within bounds.
function heightOf(records, most, step) {
  const rows = (record) => {
    const counts = new Map();
    record.dimension.data.forEach((d) => counts.set(d, (counts.get(d) || 0) + 1));
    return [...counts.values()].reduce((sum, count) => sum + HEAD + step * Math.min(most, count), 0);
  };
  return clamp(FOOT + Math.max(40, ...records.map(rows)), 90, 420);
}

// ---- vines: the length of each followed bar; a line breaks where it is not alive
figures.vines = (host, [[, table]], { most = 10, noise = null, unit = "" } = {}) => {
  const columns = columnsOf(table);
  const epochs = [...new Set(columns.epoch)].sort((p, q) => p - q);
  const vines = new Map();
  columns.vine.forEach((vine, i) => {
    if (!vines.has(vine))
      vines.set(vine, { total: 0, dimension: columns.dimension?.[i] ?? 1, ys: epochs.map(() => NaN) });
    const found = vines.get(vine);
    const length = columns.death[i] - columns.birth[i];
    found.ys[epochs.indexOf(columns.epoch[i])] = length;
    if (Number.isFinite(length)) found.total += length;
  });
  const shown = [...vines.values()].sort((p, q) => q.total - p.total).slice(0, most);
  const at = [...epochs.keys()];
  const chart = plot(host, {
    height: 260,
    x: { names: epochs.map(String), label: t("training.epoch") },
    y: { label: `${t("figure.length")}${unit ? `, ${unit}` : ""}`, zero: true },
    label: t("figure.vines"),
  });
  if (noise)
    chart.band(
      at,
      at.map(() => 0),
      Array.from(noise.data || noise),
      { colour: "line" },
    );
  shown.forEach((vine, rank) =>
    chart.line(at, vine.ys, {
      colour: homologyColour(vine.dimension),
      width: rank < 2 ? 2.4 : 1.3,
      opacity: Math.max(0.35, 1 - 0.12 * rank),
      dots: true,
      end: false,
      label: `H${vine.dimension} ${rank + 1}`,
    }),
  );
  return chart;
};
