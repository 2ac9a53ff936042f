import assert from "node:assert/strict";
import test from "node:test";
import {
  differenceOf,
  gridOf,
  mostOf,
  onScale,
  reduceSeeds,
  scaleOf,
  seedValues,
} from "../../../src/lamella/page/assets/panels/cube/grids.js";

// 2 seeds x 2 splits x 2 layers x 3 epochs, counted; the value says where it is
const data = Float32Array.from({ length: 24 }, (_, at) => at);
const cube = { splits: ["train", "test"], values: { data, shape: [2, 2, 2, 3] } };
const net = { layers: [{}, {}], epochs: [0, 1, 4] };

test("the values of all seeds at a cell", () => {
  assert.deepEqual(seedValues(cube, "test", 1, 2), [11, 23]);
  assert.deepEqual(seedValues(cube, "other", 1, 2), [NaN, NaN]);
  assert.deepEqual(seedValues(cube, "test", 0, 0, 7), [7]);
});

test("mean, spread and one seed", () => {
  assert.equal(reduceSeeds([1, 3], "mean"), 2);
  assert.equal(reduceSeeds([1, 3], "spread"), Math.SQRT2);
  assert.equal(reduceSeeds([1, 3], "seed", 9), 3);
});

test("a grid of the net, and NaN outside it or without an answer", () => {
  const grid = gridOf(cube, net, { split: "train", over: "mean", seed: 0 });
  assert.equal(grid.at(1, 2), 11);
  assert.equal(grid.at(2, 0), NaN);
  assert.equal(gridOf({ missing: "why" }, net, { split: "train", over: "mean" }).at(0, 0), NaN);
});

test("a difference stands on the rows and epochs of A; what B lacks stays open", () => {
  const a = gridOf(cube, net, { split: "train", over: "seed", seed: 0 });
  const b = { at: (layer, epoch) => 100 + 10 * layer + epoch };
  const found = differenceOf(a, b, net, { epochs: [4, 0] });
  assert.deepEqual([...found.data], [101, NaN, 98, 108, NaN, 105]);
  assert.equal(mostOf(found), 108);
});

test("one scale for all grids", () => {
  const scale = (...values) => scaleOf([{ data: values }]);
  assert.deepEqual(scale(2, 10, NaN), { low: 0, high: 10, log: false });
  assert.deepEqual(scale(8, 10), { low: 8, high: 10, log: false });
  assert.deepEqual(scale(1, 1000), { low: 1, high: 1000, log: true });
  assert.deepEqual(scale(3, 3), { low: 2.5, high: 3.5, log: false });
  assert.equal(scale(NaN).empty, true);
  assert.ok(Math.abs(onScale({ low: 1, high: 100, log: true }, 10) - 0.5) < 1e-12);
  assert.equal(onScale({ low: 0, high: 4 }, 1), 0.25);
  assert.equal(onScale({ low: 0, high: 4 }, Infinity), 1);
});
