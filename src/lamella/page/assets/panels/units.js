// The Units panel: what the units of the layer do with the selected sample, what they are made of,
// and what excites them most; run A, at the cursor.

import { bitmap, thumbnail } from "../cloud/atlas.js";
import { currentSample, samplesPath, splitName } from "../cloud/samples.js";
import { choice, seg, tag, toggle } from "../core/controls.js";
import { el } from "../core/elements.js";
import { nameOf, t } from "../core/language.js";
import { clamp, formatNumber } from "../core/numbers.js";
import { refresh } from "../core/panels.js";
import { answerPath, source } from "../core/source.js";
import { declare, epochAt, layerName, seedOf, select, selection, set, shown, state } from "../core/state.js";
import { mapRamp, pictureAt, sampleWithField, signedRamp, tileSize, unitBars } from "./units-pictures.js";

const VIEWS = ["maps", "patches", "filters", "attribution"];
const TECHNIQUES = [
  "saliency",
  "smooth_grad",
  "integrated_gradients",
  "guided_backprop",
  "deconvnet",
  "occlusion",
];
declare("units", "maps");
declare("unit", -1);
declare("spot", ""); // row.column of the place in the map
declare("technique", "integrated_gradients");
declare("from_start", false);

const netA = () => shown()[0]?.[1];
const cell = (net, epoch = epochAt(net)) => [net.name, seedOf(net), layerName(net), epoch];

// The sample is known only with the samples: asked for again once they are there.
function wants(state) {
  const net = netA();
  if (!net || !net.epochs.length) return {};
  const wanted = { samples: samplesPath(net) };
  const samples = source.peek(wanted.samples);
  const start = net.epochs[0];
  if (!samples) return wanted;
  const sample = samples.missing ? 0 : currentSample(samples);
  if (state.units === "maps") {
    wanted.main = answerPath("maps", ...cell(net), sample);
    wanted.field = answerPath("field", net.name, layerName(net));
    if (state.from_start) wanted.start = answerPath("maps", ...cell(net, start), sample);
    if (state.unit >= 0 && net.picture) wanted.patches = answerPath("patches", ...cell(net));
  } else if (state.units === "attribution")
    wanted.main = answerPath("attribution", net.name, seedOf(net), epochAt(net), sample, state.technique);
  else {
    wanted.main = answerPath(state.units, ...cell(net));
    if (state.units === "filters" && state.from_start)
      wanted.start = answerPath("filters", ...cell(net, start));
  }
  return wanted;
}

function tools(host, state) {
  host.append(
    seg(
      t("units.view"),
      VIEWS.map((name) => [name, t(`units.${name}`)]),
      state.units,
      (units) => set({ units }),
    ),
  );
  if (["maps", "filters"].includes(state.units))
    host.append(
      toggle(
        t("units.from_start"),
        state.from_start,
        (on) => set({ from_start: on }),
        t("units.from_start_tip"),
      ),
    );
  if (state.units === "attribution")
    host.append(
      choice(
        t("units.technique"),
        TECHNIQUES.map((name) => [name, name.replaceAll("_", " ")]),
        state.technique,
        (technique) => set({ technique }),
      ),
    );
}

// ---- one drawing for each view; each gets {net, samples, main, start, field, sample, width, height}
const views = { maps: drawMaps, patches: drawPatches, filters: drawFilters, attribution: drawAttribution };

function draw(host, state, answers) {
  const net = netA();
  if (!net?.epochs.length) return host.replaceChildren(el("p", { className: "missing" }, t("units.nothing")));
  const { samples, main, start, field, patches } = answers;
  const there = (one) => (one && !one.missing ? one : null);
  if (!main) return refresh("samples");
  if (main.missing) return host.replaceChildren(el("p", { className: "missing" }, main.missing));
  const sample = samples.missing ? 0 : currentSample(samples);
  const facts = {
    net,
    samples: there(samples),
    main,
    start: there(start),
    field: there(field),
    patches: there(patches),
    sample,
    width: host.clientWidth,
    height: host.clientHeight,
  };
  return host.replaceChildren(...views[state.units](facts, state));
}

const line = (...words) => el("p", { className: "units-line" }, words);
const unitName = ({ samples, sample }) =>
  samples
    ? t("units.sample", {
        name: `${nameOf("split", splitName(samples, sample))} · ${samples.ids.data[sample]}`,
      })
    : "";
const chosenOf = (state, count) => (state.unit >= 0 && state.unit < count ? state.unit : -1);
const pick = (i) => set({ unit: state.unit === i ? -1 : i });

// ---- maps of a sample, or bars where a unit has one number
function drawMaps(facts, state) {
  const { main, samples } = facts;
  const [count, h, w] = main.pixels.shape;
  const flat = h * w === 1;
  const words = t(flat ? "units.units_of" : "units.maps_of", {
    n: count,
    of: main.of ?? count,
    epoch: epochAt(facts.net),
  });
  const head = line(tag("a"), el("b", {}, layerName(facts.net)), ` ${unitName(facts)} · ${words}`);
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
    line(t("units.best", { n: chosen })),
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
    pick,
  });
}

