// Figures of pictures: in rows with captions, edge to edge, and in the places of an embedding.

import { classColour, colours } from "../core/colours.js";
import { el, showTip } from "../core/elements.js";
import { t } from "../core/language.js";
import { clamp, formatNumber } from "../core/numbers.js";
import { figures } from "./figure.js";
import { figureKeys } from "./lines.js";
import { textWidth } from "../plots/text.js";
import { drawEmbedding } from "../records/embedding.js";
import { canvasOf } from "../records/images.js";

const CANVAS = 1100;
const TALLEST = 900;
const GAP = 8;
const LONGEST = 96;

// ---- a grid of pictures, each enlarged by a whole number of pixels
figures.image_grid = (host, [[, images]], { columns } = {}) => {
  const count = images.pixels.shape[0];
  const across = columns || images.columns || Math.min(count, Math.max(4, Math.ceil(Math.sqrt(1.6 * count))));
  host.append(
    lattice(images, across, { captioned: Boolean(images.captions?.some(Boolean)), gap: GAP, widest: 160 }),
  );
  if (images.scale)
    host.append(
      el(
        "p",
        { className: "note" },
        t("figure.greys", { low: formatNumber(images.scale[0]), high: formatNumber(images.scale[1]) }),
      ),
    );
};

figures.mosaic = (host, [[, images]], { captioned = false, split = null } = {}) => {
  const across = images.columns || Math.max(1, Math.ceil(Math.sqrt(images.pixels.shape[0])));
  host.append(
    lattice(images, across, {
      captioned,
      gap: captioned || split !== null ? GAP : 0,
      split,
      widest: captioned ? 120 : clamp(Math.floor(720 / across), 14, 44),
    }),
  );
};

function lattice(images, across, { captioned, gap, split = null, widest }) {
  const [count, height, width] = images.pixels.shape;
  const least = captioned ? longestWord(images.captions) : 0;
  const grid = el("div", {
    className: captioned ? "lattice captioned" : "lattice",
    style: {
      gridTemplateColumns: `repeat(${Math.min(across, count)}, minmax(${least}px, ${Math.max(least, widest)}px))`,
      gap: `${gap}px`,
    },
  });
  for (let i = 0; i < count; i++) {
    const words = images.captions?.[i] || "";
    const canvas = canvasOf(images.pixels, i);
    const node = el("figure", { title: words }, canvas, captioned && el("figcaption", {}, words));
    canvas.style.aspectRatio = `${width} / ${height}`;
    if (split !== null && i % across === split) node.classList.add("apart");
    grid.append(node);
  }
  return grid;
}

// A word of a caption is not broken, up to a width; the grid scrolls where pictures are many.
const longestWord = (captions) =>
  Math.min(
    LONGEST,
    Math.ceil(
      Math.max(0, ...(captions || []).flatMap((text) => String(text).split(/[\s/]+/)).map(textWidth)) + 2,
    ),
  );

// ---- thumbnails: where pictures would hide each other, one stands for its place
figures.thumbnails = (host, [[name, embedding]], { images, side = 22 }, picture) => {
  const pixels = images?.pixels || picture.images?.pixels;
  if (!pixels || pixels.shape[0] !== embedding.points.shape[0])
    return drawEmbedding(host, embedding, { height: 340 });
  const { places, shape } = placesOf(embedding, side);
  const shown = uncovered(places, side);
  const canvas = el("canvas", {
    role: "img",
    ariaLabel: embedding.title || name,
    width: shape[1],
    height: shape[0],
    className: "thumbnails",
  });
  const context = canvas.getContext("2d");
  for (const i of shown)
    tile(
      context,
      pixels,
      i,
      places[i],
      side,
      embedding.labels ? classColour((embedding.labels.data || embedding.labels)[i]) : colours().line,
    );
  canvas.addEventListener("pointermove", (event) =>
    showTip(tipAt(embedding, places, shown, side, canvas, event), event.clientX, event.clientY),
  );
  canvas.addEventListener("pointerleave", () => showTip(null));
  host.append(
    canvas,
    classKeys(embedding),
    el(
      "p",
      { className: "note" },
      [embedding.method, gauge(embedding), t("figure.shown", { n: shown.length, all: places.length })]
        .filter(Boolean)
        .join(" · "),
    ),
  );
  return canvas;
};

