"""From clouds to their persistence diagrams, as a step of a scikit-learn pipeline."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from jaxtyping import Float
from sklearn.base import BaseEstimator, TransformerMixin

from lamella.checks import check_choice
from lamella.homology.persistence import homology_many, usable_cores
from lamella.results import Diagrams

OUTPUTS = ("lists", "padded", "diagrams")


class VietorisRips(TransformerMixin, BaseEstimator):
    """Persistence diagrams of clouds, each by `lamella.homology.homology`.

    `homology_dimensions` are those that are given back, a number for one alone. `metric` is as
    in `homology`; beyond `max_edge_length` nothing is looked at. `coeff` is the prime of the
    field (other than 2 needs gudhi). `n_jobs` threads work on one cloud each, -1 on all cores.
    `output` is "lists" as by gudhi's RipsPersistence (for each cloud an array of bars for each
    dimension, or one array where a single number was asked for), "padded" as by giotto-tda's
    VietorisRipsPersistence (one array of clouds x bars x (birth, death, dimension), without the
    component that never dies, filled up with bars of no length), or "diagrams" (records).

    >>> square = [[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]
    >>> VietorisRips(homology_dimensions=1).fit_transform([square])[0].round(3)
    array([[1.   , 1.414]])
    """

    def __init__(
        self,
        homology_dimensions: int | Sequence[int] = (0, 1),
        metric: str = "euclidean",
        max_edge_length: float = np.inf,
        coeff: int = 2,
        n_jobs: int | None = None,
        output: str = "lists",
    ) -> None:
        self.homology_dimensions = homology_dimensions
        self.metric = metric
        self.max_edge_length = max_edge_length
        self.coeff = coeff
        self.n_jobs = n_jobs
        self.output = output

    def fit(self, X: Iterable[Any], y: Any = None) -> VietorisRips:
        """Nothing is learnt; what was asked for is checked."""
        check_choice(self.output, OUTPUTS, "output")
        return self

    def transform(self, X: Iterable[Any]) -> Any:
        """The diagrams of each cloud, in the form of `output`."""
        check_choice(self.output, OUTPUTS, "output")
        asked = self.homology_dimensions
        dimensions = (asked,) if isinstance(asked, int) else tuple(asked)
        scale = None if np.isinf(self.max_edge_length) else float(self.max_edge_length)
        found = homology_many(
            X,
            max(dimensions),
            threads=threads_of(self.n_jobs),
            metric=self.metric,
            max_scale=scale,
            field=self.coeff,
        )
        if self.output == "diagrams":
            return found
        lists = [[each.bars(k) for k in dimensions] for each in found]
        if self.output == "padded":
            return padded(lists, dimensions)
        return [one[0] for one in lists] if isinstance(asked, int) else lists

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.input_tags.two_d_array, tags.input_tags.three_d_array = False, True
        tags.requires_fit = False
        return tags


def threads_of(n_jobs: int | None) -> int:
    """The number of threads by joblib's rule: negative ones count down from all cores."""
    if n_jobs is None:
        return 1
    return n_jobs if n_jobs > 0 else max(1, usable_cores() + 1 + n_jobs)


def padded(
    lists: list[list[Float[np.ndarray, "bars 2"]]], dimensions: Sequence[int]
) -> Float[np.ndarray, "clouds bars 3"]:
    """Bars with their dimension in one array, filled up with bars of no length."""
    columns = []
    for place, dimension in enumerate(dimensions):
        bars = [without_endless_component(one[place], dimension) for one in lists]
        most = max((len(each) for each in bars), default=0) or 1  # each dimension has a row
        least = min((each[:, 0].min() for each in bars if len(each)), default=0.0)
        filled = np.full((len(bars), most, 3), (least, least, dimension), np.float64)
        for cloud, each in enumerate(bars):
            filled[cloud, : len(each), :2] = each
        columns.append(filled)
    return np.concatenate(columns, axis=1)


def without_endless_component(
    bars: Float[np.ndarray, "bars 2"], dimension: int
) -> Float[np.ndarray, "others 2"]:
    """The bars of reduced homology: the oldest component, which never dies, is left out."""
    endless = np.flatnonzero(np.isinf(bars[:, 1]))
    if dimension > 0 or len(endless) == 0:
        return bars
    return np.delete(bars, endless[np.argmin(bars[endless, 0])], axis=0)


def bars_of_sample(sample: Any) -> dict[int | None, Float[np.ndarray, "bars 2"]]:
    """The bars of each dimension of one sample, in any form of `VietorisRips`.

    Bars alone, without their dimension, come under None.
    """
    if isinstance(sample, Diagrams):
        return {k: sample.bars(k) for k in sample.dimensions}
    if isinstance(sample, np.ndarray) and sample.ndim == 2 and sample.shape[1] == 3:
        real = sample[sample[:, 1] > sample[:, 0]]
        return {int(k): real[real[:, 2] == k, :2] for k in np.unique(sample[:, 2])}
    if isinstance(sample, np.ndarray) and sample.ndim == 2:
        return {None: sample.astype(np.float64)}
    return {k: np.asarray(bars, np.float64).reshape(-1, 2) for k, bars in enumerate(sample)}
