// Boxes for several plots of one view.

import { el } from "../core/elements.js";

// A box with a heading for each plot of a view.
export const plotGrid = (host, count) => {
  const boxes = Array.from({ length: count }, () => el("div", { className: "cellbox" }));
  host.replaceChildren(el("div", { className: "plots", data: { count: String(count) } }, boxes));
  return boxes;
};
