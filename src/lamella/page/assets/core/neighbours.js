// The cells beside a cell of a net, as changes of the state; the next epoch first.

export function neighboursOf(net, layer, epoch) {
  const beside = [
    [layer, epoch + 1],
    [layer + 1, epoch],
    [layer, epoch - 1],
    [layer - 1, epoch],
  ];
  return beside
    .filter(([l, e]) => net.layers[l] && e >= 0 && e < net.epochs.length)
    .map(([l, e]) => ({ layer: net.layers[l].name, epoch: net.epochs[e] }));
}
