// The Cloud panel: the same samples as two slides, run A and run B, under one camera and one frame.

import { COLOUR_WAYS, cloudLegend, colourWay, paintCloud } from "../../cloud/colours.js";
import {
  PATH_EPOCHS,
  cloudMethods,
  inSplit,
  methodOf,
  predictionsPath,
  samplesPath,
  selects,
} from "../../cloud/samples.js";
import { makeSlide } from "../../cloud/slide.js";
import { cloudPath, cloudWaits, cloudWish, wishClouds } from "../../cloud/slow-methods.js";
import { cloudTip } from "../../cloud/tip.js";
import { colours } from "../../core/colours.js";
import { choice, seg, toggle } from "../../core/controls.js";
import { byId, el, reducedMotion, showTip } from "../../core/elements.js";
import { addKey } from "../../core/keys.js";
import { t } from "../../core/language.js";
import { rgb } from "../../core/ramps.js";
import { declare, epochOf, sameData, select, selection, set, shown, state } from "../../core/state.js";
import { commonFit, extentOfRun, marksOf, pathsOf, pointsOf } from "./positions.js";
import { countWords, drawCaption, drawGauge } from "./words.js";

const GLIDE = 500;
export const clouds = {};
let lassoing = false;
let facts = {};
let legendHost;
let stage;

declare("pictures", true);
declare("paths", true);

// ---- what is needed: the cloud, its samples, what the net says, and where the points were before
function wants(state) {
  const wanted = {};
  for (const [slot, net] of shown()) {
    if (!net.epochs.length) continue;
    wanted[`${slot} samples`] = samplesPath(net);
    wanted[`${slot} cloud`] = cloudPath(net);
    wanted[`${slot} predictions`] = predictionsPath(net);
    for (const [back, epochAt] of epochsBack(state, slot, net))
      if (!cloudWaits(net, epochAt)) wanted[`${slot} before ${back}`] = cloudWish(net, epochAt);
  }
  return wanted;
}

function epochsBack(state, slot, net) {
  const back =
    state.paths && selection().size && selects(slot) ? PATH_EPOCHS : state.colour === "moved" ? 1 : 0;
  return Array.from({ length: Math.min(back, epochOf(net)) }, (_, k) => [k + 1, epochOf(net) - k - 1]);
}

// First the pictures at the cursor, then those of the epochs before.
function wish(state) {
  const nets = shown().filter(([, net]) => net.epochs.length);
  wishClouds([
    ...nets.map(([, net]) => cloudWish(net)),
    ...nets.flatMap(([slot, net]) =>
      epochsBack(state, slot, net).map(([, epochAt]) => cloudWish(net, epochAt)),
    ),
  ]);
}

function gather(answers) {
  facts = {};
  for (const [slot, net] of shown()) {
    const of = (name) => answers[`${slot} ${name}`];
    const cloud = of("cloud") || { missing: t("cloud.nothing") };
    const samples = of("samples") || cloud;
    facts[slot] = {
      slot,
      net,
      samples,
      cloud,
      predictions: of("predictions"),
      before: of("before 1"),
      history: [3, 2, 1].map((back) => of(`before ${back}`)).filter((one) => one && !one.missing),
    };
  }
}
const usable = (slot) => facts[slot] && !facts[slot].cloud.missing && !facts[slot].samples.missing;
export const cloudFacts = (slot) => (usable(slot) ? facts[slot] : null);

// ---- tools
function tools(host, state) {
  if (!shown().length) return;
  const methods = cloudMethods();
  const inView = methodOf(shown()[0][1]);
  host.append(
    seg(
      t("cloud.method"),
      methods.map(([name]) => [name, t(`cloud.${name}`)]),
      inView,
      (method) => set({ method }),
    ),
    choice(
      t("cloud.colour"),
      COLOUR_WAYS.map((way) => [way.name, t(`cloud.by_${way.name}`)]),
      colourWay(state.colour).name,
      (colour) => set({ colour }),
    ),
    el("span", { className: "grow" }),
    lassoButton(),
    toggle(
      t("cloud.paths"),
      state.paths,
      (paths) => set({ paths }),
      t("cloud.paths_tip", { n: PATH_EPOCHS }),
    ),
  );
  if (shown().some(([, net]) => net.picture))
    host.append(toggle(t("cloud.pictures"), state.pictures, (pictures) => set({ pictures })));
}

function lassoButton() {
  const button = toggle(t("cloud.lasso"), lassoing, () => flip(), t("cloud.lasso_tip"));
  button.id = "lasso";
  const flip = () => {
    lassoing = !lassoing;
    button.ariaPressed = String(lassoing);
    stage.classList.toggle("lassoing", lassoing);
  };
  return button;
}

// ---- drawing
function draw(host, state, answers, changed) {
  gather(answers);
  if (!stage || !host.contains(stage)) mount(host);
  seat();
  const fit = commonFit(Object.values(facts).filter(({ slot }) => usable(slot)));
  const flat = Object.values(facts).every((one) => one.cloud.missing || one.cloud.points.shape[1] < 3);
  const painted = paintAll(state);
  for (const [slot] of shown())
    show(clouds[slot], facts[slot], { state, fit, flat, painted: painted[slot], changed });
  drawLegend(state, painted);
  wish(state);
  if (changed.has("size")) Object.values(clouds).forEach((slide) => slide.renderer && slide.size());
}

