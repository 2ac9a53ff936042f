// Pictures in rows, pixel for pixel, with their captions and what black and white stand for.
//   L.records.images(host, record, {side: px of a picture, most, compact, onPick(i)})
"use strict";

(function () {
  const L = window.lamella;
  const MOST = 120, LEAST = 36, WIDE = 150;

  L.records.images = (host, record, options = {}) => {
    const [count, height, width] = record.pixels.shape;
    if (!count) return L.recordReason(host, L.t("record.no_pictures"));
    const shown = Math.min(count, options.most || MOST), room = L.recordFrame(host, note(record, shown, count), "images");
    const side = options.side || sideOf(host.clientWidth || 600, record.columns, shown);
    const grid = L.el("div", { className: "record-images", style: { gridTemplateColumns: `repeat(${record.columns > 0 ? Math.min(record.columns, shown) : "auto-fill"}, ${side}px)` } });
    for (let i = 0; i < shown; i++) grid.append(figure(record, i, { side, height, width, onPick: options.onPick }));
    room.append(grid);
    return grid;
  };

  const sideOf = (room, columns, shown) => Math.floor(L.clamp(columns > 0 ? room / columns - 8 : shown <= 8 ? room / shown - 8 : 64, LEAST, WIDE));

  const note = ({ scale }, shown, count) => [shown < count ? L.t("record.pictures", { n: shown, total: count }) : "", scale ? L.t("record.greys", { low: L.number(scale[0]), high: L.number(scale[1]) }) : ""].filter(Boolean).join("; ") || null;

  function figure(record, i, { side, height, width, onPick }) {
    const caption = record.captions?.[i] || "", canvas = L.canvasOf(record.pixels, i);
    Object.assign(canvas.style, { width: `${side}px`, height: `${Math.round(side * height / width)}px` });
    if (onPick) { canvas.classList.add("pickable"); canvas.addEventListener("click", () => onPick(i)); }
    return L.el("figure", { title: caption, style: { width: `${side}px` } }, canvas, caption ? L.el("figcaption", {}, caption) : null);
  }

  // One picture of (pictures, height, width, channels) bytes on a canvas of its own size.
  L.canvasOf = ({ data, shape: [, height, width, channels] }, i) => {
    const canvas = L.el("canvas", { width, height, className: "pixels" }), context = canvas.getContext("2d"), image = context.createImageData(width, height), from = i * height * width * channels;
    for (let at = 0; at < height * width; at++) {
      for (let c = 0; c < 3; c++) image.data[4 * at + c] = data[from + at * channels + (channels === 3 ? c : 0)];
      image.data[4 * at + 3] = 255;
    }
    context.putImageData(image, 0, 0);
    return canvas;
  };
})();
