// What the cloud, the selection and the tooltip know about a run at the cursor, and about a sample.
"use strict";

(function () {
  const L = window.lamella;
  L.PATH_EPOCHS = 3;

  L.samplesPath = (net) => L.path("samples", net.name);
  L.predictionsPath = (net) => L.path("predictions", net.name, L.seedOf(net), L.epochAt(net));

  // What is asked of the picture, by the name that the index gives the method.
  const METHODS = [["pca2", "pca"], ["pca3", "pca"], ["tsne2", "tsne"], ["umap2", "umap"]];
  L.cloudMethods = () => METHODS.filter(([, base]) => L.shown().every(([, net]) => net.methods.includes(base)));
  L.methodOf = (net) => (METHODS.some(([name, base]) => name === L.state.method && net.methods.includes(base)) ? L.state.method : "pca2");

  // A selection is one of samples of run A; run B shows it where it has the same samples.
  L.selects = (slot) => slot === "a" || L.sameData();

  // 0 is train, 1 is test; other probes are counted on from 2, in their own order.
  const others = new WeakMap();
  L.splitName = (samples, i) => {
    if (!others.has(samples)) others.set(samples, ["train", "test", ...(samples.probes || []).filter((name) => name !== "train" && name !== "test")]);
    return others.get(samples)[samples.split.data[i]] ?? String(samples.split.data[i]);
  };

  // Whether the split that is looked at holds a sample.
  L.inSplit = (samples) => {
    const { split } = L.state;
    return split === "both" ? () => true : (i) => L.splitName(samples, i) === split;
  };
  L.sampleName = (samples, i) => `${L.splitName(samples, i)},${samples.ids.data[i]}`;

  L.erred = (samples, predictions) => (i) => samples.label.data[i] >= 0 && predictions.predicted.data[i] !== samples.label.data[i];

  // Samples of the split by a key, the largest first.
  L.ranked = (samples, key, most) => {
    const shown = L.inSplit(samples);
    return [...samples.ids.data.keys()].filter((i) => shown(i) && key(i) > 0).sort((p, q) => key(q) - key(p)).slice(0, most);
  };

  // The sample that other panels speak of: the one clicked, else the first selected, else the first of the split.
  L.currentSample = (samples) => {
    const { sample } = L.state, n = samples.ids.data.length;
    if (sample !== null && sample < n) return sample;
    const chosen = [...L.selection].find((i) => i < n);
    return chosen ?? Math.max(0, [...samples.ids.data.keys()].findIndex(L.inSplit(samples)));
  };
})();
