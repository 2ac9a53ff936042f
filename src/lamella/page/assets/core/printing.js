// Whether the page is being drawn for a printer.

let now = false;
export const isPrinting = () => now;
export const setPrinting = (on) => {
  now = on;
};
