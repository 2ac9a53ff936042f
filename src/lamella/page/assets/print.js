// Paper: before a printer takes the page, everything is drawn on the width of a sheet, in the light
// theme, in one column; afterwards the page is as it was. A printer waits for no frame and no
// answer, so all is drawn at once from the answers that are here.

import { byId, el } from "./core/elements.js";
import { announce } from "./core/events.js";
import { nameOf, t } from "./core/language.js";
import { drawLazy } from "./core/lazy.js";
import { measureTitle } from "./core/measures.js";
import { drawNow, refresh } from "./core/panels.js";
import { isPrinting, setPrinting } from "./core/printing.js";
import { epochAt, index, layerName, measureOf, seedOf, shown, state } from "./core/state.js";
import { themeNow } from "./core/theme.js";
import { clouds } from "./panels/cloud/panel.js";

const paper = matchMedia("print");
const root = document.documentElement;

// What minds its own size does so in a frame that a printer does not wait for.
function fitAll() {
  for (const node of document.querySelectorAll(".plot-box")) node.lamellaPlot?.resized();
  for (const node of document.querySelectorAll(".cells, .cloud-grid"))
    if (node.clientWidth && node.clientWidth !== node.drawnWidth) node.redraw?.();
  for (const node of document.querySelectorAll(".record-room")) node.lamellaDraw?.();
}

// A WebGL canvas is empty after its frame: its picture is taken while it is there.
function stillClouds() {
  for (const slide of Object.values(clouds)) {
    if (!slide.renderer || slide.canvas.hidden) continue;
    slide.size();
    const still = el("canvas", {
      className: "still",
      width: slide.canvas.width,
      height: slide.canvas.height,
    });
    still.getContext("2d").drawImage(slide.canvas, 0, 0);
    slide.canvas.after(still);
  }
}

// The bar's controls say nothing on paper: what is looked at stands in a line.
function line() {
  const [first] = shown();
  if (!first) return index.title;
  const [, net] = first;
  const seed = net.seeds.length > 1 ? t("bar.seed_of", { seed: net.seeds[seedOf(net)] }) : "";
  return [
    ...shown().map(([slot, { name }]) => `${slot.toUpperCase()}: ${name}`),
    seed,
    nameOf("split", state.split),
    layerName(net),
    t("bar.epoch", { epoch: epochAt(net) ?? "–" }),
    measureOf() && measureTitle(measureOf()),
  ]
    .filter(Boolean)
    .join(" · ");
}

function begin() {
  if (isPrinting() || document.body.dataset.ready !== "1") return;
  setPrinting(true);
  root.classList.add("printing");
  byId("printed").textContent = line();
  redraw();
  stillClouds();
  document.body.dataset.printed = "1";
}

function end() {
  if (!isPrinting()) return;
  setPrinting(false);
  root.classList.remove("printing");
  document.querySelectorAll("canvas.still").forEach((canvas) => canvas.remove());
  delete document.body.dataset.printed;
  redraw();
}

// Another theme draws everything again; in the same theme only what changes its size.
function redraw() {
  if (themeNow() !== root.dataset.theme) announce("theme");
  refresh("size");
  if (!isPrinting()) return;
  drawNow();
  drawLazy();
  fitAll();
}

addEventListener("beforeprint", begin);
addEventListener("afterprint", end);
paper.addEventListener("change", () => (paper.matches ? begin() : end()));
