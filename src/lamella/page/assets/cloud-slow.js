// t-SNE and UMAP take seconds where nobody has asked for them before. The cloud shows the principal
// axes until the picture is there; one picture is asked for at a time, so that nothing else waits.
"use strict";

(function () {
  const L = window.lamella;
  let wishes = [], asking = false;

  const slow = (method) => !method.startsWith("pca");
  const pathOf = (net, method, epochAt) => L.path("cloud", net.name, L.seedOf(net), method, L.layerName(net), net.epochs[epochAt]);

  // The path of the picture that can be shown now, and the one that is wished for.
  L.cloudWish = (net, epochAt = L.epochOf(net)) => pathOf(net, L.methodOf(net), epochAt);
  L.cloudPath = (net, epochAt = L.epochOf(net)) => (L.cloudWaits(net, epochAt) ? pathOf(net, "pca2", epochAt) : L.cloudWish(net, epochAt));
  L.cloudWaits = (net, epochAt = L.epochOf(net)) => slow(L.methodOf(net)) && L.source.peek(L.cloudWish(net, epochAt)) === undefined;

  // The wishes of the cursor as it is now; those of an old cursor are forgotten.
  L.wishClouds = (paths) => {
    wishes = paths.filter((path) => L.source.peek(path) === undefined);
    next();
  };

  function next() {
    if (asking || !wishes.length) return;
    asking = true;
    L.source.get(wishes.shift()).finally(() => {
      asking = false;
      L.refresh("data");
      next();
    });
  }
})();
