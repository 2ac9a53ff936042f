"""Which pixels a unit depends on: the box of every unit of a layer, and the exact set of one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from jaxtyping import Bool, Int

from lamella.errors import LamellaError, bad_input

if TYPE_CHECKING:
    from torch import Tensor, nn


@dataclass(frozen=True, eq=False)
class Fields:
    """First and last row and column of the image that each place of a map depends on.

    Each array has the shape (rows, columns) of the map; a layer without places has one. Where a
    unit sees nothing, last is before first.
    """

    top: Int[np.ndarray, "rows columns"]
    bottom: Int[np.ndarray, "rows columns"]
    left: Int[np.ndarray, "rows columns"]
    right: Int[np.ndarray, "rows columns"]

    def box(self, row: int = 0, column: int = 0) -> tuple[slice, slice]:
        """The rows and columns of one place as slices of the image."""
        at = (row, column)
        return (
            slice(int(self.top[at]), int(self.bottom[at]) + 1),
            slice(int(self.left[at]), int(self.right[at]) + 1),
        )

    @property
    def size(self) -> tuple[int, int]:
        """Height and width of the largest box."""
        tall = int((self.bottom - self.top).max()) + 1
        return max(tall, 1), max(int((self.right - self.left).max()) + 1, 1)


def fields(model: nn.Module, shape: tuple[int, ...], layer: str) -> Fields:
    """The boxes of all places of a layer for images of `shape` (channels, height, width).

    Worked out from the executed operations (see `lamella.anatomy.receptive_field`); for a layer
    that these do not name, such as a block, by what NaN in each row and column reaches.
    """
    if len(shape) != 3:
        raise bad_input(
            "fields()", wanted="images of channels x height x width", got=str(shape), do="Reshape"
        )
    try:
        return _fields_of_operations(model, shape, layer)
    except LamellaError:
        return _fields_by_nan(model, shape, layer)


def _fields_of_operations(model: nn.Module, shape: tuple[int, ...], layer: str) -> Fields:
    from lamella.anatomy.execution import execute
    from lamella.anatomy.receptive_fields import find_call

    name = layer.removesuffix("#1")
    call = find_call(execute(model, "x".join(map(str, shape))), name)
    if not call.field or len(call.field) != 2:
        raise bad_input("fields()", wanted="two axes", got=repr(layer), do="Choose another")
    ends = []
    for reach in call.field:
        low, high = reach.low.expand(reach.shape)[0], reach.high.expand(reach.shape)[0]
        low, high = (low.amin(0), high.amax(0)) if low.ndim == 3 else (low.min(), high.max())
        ends += [np.atleast_2d(low.numpy()), np.atleast_2d(high.numpy())]
    return Fields(*ends)


def _fields_by_nan(model: nn.Module, shape: tuple[int, ...], layer: str) -> Fields:
    ends: list[np.ndarray] = []
    for axis in (1, 2):
        reached = _reached(model, _lines(shape, axis), layer)
        some = reached.any(axis=0)
        first = np.where(some, reached.argmax(axis=0), 0)
        last = np.where(some, len(reached) - 1 - reached[::-1].argmax(axis=0), -1)
        ends += [first, last]
    return Fields(*ends)


def _lines(shape: tuple[int, ...], axis: int) -> Tensor:
    """One image for each line of an axis, zero but for NaN on that line."""
    import torch

    images = torch.zeros(shape[axis], *shape)
    for at in range(shape[axis]):
        images[at].select(axis, at).fill_(float("nan"))
    return images


def influence(
    model: nn.Module, shape: tuple[int, ...], layer: str, place: tuple[int, int] = (0, 0)
) -> Bool[np.ndarray, "height width"]:
    """The exact set of pixels that the units at one place of a layer depend on.

    A pixel belongs to it when NaN there makes a unit NaN: convolutions, pooling and sums pass NaN
    on whatever the weights are, so the set is that of the architecture. Dilation and a stride
    longer than the window leave holes in the box of `fields`.
    """
    import torch

    boxes = fields(model, shape, layer)
    rows, columns = boxes.box(*place)
    mask = np.zeros(shape[1:], bool)
    spots = [(r, c) for r in range(shape[1])[rows] for c in range(shape[2])[columns]]
    for start in range(0, len(spots), 256):
        few = spots[start : start + 256]
        images = torch.zeros(len(few), *shape)
        for at, (r, c) in enumerate(few):
            images[at, :, r, c] = float("nan")
        for (r, c), hit in zip(few, _reached(model, images, layer), strict=True):
            mask[r, c] = hit[place]
    return mask


@contextmanager
def without_onednn() -> Iterator[None]:
    """Inside: plain convolutions, whose outputs read their own windows and nothing else."""
    import torch

    # torch.backends.mkldnn.flags would warn about hardware that is not there
    before = torch._C._get_mkldnn_enabled()
    torch._C._set_mkldnn_enabled(False)
    try:
        yield
    finally:
        torch._C._set_mkldnn_enabled(before)


def _reached(
    model: nn.Module, images: Tensor, layer: str
) -> Bool[np.ndarray, "images rows columns"]:
    """Where a layer is NaN, in any channel; on the CPU path that never mixes neighbours."""
    import torch

    from lamella.lens.looking import looking
    from lamella.lens.passes import output_of
    from lamella.recording.capture import device_of, dtype_of

    with without_onednn(), looking(model, "fields()", grad=False) as net:
        output = output_of(net, images.to(device_of(net), dtype_of(net)), layer)
    nan = torch.isnan(output).cpu()
    if nan.ndim == 4:
        return nan.any(dim=1).numpy()
    return nan.flatten(1).any(dim=1).reshape(-1, 1, 1).numpy()
