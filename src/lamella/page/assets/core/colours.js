// The theme's colours by name, and the colour of a class.

// The theme's values, read once per theme: reading them in a draw would force a layout.
let palette = null;
const list = (style, name) =>
  style
    .getPropertyValue(name)
    .split(",")
    .map((text) => text.trim());
export const colours = () => palette || (palette = readColours(getComputedStyle(document.documentElement)));
export const forgetColours = () => {
  palette = null;
};

function readColours(style) {
  const colours = {};
  for (const name of [
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
    "c",
    "d",
    "h0",
    "h1",
    "h2",
    "h3",
    "bad",
    "focus",
  ])
    colours[name] = style.getPropertyValue(`--${name}`).trim();
  for (const name of ["classes", "seq", "div"]) colours[name] = list(style, `--${name}`);
  return colours;
}

export const classColour = (label) => {
  const { classes, faint } = colours();
  return label < 0 ? faint : classes[label % classes.length];
};
