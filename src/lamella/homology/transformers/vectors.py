"""What all vectors of diagrams share: which dimensions, over which span, one row for a sample."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from jaxtyping import Float
from sklearn.base import BaseEstimator, TransformerMixin

from lamella.errors import bad_input
from lamella.homology.transformers.vietoris_rips import bars_of_sample

Bars = Float[np.ndarray, "bars 2"]


class DiagramVectors(TransformerMixin, BaseEstimator):
    """A vector of each sample's diagrams, one dimension after the other.

    Subclasses say what the vector of the bars of one dimension is. Samples are what
    `VietorisRips` gives in any of its forms, or bars of one dimension as gudhi's transformers
    take them. `fit` takes the dimensions (all that there are, or `dimensions`) and the span of
    births and deaths from the training samples (or `span`), so that new samples get vectors on
    the same grid.
    """

    dimensions: Sequence[int] | None
    span: tuple[float, float] | None

    def fit(self, X: Iterable[Any], y: Any = None):
        """Take dimensions and spans from the samples."""
        samples = [bars_of_sample(sample) for sample in X]
        there = {k for sample in samples for k in sample}
        if self.dimensions is not None:
            there = set(self.dimensions) if there != {None} else there
        if not there:
            raise bad_input(
                type(self).__name__,
                wanted="at least one sample with diagrams",
                got=f"{len(samples)} samples without any",
                do="Pass what VietorisRips().fit_transform(clouds) returns",
            )
        self.dimensions_ = sorted(there, key=lambda k: -1 if k is None else k)
        self.spans_ = {k: self._span_of([s.get(k) for s in samples]) for k in self.dimensions_}
        return self

    def transform(self, X: Iterable[Any]) -> Float[np.ndarray, "samples features"]:
        """One row for each sample."""
        from sklearn.utils.validation import check_is_fitted

        check_is_fitted(self)
        return np.array([self._row(bars_of_sample(sample)) for sample in X])

    def _row(self, sample: dict[int | None, Bars]) -> Float[np.ndarray, " features"]:
        none = np.empty((0, 2))
        return np.concatenate(
            [self._vector(sample.get(k, none), self.spans_[k]) for k in self.dimensions_]
        )

    def _span_of(self, bars: Sequence[Bars | None]) -> Any:
        """The least birth and the greatest finite end of bars, or the span asked for."""
        if self.span is not None:
            return tuple(self.span)
        found = np.concatenate([np.empty((0, 2)), *(each for each in bars if each is not None)])
        ends = found[np.isfinite(found)]
        return (float(found[:, 0].min()), float(ends.max())) if len(ends) else (0.0, 1.0)

    def _vector(self, bars: Bars, span: Any) -> Float[np.ndarray, " features"]:
        raise NotImplementedError

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.input_tags.two_d_array, tags.input_tags.three_d_array = False, True
        return tags


def finite(bars: Bars) -> Bars:
    """The bars that die."""
    return bars[np.isfinite(bars[:, 1])]
