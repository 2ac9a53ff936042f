// Persistence diagrams as barcode, as points of birth and death, or as Betti curves.
//   L.records.diagrams(host, record, {form: "barcode" | "diagram" | "betti", dimensions: [0, 1],
//     reach, most: bars of a dimension, onBar(i): index in the record, compact, height})
"use strict";

(function () {
  const L = window.lamella;
  const MOST = 36, HEAD = 17, NEAR = 9, FLOOR = .5;

  L.records.diagrams = (host, record, options = {}) => {
    const found = L.diagramBars(record), wanted = options.dimensions?.map(Number);
    const dimensions = found.dimensions.filter(({ dimension }) => !wanted || wanted.includes(dimension));
    if (!dimensions.some(({ at }) => at.length)) return L.recordReason(host, why(found, wanted));
    const facts = { ...found, dimensions, reach: options.reach || L.reachOf([found], wanted), options };
    return (forms[options.form] || forms.barcode)(L.recordFrame(host, options.compact ? null : some(noteOf(found, wanted), cutOf(facts)), "diagrams"), facts);
  };

  const why = (found, wanted) => found.why || L.t(found.dimensions.length ? "record.no_bars_of" : "record.no_bars", { dimensions: (wanted || []).map((d) => `H${d}`).join(", ") });
  const scaleLabel = ({ unit }) => (unit === "mean_distance" ? L.t("record.scale_mean") : L.t("record.scale", { unit }));
  const some = (...parts) => parts.filter(Boolean).join("; ");

  // A report keeps only the longest bars: a curve that counts bars must say so.
  const cutOf = ({ options: { form }, dimensions }) => (form === "betti" && dimensions.some(({ total, at }) => at.length < total) ? L.t("record.cut") : "");

  function noteOf({ points, bound, threshold, dimensions }, wanted = []) {
    const absent = wanted.filter((each) => !dimensions.some(({ dimension }) => dimension === each)).map((each) => `H${each}`);
    return some(absent.length ? L.t("record.no_bars_of", { dimensions: absent.join(", ") }) : "", points ? L.t("record.points", { n: points }) : "", bound > 0 ? L.t("record.bound", { bound: L.number(bound) }) : "", threshold !== null ? L.t("record.threshold", { threshold: L.number(threshold) }) : "");
  }

  function headOf(bars, shown, threshold) {
    const { dimension, total, at } = bars, signal = L.signalOf(bars, threshold);
    const count = !at.length ? L.t("record.none") : shown < total ? L.t("record.longest", { n: shown, total }) : L.t("record.bars", { n: total });
    return some(`H${dimension} ${count}`, signal === null ? "" : L.t("record.longer", { n: signal }));
  }

  const told = (bars, i) => `H${bars.dimension}: ${L.number(bars.birth[i])} – ${L.number(bars.death[i])}` + (Number.isFinite(bars.death[i]) ? ` (${L.number(bars.death[i] - bars.birth[i])})` : "");
  const start = (host, facts, x, y, more) => L.plot(host, { x, y, height: facts.options.height, ...more });

  // ---- barcode: the longest bars of each dimension, under a line that says how many there are
  function barcode(host, facts) {
    const groups = facts.dimensions.map((bars) => ({ bars, count: Math.min(bars.at.length, facts.options.most || MOST) }));
    const p = start(host, facts, { label: facts.options.compact ? null : scaleLabel(facts), domain: [0, facts.reach] }, { hide: true, domain: [0, 1] }, { margin: { top: 2, left: 6, right: 14 }, label: L.t("record.barcode") });
    p.mark((group) => drawGroups(group, p, groups, facts));
    return p.hover((x, y, event) => barUnder(event, groups)).draw();
  }

  function barUnder({ target }, groups) {
    const row = target.closest?.(".plot-segment")?.dataset.i, dimension = target.closest?.(".bars")?.dataset.dimension;
    return row === undefined ? null : [told(groups.find(({ bars }) => bars.dimension === Number(dimension)).bars, Number(row))];
  }

  function drawGroups(group, p, groups, facts) {
    const rows = groups.reduce((sum, { count }) => sum + Math.max(1, count), 0), room = p.area.height - HEAD * groups.length;
    const step = L.clamp(room / Math.max(1, rows), .5, 16);
    let top = p.area.top;
    for (const { bars, count } of groups) {
      group.append(L.svg("text", { class: "plot-head", x: p.area.left, y: top + 12 }, L.fitText(headOf(bars, count, facts.threshold), p.area.width), L.svg("title", {}, headOf(bars, count, facts.threshold))));
      drawBars(group, p, { bars, count, step, top: top + HEAD }, facts);
      top += HEAD + Math.max(1, count) * step;
    }
  }

  function drawBars(group, p, { bars, count, step, top }, { threshold, options }) {
    const rows = [...Array(count).keys()], here = { ...p, Y: (value) => value };
    const box = L.svg("g", { class: "bars", "data-dimension": bars.dimension });
    L.plotMarks.segments(box, here, {
      xs: rows.map((i) => bars.birth[i]), more_x: rows.map((i) => bars.death[i]), ys: rows.map((i) => top + (i + .5) * step),
      width: L.clamp(.62 * step, .6, 4), colour: L.homologyColour(bars.dimension),
      onPick: options.onBar ? (i) => options.onBar(bars.at[i]) : null,
    });
    if (threshold !== null) rows.forEach((i) => { if (!(bars.death[i] - bars.birth[i] > threshold)) box.firstChild.children[i].setAttribute("opacity", .38); });
    group.append(box);
  }

  // ---- birth against death: the further from the diagonal, the longer the bar
  function diagram(host, facts) {
    const { reach, options, threshold, bound } = facts, top = reach * 1.07;
    const axis = (label) => ({ label: options.compact ? null : label, domain: [0, top], ticks: 5 });
    const p = start(host, facts, { ...axis(L.t("record.birth", { scale: scaleLabel(facts) })), grid: true }, axis(L.t("record.death")), { label: L.t("record.birth_death") });
    for (const [width, words] of [[2 * bound, L.t("record.unsure")], [threshold || 0, L.t("record.noise")]])
      if (width > 0) p.band([0, top], [0, top], [width, top + width], { colour: "soft", opacity: .13, data: { band: words }, title: words });
    p.mark((group) => group.append(diagonal(p, top)), { under: true });
    for (const bars of facts.dimensions) drawPoints(p, bars, top);
    legend(p, facts);
    p.hover((x, y, event) => { const hit = nearestPoint(p, facts, event); return hit ? [told(hit.bars, hit.i)] : null; });
    p.draw();
    if (options.onBar) p.box.addEventListener("click", (event) => { const hit = nearestPoint(p, facts, event); if (hit) options.onBar(hit.bars.at[hit.i]); });
    return p;
  }

  const diagonal = (p, top) => L.svg("line", { class: "plot-axis smooth", x1: p.X(0), y1: p.Y(0), x2: p.X(top), y2: p.Y(top) });

  // Bars that never die stand on the upper edge, as arrows.
  function drawPoints(p, bars, top) {
    const finite = bars.at.map((_, i) => i).filter((i) => Number.isFinite(bars.death[i])), endless = bars.at.map((_, i) => i).filter((i) => !Number.isFinite(bars.death[i]));
    const colour = L.homologyColour(bars.dimension);
    p.dots(finite.map((i) => bars.birth[i]), finite.map((i) => bars.death[i]), { colour, radius: bars.at.length > 400 ? 1.6 : 2.3, opacity: .75, quiet: true, data: { dimension: bars.dimension } });
    p.mark((group) => group.append(...endless.map((i) => arrowUp(p.X(bars.birth[i]), p.Y(top), colour, bars.dimension))));
  }
  function arrowUp(x, y, colour, dimension) {
    const node = L.svg("path", { class: "plot-arrow endless", d: `M${x - 4} ${y + 7}l4 -7l4 7z`, "data-dimension": dimension });
    node.style.fill = L.paint(colour);
    return node;
  }

  function nearestPoint(p, { dimensions, reach }, event) {
    const rect = p.svg.getBoundingClientRect(), x = event.clientX - rect.left, y = event.clientY - rect.top;
    let best = null, gap = NEAR * NEAR;
    for (const bars of dimensions) for (let i = 0; i < bars.at.length; i++) {
      const dx = p.X(bars.birth[i]) - x, dy = p.Y(Math.min(bars.death[i], reach * 1.07)) - y, away = dx * dx + dy * dy;
      if (away < gap) { gap = away; best = { bars, i }; }
    }
    return best;
  }

  const legend = (p, { dimensions, options }) => { if (!options.compact || dimensions.length > 1) p.legend(dimensions.map((bars) => [headOf(bars, bars.at.length, null), L.homologyColour(bars.dimension)])); };

  // ---- Betti curves: features alive at each scale, on a logarithmic axis that has a place for none
  function betti(host, facts) {
    const curves = facts.dimensions.map((bars) => ({ bars, all: L.bettiCurve(bars), signal: facts.threshold === null ? null : L.bettiCurve(bars, facts.threshold) }));
    const most = Math.max(2, ...curves.flatMap(({ all }) => all.ys)), said = (value) => (value < .7 ? "0" : L.number(Math.round(value)));
    const ticks = [FLOOR, 1, 10, 100, 1000, 1e4].filter((tick) => tick <= most * 1.3);
    const p = start(host, facts, { label: facts.options.compact ? null : scaleLabel(facts), domain: [0, facts.reach], ticks: 6 },
      { label: facts.options.compact ? null : L.t("record.alive"), domain: [FLOOR, most * 1.2], log: true, ticks, format: said }, { label: L.t("record.betti") });
    for (const curve of curves) drawCurve(p, curve);
    legend(p, facts);
    return p.draw();
  }

  const floored = (ys) => ys.map((value) => Math.max(value, FLOOR));
  function drawCurve(p, { bars, all, signal }) {
    const colour = L.homologyColour(bars.dimension), label = `H${bars.dimension}`, data = { dimension: bars.dimension };
    p.steps(all.xs, floored(all.ys), { colour, label, data, width: signal ? 1 : 1.7, opacity: signal ? .5 : 1 });
    if (signal) p.steps(signal.xs, floored(signal.ys), { colour, label: L.t("record.signal", { name: label }), width: 2 });
  }

  const forms = { barcode, diagram, betti };
})();
