// The arithmetic of a convolution: sizes, paddings, sums and receptive fields, as lamella.anatomy has them.

// One axis, as lamella.anatomy.output_size and arithmetic compute it; null with a reason in
// `problem` where the window does not fit.
export function arithmetic(size, kernel, stride = 1, padding = 0, dilation = 1) {
  const extent = dilation * (kernel - 1) + 1;
  const spare = size + 2 * padding - extent;
  if (stride < 1 || dilation < 1 || kernel < 1 || padding < 0)
    return { problem: "stride, dilation and kernel are at least 1, padding at least 0" };
  if (spare < 0)
    return { problem: `the kernel spans ${extent}, the padded input only ${size + 2 * padding}` };
  const dropped = spare % stride;
  const sizes = dropped
    ? [size - dropped, size - dropped + stride].filter((n) => n >= Math.max(1, extent - 2 * padding))
    : [size];
  const paddings = [];
  for (let p = 0; p < extent; p++)
    if (size + 2 * p >= extent && (size + 2 * p - extent) % stride === 0) paddings.push(p);
  return {
    output: Math.floor(spare / stride) + 1,
    exact: spare / stride + 1,
    dropped,
    droppedPixels: Math.max(0, dropped - padding),
    sizes,
    paddings,
    extent,
  };
}

// Index into a line of n pixels for a place outside it; null is a zero.
function source(place, n, mode) {
  if (place >= 0 && place < n) return place;
  if (mode === "zero") return null;
  if (mode === "border") return Math.min(n - 1, Math.max(0, place));
  if (mode === "cyclic") return ((place % n) + n) % n;
  const period = mode === "mirror" ? 2 * n : Math.max(1, 2 * (n - 1));
  const at = ((place % period) + period) % period;
  return mode === "mirror" ? (at < n ? at : period - 1 - at) : at < n ? at : period - at;
}

export function pad(image, width, mode = "zero") {
  const rows = image.length;
  const columns = image[0].length;
  const result = [];
  for (let y = -width; y < rows + width; y++) {
    const line = [];
    for (let x = -width; x < columns + width; x++) {
      const sy = source(y, rows, mode);
      const sx = source(x, columns, mode);
      line.push(sy === null || sx === null ? 0 : image[sy][sx]);
    }
    result.push(line);
  }
  return result;
}

export function convolve(image, kernel, stride = 1, padding = 0, dilation = 1, mode = "zero") {
  const padded = pad(image, padding, mode);
  const rows = arithmetic(image.length, kernel.length, stride, padding, dilation);
  const columns = arithmetic(image[0].length, kernel[0].length, stride, padding, dilation);
  if (rows.problem || columns.problem) return { problem: rows.problem || columns.problem };
  const output = [];
  for (let y = 0; y < rows.output; y++) {
    output.push([]);
    for (let x = 0; x < columns.output; x++) {
      let sum = 0;
      kernel.forEach((line, j) =>
        line.forEach((w, i) => {
          sum += w * padded[y * stride + j * dilation][x * stride + i * dilation];
        }),
      );
      output[y].push(sum);
    }
  }
  return { padded, output, rows, columns };
}

// Size, receptive field, jump and offset behind each of `layers` equal layers.
export function fields(size, kernel, stride, padding, dilation, layers) {
  const found = [];
  let field = 1;
  let jump = 1;
  let offset = 0;
  let length = size;
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
