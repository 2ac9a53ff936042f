// Small controls that panels share: a radio group in one line, a list, a switch, the mark of a run.

import { el } from "./elements.js";

// A radio group in one line, as buttons: [[value, text, disabled?], ...].
export const seg = (label, options, current, pick) => {
  const box = el("span", { className: "seg", role: "radiogroup", ariaLabel: label });
  box.append(
    ...options.map(([value, text, off]) =>
      el(
        "button",
        {
          type: "button",
          role: "radio",
          ariaChecked: String(value === current),
          tabIndex: value === current ? 0 : -1,
          disabled: Boolean(off),
          data: { value: String(value) },
          onclick: () => pick(value),
        },
        text,
      ),
    ),
  );
  return box;
};

// A select: [[value, text], ...]; the arrow keys go back to the cursor after a choice.
export const choice = (label, options, current, pick) => {
  const node = el(
    "select",
    {
      ariaLabel: label,
      onchange: () => {
        pick(node.value);
        node.blur();
      },
    },
    options.map(([value, text, off]) => el("option", { value, disabled: Boolean(off) }, text)),
  );
  node.value = current;
  return node;
};

export const toggle = (text, on, flip, title) =>
  el(
    "button",
    {
      type: "button",
      className: "tool",
      ariaPressed: String(Boolean(on)),
      title: title || "",
      onclick: () => flip(!on),
    },
    text,
  );

export const tag = (slot) => el("span", { className: `tag ${slot}` }, slot.toUpperCase());
