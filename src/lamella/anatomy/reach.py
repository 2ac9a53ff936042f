"""How far each element of a tensor sees along one axis of the input, exactly, ends included."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import partial

import torch

from lamella.anatomy import plane as planes
from lamella.anatomy.plane import NOTHING, Plane
from lamella.anatomy.window import Bins, Borders, Resampling, Window


@dataclass(frozen=True, eq=False)
class Reach:
    """Every element sees the input positions [low, high] of one axis.

    `low` and `high` broadcast to `shape`: an axis of length 1 stands for equal values. `plane` is
    the same without ends, None where units do not follow one pattern.
    """

    shape: tuple[int, ...]
    low: torch.Tensor
    high: torch.Tensor
    plane: Plane | None = None

    def sees(self, index: tuple[int, ...]) -> tuple[int, int]:
        """First and last input position that one element depends on."""
        low, high = self.low.expand(self.shape)[index], self.high.expand(self.shape)[index]
        return int(low), int(high)

    def extent(self) -> int:
        """The largest number of input positions that one element sees."""
        return max(0, int((self.high - self.low).max()) + 1) if self.low.numel() else 0


def start(shape: tuple[int, ...], dim: int) -> Reach:
    """The reach of the input itself: position i of axis `dim` sees i."""
    place = torch.arange(shape[dim]).view([-1 if d == dim else 1 for d in range(len(shape))])
    return Reach(tuple(shape), place, place, Plane(dim))


def unite(reaches: Iterable[Reach], shape: tuple[int, ...]) -> Reach:
    """What elementwise operations see: all that the broadcast operands see."""
    padded = [_lead(reach, len(shape)) for reach in reaches]
    low, high, plane = padded[0].low, padded[0].high, padded[0].plane
    for other in padded[1:]:
        low, high = torch.minimum(low, other.low), torch.maximum(high, other.high)
        plane = planes.unite(plane, other.plane) if plane and other.plane else None
    return Reach(tuple(shape), low, high, plane)


def _lead(reach: Reach, rank: int) -> Reach:
    missing = rank - len(reach.shape)
    if not missing:
        return reach
    plane = reach.plane and replace(reach.plane, dim=reach.plane.dim + missing)
    return Reach(
        (1,) * missing + reach.shape, _lift(reach.low, rank), _lift(reach.high, rank), plane
    )


def _lift(values: torch.Tensor, rank: int) -> torch.Tensor:
    return values.reshape((1,) * (rank - values.dim()) + values.shape)


def collapse(reach: Reach, dims: Iterable[int], shape: tuple[int, ...], *, keep: bool) -> Reach:
    """Mix the axes `dims`: each element sees all that its line sees. `keep` leaves axes of 1."""
    dims = sorted({d % len(reach.shape) for d in dims})
    low, high = reach.low.amin(dims, keepdim=keep), reach.high.amax(dims, keepdim=keep)
    return Reach(tuple(shape), low, high, _collapsed_plane(reach, dims, shape, keep))


def _collapsed_plane(
    reach: Reach, dims: list[int], shape: tuple[int, ...], keep: bool
) -> Plane | None:
    plane = reach.plane
    if plane is None or plane.dim not in dims:
        lower = 0 if plane is None or keep else sum(d < plane.dim for d in dims)
        return plane and replace(plane, dim=plane.dim - lower)
    size = reach.shape[plane.dim]
    if keep and shape[plane.dim] == 1 and size > 0:
        return planes.slide(plane, Window(size, size).reads, (size, 1), plane.dim)
    return None


Taps = Window | Resampling | Bins | Borders
POINT = Window(1)


def slide(
    reach: Reach, windows: dict[int, Taps], shape: tuple[int, ...], mixed: int | None = None
) -> Reach:
    """Behind a layer with a window on each of some axes; axis `mixed` (channels) is summed over.

    A unit whose window lies wholly in the padding of one axis sees nothing along any axis.
    """
    low, high = reach.low, reach.high
    if mixed is not None:
        low, high = low.amin(mixed, keepdim=True), high.amax(mixed, keepdim=True)
    for dim, window in windows.items():
        size = reach.shape[dim]
        if window == POINT and shape[dim] == size:
            continue
        place, exists = window.taps(shape[dim])
        exists = exists & (place >= 0) & (place < size)
        starved = not bool(exists.any(dim=1).all())
        if low.shape[dim] > 1 or size == 1 or starved:
            low = _pick(low, dim, place, exists, NOTHING, torch.amin)
        if high.shape[dim] > 1 or size == 1 or starved:
            high = _pick(high, dim, place, exists, -NOTHING, torch.amax)
    return Reach(tuple(shape), low, high, _slide_plane(reach, windows, shape))


def _pick(
    values: torch.Tensor,
    dim: int,
    place: torch.Tensor,
    exists: torch.Tensor,
    missing: int,
    reduce: Callable[..., torch.Tensor],
) -> torch.Tensor:
    """The least or greatest value over the taps that exist; `missing` where there is none."""
    picked = values.index_select(dim, place.clamp(0, values.shape[dim] - 1).flatten())
    picked = picked.unflatten(dim, place.shape)
    shape = [1] * picked.dim()
    shape[dim], shape[dim + 1] = exists.shape
    return reduce(picked.masked_fill(~exists.view(shape), missing), dim + 1)


def _slide_plane(reach: Reach, windows: dict[int, Taps], shape: tuple[int, ...]) -> Plane | None:
    plane = reach.plane
    if plane is None or plane.dim not in windows:
        return plane
    window = windows[plane.dim]
    if window == POINT:
        return plane
    if isinstance(window, Borders):  # on a plane without ends nothing is repeated
        window = Window(1, 1, window.before)
    if isinstance(window, Bins):
        if window.size % window.outputs:
            return None
        window = Window(window.size // window.outputs, window.size // window.outputs)
    if isinstance(window, Resampling) and (window.outputs % window.size or window.align_corners):
        return None
    if isinstance(window, Resampling):
        factor = window.outputs // window.size
        reads = partial(_between, factor=factor, width=window.width)
        return planes.slide(plane, reads, (1, factor), plane.dim)
    return planes.slide(plane, window.reads, window.pace, plane.dim)


def _between(output: int, factor: int, width: int) -> tuple[int, ...]:
    """The units that interpolation by a whole factor reads far from the ends."""
    if width == 1:
        return (output // factor,)
    first = (2 * output + 1 - factor) // (2 * factor) - (width // 2 - 1)
    return tuple(first + tap for tap in range(width))


def rearrange(reach: Reach, move: Callable[[torch.Tensor], torch.Tensor]) -> Reach:
    """Behind an operation that only moves elements: `move` is applied to the positions."""
    low = move(reach.low.expand(reach.shape))
    high = move(reach.high.expand(reach.shape))
    plane = _moved_plane(reach, move)
    return Reach(tuple(low.shape), compact(low), compact(high), plane)


def _moved_plane(reach: Reach, move: Callable[[torch.Tensor], torch.Tensor]) -> Plane | None:
    plane = reach.plane
    if plane is None:
        return None
    index = start(reach.shape, plane.dim).low.expand(reach.shape)
    moved = compact(move(index))
    varying = [d for d, size in enumerate(moved.shape) if size > 1]
    if len(varying) != 1 or moved.shape[varying[0]] < 2:
        return None
    line = moved.flatten().tolist()
    step = line[1] - line[0]
    if step < 1 or line != list(range(line[0], line[0] + step * len(line), step)):
        return None
    return planes.slide(plane, lambda o: (line[0] + step * o,), (step, 1), varying[0])


def compact(values: torch.Tensor) -> torch.Tensor:
    """Shorten to length 1 every axis along which the values are equal."""
    for dim in range(values.dim()):
        if values.shape[dim] > 1 and (
            values.stride(dim) == 0 or bool((values == values.narrow(dim, 0, 1)).all())
        ):
            values = values.narrow(dim, 0, 1)
    return values


def grown(part: Reach, shape: tuple[int, ...], cut: Callable) -> Plane | None:
    """The plane of a whole of which `part` is the piece that `cut` takes out, step 1."""
    if part.plane is None or shape[part.plane.dim] < 2:
        return None
    index = cut(start(shape, part.plane.dim).low.expand(shape).clone())
    line = compact(index).flatten()
    if len(line) < 2 or int(line[1] - line[0]) != 1:
        return None
    before = int(line[0])
    return planes.slide(part.plane, lambda o: (o - before,), (1, 1), part.plane.dim)
