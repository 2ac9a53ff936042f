// Figures that are drawn when they come near the window; for a printer all of them at once.
//
//   const lazy = lazily(draw(node), "400px");  lazy.watch(node); lazy.stop()

import { isPrinting } from "./printing.js";

const lists = new Set();

export const lazily = (draw, rootMargin) => {
  const waiting = new Set();
  const settle = (node) => {
    waiting.delete(node);
    watcher.unobserve(node);
    draw(node);
  };
  const watcher = new IntersectionObserver(
    (entries) =>
      entries
        .filter((entry) => entry.isIntersecting && waiting.has(entry.target))
        .forEach(({ target }) => settle(target)),
    { rootMargin },
  );
  const list = {
    watch(node) {
      waiting.add(node);
      watcher.observe(node);
    },
    stop() {
      lists.delete(list);
      watcher.disconnect();
      waiting.clear();
    },
    all() {
      [...waiting].forEach(settle);
    },
  };
  lists.add(list);
  return list;
};
export const drawLazy = () => lists.forEach((list) => list.all());

// A frame later; a printer does not wait for frames.
export const nextFrame = (action) => (isPrinting() ? queueMicrotask(action) : requestAnimationFrame(action));
