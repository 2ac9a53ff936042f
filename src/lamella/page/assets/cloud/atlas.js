// All small pictures of a cloud in one texture, as many to a row as make it about square.

import { el } from "../core/elements.js";

// pictures: {data: u8, shape: [count, height, width, channels]}; every `by`-th pixel is kept where
// the whole would not fit into a texture of `most` pixels a side.
export const makeAtlas = (pictures, most) => {
  const [count, height, width, channels] = pictures.shape;
  let by = 1;
  while (side(count, height, width, by) > most) by++;
  const h = Math.ceil(height / by);
  const w = Math.ceil(width / by);
  const columns = Math.max(1, Math.min(count, Math.floor(side(count, height, width, by) / w)));
  const rows = Math.ceil(count / columns);
  const data = new Uint8Array(columns * w * rows * h * channels);
  for (let i = 0; i < count; i++)
    copy(pictures.data, data, i, { height, width, channels, by, h, w, columns });
  return { data, columns, rows, width: columns * w, height: rows * h, channels };
};

const side = (count, height, width, by) =>
  Math.ceil(Math.sqrt(count * Math.ceil(height / by) * Math.ceil(width / by))) +
  Math.ceil(Math.max(height, width) / by);

function copy(from, to, i, { height, width, channels, by, h, w, columns }) {
  const left = (i % columns) * w;
  const top = Math.floor(i / columns) * h;
  const stride = columns * w * channels;
  for (let y = 0; y < h; y++) {
    const source = (i * height + y * by) * width * channels;
    const target = (top + y) * stride + left * channels;
    if (by === 1) to.set(from.subarray(source, source + width * channels), target);
    else
      for (let x = 0; x < w; x++)
        for (let c = 0; c < channels; c++)
          to[target + x * channels + c] = from[source + x * by * channels + c];
  }
}

// One picture on a canvas of its own, for tooltips and thumbnails.
export const thumbnail = (pictures, i, pixels) => {
  const [, height, width, channels] = pictures.shape;
  const step = height * width * channels;
  return bitmap(pictures.data.subarray(i * step, (i + 1) * step), height, width, channels, pixels);
};

// Bytes as a canvas `pixels` wide, drawn without smoothing; `colour` turns a grey byte into [r, g, b].
export const bitmap = (bytes, height, width, channels, pixels, colour) => {
  const canvas = el("canvas", { width, height, className: "bitmap" });
  const pen = canvas.getContext("2d");
  const image = pen.createImageData(width, height);
  for (let i = 0; i < width * height; i++) {
    const at = i * channels;
    const rgb = colour
      ? colour(bytes[at])
      : channels === 1
        ? [bytes[at], bytes[at], bytes[at]]
        : bytes.subarray(at, at + 3);
    image.data.set(rgb, 4 * i);
    image.data[4 * i + 3] = 255;
  }
  pen.putImageData(image, 0, 0);
  if (pixels)
    Object.assign(canvas.style, {
      width: `${pixels}px`,
      height: `${Math.round((pixels * height) / width)}px`,
    });
  return canvas;
};
