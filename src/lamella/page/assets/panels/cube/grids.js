// Numbers of the cube: a grid of layers x epochs from an answer's seeds x splits x layers x epochs, as
// mean over seeds, as spread over seeds or of one seed; differences and the scale of grids.

import { meanOf, spreadOf } from "../../core/numbers.js";

const LOG_FROM = 300; // a scale of positive values that spans more is drawn by its logarithm

const read = (block, seed, split, layer, epoch) => {
  const [seeds, splits, layers, epochs] = block.shape;
  if (seed >= seeds || split < 0 || split >= splits || layer >= layers || epoch >= epochs) return NaN;
  return block.data[((seed * splits + split) * layers + layer) * epochs + epoch];
};

// The values of all seeds at one cell; a baseline may be one number for every cell.
export const seedValues = (cube, split, layer, epoch, block = cube.values) => {
  if (typeof block === "number") return [block];
  const at = cube.splits.indexOf(split);
  return Array.from({ length: block.shape[0] }, (_, seed) => read(block, seed, at, layer, epoch));
};

export const reduceSeeds = (values, over, seed) =>
  over === "spread"
    ? spreadOf(values)
    : over === "seed"
      ? values[Math.min(seed, values.length - 1)]
      : meanOf(values);

// The whole grid: {at(layer, epoch), layers, epochs}; missing answers give an empty grid.
export const gridOf = (cube, net, { split, over, seed }) => {
  const epochs = net.epochs.length;
  const layers = net.layers.length;
  const data = new Float64Array(layers * epochs).fill(NaN);
  if (!cube.missing)
    for (let layer = 0; layer < layers; layer++)
      for (let epoch = 0; epoch < epochs; epoch++)
        data[layer * epochs + epoch] = reduceSeeds(seedValues(cube, split, layer, epoch), over, seed);
  return {
    data,
    layers,
    epochs,
    at: (layer, epoch) =>
      layer < layers && epoch >= 0 && epoch < epochs ? data[layer * epochs + epoch] : NaN,
  };
};

// B − A on A's rows and epochs; an epoch that B did not record stays open.
export const differenceOf = (a, b, netA, netB) => {
  const place = new Map(netB.epochs.map((epoch, at) => [epoch, at]));
  const data = new Float64Array(a.layers * a.epochs).fill(NaN);
  for (let layer = 0; layer < a.layers; layer++)
    netA.epochs.forEach((epoch, at) => {
      if (place.has(epoch)) data[layer * a.epochs + at] = b.at(layer, place.get(epoch)) - a.at(layer, at);
    });
  return { data, layers: a.layers, epochs: a.epochs, at: (layer, epoch) => data[layer * a.epochs + epoch] };
};

// One scale for all grids: [low, high, log]; starts at zero where zero is not far.
export const scaleOf = (grids) => {
  let low = Infinity;
  let high = -Infinity;
  for (const { data } of grids)
    for (const value of data)
      if (Number.isFinite(value)) {
        low = Math.min(low, value);
        high = Math.max(high, value);
      }
  if (low > high) return { low: 0, high: 1, log: false, empty: true };
  const log = low > 0 && high / low > LOG_FROM;
  if (!log && low > 0 && low < 0.5 * high) low = 0;
  return low < high ? { low, high, log } : { low: low - 0.5, high: high + 0.5, log: false };
};

export const onScale = ({ low, high, log }, value) => {
  if (!Number.isFinite(value)) return value > 0 ? 1 : 0;
  return log ? Math.log(Math.max(value, low) / low) / Math.log(high / low) : (value - low) / (high - low);
};

export const mostOf = (grid) =>
  grid.data.reduce((most, value) => (Number.isFinite(value) ? Math.max(most, Math.abs(value)) : most), 0) ||
  1;
