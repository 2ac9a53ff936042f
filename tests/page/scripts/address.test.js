import assert from "node:assert/strict";
import test from "node:test";
import {
  orNone,
  readAddress,
  readerLike,
  writeAddress,
} from "../../../src/lamella/page/assets/core/address.js";

const DEFAULTS = { a: "", b: undefined, epoch: -1, paths: true, sample: null, layer: "" };
const READERS = Object.fromEntries(Object.entries(DEFAULTS).map(([key, value]) => [key, readerLike(value)]));
Object.assign(READERS, { b: orNone(String), sample: orNone(Number) });

const read = (hash) => readAddress(hash, DEFAULTS, READERS);

test("only what differs from its default is written, and the cursor always", () => {
  const state = { ...DEFAULTS, a: "wide", b: null, epoch: 3, paths: false };
  assert.equal(writeAddress(state, DEFAULTS, []), "#a=wide&b=none&epoch=3&paths=0&layer=");
});

test("an address that was written is read as it was", () => {
  const state = { a: "a b/ü#&=", b: null, epoch: 12, paths: false, sample: 40, layer: "x" };
  const found = read(writeAddress(state, DEFAULTS, new Set([36, 1, 10])));
  assert.deepEqual(found.state, state);
  assert.deepEqual(found.selected, [1, 10, 36]);
  assert.deepEqual(found.keys, ["a", "b", "epoch", "paths", "sample", "layer", "sel"]);
});

test("what cannot be read is as by default", () => {
  const found = read("#epoch=x&sample=y&sel=1..!!.z&unknown=1");
  assert.equal(found.state.epoch, -1);
  assert.equal(found.state.sample, null);
  assert.deepEqual(found.selected, [1, 35]);
  assert.equal("unknown" in found.state, false);
});

test("too many selected samples are left out of the address", () => {
  assert.match(writeAddress(DEFAULTS, DEFAULTS, Array(400).keys()), /sel=/);
  assert.equal(/sel=/.test(writeAddress(DEFAULTS, DEFAULTS, Array(401).keys())), false);
});
