// The maps of a sample, or bars where a unit has one number; the sample with the field of a place.

import { tag } from "../../core/controls.js";
import { el } from "../../core/elements.js";
import { t } from "../../core/language.js";
import { clamp } from "../../core/numbers.js";
import { epochAt, layerName, set } from "../../core/state.js";
import { chooseUnit, chosenOf, lineAbove, unitName } from "./parts.js";
import { patchTiles } from "./patches.js";
import { mapRamp, pictureAt, sampleWithField, signedRamp, tileSize, unitBars } from "./pictures.js";

// ---- maps of a sample, or bars where a unit has one number
export function drawMaps(facts, state) {
  const { main, samples } = facts;
  const [count, h, w] = main.pixels.shape;
  const flat = h * w === 1;
  const words = t(flat ? "units.units_of" : "units.maps_of", {
    n: count,
    of: main.of ?? count,
    epoch: epochAt(facts.net),
  });
  const head = lineAbove(tag("a"), el("b", {}, layerName(facts.net)), ` ${unitName(facts)} · ${words}`);
  if (flat) return [head, bars(facts, state)];
  const chosen = chosenOf(state, count);
  const side = samples?.pictures ? sampleSide(facts, state, chosen) : null;
  const room = facts.width - (side ? 150 : 0);
  return [
    head,
    el(
      "div",
      { className: "units-row" },
      side,
      el("div", {}, mapTiles(facts, chosen, room, facts.patches ? 74 : 0), bestOf(facts, chosen)),
    ),
  ];
}

// Under the maps: what excites the chosen unit most.
function bestOf({ patches }, chosen) {
  if (chosen < 0 || !patches) return null;
  return [
    lineAbove(t("units.best", { n: chosen })),
    el("div", { className: "patch-row" }, patchTiles(patches, chosen, 44)),
  ];
}

const values = ({ pixels, scale: [low, high] }) =>
  Float32Array.from(pixels.data, (byte) => low + ((high - low) * byte) / 255);

function difference(main, start) {
  if (!start || start.pixels.data.length !== main.pixels.data.length) return null;
  const then = values(start);
  const now = values(main).map((value, i) => value - then[i]);
  const most = now.reduce((a, b) => Math.max(a, Math.abs(b)), 0) || 1;
  return {
    pixels: {
      data: Uint8Array.from(now, (value) => Math.round(127.5 + (127.5 * value) / most)),
      shape: main.pixels.shape,
    },
    scale: [-most, most],
  };
}

function mapTiles({ main, start, height }, chosen, room, below) {
  const shown = difference(main, start) || main;
  const [count, h, w] = shown.pixels.shape;
  const colour = shown.scale[0] < 0 ? signedRamp(shown.scale) : mapRamp();
  const size = tileSize(room, height - 34 - below, count, h / w, 18, 96);
  return el(
    "div",
    { className: "tiles" },
    Array.from({ length: count }, (_, i) => tile(pictureAt(shown.pixels, i, size, colour), i, chosen, h, w)),
  );
}

// A click on a map chooses the unit and the place in it.
function tile(canvas, i, chosen, h, w) {
  const label = t("units.channel", { n: i });
  return el(
    "button",
    {
      type: "button",
      className: "tile",
      title: label,
      ariaLabel: label,
      ariaPressed: String(i === chosen),
      onclick: (event) => {
        const box = canvas.getBoundingClientRect();
        const inside = event.detail > 0;
        const place = (at, from, length, most) =>
          clamp(Math.floor(((at - from) / length) * most), 0, most - 1);
        set({
          unit: i,
          spot: inside
            ? `${place(event.clientY, box.top, box.height, h)}.${place(event.clientX, box.left, box.width, w)}`
            : "",
        });
      },
    },
    canvas,
  );
}

// The sample, with the field of the clicked unit; of the most excited place where none was clicked.
function sampleSide({ net, samples, sample, main, field }, state, chosen) {
  const [, h, w] = main.pixels.shape;
  const spot = chosen < 0 ? null : spotOf(state, h, w) || hottest(main.pixels, chosen);
  const box = spot && field ? fieldBox(net, samples, field, spot, h, w) : null;
  const words = box
    ? t("units.field", { h: field.size[0], w: field.size[1] })
    : chosen < 0
      ? t("units.click")
      : t("units.no_field");
  return el(
    "div",
    { className: "sample-side" },
    sampleWithField(samples.pictures, sample, 128, box),
    el("p", { className: "note" }, chosen < 0 ? words : `${t("units.channel", { n: chosen })}: ${words}`),
  );
}

const spotOf = ({ spot }, h, w) => {
  const [row, column] = spot.split(".").map(Number);
  return spot && row < h && column < w ? [row, column] : null;
};
function hottest({ data, shape: [, h, w] }, i) {
  const part = data.subarray(i * h * w, (i + 1) * h * w);
  const at = part.indexOf(part.reduce((a, b) => Math.max(a, b), 0));
  return [Math.floor(at / w), at % w];
}

// From pixels of the input to those of the picture, which may be smaller.
function fieldBox(net, samples, { size, stride, start }, [row, column]) {
  const [, h, w] = samples.pictures.shape;
  const shape = net.layers[0].shape;
  const [high, wide] = shape.slice(-2);
  const [down, right] = [h / high, w / wide];
  return {
    top: (start[0] + row * stride[0]) * down,
    left: (start[1] + column * stride[1]) * right,
    height: size[0] * down,
    width: size[1] * right,
  };
}

function bars({ main, start, width, height }, state) {
  const now = values(main);
  const then = start && start.pixels.data.length === now.length ? values(start) : null;
  return unitBars([...(then ? now.map((value, i) => value - then[i]) : now)], {
    width,
    height: Math.max(80, height - 30),
    chosen: chosenOf(state, now.length),
    pick: chooseUnit,
  });
}
