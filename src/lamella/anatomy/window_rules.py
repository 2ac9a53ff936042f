"""Operations with a window on each spatial axis: convolution, pooling, padding, interpolation."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch

from lamella.anatomy.reach import Reach, slide
from lamella.anatomy.window import Bins, Borders, Resampling, Window

Field = tuple[Reach, ...]
Fields = list[Field | None]  # one for each tensor argument; None: does not come from the input


def windows_of(name: str, args: tuple, kwargs: dict, out: torch.Tensor) -> dict[int, Window]:
    """The sliding window on each axis of a convolution or of pooling; empty for all else."""
    if name in ("convolution", "_convolution"):
        return _convolution_windows(args)
    if name.startswith(("max_pool", "avg_pool")):
        axes = int(name.partition("pool")[2][0])
        return _pooling_windows(args, kwargs, out.dim() - axes, axes, name.startswith("max"))
    return {}


def _convolution_windows(args: tuple) -> dict[int, Window]:
    _, weight, _, stride, padding, dilation, transposed = args[:7]
    return {
        axis + 2: Window(
            size, _at(stride, axis), _at(padding, axis), _at(dilation, axis), transposed
        )
        for axis, size in enumerate(weight.shape[2:])
    }


def _pooling_windows(
    args: tuple, kwargs: dict, first: int, axes: int, dilated: bool
) -> dict[int, Window]:
    kernel = args[1]
    stride = (args[2] if len(args) > 2 else kwargs.get("stride")) or kernel
    padding = args[3] if len(args) > 3 else kwargs.get("padding", 0)
    dilation = (args[4] if len(args) > 4 else kwargs.get("dilation", 1)) if dilated else 1
    return {
        first + a: Window(_at(kernel, a), _at(stride, a), _at(padding, a), _at(dilation, a))
        for a in range(axes)
    }


def convolution(args: tuple, kwargs: dict, fields: Fields, outs: list) -> list[Field]:
    """Convolutions of any number of axes, transposed or not."""
    depthwise = args[8] == args[0].shape[1] == outs[0].shape[1]
    return _slid(fields[0], _convolution_windows(args), outs, None if depthwise else 1)


def _at(values: Any, axis: int) -> int:
    if isinstance(values, int):
        return values
    return int(values[axis] if len(values) > 1 else values[0])


def _slid(field: Any, windows: dict, outs: list, mixed: int | None = None) -> list[Field]:
    shape = tuple(outs[0].shape)
    return [tuple(slide(reach, windows, shape, mixed) for reach in field)] * len(outs)


def pooling(axes: int, dilated: bool) -> Callable:
    """Maximum or average pooling over the last `axes` axes."""

    def rule(args: tuple, kwargs: dict, fields: Fields, outs: list) -> list[Field]:
        first = outs[0].dim() - axes
        return _slid(fields[0], _pooling_windows(args, kwargs, first, axes, dilated), outs)

    return rule


def adaptive(axes: int) -> Callable:
    """Pooling to a given size: bins of nearly equal width."""

    def rule(args: tuple, kwargs: dict, fields: Fields, outs: list) -> list[Field]:
        dims = range(outs[0].dim() - axes, outs[0].dim())
        windows = {d: Bins(args[0].shape[d], outs[0].shape[d]) for d in dims}
        return _slid(fields[0], windows, outs)

    return rule


def padded(mode: str) -> Callable:
    """Padding; `args[1]` lists before and after from the last axis backwards."""

    def rule(args: tuple, kwargs: dict, fields: Fields, outs: list) -> list[Field]:
        rank = outs[0].dim()
        befores = {rank - 1 - k: before for k, before in enumerate(args[1][::2])}
        windows = {
            d: Window(1, 1, b) if mode == "constant" else Borders(args[0].shape[d], b, mode)
            for d, b in befores.items()
        }
        return _slid(fields[0], windows, outs)

    return rule


def upsampling(axes: int, width: int) -> Callable:
    """Interpolation with 1 (nearest), 2 (linear) or 4 (cubic) taps an axis."""

    def rule(args: tuple, kwargs: dict, fields: Fields, outs: list) -> list[Field]:
        rest = list(args[2:])
        corners = bool(rest.pop(0)) if width > 1 and rest else False
        scales = [s for s in rest if not isinstance(s, (list, tuple))] + [None] * axes
        first = outs[0].dim() - axes
        windows = {
            first + a: Resampling(
                args[0].shape[first + a], outs[0].shape[first + a], width, corners, scales[a]
            )
            for a in range(axes)
        }
        return _slid(fields[0], windows, outs)

    return rule


RULES: dict[str, Callable] = {
    "convolution": convolution,
    "_convolution": convolution,
    **{
        f"max_pool{n}d{tail}": pooling(n, True) for n in (1, 2, 3) for tail in ("", "_with_indices")
    },
    **{f"avg_pool{n}d": pooling(n, False) for n in (1, 2, 3)},
    **{f"adaptive_max_pool{n}d": adaptive(n) for n in (1, 2, 3)},
    **{f"{dash}adaptive_avg_pool{n}d": adaptive(n) for n in (1, 2, 3) for dash in ("", "_")},
    "constant_pad_nd": padded("constant"),
    **{f"reflection_pad{n}d": padded("reflect") for n in (1, 2, 3)},
    **{f"replication_pad{n}d": padded("replicate") for n in (1, 2, 3)},
    **{f"upsample_nearest{n}d": upsampling(n, 1) for n in (1, 2, 3)},
    "upsample_linear1d": upsampling(1, 2),
    "upsample_bilinear2d": upsampling(2, 2),
    "upsample_trilinear3d": upsampling(3, 2),
    "upsample_bicubic2d": upsampling(2, 4),
}
