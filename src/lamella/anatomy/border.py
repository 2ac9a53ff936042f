"""Rows and columns that a layer never reads, because its window does not divide its input."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from lamella.anatomy.convolution_arithmetic import arithmetic
from lamella.anatomy.window import Window

if TYPE_CHECKING:
    from lamella.anatomy.dataflow import Operation

UNITS = {"length": "steps", "depth": "slices", "height": "rows", "width": "columns"}
AXES = {1: ("length",), 2: ("height", "width"), 3: ("depth", "height", "width")}


@dataclass(frozen=True)
class Border:
    """What one window leaves unread on one axis of `size` positions.

    `dropped` positions at the end, `skipped` ones in between (a stride longer than the window).
    """

    axis: str
    size: int
    window: Window
    outputs: int
    dropped: int
    skipped: int

    def __str__(self) -> str:
        unit = UNITS[self.axis]
        parts = []
        if self.dropped:
            parts.append(f"drops the last {self.dropped} of {self.size} {unit} ({self.advice})")
        if self.skipped:
            parts.append(f"skips {self.skipped} of {self.size} {unit} between windows")
        return " and ".join(parts)

    @property
    def advice(self) -> str:
        """The nearest sizes and paddings that leave nothing over."""
        w = self.window
        fit = arithmetic(
            self.size, w.kernel, stride=w.stride, padding=w.padding, dilation=w.dilation
        )
        sizes = " or ".join(map(str, fit.fitting_sizes))
        paddings = " or ".join(map(str, fit.fitting_paddings[:2]))
        return f"fits: size {sizes}" + (f", padding {paddings}" if paddings else "")


def border(axis: str, size: int, window: Window, outputs: int) -> Border:
    """Count what is not read.

    >>> str(border("width", 7, Window(3, stride=3), 2))
    'drops the last 1 of 7 columns (fits: size 6 or 9, padding 1)'
    """
    extent = (window.kernel - 1) * window.dilation + 1
    last = (outputs - 1) * window.stride - window.padding + extent - 1
    dropped = max(0, size - 1 - last - max(0, window.stride - extent))
    if window.stride <= window.kernel and window.dilation == 1:
        return Border(axis, size, window, outputs, dropped, 0)
    read = {i for o in range(outputs) for i in window.reads(o) if 0 <= i < size}
    return Border(axis, size, window, outputs, dropped, size - dropped - len(read))


def borders(operation: Operation) -> tuple[Border, ...]:
    """The borders of one executed convolution or pooling that leaves something unread."""
    windows = {d: w for d, w in operation.windows.items() if not w.transposed}
    if not windows:
        return ()
    names = AXES[len(windows)]
    shapes = operation.inputs[0].shape, operation.outputs[0].shape
    found = (
        border(name, shapes[0][dim], window, shapes[1][dim])
        for name, (dim, window) in zip(names, windows.items(), strict=True)
    )
    return tuple(one for one in found if one.dropped or one.skipped)
