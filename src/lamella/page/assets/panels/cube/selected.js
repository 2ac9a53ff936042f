// The selected samples at a cell of the cube: how many of them have a wrong neighbour there.

import { answerPath, source } from "../../core/source.js";
import { seedOf, selection, state } from "../../core/state.js";

const counted = new WeakMap(); // wrong among the selected, kept for the cloud and the selection
const SPLITS = { train: 0, test: 1 };

export function shareOf(net, layer, epoch) {
  const cloud = source.peek(
    answerPath("cloud", net.name, seedOf(net), state.method, net.layers[layer].name, net.epochs[epoch]),
  );
  if (!cloud || cloud.missing || !cloud.wrong) return null;
  const old = counted.get(cloud);
  if (old && old.selection === selection() && old.split === state.split) return old.seen ? old : null;
  const samples = source.peek(answerPath("samples", net.name));
  const own = SPLITS[state.split];
  let seen = 0;
  let wrong = 0;
  for (const at of selection())
    if (
      at < cloud.wrong.data.length &&
      (own === undefined || !samples?.split || samples.split.data[at] === own)
    ) {
      seen++;
      wrong += cloud.wrong.data[at] ? 1 : 0;
    }
  const found = { selection: selection(), split: state.split, seen, wrong, share: seen ? wrong / seen : 0 };
  counted.set(cloud, found);
  return seen ? found : null;
}
