// The Units panel: what the units of the layer do with the selected sample, what they are made of,
// and what excites them most; run A, at the cursor.

import { currentSample, samplesPath } from "../../cloud/samples.js";
import { choice, seg, toggle } from "../../core/controls.js";
import { el } from "../../core/elements.js";
import { t } from "../../core/language.js";
import { refresh } from "../../core/panels.js";
import { answerPath, source } from "../../core/source.js";
import { declare, epochAt, layerName, seedOf, set, shown } from "../../core/state.js";
import { drawAttribution } from "./attribution.js";
import { drawFilters } from "./filters.js";
import { drawMaps } from "./maps.js";
import { drawPatches } from "./patches.js";

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
