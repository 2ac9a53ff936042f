// The start: words, source, index, then the panels. The last script of the page.
"use strict";

(function () {
  const L = window.lamella;
  const dark = matchMedia("(prefers-color-scheme: dark)");

  L.themeNow = () => L.printing ? "light" : L.state.theme || (dark.matches ? "dark" : "light");

  function applyTheme() {
    document.documentElement.dataset.theme = L.themeNow();
    L.forgetColours();
  }

  // Asked for in the address, else what the file was made for, else what the reader speaks.
  function applyLanguage() {
    const spoken = (navigator.languages || [navigator.language]).map((tag) => tag.slice(0, 2));
    L.speak(L.state.lang || L.source.start.language || spoken.find((tag) => L.languages.includes(tag)) || "en");
  }

  function drawFixed() {
    L.$("skip").textContent = L.t("page.skip");
    L.$("desk").hidden = L.source.start.mode === "file" && !L.index.nets.length;   // a story without runs
    document.title = [L.index.title, "lamella"].filter(Boolean).join(" · ");
    L.$("colophon").textContent = L.index.left_out.length ? `${L.t("page.left_out")} ${L.index.left_out.join("; ")}` : "";
  }

  function refuse(text) {
    L.$("desk").replaceChildren(L.el("p", { className: "missing" }, text));
    document.body.dataset.ready = "failed";
  }

  async function start() {
    if (typeof DecompressionStream === "undefined") return refuse("This browser is too old for the page (no DecompressionStream).");
    await L.readWords();
    const told = await L.openSource();
    L.readHash();
    L.speak(told.language);
    applyTheme();
    applyLanguage();
    const index = await L.source.get("index");
    if (index.missing) return refuse(index.missing);
    L.mountPanels();
    L.setIndex(index);
    drawFixed();
    requestAnimationFrame(() => requestAnimationFrame(() => { document.body.dataset.ready = "1"; }));
  }

  // First of all listeners, so that panels already draw in the new theme and language.
  L.first("theme", applyTheme);
  L.first("language", () => { applyLanguage(); drawFixed(); });
  L.on("data", drawFixed);
  dark.addEventListener("change", () => { applyTheme(); L.tell("theme"); });
  start().catch((error) => refuse(String(error && error.message)));
})();
