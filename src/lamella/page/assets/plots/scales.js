// Scales, ticks and the widths of words: what the axes of every figure share.

import { clamp } from "../core/numbers.js";

// ---- linear and logarithmic, from the domain to [0, 1] and back
export const scale = ({ domain: [low, high], log, whole, stops }) =>
  stops ? even(stops) : log ? logarithmic(low, high) : linear(low, high, whole);

// The stops stand side by side at even distances, whatever lies between them is spread linearly.
function even(stops) {
  const last = stops.length - 1;
  const gap = (k) => stops[k + 1] - stops[k];
  const before = (value) =>
    clamp(
      stops.findLastIndex((stop) => stop <= value),
      0,
      last - 1,
    );
  return {
    low: stops[0],
    high: stops[last],
    log: false,
    at: (value) => {
      const k = before(value);
      return (k + (value - stops[k]) / gap(k)) / last;
    },
    value: (part) => {
      const k = clamp(Math.floor(part * last), 0, last - 1);
      return stops[k] + (part * last - k) * gap(k);
    },
    ticks: (most) => {
      const every = Math.ceil(stops.length / Math.max(1, most));
      return stops.filter((_, at) => at % every === 0);
    },
  };
}

function linear(low, high, whole) {
  const span = high - low || 1;
  return {
    low,
    high,
    log: false,
    at: (value) => (value - low) / span,
    value: (part) => low + part * span,
    ticks: (most) => linearTicks(low, high, most, whole),
  };
}

function logarithmic(low, high) {
  const from = Math.log10(low);
  const span = Math.log10(high) - from || 1;
  return {
    low,
    high,
    log: true,
    at: (value) => (Math.log10(Math.max(value, low * 1e-3)) - from) / span,
    value: (part) => 10 ** (from + part * span),
    ticks: (most) => logTicks(low, high, most),
  };
}

// The step is 1, 2 or 5 times a power of ten, the least that gives no more than `most` ticks.
function linearTicks(low, high, most, whole) {
  const nice = niceStep((high - low) / Math.max(1, most));
  const step = whole ? Math.max(1, nice) : nice;
  const ticks = [];
  for (let at = Math.ceil(low / step - 1e-9); at * step <= high + step * 1e-9; at++)
    ticks.push(at * step === 0 ? 0 : Number((at * step).toPrecision(12)));
  return ticks;
}

function niceStep(raw) {
  if (!(raw > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(raw));
  const part = raw / power;
  return power * (part <= 1.0001 ? 1 : part <= 2.0001 ? 2 : part <= 5.0001 ? 5 : 10);
}

function logTicks(low, high, most) {
  const from = Math.ceil(Math.log10(low) - 1e-9);
  const to = Math.floor(Math.log10(high) + 1e-9);
  const powers = Array.from({ length: Math.max(0, to - from + 1) }, (_, at) => 10 ** (from + at));
  if (powers.length > most) return powers.filter((_, at) => at % Math.ceil(powers.length / most) === 0);
  const fine = [1, 2, 5].flatMap((part) =>
    [from - 1, ...powers.map((_, at) => from + at)].map((power) => part * 10 ** power),
  );
  const inside = fine.filter((value) => value >= low * 0.999 && value <= high * 1.001).sort((p, q) => p - q);
  return powers.length < 3 && inside.length <= Math.max(most, 3)
    ? inside
    : powers.length > 1
      ? powers
      : linearTicks(low, high, most);
}

// All ticks of an axis with the same digits; thousands as k, more than that as a power.
export const tickTexts = (ticks) => {
  const most = Math.max(...ticks.map(Math.abs), 0);
  const gaps = ticks
    .slice(1)
    .map((tick, at) => Math.abs(tick - ticks[at]))
    .filter(Boolean);
  const step = Math.min(...gaps, most || 1);
  const even =
    gaps.every((gap) => Math.abs(gap / step - 1) < 0.01) &&
    !(ticks.length === 2 && ticks[0] > 0 && ticks[1] > 8 * ticks[0]);
  return ticks.map((tick) =>
    (even ? tickText(tick, most, step) : tickText(tick, Math.abs(tick), Math.abs(tick) || 1)).replaceAll(
      "-",
      "−",
    ),
  );
};

function tickText(tick, most, step) {
  if (tick === 0) return "0";
  if (most >= 1e6 || most < 1e-3) return powerText(tick, Math.floor(Math.log10(most) + 1e-9), step);
  if (most >= 1e4) return `${Number((tick / 1000).toPrecision(6))}k`;
  return tick.toFixed(digitsOf(step));
}

// As many digits as tell ticks of this distance apart, one more where 0.25 would become 0.3.
function digitsOf(step) {
  const digits = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  const parts = step * 10 ** digits;
  return Math.abs(parts - Math.round(parts)) < 1e-6 ? digits : digits + 1;
}

const powerText = (tick, power, step) =>
  `${(tick / 10 ** power).toFixed(Math.max(0, power - Math.floor(Math.log10(step) + 1e-9)))}e${power}`;

// A domain around values: finite ones only; never of no width; `zero` takes 0 in.
export const domainOf = (values, { log = false, zero = false, pad = 0.04 } = {}) => {
  let low = Infinity;
  let high = -Infinity;
  for (const list of values)
    for (const value of list)
      if (Number.isFinite(value) && (!log || value > 0)) {
        if (value < low) low = value;
        if (value > high) high = value;
      }
  if (low > high) return log ? [0.1, 1] : [0, 1];
  if (log)
    return low === high ? [low / 2, high * 2] : [low * (low / high) ** pad, high * (high / low) ** pad];
  if (zero) {
    low = Math.min(0, low);
    high = Math.max(0, high);
  }
  if (low === high) {
    const room = Math.abs(low) / 2 || 0.5;
    return [zero && low === 0 ? 0 : low - room, high + room];
  }
  const room = (high - low) * pad;
  return [zero && low === 0 ? 0 : low - room, zero && high === 0 ? 0 : high + room];
};

// Positions at least `gap` apart within [low, high], as near as can be to where they were.
export const spreadOut = (wanted, gap, low, high) => {
  const order = wanted.map((_, at) => at).sort((p, q) => wanted[p] - wanted[q]);
  const out = wanted.slice();
  order.forEach((at, rank) => {
    out[at] = Math.max(wanted[at], rank ? out[order[rank - 1]] + gap : low);
  });
  for (let rank = order.length - 1, limit = high; rank >= 0; rank--) {
    out[order[rank]] = Math.min(out[order[rank]], limit);
    limit = out[order[rank]] - gap;
  }
  return out;
};
