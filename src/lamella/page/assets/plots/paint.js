// Colours and dashes of marks. A colour is a name of the theme, which follows it, or any CSS colour.

const NAMED = new Set([
  "paper",
  "card",
  "sunk",
  "ink",
  "soft",
  "faint",
  "hair",
  "line",
  "a",
  "b",
  "h0",
  "h1",
  "h2",
  "bad",
]);

export const DASHES = { dash: "5 3", dot: "1.5 2.5", long: "9 3" };

export const paint = (colour) => (NAMED.has(colour) ? `var(--${colour})` : colour || "var(--ink)");
