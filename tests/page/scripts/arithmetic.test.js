import assert from "node:assert/strict";
import test from "node:test";
import {
  arithmetic,
  convolve,
  fields,
  pad,
} from "../../../src/lamella/page/assets/panels/network/arithmetic.js";

test("7 pixels, a kernel of 3, stride 3: two outputs, and the last pixel is not read", () => {
  const found = arithmetic(7, 3, 3);
  assert.equal(found.output, 2);
  assert.equal(found.droppedPixels, 1);
  assert.deepEqual(found.sizes, [6, 9]);
  assert.deepEqual(found.paddings, [1]);
});

test("a kernel that is too wide says how wide it is", () => {
  assert.match(arithmetic(4, 3, 1, 0, 2).problem, /spans 5, the padded input only 4/);
});

test("paddings of one pixel", () => {
  const middle = (mode) => pad([[1, 2, 3]], 1, mode)[1];
  assert.deepEqual(middle("zero"), [0, 1, 2, 3, 0]);
  assert.deepEqual(middle("border"), [1, 1, 2, 3, 3]);
  assert.deepEqual(middle("mirror"), [1, 1, 2, 3, 3]);
  assert.deepEqual(middle("reflect"), [2, 1, 2, 3, 2]);
  assert.deepEqual(middle("cyclic"), [3, 1, 2, 3, 1]);
});

test("a kernel of ones sums its window", () => {
  const image = [[1, 2, 3], [4, 5, 6], [7, 8, 9]]; // prettier-ignore
  assert.deepEqual(convolve(image, [[1, 1], [1, 1]]).output, [[12, 16], [24, 28]]); // prettier-ignore
});

test("three layers of kernel 3 and stride 2 see 3, 7 and 15 pixels", () => {
  assert.deepEqual(fields(64, 3, 2, 1, 1, 3).map((row) => [row.field, row.jump]), [[3, 2], [7, 4], [15, 8]]); // prettier-ignore
});
