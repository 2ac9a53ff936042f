// Packs, in which answers come: "LMP1", the length of the header, the header, arrays on 8-byte boundaries.

const TYPES = {
  u8: Uint8Array,
  i8: Int8Array,
  u16: Uint16Array,
  i16: Int16Array,
  u32: Uint32Array,
  i32: Int32Array,
  f32: Float32Array,
  f64: Float64Array,
};

// ---- the pack: "LMP1", length of the header, header, arrays on 8-byte boundaries
export function readPack(buffer, from, length) {
  const bytes = new Uint8Array(buffer, from, length);
  const view = new DataView(buffer, from, length);
  if (String.fromCharCode(...bytes.subarray(0, 4)) !== "LMP1") throw new Error("not a pack");
  const size = view.getUint32(4, true);
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + size)));
  const body = from + 8 + size;
  return withArrays(header.facts, (name) => arrayOf(buffer, body, header.arrays[name]));
}

function arrayOf(buffer, body, { at, dtype, shape }) {
  const Type = TYPES[dtype];
  const count = shape.reduce((a, b) => a * b, 1);
  const from = body + at;
  const data =
    from % Type.BYTES_PER_ELEMENT
      ? new Type(buffer.slice(from, from + count * Type.BYTES_PER_ELEMENT))
      : new Type(buffer, from, count);
  return { data, shape };
}

function withArrays(facts, read) {
  if (Array.isArray(facts)) return facts.map((part) => withArrays(part, read));
  if (facts === null || typeof facts !== "object") return facts;
  if (typeof facts.$ === "string" && Object.keys(facts).length === 1) return read(facts.$);
  return Object.fromEntries(Object.entries(facts).map(([key, part]) => [key, withArrays(part, read)]));
}
