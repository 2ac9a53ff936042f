// What the colours of a cloud say: one entry for each way to colour, with its legend.

import { classColour, colours } from "../core/colours.js";
import { el } from "../core/elements.js";
import { nameOf, t } from "../core/language.js";
import { formatNumber } from "../core/numbers.js";
import { cssColour, ramp, rgb } from "../core/ramps.js";

const ALPHA = 205;

// facts: {net, samples, cloud, before, predictions}; needs: which of them must be there.
export const COLOUR_WAYS = [
  { name: "class", needs: [], kind: "classes", of: ({ samples }) => samples.label.data },
  {
    name: "predicted",
    needs: ["predictions"],
    kind: "classes",
    of: ({ predictions }) => predictions.predicted.data,
  },
  {
    name: "error",
    needs: ["predictions"],
    kind: "bad",
    of: ({ samples, predictions }) =>
      samples.label.data.map((label, i) => (label >= 0 && label !== predictions.predicted.data[i] ? 1 : 0)),
  },
  { name: "wrong", needs: [], kind: "bad", of: ({ cloud }) => cloud.wrong.data },
  { name: "split", needs: [], kind: "split", of: ({ samples }) => samples.split.data },
  {
    name: "p_true",
    needs: ["predictions"],
    kind: "scalar",
    unit: 1 / 255,
    of: ({ predictions }) => predictions.p_true.data,
  },
  {
    name: "entropy",
    needs: ["predictions"],
    kind: "scalar",
    unit: 1 / 255,
    of: ({ predictions }) => predictions.entropy.data,
  },
  { name: "mixed", needs: [], kind: "scalar", unit: 1 / 255, of: ({ cloud }) => cloud.mixed.data },
  {
    name: "moved",
    needs: ["before"],
    kind: "scalar",
    unit: 4 / 32767,
    of: (facts) => distances(facts.cloud, facts.before),
  },
];

export const colourWay = (name) => COLOUR_WAYS.find((way) => way.name === name) || COLOUR_WAYS[0];

// How far each sample is from where it was in another cloud, in the clouds' own integer unit.
export const distances = (cloud, before) => {
  const [count, width] = cloud.points.shape;
  const p = cloud.points.data;
  const q = before.points.data;
  const out = new Float32Array(count);
  for (let i = 0; i < count; i++) {
    let sum = 0;
    for (let c = 0; c < width; c++) sum += (p[i * width + c] - q[i * width + c]) ** 2;
    out[i] = Math.sqrt(sum);
  }
  return out;
};

// The largest value that is shown: scalars of every slide share it.
const topOf = (way, values) =>
  way.name === "moved"
    ? Math.max(
        1,
        values.reduce((a, b) => Math.max(a, b), 0),
      )
    : 255;

const painters = {
  classes: (values) => (i) => rgb(classColour(values[i])),
  bad: (values) => (i) => rgb(values[i] ? colours().bad : colours().line),
  split: (values) => (i) => rgb(values[i] ? colours().h2 : colours().faint),
  scalar: (values, top) => {
    const ramp = rampOf();
    return (i) => ramp[Math.min(255, Math.round((255 * values[i]) / top))];
  },
};

// The low end is kept off the paper, so that every point can be seen.
const LOW = 0.32;
const shade = (part) => ramp(colours().seq, LOW + (1 - LOW) * part);
const rampOf = () => Array.from({ length: 256 }, (_, k) => shade(k / 255));

// -> {rgba: u8 for each sample, values, top} or {missing: text}
export const paintCloud = (way, facts, top) => {
  const lacking = way.needs.find((need) => !facts[need] || facts[need].missing);
  if (lacking) return { missing: facts[lacking]?.missing || t("cloud.no_before") };
  const values = way.of(facts);
  const most = top ?? topOf(way, values);
  const paint = painters[way.kind](values, most);
  const rgba = new Uint8Array(4 * values.length);
  for (let i = 0; i < values.length; i++) {
    rgba.set(paint(i), 4 * i);
    rgba[4 * i + 3] = ALPHA;
  }
  return { rgba, values, top: most };
};

// ---- legends: [text, colour, samples' test] or a ramp
const entry = (text, colour, pick) =>
  el(
    "button",
    { type: "button", className: "key", title: t("cloud.pick_key"), onclick: pick },
    el("i", { style: { background: colour } }),
    text,
  );

export const cloudLegend = (way, painted, net, pick) => {
  if (painted.missing) return [el("span", { className: "note" }, painted.missing)];
  const choose = (value) => () => pick((i) => painted.values[i] === value);
  if (way.kind === "classes") return net.class_names.map((name, k) => entry(name, classColour(k), choose(k)));
  if (way.kind === "bad")
    return [
      entry(t(`cloud.${way.name}_yes`), colours().bad, choose(1)),
      entry(t(`cloud.${way.name}_no`), colours().line, choose(0)),
    ];
  if (way.kind === "split")
    return [
      entry(nameOf("split", "train"), colours().faint, choose(0)),
      entry(nameOf("split", "test"), colours().h2, choose(1)),
    ];
  const stops = [0, 0.25, 0.5, 0.75, 1].map((part) => cssColour(shade(part)));
  return [
    el("span", {}, "0"),
    el("i", { className: "ramp", style: { background: `linear-gradient(90deg, ${stops.join(",")})` } }),
    el("span", {}, formatNumber(painted.top * way.unit)),
  ];
};