// ---- what excites a channel most: a row of patches for each, or one channel large
function drawPatches(facts, state) {
  const { main, net, width, height } = facts;
  const [channels, best] = main.pixels.shape;
  const chosen = chosenOf(state, channels);
  const box = main.box ? t("units.field", { h: main.box[0], w: main.box[1] }) : t("units.no_field");
  const head = line(
    tag("a"),
    el("b", {}, layerName(net)),
    ` ${box} · ${t("units.maps_of", { n: channels, of: main.of ?? channels, epoch: epochAt(net) })}`,
  );
  const shown = chosen < 0 ? Array.from({ length: channels }, (_, i) => i) : [chosen];
  const size = chosen < 0 ? rowSize(width, height - 36, channels, best) : 72;
  return [
    head,
    el(
      "div",
      { className: "patches" },
      shown.map((i) =>
        el(
          "div",
          { className: "patch-row" },
          el(
            "button",
            {
              type: "button",
              className: "note channel",
              ariaPressed: String(i === chosen),
              title: t("units.best", { n: i }),
              onclick: () => pick(i),
            },
            String(i),
          ),
          patchTiles(main, i, size),
        ),
      ),
    ),
  ];
}
// The largest pictures with which all rows of patches fit; small ones may scroll.
function rowSize(width, height, rows, best) {
  const fits = (size) =>
    Math.ceil(rows / Math.max(1, Math.floor((width + 18) / (best * (size + 2) + 46)))) * (size + 6) <= height;
  for (let size = 56; size > 16; size -= 2) if (fits(size)) return size;
  return 16;
}
function patchTiles(main, i, size) {
  const [, best, h, w, c] = main.pixels.shape;
  const step = h * w * c;
  return Array.from({ length: best }, (_, k) =>
    el(
      "button",
      {
        type: "button",
        className: "tile",
        title: patchTitle(main, i, k),
        ariaLabel: patchTitle(main, i, k),
        onclick: () => selectPatch(main, i, k),
      },
      bitmap(main.pixels.data.subarray((i * best + k) * step, (i * best + k + 1) * step), h, w, c, size),
    ),
  );
}
const patchTitle = (main, i, k) => {
  const best = main.ids.shape[1];
  const at = i * best + k;
  return `id ${main.ids.data[at]}${main.values ? ` · ${formatNumber(main.values.data[at])}` : ""}`;
};
function selectPatch(main, i, k) {
  if (!main.samples) return;
  const sample = main.samples.data[i * main.samples.shape[1] + k];
  set({ sample });
  select(new Set([...selection(), sample]));
}

// ---- filters: weights on a signed scale
function drawFilters({ main, start, net, width, height }, state) {
  const record = main.record;
  const images = record.pixels;
  const [count, h, w, c = 1] = images.shape;
  const chosen = chosenOf(state, count);
  const first = start?.record;
  const changed =
    first && first.pixels.data.length === images.data.length ? filterChange(record, first) : null;
  const shown = changed || record;
  const colour = c === 1 && shown.scale ? signed(shown) : undefined;
  const size = tileSize(width, height - 34, count, h / w, 20, 72);
  const picture = (i) =>
    c === 1 && shown.scale ? pictureAt(shown.pixels, i, size, colour) : pictureAt(images, i, size);
  const tiles = Array.from({ length: count }, (_, i) =>
    el(
      "button",
      {
        type: "button",
        className: "tile",
        title: record.captions?.[i] || "",
        ariaLabel: t("units.channel", { n: i }),
        ariaPressed: String(i === chosen),
        onclick: () => pick(i),
      },
      picture(i),
    ),
  );
  return [
    line(
      tag("a"),
      el("b", {}, layerName(net)),
      ` ${record.title || ""} · ${t("bar.epoch", { epoch: epochAt(net) })}`,
    ),
    el("div", { className: "tiles" }, tiles),
  ];
}
const signed = ({ scale }) => signedRamp(scale);
function filterChange(record, first) {
  const real = ({ pixels, scale }) =>
    Float32Array.from(
      pixels.data,
      (value) => scale[0] + (scale[1] - scale[0]) * (pixels.data instanceof Uint8Array ? value / 255 : value),
    );
  if (!record.scale || !first.scale) return null;
  const then = real(first);
  const now = real(record).map((value, i) => value - then[i]);
  const most = now.reduce((a, b) => Math.max(a, Math.abs(b)), 0) || 1;
  return {
    pixels: { data: now.map((value) => 0.5 + (0.5 * value) / most), shape: record.pixels.shape },
    scale: [-most, most],
  };
}

// ---- attribution beside the sample
function drawAttribution(facts) {
  const { main, samples, sample, height } = facts;
  const { data, shape } = main.pixels;
  const [h, w, c = 1] = shape.length > 3 ? shape.slice(1) : shape;
  const size = clamp(height - 40, 80, 260);
  const colour = main.scale && main.scale[0] < 0 ? signedRamp(main.scale) : mapRamp();
  return [
    line(tag("a"), unitName(facts)),
    el(
      "div",
      { className: "units-row" },
      samples?.pictures && thumbnail(samples.pictures, sample, size),
      bitmap(data, h, w, c, size, c === 1 ? colour : undefined),
    ),
  ];
}

export const unitsPanel = {
  id: "units",
  place: "right",
  title: "units.title",
  partial: true,
  wants,
  tools,
  draw,
  follows: [
    "a",
    "seed",
    "split",
    "layer",
    "epoch",
    "sample",
    "units",
    "unit",
    "spot",
    "technique",
    "from_start",
    "right",
  ],
};
