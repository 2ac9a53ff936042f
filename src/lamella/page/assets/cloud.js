// The Cloud panel: the same samples as two slides, run A and run B, under one camera and one frame.
"use strict";

(function () {
  const L = window.lamella;
  const GLIDE = 500, COORDINATE = 4 / 32767;
  const RING = 1, SELECTED = 2, DIMMED = 4, HIDDEN = 8, CURRENT = 16;
  const slides = L.clouds = {};
  let lassoing = false, facts = {}, legendHost, stage;

  L.declare("pictures", true);
  L.declare("paths", true);

  // ---- what is needed: the cloud, its samples, what the net says, and where the points were before
  function wants(state) {
    const wanted = {};
    for (const [slot, net] of L.shown()) {
      if (!net.epochs.length) continue;
      wanted[`${slot} samples`] = L.samplesPath(net);
      wanted[`${slot} cloud`] = L.cloudPath(net);
      wanted[`${slot} predictions`] = L.predictionsPath(net);
      for (const [back, epochAt] of epochsBack(state, slot, net)) if (!L.cloudWaits(net, epochAt)) wanted[`${slot} before ${back}`] = L.cloudWish(net, epochAt);
    }
    return wanted;
  }

  function epochsBack(state, slot, net) {
    const asked = state.paths && L.selection.size && L.selects(slot) ? L.PATH_EPOCHS : state.colour === "moved" ? 1 : 0;
    return Array.from({ length: Math.min(asked, L.epochOf(net)) }, (_, k) => [k + 1, L.epochOf(net) - k - 1]);
  }

  // First the pictures at the cursor, then those of the epochs before.
  function wish(state) {
    const nets = L.shown().filter(([, net]) => net.epochs.length);
    L.wishClouds([...nets.map(([, net]) => L.cloudWish(net)), ...nets.flatMap(([slot, net]) => epochsBack(state, slot, net).map(([, epochAt]) => L.cloudWish(net, epochAt)))]);
  }

  function gather(answers) {
    facts = {};
    for (const [slot, net] of L.shown()) {
      const of = (name) => answers[`${slot} ${name}`];
      const cloud = of("cloud") || { missing: L.t("cloud.nothing") }, samples = of("samples") || cloud;
      facts[slot] = { slot, net, samples, cloud, predictions: of("predictions"), before: of("before 1"), history: [3, 2, 1].map((back) => of(`before ${back}`)).filter((one) => one && !one.missing) };
    }
  }
  const usable = (slot) => facts[slot] && !facts[slot].cloud.missing && !facts[slot].samples.missing;
  L.cloudFacts = (slot) => (usable(slot) ? facts[slot] : null);

  // ---- tools
  function tools(host, state) {
    if (!L.shown().length) return;
    const methods = L.cloudMethods(), shown = L.methodOf(L.shown()[0][1]);
    host.append(
      L.seg(L.t("cloud.method"), methods.map(([name]) => [name, L.t(`cloud.${name}`)]), shown, (method) => L.set({ method })),
      L.choice(L.t("cloud.colour"), L.colourWays.map((way) => [way.name, L.t(`cloud.by_${way.name}`)]), L.colourWay(state.colour).name, (colour) => L.set({ colour })),
      L.el("span", { className: "grow" }),
      lassoButton(),
      L.toggle(L.t("cloud.paths"), state.paths, (paths) => L.set({ paths }), L.t("cloud.paths_tip", { n: L.PATH_EPOCHS })));
    if (L.shown().some(([, net]) => net.picture)) host.append(L.toggle(L.t("cloud.pictures"), state.pictures, (pictures) => L.set({ pictures })));
  }

  function lassoButton() {
    const button = L.toggle(L.t("cloud.lasso"), lassoing, () => flip(), L.t("cloud.lasso_tip"));
    button.id = "lasso";
    const flip = () => { lassoing = !lassoing; button.ariaPressed = String(lassoing); stage.classList.toggle("lassoing", lassoing); };
    return button;
  }

  // ---- drawing
  function draw(host, state, answers, changed) {
    gather(answers);
    if (!stage || !host.contains(stage)) mount(host);
    seat();
    const fit = frameOf(), flat = Object.values(facts).every((one) => one.cloud.missing || one.cloud.points.shape[1] < 3), painted = paintAll(state);
    for (const [slot] of L.shown()) show(slides[slot], facts[slot], { state, fit, flat, painted: painted[slot], changed });
    drawLegend(state, painted);
    wish(state);
    if (changed.has("size")) Object.values(slides).forEach((slide) => slide.renderer && slide.size());
  }

  function mount(host) {
    stage = L.el("div", { className: "stage" });
    legendHost = L.el("div", { className: "cloud-legend" });
    host.replaceChildren(stage, legendHost);
    for (const slot of Object.keys(slides)) delete slides[slot];
  }

  // A slide for each run that is shown.
  function seat() {
    const slots = L.shown().map(([slot]) => slot);
    for (const slot of Object.keys(slides)) if (!slots.includes(slot)) { slides[slot].host.remove(); slides[slot].renderer?.forget(); delete slides[slot]; }
    for (const slot of slots) if (!slides[slot]) {
      slides[slot] = L.slide(slot, { hover, pick, lasso, turned, lassoing: () => lassoing });
      stage.append(slides[slot].host);
      slides[slot].size?.();
    }
  }

  function show(slide, one, { state, fit, flat, painted, changed }) {
    drawCaption(slide, one);
    const ready = usable(slide.slot) && slide.renderer;
    slide.canvas.hidden = slide.glass.hidden = slide.gauge.hidden = !ready;
    slide.note.hidden = Boolean(ready);
    if (!ready) { slide.note.textContent = slide.renderer ? one.cloud.missing || one.samples.missing : L.t("cloud.no_webgl"); return; }
    const fresh = recast(slide, one);
    const { paper, edge } = theme();
    Object.assign(slide.style, { paper, edge });
    slide.shown = one.samples.ids.data.reduce((sum, _, i) => sum + Number(L.inSplit(one.samples)(i)), 0);
    slide.tiled = Boolean(state.pictures && one.samples.pictures);
    slide.renderer.paint(painted.rgba || new Uint8Array(4 * slide.renderer.n).fill(150));
    slide.renderer.mark(marksOf(slide.slot, one));
    slide.centre = extentOf(one).centre;
    if (slide.cloud !== one.cloud || slide.split !== state.split || String(slide.style.view.fit) !== String(fit)) slide.place(placesOf(one), fresh || L.reduced ? 0 : GLIDE, fit, flat);
    slide.cloud = one.cloud;
    slide.split = state.split;
    slide.paths = state.paths && L.selects(slide.slot) && L.selection.size <= 60 ? pathsOf(one) : [];
    slide.redraw();
    drawGauge(slide, one);
  }

  // Other samples: nothing can glide from the old ones.
  function recast(slide, { net, samples }) {
    const key = `${net.data} ${samples.ids.data.length}`;
    if (slide.key === key) return false;
    slide.key = key;
    slide.renderer.points(samples.ids.data.length);
    slide.renderer.pictures(samples.pictures);
    return true;
  }

  const theme = () => ({ paper: L.rgb(L.colours().card).map((v) => v / 255), edge: L.rgb(L.colours().ink).map((v) => v / 255) });

  function placesOf(one) {
    const { points } = one.cloud, { centre } = extentOf(one), [count, width] = points.shape, out = new Float32Array(3 * count);
    for (let i = 0; i < count; i++) for (let c = 0; c < width; c++) out[3 * i + c] = points.data[i * width + c] * COORDINATE - centre[c];
    return out;
  }

  // Both slides in one scale: what nearly all of the shown points of either need, in steps, so that it
  // seldom changes; each around the middle of its own points.
  function frameOf() {
    const extents = L.shown().filter(([slot]) => usable(slot)).map(([slot]) => extentOf(facts[slot]));
    return [0, 1].map((axis) => stepped(Math.max(.05, ...extents.map(({ half }) => 1.06 * half[axis]))));
  }
  const stepped = (value) => 1.1 ** Math.ceil(Math.log(value) / Math.log(1.1));

  const extents = new WeakMap();
  function extentOf({ cloud, samples }) {
    const kept = extents.get(cloud);
    if (kept && kept.split === L.state.split) return kept;
    const found = { split: L.state.split, ...L.extent(cloud.points, [...samples.ids.data.keys()].filter(L.inSplit(samples)), COORDINATE) };
    extents.set(cloud, found);
    return found;
  }

  // Scalars of both slides on one scale.
  function paintAll(state) {
    const way = L.colourWay(state.colour), painted = {};
    const slots = L.shown().map(([slot]) => slot).filter(usable);
    for (const slot of slots) painted[slot] = L.paintCloud(way, facts[slot]);
    const top = Math.max(...slots.map((slot) => painted[slot].top || 0));
    for (const slot of slots) if (painted[slot].top && painted[slot].top !== top) painted[slot] = L.paintCloud(way, facts[slot], top);
    return painted;
  }

  function marksOf(slot, { samples }) {
    const shown = L.inSplit(samples), marks = new Uint8Array(samples.ids.data.length), picked = L.selects(slot) ? L.selection : new Set();
    const rings = L.state.split === "both" ? RING : 0, rest = [...picked].some((i) => i < marks.length && shown(i)) ? DIMMED : 0;
    for (let i = 0; i < marks.length; i++) marks[i] = shown(i) ? (samples.split.data[i] === 1 ? rings : 0) | (picked.has(i) ? SELECTED : rest) : HIDDEN;
    if (slot in slides && L.selects(slot) && L.state.sample !== null && marks[L.state.sample] !== undefined && !(marks[L.state.sample] & HIDDEN)) marks[L.state.sample] |= CURRENT;
    return marks;
  }

  // Where the selected samples were in the epochs before.
  function pathsOf(one) {
    const { samples, cloud, history } = one, { centre } = extentOf(one), shown = L.inSplit(samples), steps = [...history, cloud].filter((one) => one.points.shape[0] === samples.ids.data.length && one.points.shape[1] === cloud.points.shape[1]);
    if (steps.length < 2) return [];
    const width = cloud.points.shape[1];
    return [...L.selection].filter(shown).map((i) => steps.map(({ points }) => [0, 1, 2].map((c) => (c < width ? points.data[i * width + c] * COORDINATE - centre[c] : 0))));
  }

  // ---- words on and under the slides
  function drawCaption(slide, { net, cloud }) {
    const epoch = net.epochs.length ? `, ${L.t("bar.epoch", { epoch: L.epochAt(net) })}` : "";
    const share = cloud.share?.length ? L.t("cloud.share", { value: Math.round(100 * cloud.share.reduce((a, b) => a + b, 0)) }) : "";
    slide.caption.replaceChildren(L.tag(slide.slot), L.el("b", { title: net.name }, net.name), L.el("span", {}, `${L.layerName(net)}${epoch}`), L.el("small", {}, share));
  }

  function drawGauge(slide, { net, cloud }) {
    const words = L.cloudWaits(net) ? [L.t("cloud.waiting", { method: L.t(`cloud.${L.methodOf(net)}`) })] : [];
    if (Number.isFinite(cloud.trustworthiness)) words.push(L.t("cloud.trust", { value: cloud.trustworthiness.toFixed(2) }));
    const kept = cloud.kept === null ? L.t("cloud.kept_none") : L.t("cloud.kept", { value: Math.round(100 * cloud.kept) });
    slide.gauge.title = L.t("cloud.gauge_tip", { n: cloud.neighbours || 15 });
    slide.gauge.replaceChildren(L.el("i", { className: "meter" }, L.el("i", { style: { width: `${100 * (cloud.kept || 0)}%` } })), L.el("span", {}, [kept, ...words].join(" · ")));
  }

  function drawLegend(state, painted) {
    const slot = L.shown().map(([one]) => one).find(usable);
    if (!slot) return legendHost.replaceChildren();
    const { net, samples } = facts[slot], way = L.colourWay(state.colour);
    const choose = (test) => { if (L.selects(slot)) L.select([...samples.ids.data.keys()].filter((i) => L.inSplit(samples)(i) && test(i))); };
    const rings = state.split === "both" && !slides[slot].tiled ? L.t("cloud.rings") : "";
    return legendHost.replaceChildren(
      L.el("span", { className: "keys" }, L.cloudLegend(way, painted[slot], net, choose)),
      L.el("span", { className: "note counts" }, [rings, L.countWords(samples)].filter(Boolean).join(" · ")));
  }

  // "500 of 4000 samples, stratified" in the reader's language.
  L.countWords = ({ stratified }) => {
    const found = /^(\d+) of (\d+) samples, (\w+)/.exec(stratified || ""), all = /^all (\d+)/.exec(stratified || "");
    if (found) return L.t(found[3] === "stratified" ? "cloud.stratified" : "cloud.drawn", { n: found[1], of: found[2] });
    return all ? L.t("cloud.all", { n: all[1] }) : stratified || "";
  };

  // ---- the mouse on a slide
  function hover(slide, sample, x, y) {
    slide.glass.classList.toggle("over", sample >= 0);
    if (sample < 0 || !usable(slide.slot)) return L.tip(null);
    const twin = slide.slot === "a" ? "b" : "a";
    return L.tip(L.cloudTip(sample, facts[slide.slot], L.sameData() && usable(twin) ? facts[twin] : null), x, y);
  }

  function pick(slide, sample) {
    if (sample < 0 || !L.selects(slide.slot)) return;
    const next = new Set(L.selection);
    if (next.has(sample)) next.delete(sample); else next.add(sample);
    L.set({ sample: next.has(sample) ? sample : null });
    L.select(next);
  }

  function lasso(slide, found, add) {
    if (!L.selects(slide.slot)) return;
    L.select(add ? [...L.selection, ...found] : found);
  }

  let turning = false;
  function turned() {
    if (turning) return;
    turning = true;
    requestAnimationFrame(() => { turning = false; Object.values(slides).forEach((slide) => slide.renderer && slide.redraw()); });
  }

  L.panel({
    id: "cloud", place: "cloud", title: "cloud.title", partial: true, wants, tools, draw,
    follows: ["a", "b", "seed", "split", "layer", "epoch", "sample", "method", "colour", "pictures", "paths"],
  });

  // The table of keys stands in a later script.
  addEventListener("DOMContentLoaded", () => {
    const next = (list, current) => list[(list.indexOf(current) + 1) % list.length];
    L.key("l", "cloud.key_lasso", () => L.$("lasso")?.click());
    L.key("c", "cloud.key_colour", () => L.set({ colour: next(L.colourWays.map((way) => way.name), L.state.colour) }));
    L.key("v", "cloud.key_method", () => L.set({ method: next(L.cloudMethods().map(([name]) => name), L.methodOf(L.shown()[0][1])) }));
  });
})();
