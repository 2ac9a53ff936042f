"""Curves over the scale: Betti numbers, landscapes, silhouettes; and the entropy of bars."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from jaxtyping import Float

from lamella.homology.transformers.vectors import Bars, DiagramVectors, finite

Span = tuple[float, float]


class BettiCurve(DiagramVectors):
    """How many bars are alive at each of `resolution` scales; those that never die to the end.

    >>> BettiCurve(resolution=3, span=(0, 2)).fit_transform([[[[0, 1], [0, np.inf]]]])
    array([[2., 1., 1.]])
    """

    def __init__(
        self,
        resolution: int = 100,
        dimensions: Sequence[int] | None = None,
        span: Span | None = None,
    ) -> None:
        self.resolution = resolution
        self.dimensions = dimensions
        self.span = span

    def _vector(self, bars: Bars, span: Span) -> Float[np.ndarray, " resolution"]:
        scales = np.linspace(*span, self.resolution)[:, None]
        return ((bars[:, 0] <= scales) & (scales < bars[:, 1])).sum(axis=1).astype(np.float64)


class Landscape(DiagramVectors):
    """The `levels` greatest heights of the bars' tents at each scale, level by level.

    The tent of a bar rises from its birth with slope 1 to half its length, and falls to its
    death. Bars that never die are left out. Source: Bubenik 2015, Statistical topological data
    analysis using persistence landscapes (gudhi's are greater by the square root of 2).

    >>> Landscape(levels=1, resolution=3, span=(0, 2)).fit_transform([[[[0, 2]]]])
    array([[0., 1., 0.]])
    """

    def __init__(
        self,
        levels: int = 5,
        resolution: int = 100,
        dimensions: Sequence[int] | None = None,
        span: Span | None = None,
    ) -> None:
        self.levels = levels
        self.resolution = resolution
        self.dimensions = dimensions
        self.span = span

    def _vector(self, bars: Bars, span: Span) -> Float[np.ndarray, " features"]:
        heights = np.zeros((self.resolution, max(self.levels, len(bars))))
        heights[:, : len(finite(bars))] = tents(finite(bars), span, self.resolution)
        return -np.sort(-heights, axis=1)[:, : self.levels].T.ravel()


class Silhouette(DiagramVectors):
    """The mean of the bars' tents, weighted by length to the power of `power`.

    Source: Chazal, Fasy, Lecci, Rinaldo, Wasserman 2014, Stochastic convergence of persistence
    landscapes and silhouettes (gudhi's are greater by the square root of 2).

    >>> Silhouette(resolution=3, span=(0, 2)).fit_transform([[[[0, 2], [0.5, 1.5]]]]).round(3)
    array([[0.   , 0.833, 0.   ]])
    """

    def __init__(
        self,
        power: float = 1.0,
        resolution: int = 100,
        dimensions: Sequence[int] | None = None,
        span: Span | None = None,
    ) -> None:
        self.power = power
        self.resolution = resolution
        self.dimensions = dimensions
        self.span = span

    def _vector(self, bars: Bars, span: Span) -> Float[np.ndarray, " resolution"]:
        bars = finite(bars)
        weights = (bars[:, 1] - bars[:, 0]) ** self.power
        total = weights.sum()
        return tents(bars, span, self.resolution) @ (weights / total if total > 0 else weights)


class Entropy(DiagramVectors):
    """The entropy of the shares that bars have of the length of all, one number a dimension.

    Natural logarithms (giotto-tda's has base 2); no bars have entropy 0; bars that never die are
    left out. Source: Chintakunta, Gentimis, Gonzalez-Diaz, Jimenez, Krim 2015, An entropy-based
    persistence barcode.

    >>> Entropy().fit_transform([[[[0, 1], [0, 1]]]]).round(3)
    array([[0.693]])
    """

    def __init__(self, dimensions: Sequence[int] | None = None, span: Span | None = None) -> None:
        self.dimensions = dimensions
        self.span = span

    def _vector(self, bars: Bars, span: Span) -> Float[np.ndarray, " one"]:
        lengths = finite(bars)[:, 1] - finite(bars)[:, 0]
        lengths = lengths[lengths > 0]
        shares = lengths / lengths.sum() if len(lengths) else lengths
        return np.array([max(0.0, float(-(shares * np.log(shares)).sum()))])


def tents(bars: Bars, span: Span, resolution: int) -> Float[np.ndarray, "resolution bars"]:
    """How far inside each bar each scale is; 0 outside."""
    scales = np.linspace(*span, resolution)[:, None]
    return np.maximum(np.minimum(scales - bars[:, 0], bars[:, 1] - scales), 0.0)
