import assert from "node:assert/strict";
import test from "node:test";
import { cssColour, ramp, rgb, tones } from "../../../src/lamella/page/assets/core/ramps.js";

test("a ramp meets its stops and lies between them", () => {
  const stops = ["#000000", "#204060", "#ffffff"];
  assert.deepEqual(ramp(stops, 0.5), [32, 64, 96]);
  assert.deepEqual(ramp(stops, 0.25), [16, 32, 48]);
  assert.deepEqual(ramp(stops, 7), [255, 255, 255]);
  assert.equal(cssColour(rgb("#204060")), "rgb(32,64,96)");
});

test("ink is what contrasts more: white on black, black on white", () => {
  const table = tones(["#000000", "#ffffff"]);
  assert.equal(table.length, 256);
  assert.deepEqual(table[0], ["rgb(0,0,0)", "#ffffff"]);
  assert.deepEqual(table[255], ["rgb(255,255,255)", "#000000"]);
  // luminance 0.179 is the grey of 118: 4.6 to 1 against either
  assert.deepEqual(
    [117, 119].map((at) => table[at][1]),
    ["#ffffff", "#000000"],
  );
});
