"""Homology that the engine does not do itself (H3 and above, other fields than Z/2), by gudhi."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float, Float32

from lamella.errors import missing_extra

Bars = list[Float[np.ndarray, "bars 2"]]


def gudhi_bars(
    matrix: Float32[np.ndarray, "points points"],
    max_dimension: int,
    *,
    max_scale: float = np.inf,
    field: int = 2,
) -> Bars:
    """Bars of each dimension 0 ... max_dimension of the Rips filtration of a distance matrix.

    Birth and death in edge length; bars of zero length are dropped, infinite ones kept. `field`
    is any prime. Raises MissingExtra without gudhi.
    """
    try:
        from gudhi.sklearn import RipsPersistence
    except ImportError as error:
        raise missing_extra("gudhi", "gudhi", "homology above H2 or over another field") from error
    rips = RipsPersistence(
        homology_dimensions=list(range(max_dimension + 1)),
        threshold=float(max_scale),
        input_type="full distance matrix",
        homology_coeff_field=field,
        n_jobs=1,
    )
    bars = rips.fit_transform([matrix.astype(np.float64)])[0]
    return [_longer_than_zero(np.asarray(rows, float).reshape(-1, 2)) for rows in bars]


def _longer_than_zero(rows: Float[np.ndarray, "bars 2"]) -> Float[np.ndarray, "bars 2"]:
    return rows[rows[:, 1] > rows[:, 0]]
