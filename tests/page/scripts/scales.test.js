import assert from "node:assert/strict";
import test from "node:test";
import { domainOf, scale, spreadOut, tickTexts } from "../../../src/lamella/page/assets/plots/scales.js";

const ticks = (domain, most, more) => scale({ domain, ...more }).ticks(most);

test("steps are 1, 2 or 5 times a power of ten, and no more than asked for", () => {
  assert.deepEqual(ticks([0, 1], 6), [0, 0.2, 0.4, 0.6, 0.8, 1]);
  assert.deepEqual(ticks([0, 1], 3), [0, 0.5, 1]);
  assert.deepEqual(ticks([-7, 93], 4), [0, 50]);
  assert.deepEqual(ticks([0, 2], 6, { whole: true }), [0, 1, 2]);
});

test("a logarithmic scale has powers of ten, and 2 and 5 where there are few", () => {
  assert.deepEqual(ticks([1, 1000], 6, { log: true }), [1, 10, 100, 1000]);
  assert.deepEqual(ticks([1, 10], 6, { log: true }), [1, 2, 5, 10]);
});

test("at and value are each other's inverse", () => {
  for (const options of [
    { domain: [2, 8] },
    { domain: [0.1, 100], log: true },
    { domain: [0, 9], stops: [0, 1, 9] },
  ]) {
    const found = scale(options);
    for (const part of [0, 0.25, 0.5, 1]) assert.ok(Math.abs(found.at(found.value(part)) - part) < 1e-9);
    assert.equal(found.at(options.domain[0]), 0);
    assert.equal(found.at(options.domain[1]), 1);
  }
});

test("stops stand side by side at even distances", () => {
  assert.equal(scale({ domain: [0, 100], stops: [0, 1, 100] }).at(1), 0.5);
});

test("texts of ticks have the same digits, thousands are k, and minus is minus", () => {
  assert.deepEqual(tickTexts([0, 0.25, 0.5]), ["0", "0.25", "0.50"]);
  assert.deepEqual(tickTexts([-20000, 0, 20000]), ["−20k", "0", "20k"]);
  assert.deepEqual(tickTexts([0, 1e-4, 2e-4]), ["0", "1e−4", "2e−4"]);
});

test("a domain is finite, of some width, and may take zero in", () => {
  assert.deepEqual(domainOf([[NaN, Infinity]]), [0, 1]);
  assert.deepEqual(domainOf([[NaN, 0]], { log: true }), [0.1, 1]);
  assert.deepEqual(domainOf([[4, 4]]), [2, 6]);
  assert.deepEqual(domainOf([[5], [10]], { zero: true, pad: 0.1 }), [0, 11]);
  assert.deepEqual(domainOf([[1, -2, 100]], { log: true, pad: 0 }), [1, 100]);
});

test("labels are pushed apart, in their order, within the room", () => {
  assert.deepEqual(spreadOut([50, 50, 51], 10, 0, 100), [50, 60, 70]);
  assert.deepEqual(spreadOut([99, 98], 10, 0, 100), [100, 90]);
  assert.deepEqual(spreadOut([-5], 10, 0, 100), [0]);
});
