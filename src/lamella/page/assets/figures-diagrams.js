// Figures of persistence diagrams: barcodes of many cells on one scale, births against deaths, Betti
// curves, and vines.
"use strict";

(function () {
  const L = window.lamella;
  const MOST = 12, HEAD = 15, FOOT = 34;

  const one = (form, height) => (host, [[, record]], told) => L.records.diagrams(host, record, { form, height, most: told.most, dimensions: told.dimensions });
  L.figures.birth_death = one("diagram", 300);
  L.figures.betti_curves = one("betti", 240);
  L.figures.barcode = (host, [[, record]], { most = 40 } = {}) => L.records.diagrams(host, record, { form: "barcode", most, height: heightOf([record], most, 5) });

  L.figures.barcodes = (host, records, { most = MOST, across, to } = {}) => {
    const all = records.map(([, record]) => L.diagramBars(record)), reach = to || L.reachOf(all), height = heightOf(records.map(([, record]) => record), most, 6);
    const least = across ? Math.max(180, Math.floor(1100 / across) - 20) : 230;
    L.figureGrid(host, records.map(([name]) => name), least, (stage, at) => L.records.diagrams(stage, records[at][1], { form: "barcode", most, reach, height, compact: true }));
    host.append(L.figureKeys([...new Set(all.flatMap(({ dimensions }) => dimensions.map(({ dimension }) => dimension)))].sort().map((d) => [L.homologyColour(d), `H${d}`])),
      L.el("p", { className: "note" }, `${L.t("figure.bars", { most })}; ${all[0].unit === "mean_distance" ? L.t("figure.mean_distances") : all[0].unit}`));
  };

  // As high as the longest list of bars that is shown, within bounds.
  function heightOf(records, most, step) {
    const rows = (record) => { const counts = new Map(); record.dimension.data.forEach((d) => counts.set(d, (counts.get(d) || 0) + 1)); return [...counts.values()].reduce((sum, count) => sum + HEAD + step * Math.min(most, count), 0); };
    return L.clamp(FOOT + Math.max(40, ...records.map(rows)), 90, 420);
  }

  // ---- vines: the length of each followed bar; a line breaks where it is not alive
  L.figures.vines = (host, [[, table]], { most = 10, noise = null, unit = "" } = {}) => {
    const columns = L.columnsOf(table), epochs = [...new Set(columns.epoch)].sort((p, q) => p - q), vines = new Map();
    columns.vine.forEach((vine, i) => { if (!vines.has(vine)) vines.set(vine, { total: 0, dimension: columns.dimension?.[i] ?? 1, ys: epochs.map(() => NaN) }); const found = vines.get(vine), length = columns.death[i] - columns.birth[i]; found.ys[epochs.indexOf(columns.epoch[i])] = length; if (Number.isFinite(length)) found.total += length; });
    const shown = [...vines.values()].sort((p, q) => q.total - p.total).slice(0, most), at = [...epochs.keys()];
    const plot = L.plot(host, { height: 260, x: { names: epochs.map(String), label: L.t("training.epoch") }, y: { label: `${L.t("figure.length")}${unit ? `, ${unit}` : ""}`, zero: true }, label: L.t("figure.vines") });
    if (noise) plot.band(at, at.map(() => 0), Array.from(noise.data || noise), { colour: "line" });
    shown.forEach((vine, rank) => plot.line(at, vine.ys, { colour: L.homologyColour(vine.dimension), width: rank < 2 ? 2.4 : 1.3, opacity: Math.max(.35, 1 - .12 * rank), dots: true, end: false, label: `H${vine.dimension} ${rank + 1}` }));
    return plot;
  };
})();
