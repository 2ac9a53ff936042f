// Convolution arithmetic to play with: change kernel, stride, padding, and see sizes, fields and
// pictures change at once.
//
//   lamellaArithmetic(element)            draws the section into an empty element
//   lamellaArithmetic(element, options)   options: image and kernel (arrays of rows), stride,
//                                         padding, dilation, mode, layers, say (translates a word)
//
// Returns { set(options), state() }. Needs nothing: no library, no network, no module. Colours come
// from the page's custom properties (--ink, --soft, --line, --card, --sunk, --bad) where it has
// them. The pure functions behind it are lamellaArithmetic.{arithmetic, pad, convolve, fields}.
"use strict";

(function (world) {
  const IMAGES = {
    "the 5 x 5 of the lecture": [[1, 1, 1, 0, 0], [0, 1, 1, 1, 0], [0, 0, 1, 1, 1], [0, 0, 1, 1, 0], [0, 1, 1, 0, 0]],
    "the 3 x 3 of the lecture": [[221, 198, 149], [205, 147, 173], [149, 170, 222]],
    "7 x 7, counted": Array.from({ length: 7 }, (_, y) => Array.from({ length: 7 }, (_, x) => 7 * y + x)),
    "an edge, 8 x 8": Array.from({ length: 8 }, () => [0, 0, 0, 0, 9, 9, 9, 9]),
  };
  const KERNELS = {
    "diagonal cross": [[1, 0, 1], [0, 1, 0], [1, 0, 1]],
    "edges sideways": [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]],
    "edges": [[0, -1, 0], [-1, 4, -1], [0, -1, 0]],
    "sharpen": [[0, -1, 0], [-1, 5, -1], [0, -1, 0]],
    "sum of 1 x 1": [[1]],
    "sum of 2 x 2": [[1, 1], [1, 1]],
    "sum of 5 x 5": Array.from({ length: 5 }, () => [1, 1, 1, 1, 1]),
  };
  const MODES = ["zero", "border", "mirror", "reflect", "cyclic"];
  const CELL = 34;
  const SVG = "http://www.w3.org/2000/svg";

  // One axis, as lamella.anatomy.output_size and arithmetic compute it; null with a reason in
  // `problem` where the window does not fit.
  function arithmetic(size, kernel, stride = 1, padding = 0, dilation = 1) {
    const extent = dilation * (kernel - 1) + 1;
    const spare = size + 2 * padding - extent;
    if (stride < 1 || dilation < 1 || kernel < 1 || padding < 0) return { problem: "stride, dilation and kernel are at least 1, padding at least 0" };
    if (spare < 0) return { problem: `the kernel spans ${extent}, the padded input only ${size + 2 * padding}` };
    const dropped = spare % stride;
    const sizes = dropped ? [size - dropped, size - dropped + stride].filter((n) => n >= Math.max(1, extent - 2 * padding)) : [size];
    const paddings = [];
    for (let p = 0; p < extent; p++) if (size + 2 * p >= extent && (size + 2 * p - extent) % stride === 0) paddings.push(p);
    return { output: Math.floor(spare / stride) + 1, exact: spare / stride + 1, dropped, droppedPixels: Math.max(0, dropped - padding), sizes, paddings, extent };
  }

  // Index into a line of n pixels for a place outside it; null is a zero.
  function source(place, n, mode) {
    if (place >= 0 && place < n) return place;
    if (mode === "zero") return null;
    if (mode === "border") return Math.min(n - 1, Math.max(0, place));
    if (mode === "cyclic") return ((place % n) + n) % n;
    const period = mode === "mirror" ? 2 * n : Math.max(1, 2 * (n - 1));
    const at = ((place % period) + period) % period;
    return mode === "mirror" ? (at < n ? at : period - 1 - at) : (at < n ? at : period - at);
  }

  function pad(image, width, mode = "zero") {
    const rows = image.length, columns = image[0].length, result = [];
    for (let y = -width; y < rows + width; y++) {
      const line = [];
      for (let x = -width; x < columns + width; x++) {
        const sy = source(y, rows, mode), sx = source(x, columns, mode);
        line.push(sy === null || sx === null ? 0 : image[sy][sx]);
      }
      result.push(line);
    }
    return result;
  }

  function convolve(image, kernel, stride = 1, padding = 0, dilation = 1, mode = "zero") {
    const padded = pad(image, padding, mode);
    const rows = arithmetic(image.length, kernel.length, stride, padding, dilation);
    const columns = arithmetic(image[0].length, kernel[0].length, stride, padding, dilation);
    if (rows.problem || columns.problem) return { problem: rows.problem || columns.problem };
    const output = [];
    for (let y = 0; y < rows.output; y++) {
      output.push([]);
      for (let x = 0; x < columns.output; x++) {
        let sum = 0;
        kernel.forEach((line, j) => line.forEach((w, i) => { sum += w * padded[y * stride + j * dilation][x * stride + i * dilation]; }));
        output[y].push(sum);
      }
    }
    return { padded, output, rows, columns };
  }

  // Size, receptive field, jump and offset behind each of `layers` equal layers.
  function fields(size, kernel, stride, padding, dilation, layers) {
    const found = [];
    let field = 1, jump = 1, offset = 0, length = size;
    for (let n = 1; n <= layers; n++) {
      const one = arithmetic(length, kernel, stride, padding, dilation);
      if (one.problem) break;
      field += (one.extent - 1) * jump;
      offset -= padding * jump;
      jump *= stride;
      length = one.output;
      found.push({ layer: n, size: length, field, jump, offset });
    }
    return found;
  }

  const short = (v) => String(Number(v.toPrecision(4)));
  const bare = (v) => (v < 0 ? `(${short(v)})` : short(v));

  function node(kind, attributes, ...children) {
    const made = document.createElement(kind);
    for (const [name, value] of Object.entries(attributes || {})) made.setAttribute(name, value);
    made.append(...children);
    return made;
  }

  function shape(kind, attributes, text) {
    const made = document.createElementNS(SVG, kind);
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    if (text !== undefined) made.textContent = text;
    return made;
  }

  const STYLE = `
.la{font:14px/1.5 inherit;color:var(--ink,#1d1f21)}
.la form{display:flex;flex-wrap:wrap;gap:10px 18px;margin:0 0 14px}
.la label{display:flex;flex-direction:column;font-size:12.5px;color:var(--soft,#5b5f64);gap:2px}
.la input,.la select{font:inherit;color:var(--ink,#1d1f21);background:var(--card,#fff);border:1px solid var(--line,#cfcbc3);border-radius:5px;padding:3px 6px}
.la input[type=number]{width:62px}
.la svg{display:block;max-width:100%;height:auto}
.la svg rect.cell{stroke:var(--card,#fff)}
.la svg text{font-size:12px;fill:var(--ink,#1d1f21);text-anchor:middle;dominant-baseline:central;pointer-events:none}
.la svg text.name{text-anchor:start;fill:var(--soft,#5b5f64)}
.la svg g.out rect{cursor:pointer}
.la p{margin:8px 0;overflow-wrap:anywhere}
.la p.sum{font-variant-numeric:tabular-nums;min-height:3em}
.la .bad{color:var(--bad,#c14e00)}
.la table{border-collapse:collapse;font-size:13px}
.la td,.la th{padding:3px 14px 3px 0;text-align:right;border-bottom:1px solid var(--hair,#e3e0da)}
.la th{color:var(--soft,#5b5f64);font-weight:560}`;

  // Once for the page, by the object model: a page may forbid style elements.
  let dressed = false;
  function dress() {
    if (dressed) return;
    dressed = true;
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLE);
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
  }

  function cells(group, values, left, top, extra) {
    const flat = values.flat().filter((v) => v !== null);
    const low = Math.min(...flat), high = Math.max(...flat);
    values.forEach((line, y) => line.forEach((value, x) => {
      const strength = value === null || high === low ? 0 : (value - low) / (high - low);
      const rect = shape("rect", { class: "cell", x: left + x * CELL, y: top + y * CELL, width: CELL, height: CELL, fill: "var(--h2, #3b7cab)", "fill-opacity": (0.06 + 0.5 * strength).toFixed(3) });
      group.append(rect);
      if (value !== null) group.append(shape("text", { x: left + (x + 0.5) * CELL, y: top + (y + 0.5) * CELL }, short(value)));
      if (extra) extra(rect, y, x);
    }));
  }

  function box(left, top, width, height, attributes) {
    return shape("rect", { x: left, y: top, width, height, fill: "none", "stroke-width": 2.5, stroke: "var(--bad, #c14e00)", "pointer-events": "none", ...attributes });
  }

  function lamellaArithmetic(element, options = {}) {
    const { say = (text) => text, ...chosen } = options;
    const state = { image: IMAGES["the 5 x 5 of the lecture"], kernel: KERNELS["diagonal cross"], stride: 1, padding: 0, dilation: 1, mode: "zero", layers: 3, position: 0, ...chosen };
    const form = node("form", { "aria-label": "Convolution" });
    const drawing = shape("svg", { role: "img" });
    const words = node("p", { class: "size", "aria-live": "polite" });
    const sum = node("p", { class: "sum" });
    const table = node("table", { class: "fields" });
    form.addEventListener("submit", (event) => event.preventDefault());

    const choose = (title, name, from) => {
      const known = Object.keys(from).find((key) => JSON.stringify(from[key]) === JSON.stringify(state[name]));
      const all = known === undefined ? { own: state[name], ...from } : from;
      const select = node("select", { name }, ...Object.keys(all).map((key) => node("option", { value: key }, say(key))));
      select.value = known === undefined ? "own" : known;
      select.addEventListener("change", () => set({ [name]: all[select.value] }));
      form.append(node("label", {}, say(title), select));
      return select;
    };
    const count = (title, name, least, most) => {
      const input = node("input", { type: "number", name, min: least, max: most, value: state[name] });
      input.addEventListener("input", () => { if (input.value !== "" && input.checkValidity()) set({ [name]: Number(input.value) }); });
      form.append(node("label", {}, say(title), input));
      return input;
    };
    choose("image", "image", IMAGES);
    choose("kernel", "kernel", KERNELS);
    const weights = node("input", { name: "weights", size: 22, spellcheck: "false", title: "numbers of a row between spaces, rows between semicolons" });
    weights.addEventListener("change", () => {
      const rows = weights.value.split(";").map((line) => line.trim().split(/[\s,]+/).map(Number));
      const fine = rows.length > 0 && rows.every((line) => line.length === rows[0].length && line.every(Number.isFinite)) && weights.value.trim() !== "";
      weights.setCustomValidity(fine ? "" : "numbers of a row between spaces, rows between semicolons, all rows of one length");
      weights.reportValidity();
      if (fine) set({ kernel: rows });
    });
    form.append(node("label", {}, say("kernel's weights"), weights));
    const numbers = [count("stride", "stride", 1, 4), count("padding", "padding", 0, 4), count("dilation", "dilation", 1, 3)];
    choose("fill", "mode", Object.fromEntries(MODES.map((mode) => [mode, mode])));
    numbers.push(count("layers", "layers", 1, 8));
    const slider = node("input", { type: "range", name: "position", min: 0, value: 0 });
    slider.addEventListener("input", () => set({ position: Number(slider.value) }, true));
    form.append(node("label", {}, say("position"), slider));
    dress();
    const root = node("div", { class: "la" }, form, drawing, sum, words, table);
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
      tell(done, Math.floor(state.position / wide), state.position % wide);
    }

    function picture(done, y, x) {
      const { image, kernel, stride, padding } = state;
      const kernelLeft = (done.padded[0].length + 1) * CELL, outputLeft = kernelLeft + (kernel[0].length + 1) * CELL;
      const height = Math.max(done.padded.length, kernel.length, done.output.length) * CELL + 26;
      const width = outputLeft + done.output[0].length * CELL + 4;
      drawing.setAttribute("viewBox", `-3 -3 ${width + 6} ${height + 6}`);
      drawing.setAttribute("width", width + 6);
      drawing.setAttribute("aria-label", `window at row ${y}, column ${x}`);
      const names = [["image", 0, done.padded.length], ["kernel", kernelLeft, kernel.length], ["output", outputLeft, done.output.length]];
      const input = shape("g", { class: "in" }), taps = shape("g", {}), output = shape("g", { class: "out" });
      cells(input, done.padded, 0, 0);
      cells(taps, kernel, kernelLeft, 0);
      cells(output, done.output, outputLeft, 0, (rect, row, column) => rect.addEventListener("click", () => set({ position: row * done.columns.output + column }, true)));
      drawing.append(input, taps, output, ...names.map(([text, left, rows]) => shape("text", { class: "name", x: left, y: rows * CELL + 14 }, say(text))));
      const tall = done.padded.length * CELL, across = done.padded[0].length * CELL;
      if (padding) drawing.append(box(padding * CELL, padding * CELL, image[0].length * CELL, image.length * CELL, { stroke: "var(--soft, #5b5f64)", "stroke-width": 1.5, "stroke-dasharray": "4 3" }));
      const lost = { fill: "var(--bad, #c14e00)", "fill-opacity": 0.22, "stroke-width": 0, class: "lost" };
      if (done.rows.dropped) drawing.append(box(0, tall - done.rows.dropped * CELL, across, done.rows.dropped * CELL, lost));
      if (done.columns.dropped) drawing.append(box(across - done.columns.dropped * CELL, 0, done.columns.dropped * CELL, tall, lost));
      drawing.append(box(x * stride * CELL, y * stride * CELL, done.columns.extent * CELL, done.rows.extent * CELL, { class: "window" }), box(outputLeft + x * CELL, y * CELL, CELL, CELL));
    }

    function tell(done, y, x) {
      const { image, kernel, stride, padding, dilation, layers } = state;
      const terms = kernel.flatMap((line, j) => line.map((w, i) => `${bare(done.padded[y * stride + j * dilation][x * stride + i * dilation])}*${bare(w)}`));
      sum.textContent = `${terms.join(" + ")} = ${short(done.output[y][x])}`;
      const axis = (name, size, k, one) => {
        const spelled = dilation === 1 ? k : `(${dilation}*(${k} - 1) + 1)`;
        const start = `${name}: (${size} + 2*${padding} - ${spelled}) / ${stride} + 1 = ${Number(one.exact.toFixed(2))}`;
        if (!one.dropped) return `${start}.`;
        const lost = one.droppedPixels ? `the last ${one.droppedPixels} of ${size} is not read` : `${one.dropped} of the padding is not read`;
        return `${start}: does not divide, so the output is ${one.output} and ${lost}. Sizes that fit: ${one.sizes.join(", ")}. Paddings that fit: ${one.paddings.join(", ") || "none"}.`;
      };
      words.textContent = `${axis("rows", image.length, kernel.length, done.rows)} ${axis("columns", image[0].length, kernel[0].length, done.columns)}`;
      const found = fields(image[0].length, kernel[0].length, stride, padding, dilation, layers);
      const head = ["layers like this", "output columns", "receptive field", "jump", "offset"];
      table.replaceChildren(
        node("thead", {}, node("tr", {}, ...head.map((text) => node("th", { scope: "col" }, say(text))))),
        node("tbody", {}, ...found.map((row) => node("tr", {}, ...[row.layer, row.size, row.field, row.jump, row.offset].map((v) => node("td", {}, String(v))))))
      );
    }

    draw();
    return { set, state: () => ({ ...state }) };
  }

  Object.assign(lamellaArithmetic, { arithmetic, pad, convolve, fields });
  world.lamellaArithmetic = lamellaArithmetic;
})(globalThis);
