import assert from "node:assert/strict";
import test from "node:test";
import {
  bettiCurve,
  diagramBars,
  homologyColour,
  reachOf,
  signalOf,
} from "../../../src/lamella/page/assets/records/diagram-bars.js";

const column = (...values) => ({ data: values });
const record = {
  unit: "edge length",
  mean_distance: 2,
  threshold: 1,
  dimension: column(0, 0, 1),
  birth: column(0, 0, 2),
  death: column(1, Infinity, 5),
  bars: { 0: 7, 1: 1 },
};

test("bars by dimension, in units of the mean distance, with how many there were", () => {
  const found = diagramBars(record);
  assert.equal(found.unit, "mean_distance");
  assert.equal(found.threshold, 0.5);
  assert.deepEqual(found.dimensions, [
    { dimension: 0, total: 7, at: [0, 1], birth: [0, 0], death: [0.5, Infinity] },
    { dimension: 1, total: 1, at: [2], birth: [1], death: [2.5] },
  ]);
  assert.equal(found, diagramBars(record));
});

test("the reach is the last finite end, rounded up", () => {
  const found = diagramBars(record);
  assert.equal(reachOf([found]), 2.75);
  assert.equal(reachOf([found], [0]), 0.75);
  assert.equal(reachOf([]), 1);
});

test("bars longer than the threshold count as signal", () => {
  const { dimensions, threshold } = diagramBars(record);
  assert.equal(signalOf(dimensions[0], threshold), 1);
  assert.equal(signalOf(dimensions[0], null), null);
});

test("a Betti curve counts what is alive from each scale on", () => {
  const bars = { birth: [0, 0, 1, 5], death: [2, Infinity, 2, 5] };
  assert.deepEqual(bettiCurve(bars), { xs: [0, 1, 2], ys: [2, 3, 1] });
  assert.deepEqual(bettiCurve(bars, 1.5), { xs: [0, 2], ys: [2, 1] });
});

test("each dimension has its colour", () => {
  assert.deepEqual([0, 1, 2, 3].map(homologyColour), ["h0", "h1", "h2", "soft"]);
});
