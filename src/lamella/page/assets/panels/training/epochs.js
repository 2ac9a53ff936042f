// The axis of epochs that the views of training share.

import { shown } from "../../core/state.js";

// The recorded epochs stand side by side, as in the cube and the vines: they may double. Of what was
// logged, the first and the last epoch belong to the axis too.
export const epochAxis = (label, logged = []) => {
  const ends = logged.length ? [Math.min(...logged), Math.max(...logged)] : [];
  const stops = [...new Set([...shown().flatMap(([, net]) => net.epochs), ...ends])].sort((p, q) => p - q);
  return stops.length > 2 ? { label, stops, format: (epoch) => String(Math.round(epoch)) } : { label };
};
