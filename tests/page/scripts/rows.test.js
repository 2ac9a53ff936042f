import assert from "node:assert/strict";
import test from "node:test";
import { foldGroup, rowOfLayer, rowsOf, widthOf } from "../../../src/lamella/page/assets/panels/cube/rows.js";

const deep = (name, count) => ({
  name,
  layers: Array.from({ length: count }, (_, at) => ({
    name: `s${Math.floor(at / 5)}.conv${at}`,
    group: `s${Math.floor(at / 5)}`,
  })),
});

test("a shallow net has a row for each layer", () => {
  const rows = rowsOf({ name: "flat", layers: [{ name: "in" }, { name: "fc1" }] });
  assert.deepEqual(
    rows.map(({ label, layer }) => [label, layer]),
    [["in", 0], ["fc1", 1]], // prettier-ignore
  );
});

test("the groups of a deep net have heads, and their layers no prefix", () => {
  const rows = rowsOf(deep("fifteen", 15));
  assert.equal(rows.length, 18);
  assert.deepEqual([rows[0].head, rows[0].label, rows[0].layer, rows[1].label], [true, "s0", null, "conv0"]);
});

test("a group folds into the last of its layers", () => {
  const net = deep("folding", 15);
  foldGroup(rowsOf(net)[0]);
  const rows = rowsOf(net);
  assert.equal(rows.length, 13);
  assert.deepEqual([rows[0].open, rows[0].layer, rows[0].count], [false, 4, 5]);
  assert.equal(rowOfLayer(rows, 2), 0);
  assert.equal(rowOfLayer(rows, 5), 2);
  foldGroup(rows[0]);
  assert.equal(rowsOf(net).length, 18);
});

test("a very deep net is folded at first", () => {
  assert.ok(rowsOf(deep("deep", 45)).every((row) => row.head && !row.open));
});

test("the width of a layer is its shape", () => {
  assert.equal(widthOf({ shape: [3, 32, 32] }), "3×32×32");
  assert.equal(widthOf({}), "");
});
