// Persistence diagrams as barcode, as points of birth and death, or as Betti curves.
//   drawDiagrams(host, record, {form: "barcode" | "diagram" | "betti", dimensions: [0, 1],
//     reach, most: bars of a dimension, onBar(i): index in the record, compact, height})

import { svg } from "../core/elements.js";
import { t } from "../core/language.js";
import { clamp, formatNumber } from "../core/numbers.js";
import { drawSegments } from "../plots/marks.js";
import { paint } from "../plots/paint.js";
import { plot } from "../plots/plot.js";
import { fitText } from "../plots/text.js";
import { bettiCurve, diagramBars, homologyColour, reachOf, signalOf } from "./diagram-bars.js";
import { recordFrame, recordReason } from "./frame.js";

const MOST = 36;
const HEAD = 17;
const NEAR = 9;
const FLOOR = 0.5;

export const drawDiagrams = (host, record, options = {}) => {
  const found = diagramBars(record);
  const wanted = options.dimensions?.map(Number);
  const dimensions = found.dimensions.filter(({ dimension }) => !wanted || wanted.includes(dimension));
  if (!dimensions.some(({ at }) => at.length)) return recordReason(host, why(found, wanted));
  const facts = { ...found, dimensions, reach: options.reach || reachOf([found], wanted), options };
  return (forms[options.form] || forms.barcode)(
    recordFrame(host, options.compact ? null : some(noteOf(found, wanted), cutOf(facts)), "diagrams"),
    facts,
  );
};

const why = (found, wanted) =>
  found.why ||
  t(found.dimensions.length ? "record.no_bars_of" : "record.no_bars", {
    dimensions: (wanted || []).map((d) => `H${d}`).join(", "),
  });
const scaleLabel = ({ unit }) =>
  unit === "mean_distance" ? t("record.scale_mean") : t("record.scale", { unit });
const some = (...parts) => parts.filter(Boolean).join("; ");

// A report keeps only the longest bars: a curve that counts bars must say so.
const cutOf = ({ options: { form }, dimensions }) =>
  form === "betti" && dimensions.some(({ total, at }) => at.length < total) ? t("record.cut") : "";

function noteOf({ points, bound, threshold, dimensions }, wanted = []) {
  const absent = wanted
    .filter((each) => !dimensions.some(({ dimension }) => dimension === each))
    .map((each) => `H${each}`);
  return some(
    absent.length ? t("record.no_bars_of", { dimensions: absent.join(", ") }) : "",
    points ? t("record.points", { n: points }) : "",
    bound > 0 ? t("record.bound", { bound: formatNumber(bound) }) : "",
    threshold !== null ? t("record.threshold", { threshold: formatNumber(threshold) }) : "",
  );
}

function headOf(bars, shown, threshold) {
  const { dimension, total, at } = bars;
  const signal = signalOf(bars, threshold);
  const count = !at.length
    ? t("record.none")
    : shown < total
      ? t("record.longest", { n: shown, total })
      : t("record.bars", { n: total });
  return some(`H${dimension} ${count}`, signal === null ? "" : t("record.longer", { n: signal }));
}

const barText = (bars, i) =>
  `H${bars.dimension}: ${formatNumber(bars.birth[i])} – ${formatNumber(bars.death[i])}` +
  (Number.isFinite(bars.death[i]) ? ` (${formatNumber(bars.death[i] - bars.birth[i])})` : "");
const start = (host, facts, x, y, more) => plot(host, { x, y, height: facts.options.height, ...more });

// ---- barcode: the longest bars of each dimension, under a line that says how many there are
function barcode(host, facts) {
  const groups = facts.dimensions.map((bars) => ({
    bars,
    count: Math.min(bars.at.length, facts.options.most || MOST),
  }));
  const p = start(
    host,
    facts,
    { label: facts.options.compact ? null : scaleLabel(facts), domain: [0, facts.reach] },
    { hide: true, domain: [0, 1] },
    { margin: { top: 2, left: 6, right: 14 }, label: t("record.barcode") },
  );
  p.mark((group) => drawGroups(group, p, groups, facts));
  return p.hover((x, y, event) => barUnder(event, groups)).draw();
}

function barUnder({ target }, groups) {
  const row = target.closest?.(".plot-segment")?.dataset.i;
  const dimension = target.closest?.(".bars")?.dataset.dimension;
  return row === undefined
    ? null
    : [barText(groups.find(({ bars }) => bars.dimension === Number(dimension)).bars, Number(row))];
}

function drawGroups(group, p, groups, facts) {
  const rows = groups.reduce((sum, { count }) => sum + Math.max(1, count), 0);
  const room = p.area.height - HEAD * groups.length;
  const step = clamp(room / Math.max(1, rows), 0.5, 16);
  let top = p.area.top;
  for (const { bars, count } of groups) {
    group.append(
      svg(
        "text",
        { class: "plot-head", x: p.area.left, y: top + 12 },
        fitText(headOf(bars, count, facts.threshold), p.area.width),
        svg("title", {}, headOf(bars, count, facts.threshold)),
      ),
    );
    drawBars(group, p, { bars, count, step, top: top + HEAD }, facts);
    top += HEAD + Math.max(1, count) * step;
  }
}

function drawBars(group, p, { bars, count, step, top }, { threshold, options }) {
  const rows = [...Array(count).keys()];
  const here = { ...p, Y: (value) => value };
  const box = svg("g", { class: "bars", "data-dimension": bars.dimension });
  drawSegments(box, here, {
    xs: rows.map((i) => bars.birth[i]),
    more_x: rows.map((i) => bars.death[i]),
    ys: rows.map((i) => top + (i + 0.5) * step),
    width: clamp(0.62 * step, 0.6, 4),
    colour: homologyColour(bars.dimension),
    onPick: options.onBar ? (i) => options.onBar(bars.at[i]) : null,
  });
  if (threshold !== null)
    rows.forEach((i) => {
      if (!(bars.death[i] - bars.birth[i] > threshold))
        box.firstChild.children[i].setAttribute("opacity", 0.38);
    });
  group.append(box);
}

