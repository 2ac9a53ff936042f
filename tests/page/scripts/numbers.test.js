import assert from "node:assert/strict";
import test from "node:test";
import {
  clamp,
  formatNumber,
  meanOf,
  shortNumber,
  spreadOf,
} from "../../../src/lamella/page/assets/core/numbers.js";

test("numbers have three digits where they matter, and a minus that is one", () => {
  assert.equal(formatNumber(0.12345), "0.12");
  assert.equal(formatNumber(0.0123), "0.012");
  assert.equal(formatNumber(-12.345), "−12.3");
  assert.equal(formatNumber(1234.5), "1235");
  assert.equal(formatNumber(3), "3");
  assert.equal(formatNumber(1234567), "1.2e6");
  assert.equal(formatNumber(0.00012), "1.2e−4");
});

test("what is no number, and what has no end", () => {
  assert.equal(formatNumber(NaN), "–");
  assert.equal(formatNumber(null), "–");
  assert.equal(formatNumber(-Infinity), "−∞");
  assert.equal(shortNumber(undefined), "");
});

test("percentages have one digit, whole ones none", () => {
  assert.equal(formatNumber(42.45, "%"), "42.5 %");
  assert.equal(formatNumber(0, "%"), "0 %");
  assert.equal(formatNumber(99.96, "%"), "100 %");
});

test("a cell of a map has room for four characters", () => {
  for (const value of [0.123, 1.999, 9.94, 99.9, 1234.5, 9949, 9951, 99499, 1e5, 3.2e7])
    assert.ok(shortNumber(value).length <= 4, shortNumber(value));
  assert.equal(shortNumber(0.123), "0.12");
  assert.equal(shortNumber(12345), "12k");
  assert.equal(shortNumber(-3), "−3");
});

test("mean and spread leave out what was not computed", () => {
  assert.equal(meanOf([1, NaN, 3]), 2);
  assert.equal(meanOf([]), NaN);
  assert.equal(spreadOf([1, NaN, 3]), Math.SQRT2);
  assert.equal(spreadOf([1]), NaN);
  assert.equal(clamp(7, 0, 5), 5);
});