const gauge = ({ neighbours_kept: kept }) =>
  Number.isFinite(kept) ? t("figure.kept", { share: formatNumber(100 * kept, "%") }) : "";
const labelsOf = (embedding) => Array.from(embedding.labels?.data || embedding.labels || []);
const classKeys = (embedding) =>
  embedding.labels
    ? figureKeys(
        [...new Set(labelsOf(embedding))]
          .sort((p, q) => p - q)
          .map((label) => [classColour(label), String(embedding.class_names?.[label] ?? label)]),
      )
    : "";

function placesOf(
  {
    points: {
      data,
      shape: [count, width],
    },
  },
  side,
) {
  const part = (axis) => Array.from({ length: count }, (_, i) => data[i * width + axis]);
  const x = part(0);
  const y = part(1);
  const lowX = Math.min(...x);
  const lowY = Math.min(...y);
  const wide = Math.max(...x) - lowX || 1e-12;
  const tall = Math.max(...y) - lowY || 1e-12;
  const scale = Math.min((CANVAS - side) / wide, (TALLEST - side) / tall);
  const height = Math.round(tall * scale);
  return {
    places: x.map((value, i) => [
      Math.round((value - lowX) * scale),
      height - Math.round((y[i] - lowY) * scale),
    ]),
    shape: [height + side, Math.round(wide * scale) + side],
  };
}

function uncovered(places, side) {
  const taken = new Map();
  const shown = [];
  const key = (x, y) => `${x},${y}`;
  for (let k = 0, i = 0; k < places.length; k++, i = (i + step(places.length)) % places.length) {
    const [x, y] = places[i];
    const [column, row] = [Math.floor(x / side), Math.floor(y / side)];
    const near = [-1, 0, 1].flatMap((r) =>
      [-1, 0, 1].flatMap((c) => taken.get(key(column + c, row + r)) || []),
    );
    if (near.some((j) => Math.max(Math.abs(places[j][0] - x), Math.abs(places[j][1] - y)) < side / 2))
      continue;
    taken.set(key(column, row), [...(taken.get(key(column, row)) || []), i]);
    shown.push(i);
  }
  return shown;
}
// A step that shares no factor with the count visits every point, in no order of the data.
function step(count) {
  let size = Math.max(1, Math.floor(0.618 * count));
  while (gcd(size, count) !== 1) size++;
  return size;
}
const gcd = (a, b) => (b ? gcd(b, a % b) : a);

function tile(context, pixels, i, [x, y], side, colour) {
  context.fillStyle = colour;
  context.fillRect(x, y, side, side);
  context.imageSmoothingEnabled = false;
  context.drawImage(canvasOf(pixels, i), x + 1, y + 1, side - 2, side - 2);
}

function tipAt(embedding, places, shown, side, canvas, event) {
  const rect = canvas.getBoundingClientRect();
  const x = ((event.clientX - rect.left) * canvas.width) / rect.width;
  const y = ((event.clientY - rect.top) * canvas.height) / rect.height;
  const found = shown.find(
    (i) => x >= places[i][0] && x < places[i][0] + side && y >= places[i][1] && y < places[i][1] + side,
  );
  if (found === undefined) return null;
  const label = labelsOf(embedding)[found];
  const ids = embedding.ids?.data || embedding.ids;
  return [
    label !== undefined && String(embedding.class_names?.[label] ?? label),
    ids && ` · ${ids[found]}`,
  ].filter(Boolean);
}
