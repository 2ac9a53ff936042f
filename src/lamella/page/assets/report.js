// Draws each figure of the report when it comes near the window, in the colours of the theme.
"use strict";
(() => {
  const byId = id => document.getElementById(id);
  const dark = JSON.parse(byId("dark").textContent), template = byId("template").textContent;
  const night = matchMedia("(prefers-color-scheme: dark)");
  const figures = [...document.querySelectorAll(".plot")].map(box => ({ box, packed: box.parentElement.querySelector(".packed"), text: null, drawn: false }));
  const of = new Map(figures.map(figure => [figure.box, figure]));
  const config = { responsive: true, displaylogo: false, modeBarButtons: [["toImage", "resetViews"]], displayModeBar: false };

  async function unpack(element) {
    const bytes = Uint8Array.from(atob(element.textContent), c => c.charCodeAt(0));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
    return new Response(stream).text();
  }

  const rgb = hex => [1, 3, 5].map(i => parseInt(hex.slice(i, i + 2), 16)).join(", ");
  const darkRgb = new Map(Object.entries(dark).map(([from, to]) => [rgb(from), rgb(to)]));
  function inTheme(text, night) {                      // every colour of a figure is one of the palette
    if (!night) return text;
    return text.replace(/#[0-9a-f]{6}/g, hex => dark[hex] || hex)
      .replace(/rgba\((\d+, \d+, \d+)/g, (all, found) => darkRgb.has(found) ? `rgba(${darkRgb.get(found)}` : all);
  }

  function draw(figure, isNight) {
    const { data, layout } = JSON.parse(inTheme(figure.text, isNight));
    layout.template = JSON.parse(inTheme(template, isNight));
    Object.assign(layout, { paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)", autosize: true });
    Plotly.react(figure.box, data, layout, config);
    figure.drawn = true;
    figure.box.dataset.drawn = isNight ? "dark" : "light";
  }

  function clear(figure) {                             // browsers allow few WebGL pictures at a time
    Plotly.purge(figure.box);
    figure.drawn = false;
    delete figure.box.dataset.drawn;
  }

  const queue = [];
  let busy = false;
  async function work() {                              // one figure a frame, so that scrolling never waits
    if (busy) return;
    busy = true;
    while (queue.length) {
      const figure = queue.shift();
      figure.text ??= await unpack(figure.packed);
      if (figure.near && !figure.drawn) draw(figure, night.matches);
      await new Promise(next => setTimeout(next));
    }
    busy = false;
  }

  function watch() {
    const near = new IntersectionObserver(entries => {
      for (const { target, isIntersecting } of entries) {
        const figure = of.get(target);
        figure.near = isIntersecting;
        if (isIntersecting && !figure.drawn) queue.push(figure);
        else if (!isIntersecting && figure.drawn && "deep" in target.dataset) clear(figure);
      }
      work();
    }, { rootMargin: "600px 0px" });
    for (const { box } of figures) near.observe(box);
  }

  function follow() {                                  // the contents mark the section that is read
    const links = new Map([...document.querySelectorAll(".contents a")].map(a => [a.hash.slice(1), a]));
    const seen = new IntersectionObserver(entries => {
      for (const { target, isIntersecting } of entries) if (isIntersecting) {
        for (const link of links.values()) link.removeAttribute("aria-current");
        links.get(target.id)?.setAttribute("aria-current", "true");
      }
    }, { rootMargin: "-20% 0px -70% 0px" });
    for (const section of document.querySelectorAll("section[id]")) seen.observe(section);
  }

  async function start() {
    follow();
    if (typeof DecompressionStream === "undefined")
      throw new Error("This browser is too old to unpack the figures (it lacks DecompressionStream); words and numbers are complete.");
    const script = document.createElement("script");
    script.textContent = await unpack(byId("plotly"));
    document.head.append(script);
    watch();
    night.addEventListener("change", () => { for (const figure of figures) if (figure.drawn) draw(figure, night.matches); });
    addEventListener("beforeprint", () => { for (const folded of document.querySelectorAll("details")) folded.open = true; });
    addEventListener("beforeprint", () => { for (const figure of figures) if (figure.text) draw(figure, false); });
    addEventListener("afterprint", () => { for (const figure of figures) if (figure.drawn) draw(figure, night.matches); });
    for (const figure of figures) figure.text ??= await unpack(figure.packed);
    document.documentElement.dataset.ready = "";
  }

  start().catch(error => {
    for (const { box } of figures) { box.className = "missing"; box.style.height = "auto"; box.textContent = error.message; }
  });
})();
