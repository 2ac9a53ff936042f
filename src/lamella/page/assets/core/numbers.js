// Numbers as the page writes them: three digits where they matter, minus signs that are minus; and
// their mean and spread.

export const clamp = (value, low, high) => Math.max(low, Math.min(high, value));

// Three significant digits where they matter, no noise where they do not; minus signs are minus.
export const formatNumber = (value, unit) => {
  if (value === null || value === undefined || Number.isNaN(value)) return "–";
  if (!Number.isFinite(value)) return value > 0 ? "∞" : "−∞";
  const text = (unit === "%" ? percent(value) : plain(value)).replace("-", "−");
  return unit ? `${text} ${unit}` : text;
};

const percent = (value) => value.toFixed(Math.abs(value) >= 99.95 || value === 0 ? 0 : 1);

function plain(value) {
  const size = Math.abs(value);
  if (Number.isInteger(value) && size < 1e6) return String(value);
  if (size >= 1e6 || size < 1e-3) return value.toExponential(1).replace("e+", "e");
  return value.toFixed(size >= 100 ? 0 : size >= 10 ? 1 : size >= 0.1 ? 2 : 3);
}

// Cells of a heat map have room for four characters.
export const shortNumber = (value, unit) => {
  if (value === null || value === undefined || Number.isNaN(value)) return "";
  if (!Number.isFinite(value)) return value > 0 ? "∞" : "−∞";
  const size = Math.abs(value);
  if (size >= 99500) return value.toExponential(0).replace("e+", "e").replace("-", "−");
  if (size >= 9950) return `${(value / 1000).toFixed(0)}k`.replace("-", "−");
  const digits = size >= 9.95 || value === 0 ? 0 : unit === "%" || size >= 1.995 ? 1 : 2;
  return (Number.isInteger(value) ? String(value) : value.toFixed(digits)).replace("-", "−");
};

export const meanOf = (values) => {
  const known = values.filter((value) => !Number.isNaN(value));
  return known.length ? known.reduce((a, b) => a + b, 0) / known.length : NaN;
};

// Standard deviation over seeds, of at least two.
export const spreadOf = (values) => {
  const known = values.filter((value) => Number.isFinite(value));
  if (known.length < 2) return NaN;
  const mean = meanOf(known);
  return Math.sqrt(known.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (known.length - 1));
};
