// Figures of pictures: in rows with captions, edge to edge, and in the places of an embedding.
"use strict";

(function () {
  const L = window.lamella;
  const CANVAS = 1100, TALLEST = 900, GAP = 8, LONGEST = 96;

  // ---- a grid of pictures, each enlarged by a whole number of pixels
  L.figures.image_grid = (host, [[, images]], { columns } = {}) => {
    const count = images.pixels.shape[0], across = columns || images.columns || Math.min(count, Math.max(4, Math.ceil(Math.sqrt(1.6 * count))));
    host.append(lattice(images, across, { captioned: Boolean(images.captions?.some(Boolean)), gap: GAP, widest: 160 }));
    if (images.scale) host.append(L.el("p", { className: "note" }, L.t("figure.greys", { low: L.number(images.scale[0]), high: L.number(images.scale[1]) })));
  };

  L.figures.mosaic = (host, [[, images]], { captioned = false, split = null } = {}) => {
    const across = images.columns || Math.max(1, Math.ceil(Math.sqrt(images.pixels.shape[0])));
    host.append(lattice(images, across, { captioned, gap: captioned || split !== null ? GAP : 0, split, widest: captioned ? 120 : L.clamp(Math.floor(720 / across), 14, 44) }));
  };

  function lattice(images, across, { captioned, gap, split = null, widest }) {
    const [count, height, width] = images.pixels.shape, least = captioned ? longestWord(images.captions) : 0;
    const grid = L.el("div", { className: captioned ? "lattice captioned" : "lattice", style: { gridTemplateColumns: `repeat(${Math.min(across, count)}, minmax(${least}px, ${Math.max(least, widest)}px))`, gap: `${gap}px` } });
    for (let i = 0; i < count; i++) {
      const words = images.captions?.[i] || "", canvas = L.canvasOf(images.pixels, i), node = L.el("figure", { title: words }, canvas, captioned && L.el("figcaption", {}, words));
      canvas.style.aspectRatio = `${width} / ${height}`;
      if (split !== null && i % across === split) node.classList.add("apart");
      grid.append(node);
    }
    return grid;
  }

  // A word of a caption is not broken, up to a width; the grid scrolls where pictures are many.
  const longestWord = (captions) => Math.min(LONGEST, Math.ceil(Math.max(0, ...(captions || []).flatMap((text) => String(text).split(/[\s/]+/)).map(L.textWidth)) + 2));

  // ---- thumbnails: where pictures would hide each other, one stands for its place
  L.figures.thumbnails = (host, [[name, embedding]], { images, side = 22 }, picture) => {
    const pixels = images?.pixels || picture.images?.pixels;
    if (!pixels || pixels.shape[0] !== embedding.points.shape[0]) return L.records.embedding(host, embedding, { height: 340 });
    const { places, shape } = placesOf(embedding, side), shown = uncovered(places, side);
    const canvas = L.el("canvas", { role: "img", ariaLabel: embedding.title || name, width: shape[1], height: shape[0], className: "thumbnails" }), context = canvas.getContext("2d");
    for (const i of shown) tile(context, pixels, i, places[i], side, embedding.labels ? L.classColour((embedding.labels.data || embedding.labels)[i]) : L.colours().line);
    canvas.addEventListener("pointermove", (event) => L.tip(tipAt(embedding, places, shown, side, canvas, event), event.clientX, event.clientY));
    canvas.addEventListener("pointerleave", () => L.tip(null));
    host.append(canvas, classKeys(embedding), L.el("p", { className: "note" }, [embedding.method, gauge(embedding), L.t("figure.shown", { n: shown.length, all: places.length })].filter(Boolean).join(" · ")));
    return canvas;
  };

  const gauge = ({ neighbours_kept: kept }) => (Number.isFinite(kept) ? L.t("figure.kept", { share: L.number(100 * kept, "%") }) : "");
  const labelsOf = (embedding) => Array.from(embedding.labels?.data || embedding.labels || []);
  const classKeys = (embedding) => (embedding.labels ? L.figureKeys([...new Set(labelsOf(embedding))].sort((p, q) => p - q).map((label) => [L.classColour(label), String(embedding.class_names?.[label] ?? label)])) : "");

  function placesOf({ points: { data, shape: [count, width] } }, side) {
    const part = (axis) => Array.from({ length: count }, (_, i) => data[i * width + axis]), x = part(0), y = part(1), lowX = Math.min(...x), lowY = Math.min(...y);
    const wide = Math.max(...x) - lowX || 1e-12, tall = Math.max(...y) - lowY || 1e-12, scale = Math.min((CANVAS - side) / wide, (TALLEST - side) / tall), height = Math.round(tall * scale);
    return { places: x.map((value, i) => [Math.round((value - lowX) * scale), height - Math.round((y[i] - lowY) * scale)]), shape: [height + side, Math.round(wide * scale) + side] };
  }

  function uncovered(places, side) {
    const taken = new Map(), shown = [], key = (x, y) => `${x},${y}`;
    for (let k = 0, i = 0; k < places.length; k++, i = (i + step(places.length)) % places.length) {
      const [x, y] = places[i], [column, row] = [Math.floor(x / side), Math.floor(y / side)], near = [-1, 0, 1].flatMap((r) => [-1, 0, 1].flatMap((c) => taken.get(key(column + c, row + r)) || []));
      if (near.some((j) => Math.max(Math.abs(places[j][0] - x), Math.abs(places[j][1] - y)) < side / 2)) continue;
      taken.set(key(column, row), [...(taken.get(key(column, row)) || []), i]);
      shown.push(i);
    }
    return shown;
  }
  // A step that shares no factor with the count visits every point, in no order of the data.
  function step(count) { let size = Math.max(1, Math.floor(.618 * count)); while (gcd(size, count) !== 1) size++; return size; }
  const gcd = (a, b) => (b ? gcd(b, a % b) : a);

  function tile(context, pixels, i, [x, y], side, colour) {
    context.fillStyle = colour;
    context.fillRect(x, y, side, side);
    context.imageSmoothingEnabled = false;
    context.drawImage(L.canvasOf(pixels, i), x + 1, y + 1, side - 2, side - 2);
  }

  function tipAt(embedding, places, shown, side, canvas, event) {
    const rect = canvas.getBoundingClientRect(), x = (event.clientX - rect.left) * canvas.width / rect.width, y = (event.clientY - rect.top) * canvas.height / rect.height;
    const found = shown.find((i) => x >= places[i][0] && x < places[i][0] + side && y >= places[i][1] && y < places[i][1] + side);
    if (found === undefined) return null;
    const label = labelsOf(embedding)[found], ids = embedding.ids?.data || embedding.ids;
    return [label !== undefined && String(embedding.class_names?.[label] ?? label), ids && ` · ${ids[found]}`].filter(Boolean);
  }
})();
