"""Which input positions an output position reads along one axis: the rule behind every layer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import torch
    from jaxtyping import Bool, Int


@dataclass(frozen=True)
class Window:
    """A sliding window: output o reads the inputs o * stride - padding + tap * dilation.

    A transposed window is its mirror image: output o = i * stride - padding + tap * dilation, so o
    reads the inputs i for which that holds.

    >>> Window(kernel=3, stride=2, padding=1).reads(2)
    (3, 4, 5)
    >>> Window(kernel=3, stride=2, transposed=True).reads(2)
    (1, 0)
    """

    kernel: int
    stride: int = 1
    padding: int = 0
    dilation: int = 1
    transposed: bool = False

    def reads(self, output: int) -> tuple[int, ...]:
        """Input positions behind one output position, on an axis without ends."""
        if not self.transposed:
            first = output * self.stride - self.padding
            return tuple(first + tap * self.dilation for tap in range(self.kernel))
        reached = (output + self.padding - tap * self.dilation for tap in range(self.kernel))
        return tuple(r // self.stride for r in reached if r % self.stride == 0)

    @property
    def pace(self) -> tuple[int, int]:
        """Steps over the input, and the steps over the output in which they are made."""
        return (1, self.stride) if self.transposed else (self.stride, 1)

    def taps(self, outputs: int) -> tuple[Int[torch.Tensor, "o t"], Bool[torch.Tensor, "o t"]]:
        """Input position of each tap of each output, and whether the tap exists."""
        import torch

        o = torch.arange(outputs)[:, None]
        t = torch.arange(self.kernel)[None] * self.dilation
        if not self.transposed:
            return o * self.stride - self.padding + t, torch.ones(1, 1, dtype=torch.bool)
        reached = o + self.padding - t
        return reached // self.stride, reached % self.stride == 0


@dataclass(frozen=True)
class Resampling:
    """Interpolation from `size` to `outputs` positions with 1, 2 or 4 taps, ends repeated."""

    size: int
    outputs: int
    width: int
    align_corners: bool = False
    scale: float | None = None

    def source(self, output: int) -> tuple[int, ...]:
        """Input positions behind one output position, before ends are repeated."""
        if self.width == 1:
            return (int(output / self.scale if self.scale else output * self.size // self.outputs),)
        if self.align_corners:
            place = output * (self.size - 1) / max(1, self.outputs - 1)
        else:
            ratio = 1 / self.scale if self.scale else self.size / self.outputs
            place = (output + 0.5) * ratio - 0.5
            place = max(place, 0.0) if self.width == 2 and output >= 0 else place
        first = int(place // 1) - (self.width // 2 - 1)
        return tuple(first + tap for tap in range(self.width))

    def taps(self, outputs: int) -> tuple[Int[torch.Tensor, "o t"], Bool[torch.Tensor, "o t"]]:
        """Input position of each tap of each output; beyond an end, the end itself."""
        import torch

        places = torch.tensor([self.source(o) for o in range(outputs)])
        return places.clamp(0, self.size - 1), torch.ones(1, 1, dtype=torch.bool)


@dataclass(frozen=True)
class Bins:
    """Adaptive pooling: output o reads floor(o n / outputs) up to ceil((o + 1) n / outputs)."""

    size: int
    outputs: int

    def taps(self, outputs: int) -> tuple[Int[torch.Tensor, "o t"], Bool[torch.Tensor, "o t"]]:
        """Input position of each tap of each output, and whether the tap exists."""
        import torch

        o = torch.arange(outputs)[:, None]
        first, last = o * self.size // outputs, -(-(o + 1) * self.size // outputs)
        places = first + torch.arange(int((last - first).max()))[None]
        return places, places < last


@dataclass(frozen=True)
class Borders:
    """Padding that repeats what is there: `mode` is reflect, replicate or circular."""

    size: int
    before: int
    mode: str

    def taps(self, outputs: int) -> tuple[Int[torch.Tensor, "o t"], Bool[torch.Tensor, "o t"]]:
        """The one input position that each output position copies."""
        import torch

        place = torch.arange(outputs)[:, None] - self.before
        if self.mode == "reflect":
            period = max(1, 2 * (self.size - 1))
            place = place.remainder(period)
            place = torch.minimum(place, period - place)
        place = place.remainder(self.size) if self.mode == "circular" else place
        return place.clamp(0, self.size - 1), torch.ones(1, 1, dtype=torch.bool)