// ---- birth against death: the further from the diagonal, the longer the bar
function diagram(host, facts) {
  const { reach, options, threshold, bound } = facts;
  const top = reach * 1.07;
  const axis = (label) => ({ label: options.compact ? null : label, domain: [0, top], ticks: 5 });
  const p = start(
    host,
    facts,
    { ...axis(t("record.birth", { scale: scaleLabel(facts) })), grid: true },
    axis(t("record.death")),
    { label: t("record.birth_death") },
  );
  for (const [width, words] of [
    [2 * bound, t("record.unsure")],
    [threshold || 0, t("record.noise")],
  ])
    if (width > 0)
      p.band([0, top], [0, top], [width, top + width], {
        colour: "soft",
        opacity: 0.13,
        data: { band: words },
        title: words,
      });
  p.mark((group) => group.append(diagonal(p, top)), { under: true });
  for (const bars of facts.dimensions) drawPoints(p, bars, top);
  legend(p, facts);
  p.hover((x, y, event) => {
    const hit = nearestPoint(p, facts, event);
    return hit ? [barText(hit.bars, hit.i)] : null;
  });
  p.draw();
  if (options.onBar)
    p.box.addEventListener("click", (event) => {
      const hit = nearestPoint(p, facts, event);
      if (hit) options.onBar(hit.bars.at[hit.i]);
    });
  return p;
}

const diagonal = (p, top) =>
  svg("line", { class: "plot-axis smooth", x1: p.X(0), y1: p.Y(0), x2: p.X(top), y2: p.Y(top) });

// Bars that never die stand on the upper edge, as arrows.
function drawPoints(p, bars, top) {
  const finite = bars.at.map((_, i) => i).filter((i) => Number.isFinite(bars.death[i]));
  const endless = bars.at.map((_, i) => i).filter((i) => !Number.isFinite(bars.death[i]));
  const colour = homologyColour(bars.dimension);
  p.dots(
    finite.map((i) => bars.birth[i]),
    finite.map((i) => bars.death[i]),
    {
      colour,
      radius: bars.at.length > 400 ? 1.6 : 2.3,
      opacity: 0.75,
      quiet: true,
      data: { dimension: bars.dimension },
    },
  );
  p.mark((group) =>
    group.append(...endless.map((i) => arrowUp(p.X(bars.birth[i]), p.Y(top), colour, bars.dimension))),
  );
}
function arrowUp(x, y, colour, dimension) {
  const node = svg("path", {
    class: "plot-arrow endless",
    d: `M${x - 4} ${y + 7}l4 -7l4 7z`,
    "data-dimension": dimension,
  });
  node.style.fill = paint(colour);
  return node;
}

function nearestPoint(p, { dimensions, reach }, event) {
  const rect = p.svg.getBoundingClientRect();
  const x = event.clientX - rect.left;
  const y = event.clientY - rect.top;
  let best = null;
  let gap = NEAR * NEAR;
  for (const bars of dimensions)
    for (let i = 0; i < bars.at.length; i++) {
      const dx = p.X(bars.birth[i]) - x;
      const dy = p.Y(Math.min(bars.death[i], reach * 1.07)) - y;
      const away = dx * dx + dy * dy;
      if (away < gap) {
        gap = away;
        best = { bars, i };
      }
    }
  return best;
}

const legend = (p, { dimensions, options }) => {
  if (!options.compact || dimensions.length > 1)
    p.legend(dimensions.map((bars) => [headOf(bars, bars.at.length, null), homologyColour(bars.dimension)]));
};

// ---- Betti curves: features alive at each scale, on a logarithmic axis that has a place for none
function betti(host, facts) {
  const curves = facts.dimensions.map((bars) => ({
    bars,
    all: bettiCurve(bars),
    signal: facts.threshold === null ? null : bettiCurve(bars, facts.threshold),
  }));
  const most = Math.max(2, ...curves.flatMap(({ all }) => all.ys));
  const said = (value) => (value < 0.7 ? "0" : formatNumber(Math.round(value)));
  const ticks = [FLOOR, 1, 10, 100, 1000, 1e4].filter((tick) => tick <= most * 1.3);
  const p = start(
    host,
    facts,
    { label: facts.options.compact ? null : scaleLabel(facts), domain: [0, facts.reach], ticks: 6 },
    {
      label: facts.options.compact ? null : t("record.alive"),
      domain: [FLOOR, most * 1.2],
      log: true,
      ticks,
      format: said,
    },
    { label: t("record.betti") },
  );
  for (const curve of curves) drawCurve(p, curve);
  legend(p, facts);
  return p.draw();
}

const floored = (ys) => ys.map((value) => Math.max(value, FLOOR));
function drawCurve(p, { bars, all, signal }) {
  const colour = homologyColour(bars.dimension);
  const label = `H${bars.dimension}`;
  const data = { dimension: bars.dimension };
  p.steps(all.xs, floored(all.ys), {
    colour,
    label,
    data,
    width: signal ? 1 : 1.7,
    opacity: signal ? 0.5 : 1,
  });
  if (signal)
    p.steps(signal.xs, floored(signal.ys), { colour, label: t("record.signal", { name: label }), width: 2 });
}

const forms = { barcode, diagram, betti };