function mount(host) {
  stage = el("div", { className: "stage" });
  legendHost = el("div", { className: "cloud-legend" });
  host.replaceChildren(stage, legendHost);
  for (const slot of Object.keys(clouds)) delete clouds[slot];
}

// A slide for each run that is shown.
function seat() {
  const slots = shown().map(([slot]) => slot);
  for (const slot of Object.keys(clouds))
    if (!slots.includes(slot)) {
      clouds[slot].host.remove();
      clouds[slot].renderer?.forget();
      delete clouds[slot];
    }
  for (const slot of slots)
    if (!clouds[slot]) {
      clouds[slot] = makeSlide(slot, { hover, pick, lasso, turned, lassoing: () => lassoing });
      stage.append(clouds[slot].host);
      clouds[slot].size?.();
    }
}

function show(slide, one, { state, fit, flat, painted, changed }) {
  drawCaption(slide, one);
  const ready = usable(slide.slot) && slide.renderer;
  slide.canvas.hidden = slide.glass.hidden = slide.gauge.hidden = !ready;
  slide.note.hidden = Boolean(ready);
  if (!ready) {
    slide.note.textContent = slide.renderer ? one.cloud.missing || one.samples.missing : t("cloud.no_webgl");
    return;
  }
  const fresh = recast(slide, one);
  const { paper, edge } = theme();
  Object.assign(slide.style, { paper, edge });
  slide.shown = one.samples.ids.data.reduce((sum, _, i) => sum + Number(inSplit(one.samples)(i)), 0);
  slide.tiled = Boolean(state.pictures && one.samples.pictures);
  slide.renderer.paint(painted.rgba || new Uint8Array(4 * slide.renderer.n).fill(150));
  slide.renderer.mark(marksOf(slide.slot, one));
  slide.centre = extentOfRun(one).centre;
  if (
    slide.cloud !== one.cloud ||
    slide.split !== state.split ||
    String(slide.style.view.fit) !== String(fit)
  )
    slide.place(pointsOf(one), fresh || reducedMotion() ? 0 : GLIDE, fit, flat);
  slide.cloud = one.cloud;
  slide.split = state.split;
  slide.paths = state.paths && selects(slide.slot) && selection().size <= 60 ? pathsOf(one) : [];
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

const theme = () => ({
  paper: rgb(colours().card).map((v) => v / 255),
  edge: rgb(colours().ink).map((v) => v / 255),
});

// Scalars of both slides on one scale.
function paintAll(state) {
  const way = colourWay(state.colour);
  const painted = {};
  const slots = shown()
    .map(([slot]) => slot)
    .filter(usable);
  for (const slot of slots) painted[slot] = paintCloud(way, facts[slot]);
  const top = Math.max(...slots.map((slot) => painted[slot].top || 0));
  for (const slot of slots)
    if (painted[slot].top && painted[slot].top !== top) painted[slot] = paintCloud(way, facts[slot], top);
  return painted;
}

function drawLegend(state, painted) {
  const slot = shown()
    .map(([one]) => one)
    .find(usable);
  if (!slot) return legendHost.replaceChildren();
  const { net, samples } = facts[slot];
  const way = colourWay(state.colour);
  const choose = (test) => {
    if (selects(slot)) select([...samples.ids.data.keys()].filter((i) => inSplit(samples)(i) && test(i)));
  };
  const rings = state.split === "both" && !clouds[slot].tiled ? t("cloud.rings") : "";
  return legendHost.replaceChildren(
    el("span", { className: "keys" }, cloudLegend(way, painted[slot], net, choose)),
    el("span", { className: "note counts" }, [rings, countWords(samples)].filter(Boolean).join(" · ")),
  );
}

// ---- the mouse on a slide
function hover(slide, sample, x, y) {
  slide.glass.classList.toggle("over", sample >= 0);
  if (sample < 0 || !usable(slide.slot)) return showTip(null);
  const twin = slide.slot === "a" ? "b" : "a";
  return showTip(cloudTip(sample, facts[slide.slot], sameData() && usable(twin) ? facts[twin] : null), x, y);
}

function pick(slide, sample) {
  if (sample < 0 || !selects(slide.slot)) return;
  const next = new Set(selection());
  if (next.has(sample)) next.delete(sample);
  else next.add(sample);
  set({ sample: next.has(sample) ? sample : null });
  select(next);
}

function lasso(slide, found, add) {
  if (!selects(slide.slot)) return;
  select(add ? [...selection(), ...found] : found);
}

let turning = false;
function turned() {
  if (turning) return;
  turning = true;
  requestAnimationFrame(() => {
    turning = false;
    Object.values(clouds).forEach((slide) => slide.renderer && slide.redraw());
  });
}

export const cloudPanel = {
  id: "cloud",
  place: "cloud",
  title: "cloud.title",
  partial: true,
  wants,
  tools,
  draw,
  follows: ["a", "b", "seed", "split", "layer", "epoch", "sample", "method", "colour", "pictures", "paths"],
};

const next = (list, current) => list[(list.indexOf(current) + 1) % list.length];
addKey("l", "cloud.key_lasso", () => byId("lasso")?.click());
addKey("c", "cloud.key_colour", () =>
  set({
    colour: next(
      COLOUR_WAYS.map((way) => way.name),
      state.colour,
    ),
  }),
);
addKey("v", "cloud.key_method", () =>
  set({
    method: next(
      cloudMethods().map(([name]) => name),
      methodOf(shown()[0][1]),
    ),
  }),
);
