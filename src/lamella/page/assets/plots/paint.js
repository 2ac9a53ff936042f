// Colours and dashes of marks. A colour is a name of the theme, which follows it, or any CSS colour.

import { colours } from "../core/colours.js";

const LISTS = { class: "classes", seq: "seq", div: "div" };
const NUMBERED = /^(class|seq|div)(\d+)$/;

export const DASHES = { dash: "6 5", dot: "0.1 4.5", long: "9 5" };

// A name as a value that follows the theme undrawn; one of a list, such as class3, as it is now.
export const paint = (colour) => {
  if (!colour) return "var(--ink)";
  return NUMBERED.test(colour) ? hexOf(colour) : colour in colours() ? `var(--${colour})` : colour;
};

// A name as #rrggbb in the present theme.
export const hexOf = (colour) => {
  const [, list, at] = NUMBERED.exec(colour) || [];
  if (list) return colours()[LISTS[list]][Number(at)];
  return typeof colours()[colour] === "string" ? colours()[colour] : colour;
};
