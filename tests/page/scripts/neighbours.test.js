import assert from "node:assert/strict";
import test from "node:test";
import { neighboursOf } from "../../../src/lamella/page/assets/core/neighbours.js";

const net = { layers: [{ name: "in" }, { name: "out" }], epochs: [0, 5, 9] };

test("four cells beside the cursor, the next epoch first", () => {
  assert.deepEqual(neighboursOf(net, 0, 1), [
    { layer: "in", epoch: 9 },
    { layer: "out", epoch: 5 },
    { layer: "in", epoch: 0 },
  ]);
});

test("none outside the net", () => {
  assert.deepEqual(neighboursOf({ layers: [{ name: "in" }], epochs: [3] }, 0, 0), []);
});
