// Bars of a stored diagram as figures need them: by homology dimension, longest first, in units of
// the cloud's mean distance, so that layers and runs of different scale compare.

const STEP = 0.25; // the common reach is rounded up to it, so that it seldom moves with the cursor
export const homologyColour = (dimension) => (dimension < 3 ? `h${dimension}` : "soft");

// {unit, bound, threshold, dimensions: [{dimension, total, birth, death, at: index in the record}]}
const known = new WeakMap();
export const diagramBars = (record) => known.get(record) || known.set(record, read(record)).get(record);

function read(record) {
  const scaled = record.unit === "edge length" && record.mean_distance > 0;
  const unit = scaled ? record.mean_distance : 1;
  return {
    unit: scaled ? "mean_distance" : record.unit,
    bound: (record.bound || 0) / unit,
    threshold: record.threshold === null || record.threshold === undefined ? null : record.threshold / unit,
    points: record.points,
    why: record.why_empty || "",
    dimensions: dimensionsOf(record).map((dimension) => barsOf(record, dimension, unit)),
  };
}

const dimensionsOf = (record) =>
  [...new Set([...Object.keys(record.bars || {}).map(Number), ...record.dimension.data])].sort();

function barsOf(record, dimension, unit) {
  const at = [];
  const birth = [];
  const death = [];
  record.dimension.data.forEach((each, i) => {
    if (each === dimension) {
      at.push(i);
      birth.push(record.birth.data[i] / unit);
      death.push(record.death.data[i] / unit);
    }
  });
  return { dimension, total: record.bars?.[dimension] ?? at.length, at, birth, death };
}

// The bars of a dimension that are longer than the threshold, where there is one.
export const signalOf = (bars, threshold) =>
  threshold === null ? null : bars.at.filter((_, i) => bars.death[i] - bars.birth[i] > threshold).length;

// How far the scale goes over several diagrams: the last finite death, or birth, that is shown.
export const reachOf = (all, wanted) => {
  let reach = 0;
  for (const { dimensions } of all)
    for (const bars of dimensions)
      if (!wanted || wanted.includes(bars.dimension))
        for (const list of [bars.birth, bars.death])
          for (const value of list) if (Number.isFinite(value) && value > reach) reach = value;
  return reach > 0 && reach < 20 * STEP
    ? Math.ceil(reach / STEP + 1e-6) * STEP
    : reach > 0
      ? reach * 1.04
      : 1;
};

// How many features are alive from each scale on: xs rising, ys one each.
export const bettiCurve = (bars, least = 0) => {
  const events = [];
  bars.birth.forEach((birth, i) => {
    if (bars.death[i] - birth > least) {
      events.push([birth, 1]);
      if (Number.isFinite(bars.death[i])) events.push([bars.death[i], -1]);
    }
  });
  events.sort((p, q) => p[0] - q[0]);
  const xs = [0];
  const ys = [0];
  for (const [scale, change] of events) {
    if (scale !== xs.at(-1)) {
      xs.push(scale);
      ys.push(ys.at(-1));
    }
    ys[ys.length - 1] += change;
  }
  return { xs, ys };
};
