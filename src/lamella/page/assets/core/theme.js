// The theme: what the address asks for, else what the system prefers; paper is always light.

import { forgetColours } from "./colours.js";
import { announce } from "./events.js";
import { isPrinting } from "./printing.js";
import { set, state } from "./state.js";

const dark = matchMedia("(prefers-color-scheme: dark)");

export const themeNow = () => (isPrinting() ? "light" : state.theme || (dark.matches ? "dark" : "light"));

export function applyTheme() {
  document.documentElement.dataset.theme = themeNow();
  forgetColours();
}

export const flipTheme = () => set({ theme: themeNow() === "dark" ? "light" : "dark" });
dark.addEventListener("change", () => {
  applyTheme();
  announce("theme");
});
