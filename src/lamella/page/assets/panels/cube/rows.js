// The rows of the cube: one a layer, and where a deep net has groups (stages, blocks) one more a
// group, which folds its layers into the last of them: what leaves the group.

const GROUPS_FROM = 15;
const FOLDED_FROM = 41;
const flipped = new Set(); // groups that a person opened or closed, as "net/first layer"

// Stretches of consecutive layers of one group: [{group, from, to}], `to` exclusive.
function stretches(layers) {
  const found = [];
  layers.forEach((layer, at) => {
    const last = found.at(-1);
    if (last && layer.group && last.group === layer.group) last.to = at + 1;
    else found.push({ group: layer.group, from: at, to: at + 1 });
  });
  return found;
}

const keyOf = (net, part) => `${net.name}/${part.from}`;
const isOpen = (net, part) => net.layers.length >= FOLDED_FROM === flipped.has(keyOf(net, part));

export const foldGroup = (row) => {
  if (flipped.has(row.key)) flipped.delete(row.key);
  else flipped.add(row.key);
};

function rowsOfPart(net, part) {
  const count = part.to - part.from;
  if (!part.group || count < 2) return plainRows(net, part, 0);
  const open = isOpen(net, part);
  const head = {
    head: true,
    open,
    key: keyOf(net, part),
    label: part.group,
    count,
    from: part.from,
    to: part.to,
    layer: open ? null : part.to - 1,
  };
  return open ? [head, ...plainRows(net, part, part.group.length)] : [head];
}

// Inside its group a layer needs no prefix.
function plainRows(net, part, prefix) {
  return Array.from({ length: part.to - part.from }, (_, at) => {
    const layer = net.layers[part.from + at];
    const rest = layer.name.slice(prefix).replace(/^[._/]/, "");
    return {
      head: false,
      layer: part.from + at,
      from: part.from + at,
      to: part.from + at + 1,
      label: prefix && rest ? rest : layer.name,
      inside: prefix > 0,
    };
  });
}

// [{head, layer (null: no cells), from, to, label, ...}] from the input down.
export const rowsOf = (net) => {
  const whole = { group: "", from: 0, to: net.layers.length };
  if (net.layers.length < GROUPS_FROM) return plainRows(net, whole, 0);
  return stretches(net.layers).flatMap((part) => rowsOfPart(net, part));
};

export const rowOfLayer = (rows, layer) => {
  const own = rows.findIndex((row) => row.layer === layer);
  return own >= 0 ? own : rows.findIndex((row) => layer >= row.from && layer < row.to);
};

export const widthOf = (layer) => (layer.shape || []).join("×");
