// What the cloud, the selection and the tooltip know about a run at the cursor, and about a sample.

import { answerPath } from "../core/source.js";
import { epochAt, sameData, seedOf, selection, shown, state } from "../core/state.js";

export const PATH_EPOCHS = 3;

export const samplesPath = (net) => answerPath("samples", net.name);
export const predictionsPath = (net) => answerPath("predictions", net.name, seedOf(net), epochAt(net));

// What is asked of the picture, by the name that the index gives the method.
const METHODS = [
  ["pca2", "pca"],
  ["pca3", "pca"],
  ["tsne2", "tsne"],
  ["umap2", "umap"],
];
export const cloudMethods = () =>
  METHODS.filter(([, base]) => shown().every(([, net]) => net.methods.includes(base)));
export const methodOf = (net) =>
  METHODS.some(([name, base]) => name === state.method && net.methods.includes(base)) ? state.method : "pca2";

// A selection is one of samples of run A; run B shows it where it has the same samples.
export const selects = (slot) => slot === "a" || sameData();

// 0 is train, 1 is test; other probes are counted on from 2, in their own order.
const others = new WeakMap();
export const splitName = (samples, i) => {
  if (!others.has(samples))
    others.set(samples, [
      "train",
      "test",
      ...(samples.probes || []).filter((name) => name !== "train" && name !== "test"),
    ]);
  return others.get(samples)[samples.split.data[i]] ?? String(samples.split.data[i]);
};

// Whether the split that is looked at holds a sample.
export const inSplit = (samples) => {
  const { split } = state;
  return split === "both" ? () => true : (i) => splitName(samples, i) === split;
};
export const sampleName = (samples, i) => `${splitName(samples, i)},${samples.ids.data[i]}`;

export const erred = (samples, predictions) => (i) =>
  samples.label.data[i] >= 0 && predictions.predicted.data[i] !== samples.label.data[i];

// Samples of the split by a key, the largest first.
export const ranked = (samples, key, most) => {
  const shown = inSplit(samples);
  return [...samples.ids.data.keys()]
    .filter((i) => shown(i) && key(i) > 0)
    .sort((p, q) => key(q) - key(p))
    .slice(0, most);
};

// The sample that other panels speak of: the one clicked, else the first selected, else the first of the split.
export const currentSample = (samples) => {
  const { sample } = state;
  const n = samples.ids.data.length;
  if (sample !== null && sample < n) return sample;
  const chosen = [...selection()].find((i) => i < n);
  return chosen ?? Math.max(0, [...samples.ids.data.keys()].findIndex(inSplit(samples)));
};
