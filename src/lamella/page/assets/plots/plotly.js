// A figure of plotly's own, from a view of another package: drawn by the plotly.js of the plotly
// package, which the server gives, or the file holds deflated, and which is loaded with the first.

import { byId, el } from "../core/elements.js";
import { t } from "../core/language.js";
import { inflated, source } from "../core/source.js";

const SCRIPT = "/assets/plotly.js";
const SHOWN = { responsive: true, displayModeBar: false };
let loading = null;

export async function drawPlotly(host, text) {
  const stage = el("div", { className: "plotly-figure" });
  host.replaceChildren(stage);
  try {
    await (loading ||= load());
    const { data, layout } = JSON.parse(text);
    await window.Plotly.newPlot(stage, data, { ...layout, width: undefined }, SHOWN);
  } catch (error) {
    const reason = String(error?.message ?? error);
    stage.replaceChildren(el("p", { className: "missing" }, t("panel.failed", { reason })));
  }
}

// The page's policy lets nobody add styles. plotly leaves out those whose element is there already;
// what it needs of them is in figures.css.
const STYLES = /getElementById\("([0-9a-f]{64})"\)/g;
function takePlaces(text) {
  const ids = [...text.matchAll(STYLES)].map(([, id]) => id);
  for (const id of ["plotly.js-style-global", ...ids])
    document.head.append(el("meta", { id, className: "no-inline-styles" }));
}

async function load() {
  const script = document.createElement("script");
  if (source.start.mode === "file") {
    script.textContent = new TextDecoder().decode(await inflated(byId("lamella-plotly").textContent.trim()));
    takePlaces(script.textContent);
    return document.head.append(script);
  }
  takePlaces(await (await fetch(SCRIPT)).text());
  return new Promise((done, failed) => {
    Object.assign(script, { src: SCRIPT, onload: done, onerror: () => failed(new Error(SCRIPT)) });
    document.head.append(script);
  });
}
