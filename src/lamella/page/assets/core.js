// The few words that every file uses: making elements, formatting numbers, tooltips, theme colours.
"use strict";

(function () {
  const L = window.lamella = {};
  const SVG = "http://www.w3.org/2000/svg";

  L.clamp = (value, low, high) => Math.max(low, Math.min(high, value));
  L.$ = (id) => document.getElementById(id);

  const still = matchMedia("(prefers-reduced-motion: reduce)");
  Object.defineProperty(L, "reduced", { get: () => still.matches });

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

  const kept = (kids) => kids.flat(Infinity).filter((kid) => kid !== null && kid !== undefined && kid !== false);

  L.el = (tag, props, ...kids) => {
    const node = dress(document.createElement(tag), props);
    node.append(...kept(kids));
    return node;
  };
  L.svg = (tag, props, ...kids) => {
    const node = dress(document.createElementNS(SVG, tag), props);
    node.append(...kept(kids));
    return node;
  };

  // Three significant digits where they matter, no noise where they do not; minus signs are minus.
  L.number = (value, unit) => {
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
    return value.toFixed(size >= 100 ? 0 : size >= 10 ? 1 : size >= .1 ? 2 : 3);
  }

  // Cells of a heat map have room for four characters.
  L.short = (value, unit) => {
    if (value === null || value === undefined || Number.isNaN(value)) return "";
    if (!Number.isFinite(value)) return value > 0 ? "∞" : "−∞";
    const size = Math.abs(value);
    if (size >= 99500) return value.toExponential(0).replace("e+", "e").replace("-", "−");
    if (size >= 9950) return `${(value / 1000).toFixed(0)}k`.replace("-", "−");
    const digits = size >= 9.95 || value === 0 ? 0 : unit === "%" || size >= 1.995 ? 1 : 2;
    return (Number.isInteger(value) ? String(value) : value.toFixed(digits)).replace("-", "−");
  };

  // One tooltip for the page; `content` is a node, a list of nodes and strings, or null to hide it.
  L.tip = (content, x, y) => {
    const tip = L.$("tip");
    tip.hidden = content === null || content === undefined;
    if (tip.hidden) return;
    tip.replaceChildren(...kept([content]));
    const right = x + 16 + tip.offsetWidth < innerWidth ? x + 16 : x - 12 - tip.offsetWidth;
    tip.style.left = `${L.clamp(right, 4, innerWidth - tip.offsetWidth - 4)}px`;
    tip.style.top = `${L.clamp(y + 14, 4, innerHeight - tip.offsetHeight - 4)}px`;
  };

  L.say = (text) => { L.$("say").textContent = text; };

  // The theme's values, read once per theme: reading them in a draw would force a layout.
  let palette = null;
  const list = (style, name) => style.getPropertyValue(name).split(",").map((text) => text.trim());
  L.colours = () => palette || (palette = readColours(getComputedStyle(document.documentElement)));
  L.forgetColours = () => { palette = null; };

  function readColours(style) {
    const colours = {};
    for (const name of ["paper", "card", "sunk", "ink", "soft", "faint", "hair", "line", "a", "b", "h0", "h1", "h2", "bad", "focus"])
      colours[name] = style.getPropertyValue(`--${name}`).trim();
    for (const name of ["classes", "seq", "div"]) colours[name] = list(style, `--${name}`);
    return colours;
  }

  // A radio group in one line, as buttons: [[value, text, disabled?], ...].
  L.seg = (label, options, current, pick) => {
    const box = L.el("span", { className: "seg", role: "radiogroup", ariaLabel: label });
    box.append(...options.map(([value, text, off]) => L.el("button", {
      type: "button", role: "radio", ariaChecked: String(value === current), tabIndex: value === current ? 0 : -1,
      disabled: Boolean(off), data: { value: String(value) }, onclick: () => pick(value),
    }, text)));
    return box;
  };

  // A select: [[value, text], ...]; the arrow keys go back to the cursor after a choice.
  L.choice = (label, options, current, pick) => {
    const node = L.el("select", { ariaLabel: label, onchange: () => { pick(node.value); node.blur(); } },
      options.map(([value, text, off]) => L.el("option", { value, disabled: Boolean(off) }, text)));
    node.value = current;
    return node;
  };

  L.toggle = (text, on, flip, title) => L.el("button", {
    type: "button", className: "tool", ariaPressed: String(Boolean(on)), title: title || "", onclick: () => flip(!on),
  }, text);

  L.tag = (slot) => L.el("span", { className: `tag ${slot}` }, slot.toUpperCase());
})();
