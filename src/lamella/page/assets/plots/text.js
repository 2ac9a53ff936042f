// Words in figures: their width without a layout, and as much of them as fits.

const FONT = "11px Inter, system-ui, sans-serif";
const ELLIPSIS = "…";

// ---- words: widths without a layout, and what fits
let context = null;
const widths = new Map();
export const textWidth = (text) => {
  if (!context) {
    context = document.createElement("canvas").getContext("2d");
    context.font = FONT;
  }
  if (!widths.has(text)) {
    if (widths.size > 4000) widths.clear();
    widths.set(text, context.measureText(text).width);
  }
  return widths.get(text);
};
export const fitText = (text, room) => {
  if (textWidth(text) <= room) return text;
  let end = text.length;
  while (end > 1 && textWidth(text.slice(0, end) + ELLIPSIS) > room) end--;
  return text.slice(0, end) + ELLIPSIS;
};
