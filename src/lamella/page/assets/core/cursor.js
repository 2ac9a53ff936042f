// Moves of the cursor: a step along layers or epochs, runs that change places, playing.

import { announce } from "./events.js";
import { clamp } from "./numbers.js";
import { epochOf, layerOf, set, shown, state } from "./state.js";

// ---- steps of the cursor, also for the keys
export const step = (axis, by) => {
  const [first] = shown();
  if (!first) return;
  const [, net] = first;
  if (axis === "layer") set({ layer: net.layers[clamp(layerOf(net) + by, 0, net.layers.length - 1)].name });
  else if (net.epochs.length) set({ epoch: net.epochs[clamp(epochOf(net) + by, 0, net.epochs.length - 1)] });
};

export const swap = () => {
  if (state.b !== null) set({ a: state.b, b: state.a });
};

// ---- play: one step a second; pauses when the page is left
let playing = 0;
export const isPlaying = () => Boolean(playing);
export const play = (on = !playing) => {
  clearInterval(playing);
  playing = on ? setInterval(advance, 1000) : 0;
  if (on) advance();
  announce("play");
};

function advance() {
  const [first] = shown();
  if (!first) return;
  const [, net] = first;
  const { along } = state;
  const list = along === "layer" ? net.layers.map((layer) => layer.name) : net.epochs;
  const at = along === "layer" ? layerOf(net) : epochOf(net);
  if (list.length) set({ [along]: list[(at + 1) % list.length] });
}

document.addEventListener("visibilitychange", () => document.hidden && playing && play(false));
