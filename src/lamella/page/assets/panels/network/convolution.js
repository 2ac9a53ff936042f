// Convolution arithmetic to play with: change kernel, stride, padding, and see sizes, fields and
// pictures change at once.
//
//   drawConvolution(element, options)   draws the section into an empty element
//     options   image and kernel (arrays of rows), stride, padding, dilation, mode, layers,
//               say(text): a word in the reader's language
//   returns { set(options), state() }

import { el, svg } from "../../core/elements.js";
import { convolve, fields } from "./arithmetic.js";

const IMAGES = {
  "a band, 5 x 5": [
    [1, 1, 1, 0, 0],
    [0, 1, 1, 1, 0],
    [0, 0, 1, 1, 1],
    [0, 0, 1, 1, 0],
    [0, 1, 1, 0, 0],
  ],
  "greys, 3 x 3": [
    [221, 198, 149],
    [205, 147, 173],
    [149, 170, 222],
  ],
  "7 x 7, counted": Array.from({ length: 7 }, (_, y) => Array.from({ length: 7 }, (_, x) => 7 * y + x)),
  "an edge, 8 x 8": Array.from({ length: 8 }, () => [0, 0, 0, 0, 9, 9, 9, 9]),
};
const KERNELS = {
  "diagonal cross": [
    [1, 0, 1],
    [0, 1, 0],
    [1, 0, 1],
  ],
  "edges sideways": [
    [-1, 0, 1],
    [-2, 0, 2],
    [-1, 0, 1],
  ],
  edges: [
    [0, -1, 0],
    [-1, 4, -1],
    [0, -1, 0],
  ],
  sharpen: [
    [0, -1, 0],
    [-1, 5, -1],
    [0, -1, 0],
  ],
  "sum of 1 x 1": [[1]],
  "sum of 2 x 2": [
    [1, 1],
    [1, 1],
  ],
  "sum of 5 x 5": Array.from({ length: 5 }, () => [1, 1, 1, 1, 1]),
};
const MODES = ["zero", "border", "mirror", "reflect", "cyclic"];
const CELL = 34;

const short = (v) => String(Number(v.toPrecision(4)));
const bare = (v) => (v < 0 ? `(${short(v)})` : short(v));

function cells(group, values, left, top, extra) {
  const flat = values.flat().filter((v) => v !== null);
  const low = Math.min(...flat);
  const high = Math.max(...flat);
  values.forEach((line, y) =>
    line.forEach((value, x) => {
      const strength = value === null || high === low ? 0 : (value - low) / (high - low);
      const rect = svg("rect", {
        class: "cell",
        x: left + x * CELL,
        y: top + y * CELL,
        width: CELL,
        height: CELL,
        fill: "var(--h2, #3b7cab)",
        "fill-opacity": (0.06 + 0.5 * strength).toFixed(3),
      });
      group.append(rect);
      if (value !== null)
        group.append(svg("text", { x: left + (x + 0.5) * CELL, y: top + (y + 0.5) * CELL }, short(value)));
      if (extra) extra(rect, y, x);
    }),
  );
}

function box(left, top, width, height, attributes) {
  return svg("rect", {
    x: left,
    y: top,
    width,
    height,
    fill: "none",
    "stroke-width": 2.5,
    stroke: "var(--bad, #c14e00)",
    "pointer-events": "none",
    ...attributes,
  });
}

