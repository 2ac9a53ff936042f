// Colours of values: ramps through the theme's stops, and the ink that can be read on them.
"use strict";

(function () {
  const L = window.lamella;
  const parts = new Map();

  const rgb = (hex) => {
    if (!parts.has(hex)) parts.set(hex, [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16)));
    return parts.get(hex);
  };
  L.rgb = rgb;

  // The colour at `t` of 0..1 along stops of equal distance, as [r, g, b].
  L.ramp = (stops, t) => {
    const x = L.clamp(t, 0, 1) * (stops.length - 1), at = Math.min(stops.length - 2, Math.floor(x)), part = x - at;
    const low = rgb(stops[at]), high = rgb(stops[at + 1]);
    return low.map((value, k) => Math.round(value + (high[k] - value) * part));
  };
  L.css = (colour) => `rgb(${colour.join(",")})`;

  // Relative luminance, WCAG 2.1.
  const linear = (value) => (value <= .03928 ? value / 12.92 : ((value + .055) / 1.055) ** 2.4);
  const luminance = ([r, g, b]) => .2126 * linear(r / 255) + .7152 * linear(g / 255) + .0722 * linear(b / 255);

  // Black or white, whichever contrasts more: equal contrast lies at luminance 0.179.
  L.inkOn = (colour) => (luminance(colour) > .179 ? "#000000" : "#ffffff");

  // 256 steps of a ramp with their inks, made once: a large map asks twenty thousand times.
  const tables = new Map();
  L.tones = (stops) => {
    const key = stops.join();
    if (!tables.has(key)) tables.set(key, Array.from({ length: 256 }, (_, at) => L.ramp(stops, at / 255)).map((colour) => [L.css(colour), L.inkOn(colour)]));
    return tables.get(key);
  };

  L.classColour = (label) => {
    const { classes, faint } = L.colours();
    return label < 0 ? faint : classes[label % classes.length];
  };
})();
