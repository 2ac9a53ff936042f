// Making elements, the page's one tooltip, and words for those who hear the page.

import { clamp } from "./numbers.js";

const SVG = "http://www.w3.org/2000/svg";

export const byId = (id) => document.getElementById(id);
export const reducedMotion = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

// A known property of the element is set as one, `style` and `data` from objects, on... as a
// listener, anything else as an attribute. Text from a run only ever arrives as a text node.
function dress(node, props) {
  for (const [key, value] of Object.entries(props || {})) {
    if (value === null || value === undefined) continue;
    if (key === "style") Object.assign(node.style, value);
    else if (key === "data") Object.assign(node.dataset, value);
    else if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
    else if (key in node && !(node instanceof SVGElement)) node[key] = value;
    else node.setAttribute(key === "className" ? "class" : key, value);
  }
  return node;
}

const kept = (kids) =>
  kids.flat(Infinity).filter((kid) => kid !== null && kid !== undefined && kid !== false);

export const el = (tag, props, ...kids) => {
  const node = dress(document.createElement(tag), props);
  node.append(...kept(kids));
  return node;
};
export const svg = (tag, props, ...kids) => {
  const node = dress(document.createElementNS(SVG, tag), props);
  node.append(...kept(kids));
  return node;
};

// One tooltip for the page; `content` is a node, a list of nodes and strings, or null to hide it.
export const showTip = (content, x, y) => {
  const tip = byId("tip");
  tip.hidden = content === null || content === undefined;
  if (tip.hidden) return;
  tip.replaceChildren(...kept([content]));
  const right = x + 16 + tip.offsetWidth < innerWidth ? x + 16 : x - 12 - tip.offsetWidth;
  tip.style.left = `${clamp(right, 4, innerWidth - tip.offsetWidth - 4)}px`;
  tip.style.top = `${clamp(y + 14, 4, innerHeight - tip.offsetHeight - 4)}px`;
};

export const say = (text) => {
  byId("say").textContent = text;
};
