// The pointer over a figure: what stands at the nearest x of the data, and clicks there.

import { el, showTip, svg } from "../core/elements.js";
import { valueText } from "./axes.js";
import { paint } from "./paint.js";

export const side = (axis, part) => (axis?.flip ? 1 - part : part);

// ---- reading: the nearest x of the data under the pointer
function placeOf(p, event) {
  const rect = p.svg.getBoundingClientRect();
  const view = p.svg.viewBox.baseVal;
  const across = (((event.clientX - rect.left) * view.width) / rect.width - p.area.left) / p.area.width;
  const up = 1 - (((event.clientY - rect.top) * view.height) / rect.height - p.area.top) / p.area.height;
  if (across < -0.02 || across > 1.02 || up < -0.05 || up > 1.05) return null;
  return { x: nearest(p, p.x.value(side(p.options.x, across))), y: p.y.value(side(p.options.y, up)) };
}

function nearest(p, x) {
  let best = x;
  let gap = Infinity;
  for (const { xs } of p.series())
    for (const each of xs) {
      const away = Math.abs(p.x.at(each) - p.x.at(x));
      if (away < gap) {
        gap = away;
        best = each;
      }
    }
  return best;
}

export function listenTo(p) {
  p.svg.style.cursor = p.picked ? "pointer" : "";
  p.svg.addEventListener("pointermove", (event) => {
    const place = placeOf(p, event);
    if (place) showValues(p, place, event);
    else showTip(null);
  });
  p.svg.addEventListener("pointerleave", () => {
    p.spot.replaceChildren();
    showTip(null);
  });
  if (p.picked)
    p.svg.addEventListener("click", (event) => {
      const place = placeOf(p, event);
      if (place) p.picked(place.x, place.y, event);
    });
}

function showValues(p, { x, y }, event) {
  if (p.describe) return showTip(p.describe(x, y, event), event.clientX, event.clientY);
  const found = p
    .series()
    .filter((mark) => mark.label)
    .map((mark) => [mark, at(mark, x)])
    .filter(([, value]) => Number.isFinite(value));
  p.spot.replaceChildren(...found.map(([mark, value]) => spot(p, mark, x, value)));
  showTip(
    found.length
      ? [
          heading(p, x),
          found
            .slice(0, 14)
            .map(([mark, value]) =>
              el("div", {}, `${mark.label}: `, el("b", {}, valueText(p.options.y, value))),
            ),
        ]
      : null,
    event.clientX,
    event.clientY,
  );
}

const at = (mark, x) => {
  const index = Array.prototype.indexOf.call(mark.xs, x);
  return index < 0 ? NaN : mark.ys[index];
};
const heading = (p, x) =>
  el(
    "div",
    {},
    [p.options.x?.names ? null : p.options.x?.label, valueText(p.options.x, x)].filter(Boolean).join(" "),
  );

function spot(p, mark, x, value) {
  const node = svg("circle", { cx: p.X(x), cy: p.Y(value), r: 3.2 });
  node.style.fill = paint(mark.colour);
  return node;
}
