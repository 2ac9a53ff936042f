// Colours of values: ramps through the theme's stops, and the ink that can be read on them.

import { clamp } from "./numbers.js";

const parts = new Map();

export const rgb = (hex) => {
  if (!parts.has(hex))
    parts.set(
      hex,
      [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16)),
    );
  return parts.get(hex);
};

// The colour at `t` of 0..1 along stops of equal distance, as [r, g, b].
export const ramp = (stops, t) => {
  const x = clamp(t, 0, 1) * (stops.length - 1);
  const at = Math.min(stops.length - 2, Math.floor(x));
  const part = x - at;
  const low = rgb(stops[at]);
  const high = rgb(stops[at + 1]);
  return low.map((value, k) => Math.round(value + (high[k] - value) * part));
};
export const cssColour = (colour) => `rgb(${colour.join(",")})`;

// Relative luminance, WCAG 2.1.
const linear = (value) => (value <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
const luminance = ([r, g, b]) =>
  0.2126 * linear(r / 255) + 0.7152 * linear(g / 255) + 0.0722 * linear(b / 255);

// Black or white, whichever contrasts more: equal contrast lies at luminance 0.179.
const inkOn = (colour) => (luminance(colour) > 0.179 ? "#000000" : "#ffffff");

// 256 steps of a ramp with their inks, made once: a large map asks twenty thousand times.
const tables = new Map();
export const tones = (stops) => {
  const key = stops.join();
  if (!tables.has(key))
    tables.set(
      key,
      Array.from({ length: 256 }, (_, at) => ramp(stops, at / 255)).map((colour) => [
        cssColour(colour),
        inkOn(colour),
      ]),
    );
  return tables.get(key);
};
