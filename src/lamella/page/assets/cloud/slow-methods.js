// t-SNE and UMAP take seconds where nobody has asked for them before. The cloud shows the principal
// axes until the picture is there; one picture is asked for at a time, so that nothing else waits.

import { methodOf } from "./samples.js";
import { refresh } from "../core/panels.js";
import { answerPath, source } from "../core/source.js";
import { epochOf, layerName, seedOf } from "../core/state.js";

let wishes = [];
let asking = false;

const slow = (method) => !method.startsWith("pca");
const pathOf = (net, method, epochAt) =>
  answerPath("cloud", net.name, seedOf(net), method, layerName(net), net.epochs[epochAt]);

// The path of the picture that can be shown now, and the one that is wished for.
export const cloudWish = (net, epochAt = epochOf(net)) => pathOf(net, methodOf(net), epochAt);
export const cloudPath = (net, epochAt = epochOf(net)) =>
  cloudWaits(net, epochAt) ? pathOf(net, "pca2", epochAt) : cloudWish(net, epochAt);
export const cloudWaits = (net, epochAt = epochOf(net)) =>
  slow(methodOf(net)) && source.peek(cloudWish(net, epochAt)) === undefined;

// The wishes of the cursor as it is now; those of an old cursor are forgotten.
export const wishClouds = (paths) => {
  wishes = paths.filter((path) => source.peek(path) === undefined);
  next();
};

function next() {
  if (asking || !wishes.length) return;
  asking = true;
  source.get(wishes.shift()).finally(() => {
    asking = false;
    refresh("data");
    next();
  });
}
