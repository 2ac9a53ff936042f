import assert from "node:assert/strict";
import test from "node:test";
import { readPack } from "../../../src/lamella/page/assets/core/packs.js";

// A pack by hand: header and one array of two numbers of 32 bits, behind `shift` other bytes.
function pack(shift = 0) {
  const facts = { kind: "x", list: [{ $: "v" }, 1], nothing: null };
  let header = JSON.stringify({ facts, arrays: { v: { at: 0, dtype: "f32", shape: [1, 2] } } });
  header = header.padEnd(Math.ceil((8 + header.length) / 8) * 8 - 8);
  const bytes = new Uint8Array(shift + 8 + header.length + 8);
  bytes.set(new TextEncoder().encode("LMP1"), shift);
  const view = new DataView(bytes.buffer, shift);
  view.setUint32(4, header.length, true);
  bytes.set(new TextEncoder().encode(header), shift + 8);
  view.setFloat32(8 + header.length, 1.5, true);
  view.setFloat32(12 + header.length, -2, true);
  return [bytes.buffer, shift, bytes.length - shift];
}

test("facts have their arrays where they name them", () => {
  const found = readPack(...pack());
  assert.deepEqual(found.list[0].data, Float32Array.of(1.5, -2));
  assert.deepEqual(found.list[0].shape, [1, 2]);
  assert.deepEqual([found.kind, found.list[1], found.nothing], ["x", 1, null]);
});

test("a pack inside a bundle, also where its array does not lie on a multiple of four", () => {
  for (const shift of [8, 3])
    assert.deepEqual(readPack(...pack(shift)).list[0].data, Float32Array.of(1.5, -2));
});

test("what is no pack is refused", () => {
  assert.throws(() => readPack(new ArrayBuffer(16), 0, 16), /not a pack/);
});
