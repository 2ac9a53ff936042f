"""The receptive field on an image without ends: size, jump and offset, phase by phase."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from math import gcd, lcm

NOTHING = 2**30  # the first position of an empty interval; its last is -NOTHING


@dataclass(frozen=True)
class Plane:
    """Unit i of axis `dim` sees [first, last] of its phase, moved by `shift` for each whole period.

    One phase is the rule. Upsampling gives more: after a transposed convolution of stride 2, even
    and odd units see different windows. Positions are pixels of the network's input.
    """

    dim: int
    first: tuple[int, ...] = (0,)
    last: tuple[int, ...] = (0,)
    shift: int = 1

    @property
    def jump(self) -> Fraction:
        """Input pixels between the fields of neighbouring units."""
        return Fraction(self.shift, len(self.first))

    @property
    def size(self) -> int:
        """Extent in pixels; the largest one where phases differ."""
        return max(max(0, b - a + 1) for a, b in zip(self.first, self.last, strict=True))

    def sees(self, unit: int) -> tuple[int, int]:
        """First and last pixel of one unit's field; negative ones lie in the padding."""
        period, phase = divmod(unit, len(self.first))
        if self.first[phase] > self.last[phase]:
            return NOTHING, -NOTHING
        move = self.shift * period
        return self.first[phase] + move, self.last[phase] + move


def slide(
    plane: Plane, reads: Callable[[int], tuple[int, ...]], pace: tuple[int, int], dim: int
) -> Plane:
    """The plane behind a layer whose output o reads the units `reads(o)`, in steps of `pace`."""
    steps, outputs = pace
    period = outputs * (len(plane.first) // gcd(len(plane.first), steps))
    seen = [[plane.sees(unit) for unit in reads(o)] for o in range(period)]
    first = tuple(min((a for a, _ in some), default=NOTHING) for some in seen)
    last = tuple(max((b for _, b in some), default=-NOTHING) for some in seen)
    shift = plane.shift * (steps * period // outputs) // len(plane.first)
    return simplify(Plane(dim, first, last, shift))


def unite(one: Plane, other: Plane) -> Plane | None:
    """The plane of units that see what both see; None where their jumps differ."""
    if one.jump != other.jump or one.dim != other.dim:
        return None
    period = lcm(len(one.first), len(other.first))
    pairs = [(one.sees(i), other.sees(i)) for i in range(period)]
    first = tuple(min(a[0], b[0]) for a, b in pairs)
    last = tuple(max(a[1], b[1]) for a, b in pairs)
    return simplify(Plane(one.dim, first, last, int(one.jump * period)))


def simplify(plane: Plane) -> Plane:
    """The same plane with its shortest period.

    >>> simplify(Plane(2, (0, 2), (1, 3), 4))
    Plane(dim=2, first=(0,), last=(1,), shift=2)
    """
    whole = len(plane.first)
    for period in range(1, whole):
        if whole % period or plane.shift * period % whole:
            continue
        short = Plane(
            plane.dim, plane.first[:period], plane.last[:period], plane.shift * period // whole
        )
        if all(short.sees(i) == plane.sees(i) for i in range(whole)):
            return short
    return plane
