"""What one unit of a layer can see of the input: exact, through every branch."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from lamella.errors import bad_input, unknown_name

if TYPE_CHECKING:
    import torch

    from lamella.anatomy.execution import Call, Execution


@dataclass(frozen=True)
class ReceptiveField:
    """The field of one unit, axis by axis (height, width).

    `size`, `jump` and `offset` hold on an image without ends (offset: first pixel of unit 0, so the
    effective padding is -offset); None where units do not follow one pattern. `low` and `high` are
    the first and last pixel that this unit depends on inside the image, -1 where it sees nothing.
    """

    layer: str
    unit: tuple[int, ...]
    size: tuple[int | None, ...]
    jump: tuple[float | None, ...]
    offset: tuple[int | None, ...]
    low: tuple[int, ...]
    high: tuple[int, ...]
    map_size: tuple[int, ...]
    input_size: tuple[int, ...]

    @property
    def clipped(self) -> tuple[int, ...]:
        """Pixels seen along each axis inside the image."""
        return tuple(b - a + 1 if a >= 0 else 0 for a, b in zip(self.low, self.high, strict=True))


def receptive_field(
    model: torch.nn.Module, inputs: Any, layer: str, unit: tuple[int, ...] | None = None
) -> ReceptiveField:
    """The exact field of one unit of `layer` (the middle one by default).

    Worked out from the operations that a forward pass executes, so plain Python forwards,
    branches, upsampling and padding of any kind are followed. `layer` is a name of the layer
    table. Raises UnknownName for another name, InputError for a unit outside the map.

    Source: Araujo, Norris, Sim (2019), Computing Receptive Fields of Convolutional Neural
    Networks, Distill.

    >>> from torch import nn
    >>> net = nn.Sequential(nn.Conv2d(1, 1, 3), nn.MaxPool2d(2))
    >>> field = receptive_field(net, "1x8x8", "1", unit=(0, 1))
    >>> field.size, field.jump, field.low, field.high
    ((4, 4), (2.0, 2.0), (0, 2), (3, 5))
    """
    from lamella.anatomy.execution import execute

    done = execute(model, inputs)
    return field_of_unit(done, find_call(done, layer), unit)


def find_call(done: Execution, layer: str) -> Call:
    """The call that a layer table names `layer`."""
    calls = {call.name: call for call in done.calls if call.output is not None}
    if layer not in calls:
        raise unknown_name("layer", layer, calls)
    return calls[layer]


def field_of_unit(done: Execution, call: Call, unit: tuple[int, ...] | None) -> ReceptiveField:
    """The field of one unit of an executed call."""
    if not call.field or call.output is None:
        raise bad_input(
            "receptive_field()",
            wanted="a layer behind an input with spatial axes",
            got=f"{call.name!r} behind {done.inputs[0]}",
            do="Choose a layer that is fed by images or sequences",
        )
    axes = len(call.field)
    shape = tuple(call.output.shape)
    maps = shape[2:] if len(shape) == axes + 2 else (1,) * axes
    unit = tuple(n // 2 for n in maps) if unit is None else tuple(unit)
    if len(unit) != axes or not all(0 <= u < n for u, n in zip(unit, maps, strict=False)):
        raise bad_input(
            "receptive_field()",
            wanted=f"a unit inside the map of {call.name!r}, {' x '.join(map(str, maps))}",
            got=str(unit),
            do="Count from 0",
        )
    ends = [_ends(reach, unit if len(shape) == axes + 2 else ()) for reach in call.field]
    planes = [reach.plane for reach in call.field]
    return ReceptiveField(
        call.name,
        unit,
        tuple(p and p.size for p in planes),
        tuple(p and float(p.jump) for p in planes),
        tuple(p and p.sees(0)[0] for p in planes),
        tuple(a for a, _ in ends),
        tuple(b for _, b in ends),
        tuple(maps),
        done.axes,
    )


def _ends(reach: Any, unit: tuple[int, ...]) -> tuple[int, int]:
    """First and last input position over all channels; (-1, -1) for nothing."""
    index = (slice(None), slice(None), *unit) if unit else ()
    low = int(reach.low.expand(reach.shape)[index].min())
    high = int(reach.high.expand(reach.shape)[index].max())
    return (low, high) if low <= high else (-1, -1)
