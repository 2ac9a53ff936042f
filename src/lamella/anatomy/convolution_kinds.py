"""Kinds of convolution side by side: parameters, cost and receptive field for one task."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from lamella.errors import bad_input
from lamella.results import Table

if TYPE_CHECKING:
    from torch import nn

KINDS = ("plain", "1 x 1", "depthwise", "separable", "dilated", "grouped", "strided", "transposed")


def compare_convolutions(
    inputs: int = 16, outputs: int = 32, *, kernel: int = 3, groups: int = 4, size: int = 32
) -> Table:
    """One row per kind for `inputs` maps of `size` x `size` to `outputs` maps ('same' padding).

    Depthwise keeps the number of maps, strided halves and transposed doubles the size. Columns:
    kind, formula, parameters, macs, macs per output value, field, output. Raises InputError for
    an even kernel or groups that divide neither number of maps.

    >>> table = compare_convolutions(16, 32).frame().set_index("kind")
    >>> int(table.parameters["plain"]), int(table.parameters["separable"])
    (4640, 704)
    """
    from lamella.anatomy.layer_tables import layer_table

    if kernel % 2 == 0 or inputs % groups or outputs % groups:
        raise bad_input(
            "compare_convolutions()",
            wanted="an odd kernel and groups that divide both numbers of maps",
            got=f"kernel {kernel}, {groups} groups, {inputs} and {outputs} maps",
            do="Change them",
        )
    rows = []
    for kind in KINDS:
        table = layer_table(
            convolution_of(kind, inputs, outputs, kernel, groups), (inputs, size, size)
        )
        last = table.rows[-1]
        spelled = " + ".join(row.formula for row in table.rows)
        each = table.macs / np.prod(last.output_shape)
        shape = " x ".join(map(str, last.output_shape[1:]))
        rows.append((kind, spelled, table.parameters, table.macs, each, last.sight[0].size, shape))
    names = ("kind", "formula", "parameters", "macs", "macs_per_value", "field", "output")
    columns = {n: np.array(c) for n, c in zip(names, zip(*rows, strict=True), strict=True)}
    return Table(columns, title=f"{inputs} maps to {outputs}, kernel {kernel} x {kernel}")


def convolution_of(kind: str, inputs: int, outputs: int, kernel: int, groups: int) -> nn.Module:
    """The layers of one kind."""
    from torch import nn

    half = kernel // 2
    depthwise = nn.Conv2d(inputs, inputs, kernel, padding=half, groups=inputs)
    made = {
        "plain": lambda: nn.Conv2d(inputs, outputs, kernel, padding=half),
        "1 x 1": lambda: nn.Conv2d(inputs, outputs, 1),
        "depthwise": lambda: depthwise,
        "separable": lambda: nn.Sequential(depthwise, nn.Conv2d(inputs, outputs, 1)),
        "dilated": lambda: nn.Conv2d(inputs, outputs, kernel, padding=2 * half, dilation=2),
        "grouped": lambda: nn.Conv2d(inputs, outputs, kernel, padding=half, groups=groups),
        "strided": lambda: nn.Conv2d(inputs, outputs, kernel, 2, half),
        "transposed": lambda: nn.ConvTranspose2d(inputs, outputs, kernel, 2, half, 1),
    }
    return made[kind]()
