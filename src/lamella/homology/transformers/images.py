"""Pictures of diagrams: persistence images, and the heat kernel's."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from jaxtyping import Float

from lamella.homology.transformers.vectors import Bars, DiagramVectors, finite

Span = tuple[float, float]
Axes = tuple[Float[np.ndarray, " columns"], Float[np.ndarray, " rows"]]


class PersistenceImage(DiagramVectors):
    """Bars as bells on a grid of birth x length, each pixel the integral over it, row by row.

    The first row is that of the shortest lengths. A bar weighs its length to the power of
    `weight` (0: all alike). `bandwidth` is the standard deviation of a bell, by default a pixel's
    greater side. The grid has `resolution` x `resolution` pixels, or (columns, rows), over births
    and lengths of the training samples, or over `span` and lengths up to its width. Bars that
    never die are left out. Source: Adams et al. 2017, Persistence images: a stable vector
    representation of persistent homology.

    >>> image = PersistenceImage(bandwidth=0.01, resolution=2, span=(0, 2))
    >>> image.fit_transform([[[[0.5, 2.0]]]]).round(3)
    array([[0. , 0. , 1.5, 0. ]])
    """

    def __init__(
        self,
        bandwidth: float | None = None,
        resolution: int | tuple[int, int] = 20,
        weight: float = 1.0,
        dimensions: Sequence[int] | None = None,
        span: Span | None = None,
    ) -> None:
        self.bandwidth = bandwidth
        self.resolution = resolution
        self.weight = weight
        self.dimensions = dimensions
        self.span = span

    def _span_of(self, bars: Sequence[Bars | None]) -> Axes:
        if self.span is not None:
            low, high = self.span
            longest = high - low
        else:
            some = [finite(each) for each in bars if each is not None]
            found = np.concatenate([np.empty((0, 2)), *some])
            low, high = found[:, 0].min(initial=np.inf), found[:, 0].max(initial=-np.inf)
            if not high > low:  # one birth, or none
                low, high = min(low, 0.0), max(high, 0.0) + 1.0
            longest = (found[:, 1] - found[:, 0]).max(initial=0.0) or 1.0
        columns, rows = pair_of_sizes(self.resolution)
        return np.linspace(low, high, columns + 1), np.linspace(0.0, longest, rows + 1)

    def _vector(self, bars: Bars, span: Axes) -> Float[np.ndarray, " pixels"]:
        bars = finite(bars)
        lengths = bars[:, 1] - bars[:, 0]
        sides = [edges[1] - edges[0] for edges in span]
        width = max(sides) if self.bandwidth is None else self.bandwidth
        along = [
            np.diff(bell_integral((edges[:, None] - at) / width), axis=0)
            for edges, at in zip(span, (bars[:, 0], lengths), strict=True)
        ]
        return ((along[1] * lengths**self.weight) @ along[0].T).ravel()


class HeatKernel(DiagramVectors):
    """Heat that has spread from each bar, and cold from its mirror image, on birth x death.

    The value at x is the sum over bars p of exp(-|x - p|^2 / 4t) - exp(-|x - p'|^2 / 4t), over
    4 pi t, with p' the bar with birth and death exchanged: zero on the diagonal. `time` is t, by
    default the square of a pixel's side. Row by row of births, `resolution` pixels a side, over
    the span of the training samples or `span`. Bars that never die are left out. Source:
    Reininghaus, Huber, Bauer, Kwitt 2015, A stable multi-scale kernel for topological machine
    learning, equation 8.

    >>> heat = HeatKernel(time=0.01, resolution=3, span=(0, 2)).fit_transform([[[[0, 2]]]])
    >>> heat.reshape(3, 3).round(3) + 0.0
    array([[ 0.   ,  0.   ,  7.958],
           [ 0.   ,  0.   ,  0.   ],
           [-7.958,  0.   ,  0.   ]])
    """

    def __init__(
        self,
        time: float | None = None,
        resolution: int = 20,
        dimensions: Sequence[int] | None = None,
        span: Span | None = None,
    ) -> None:
        self.time = time
        self.resolution = resolution
        self.dimensions = dimensions
        self.span = span

    def _vector(self, bars: Bars, span: Span) -> Float[np.ndarray, " pixels"]:
        bars = finite(bars)
        grid = np.linspace(span[0], span[1], self.resolution)
        side = (span[1] - span[0]) / max(1, self.resolution - 1)
        time = side**2 if self.time is None else self.time
        births, deaths = (np.exp(-((grid[:, None] - at) ** 2) / (4 * time)) for at in bars.T)
        heat = births @ deaths.T
        return ((heat - heat.T) / (4 * np.pi * time)).ravel()


def pair_of_sizes(resolution: int | tuple[int, int]) -> tuple[int, int]:
    """Columns and rows."""
    return (resolution, resolution) if isinstance(resolution, int) else resolution


def bell_integral(at: Float[np.ndarray, "edges bars"]) -> Float[np.ndarray, "edges bars"]:
    """The share of a bell of standard deviation 1 that lies below."""
    from scipy.special import ndtr

    return ndtr(at)
