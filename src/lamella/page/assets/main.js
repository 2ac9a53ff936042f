// The start: words, source, index, then the panels.

import { byId, el } from "./core/elements.js";
import { languages, readWords, speak, t } from "./core/language.js";
import { openSource, source } from "./core/source.js";
import { index, readHash, setIndex, state } from "./core/state.js";
import { listen, listenFirst } from "./core/events.js";
import { mountPanels } from "./core/panels.js";
import { applyTheme } from "./core/theme.js";
import "./panels/bar.js";
import { verdictPanel } from "./panels/verdict.js";
import { cubePanel } from "./panels/cube/panel.js";
import { cardPanel } from "./panels/cube/card.js";
import { cloudPanel } from "./panels/cloud/panel.js";
import { selectionPanel } from "./panels/cloud/selection.js";
import { trainingPanel } from "./panels/training/panel.js";
import { classesPanel } from "./panels/classes.js";
import { networkPanel } from "./panels/network/panel.js";
import { topologyPanel } from "./panels/topology/panel.js";
import { unitsPanel } from "./panels/units/panel.js";
import { measuredPanel } from "./panels/measured.js";
import { storyPanel } from "./panels/story.js";
import "./live.js";
import "./print.js";

// Panels of one place stand in this order.
const PANELS = [
  verdictPanel,
  cubePanel,
  cardPanel,
  cloudPanel,
  selectionPanel,
  trainingPanel,
  classesPanel,
  networkPanel,
  topologyPanel,
  unitsPanel,
  measuredPanel,
  storyPanel,
];

// Asked for in the address, else what the file was made for, else what the reader speaks.
function applyLanguage() {
  const spoken = (navigator.languages || [navigator.language]).map((tag) => tag.slice(0, 2));
  speak(state.lang || source.start.language || spoken.find((tag) => languages.includes(tag)) || "en");
}

function drawFixed() {
  byId("skip").textContent = t("page.skip");
  byId("desk").hidden = source.start.mode === "file" && !index.nets.length; // a story without runs
  document.title = [index.title, "lamella"].filter(Boolean).join(" · ");
  byId("colophon").textContent = index.left_out.length
    ? `${t("page.left_out")} ${index.left_out.join("; ")}`
    : "";
}

function refuse(text) {
  byId("desk").replaceChildren(el("p", { className: "missing" }, text));
  document.body.dataset.ready = "failed";
}

async function start() {
  if (typeof DecompressionStream === "undefined")
    return refuse("This browser is too old for the page (no DecompressionStream).");
  readWords();
  const told = await openSource();
  readHash();
  speak(told.language);
  applyTheme();
  applyLanguage();
  const found = await source.get("index");
  if (found.missing) return refuse(found.missing);
  mountPanels(PANELS);
  setIndex(found);
  drawFixed();
  requestAnimationFrame(() =>
    requestAnimationFrame(() => {
      document.body.dataset.ready = "1";
    }),
  );
}

// First of all listeners, so that panels already draw in the new theme and language.
listenFirst("theme", applyTheme);
listenFirst("language", () => {
  applyLanguage();
  drawFixed();
});
listen("data", drawFixed);
start().catch((error) => refuse(String(error && error.message)));

// What the console, the tests and the benchmarks reach as window.lamella.
export { classColour, colours } from "./core/colours.js";
export { isPlaying, step } from "./core/cursor.js";
export { reducedMotion } from "./core/elements.js";
export { failures, panelOf, quiet, refresh } from "./core/panels.js";
export { rgb, tones } from "./core/ramps.js";
export { answerPath, source } from "./core/source.js";
export { readPack } from "./core/packs.js";
export { announce } from "./core/events.js";
export { index, netNamed, select, selection, set, setIndex, shown, state } from "./core/state.js";
export { plot } from "./plots/plot.js";
export { scale, tickTexts } from "./plots/scales.js";
export { drawDiagrams } from "./records/diagrams.js";
export { bettiCurve } from "./records/diagram-bars.js";
export { camera } from "./cloud/camera.js";
export { colourWay, paintCloud } from "./cloud/colours.js";
export { screenGrid } from "./cloud/picking.js";
export { cloudWish } from "./cloud/slow-methods.js";
export { benchCloud } from "./cloud/speed.js";
export { drawFigure } from "./plots/figure.js";
export { cloudFacts, clouds } from "./panels/cloud/panel.js";
export { drawnCube, placeOfCell } from "./panels/cube/panel.js";
export { shareOf } from "./panels/cube/selected.js";
export { placesOf, verticesOf } from "./panels/topology/panel.js";
export { mapRamp } from "./panels/units/pictures.js";
