// Paper: before a printer takes the page, everything is drawn on the width of a sheet, in the light
// theme, in one column; afterwards the page is as it was. A printer waits for no frame and no
// answer, so all is drawn at once from the answers that are here.
"use strict";

(function () {
  const L = window.lamella;
  const paper = matchMedia("print"), root = document.documentElement;
  L.printing = false;

  // What minds its own size does so in a frame that a printer does not wait for.
  function fitAll() {
    for (const node of document.querySelectorAll(".plot-box")) node.lamellaPlot?.resized();
    for (const node of document.querySelectorAll(".cells, .cloud-grid")) if (node.clientWidth && node.clientWidth !== node.drawnWidth) node.redraw?.();
    for (const node of document.querySelectorAll(".record-room")) node.lamellaDraw?.();
  }

  // A WebGL canvas is empty after its frame: its picture is taken while it is there.
  function stillClouds() {
    for (const slide of Object.values(L.clouds)) {
      if (!slide.renderer || slide.canvas.hidden) continue;
      slide.size();
      const still = L.el("canvas", { className: "still", width: slide.canvas.width, height: slide.canvas.height });
      still.getContext("2d").drawImage(slide.canvas, 0, 0);
      slide.canvas.after(still);
    }
  }

  // The bar's controls say nothing on paper: what is looked at stands in a line.
  function line() {
    const [first] = L.shown();
    if (!first) return L.index.title;
    const [, net] = first, seed = net.seeds.length > 1 ? L.t("bar.seed_of", { seed: net.seeds[L.seedOf(net)] }) : "";
    return [...L.shown().map(([slot, { name }]) => `${slot.toUpperCase()}: ${name}`), seed, L.name("split", L.state.split), L.layerName(net), L.t("bar.epoch", { epoch: L.epochAt(net) ?? "–" }), L.measureOf() && L.measureTitle(L.measureOf())].filter(Boolean).join(" · ");
  }

  function begin() {
    if (L.printing || document.body.dataset.ready !== "1") return;
    L.printing = true;
    root.classList.add("printing");
    L.$("printed").textContent = line();
    redraw();
    stillClouds();
    document.body.dataset.printed = "1";
  }

  function end() {
    if (!L.printing) return;
    L.printing = false;
    root.classList.remove("printing");
    document.querySelectorAll("canvas.still").forEach((canvas) => canvas.remove());
    delete document.body.dataset.printed;
    redraw();
  }

  // Another theme draws everything again; in the same theme only what changes its size.
  function redraw() {
    if (L.themeNow() !== root.dataset.theme) L.tell("theme");
    L.refresh("size");
    if (!L.printing) return;
    L.drawNow();
    L.drawLazy();
    fitAll();
  }

  addEventListener("beforeprint", begin);
  addEventListener("afterprint", end);
  paper.addEventListener("change", () => (paper.matches ? begin() : end()));
})();