export function drawConvolution(element, options = {}) {
  const { say = (text) => text, ...chosen } = options;
  const state = {
    image: IMAGES["a band, 5 x 5"],
    kernel: KERNELS["diagonal cross"],
    stride: 1,
    padding: 0,
    dilation: 1,
    mode: "zero",
    layers: 3,
    position: 0,
    ...chosen,
  };
  const form = el("form", { ariaLabel: "Convolution" });
  const drawing = svg("svg", { role: "img" });
  const words = el("p", { className: "size", ariaLive: "polite" });
  const sum = el("p", { className: "sum" });
  const table = el("table", { className: "fields" });
  form.addEventListener("submit", (event) => event.preventDefault());

  const choose = (title, name, from) => {
    const known = Object.keys(from).find((key) => JSON.stringify(from[key]) === JSON.stringify(state[name]));
    const all = known === undefined ? { own: state[name], ...from } : from;
    const select = el(
      "select",
      { name },
      ...Object.keys(all).map((key) => el("option", { value: key }, say(key))),
    );
    select.value = known === undefined ? "own" : known;
    select.addEventListener("change", () => set({ [name]: all[select.value] }));
    form.append(el("label", {}, say(title), select));
    return select;
  };
  const count = (title, name, least, most) => {
    const input = el("input", { type: "number", name, min: least, max: most, value: state[name] });
    input.addEventListener("input", () => {
      if (input.value !== "" && input.checkValidity()) set({ [name]: Number(input.value) });
    });
    form.append(el("label", {}, say(title), input));
    return input;
  };
  choose("image", "image", IMAGES);
  choose("kernel", "kernel", KERNELS);
  const weights = el("input", {
    name: "weights",
    size: 22,
    spellcheck: false,
    title: "numbers of a row between spaces, rows between semicolons",
  });
  weights.addEventListener("change", () => {
    const rows = weights.value.split(";").map((line) =>
      line
        .trim()
        .split(/[\s,]+/)
        .map(Number),
    );
    const fine =
      rows.length > 0 &&
      rows.every((line) => line.length === rows[0].length && line.every(Number.isFinite)) &&
      weights.value.trim() !== "";
    weights.setCustomValidity(
      fine ? "" : "numbers of a row between spaces, rows between semicolons, all rows of one length",
    );
    weights.reportValidity();
    if (fine) set({ kernel: rows });
  });
  form.append(el("label", {}, say("kernel's weights"), weights));
  const numbers = [
    count("stride", "stride", 1, 4),
    count("padding", "padding", 0, 4),
    count("dilation", "dilation", 1, 3),
  ];
  choose("fill", "mode", Object.fromEntries(MODES.map((mode) => [mode, mode])));
  numbers.push(count("layers", "layers", 1, 8));
  const slider = el("input", { type: "range", name: "position", min: 0, value: 0 });
  slider.addEventListener("input", () => set({ position: Number(slider.value) }, true));
  form.append(el("label", {}, say("position"), slider));
  const root = el("div", { className: "arithmetic" }, form, drawing, sum, words, table);
  element.append(root);

  function set(changes, keepPosition = false) {
    Object.assign(state, changes);
    if (!keepPosition && !("position" in changes)) state.position = 0;
    for (const input of numbers) input.value = state[input.name];
    draw();
  }

  function showWeights() {
    weights.value = state.kernel.map((line) => line.map(short).join(" ")).join("; ");
  }

  function draw() {
    const { image, kernel, stride, padding, dilation, mode } = state;
    const done = convolve(image, kernel, stride, padding, dilation, mode);
    showWeights();
    drawing.replaceChildren();
    drawing.style.display = done.problem ? "none" : "";
    words.className = done.problem ? "size bad" : "size";
    if (done.problem) {
      words.textContent = `This does not fit: ${done.problem}.`;
      sum.textContent = "";
      table.replaceChildren();
      return;
    }
    const wide = done.columns.output;
    slider.max = done.rows.output * wide - 1;
    state.position = Math.min(state.position, Number(slider.max));
    slider.value = state.position;
    picture(done, Math.floor(state.position / wide), state.position % wide);
    explain(done, Math.floor(state.position / wide), state.position % wide);
  }

  function picture(done, y, x) {
    const { image, kernel, stride, padding } = state;
    const kernelLeft = (done.padded[0].length + 1) * CELL;
    const outputLeft = kernelLeft + (kernel[0].length + 1) * CELL;
    const height = Math.max(done.padded.length, kernel.length, done.output.length) * CELL + 26;
    const width = outputLeft + done.output[0].length * CELL + 4;
    drawing.setAttribute("viewBox", `-3 -3 ${width + 6} ${height + 6}`);
    drawing.setAttribute("width", width + 6);
    drawing.setAttribute("aria-label", `window at row ${y}, column ${x}`);
    const names = [
      ["image", 0, done.padded.length],
      ["kernel", kernelLeft, kernel.length],
      ["output", outputLeft, done.output.length],
    ];
    const input = svg("g", { class: "in" });
    const taps = svg("g", {});
    const output = svg("g", { class: "out" });
    cells(input, done.padded, 0, 0);
    cells(taps, kernel, kernelLeft, 0);
    cells(output, done.output, outputLeft, 0, (rect, row, column) =>
      rect.addEventListener("click", () => set({ position: row * done.columns.output + column }, true)),
    );
    drawing.append(
      input,
      taps,
      output,
      ...names.map(([text, left, rows]) =>
        svg("text", { class: "name", x: left, y: rows * CELL + 14 }, say(text)),
      ),
    );
    const tall = done.padded.length * CELL;
    const across = done.padded[0].length * CELL;
    if (padding)
      drawing.append(
        box(padding * CELL, padding * CELL, image[0].length * CELL, image.length * CELL, {
          stroke: "var(--soft, #5b5f64)",
          "stroke-width": 1.5,
          "stroke-dasharray": "4 3",
        }),
      );
    const lost = { fill: "var(--bad, #c14e00)", "fill-opacity": 0.22, "stroke-width": 0, class: "lost" };
    if (done.rows.dropped)
      drawing.append(box(0, tall - done.rows.dropped * CELL, across, done.rows.dropped * CELL, lost));
    if (done.columns.dropped)
      drawing.append(box(across - done.columns.dropped * CELL, 0, done.columns.dropped * CELL, tall, lost));
    drawing.append(
      box(x * stride * CELL, y * stride * CELL, done.columns.extent * CELL, done.rows.extent * CELL, {
        class: "window",
      }),
      box(outputLeft + x * CELL, y * CELL, CELL, CELL),
    );
  }

  function explain(done, y, x) {
    const { image, kernel, stride, padding, dilation, layers } = state;
    const terms = kernel.flatMap((line, j) =>
      line.map(
        (w, i) => `${bare(done.padded[y * stride + j * dilation][x * stride + i * dilation])}*${bare(w)}`,
      ),
    );
    sum.textContent = `${terms.join(" + ")} = ${short(done.output[y][x])}`;
    const axis = (name, size, k, one) => {
      const spelled = dilation === 1 ? k : `(${dilation}*(${k} - 1) + 1)`;
      const exact = Number(one.exact.toFixed(2));
      const start = `${name}: (${size} + 2*${padding} - ${spelled}) / ${stride} + 1 = ${exact}`;
      if (!one.dropped) return `${start}.`;
      const lost = one.droppedPixels
        ? `the last ${one.droppedPixels} of ${size} is not read`
        : `${one.dropped} of the padding is not read`;
      const paddings = one.paddings.join(", ") || "none";
      const fits = `Sizes that fit: ${one.sizes.join(", ")}. Paddings that fit: ${paddings}.`;
      return `${start}: does not divide, so the output is ${one.output} and ${lost}. ${fits}`;
    };
    const rows = axis("rows", image.length, kernel.length, done.rows);
    words.textContent = `${rows} ${axis("columns", image[0].length, kernel[0].length, done.columns)}`;
    const found = fields(image[0].length, kernel[0].length, stride, padding, dilation, layers);
    const head = ["layers like this", "output columns", "receptive field", "jump", "offset"];
    table.replaceChildren(
      el("thead", {}, el("tr", {}, ...head.map((text) => el("th", { scope: "col" }, say(text))))),
      el(
        "tbody",
        {},
        ...found.map((row) =>
          el(
            "tr",
            {},
            ...[row.layer, row.size, row.field, row.jump, row.offset].map((v) => el("td", {}, String(v))),
          ),
        ),
      ),
    );
  }

  draw();
  return { set, state: () => ({ ...state }) };
}
