"""Homology that the engine does not do itself (H3 and above, other fields than Z/2), by gudhi."""

from __future__ import annotations

from typing import Any

import numpy as np
from jaxtyping import Float, Float32

from lamella.errors import missing_extra
from lamella.homology.other_fields.simplices import check_collapse, check_simplices

Bars = list[Float[np.ndarray, "bars 2"]]


def gudhi_bars(
    matrix: Float32[np.ndarray, "points points"],
    max_dimension: int,
    *,
    max_scale: float = np.inf,
    field: int = 2,
    work: float = np.inf,
    memory: float = np.inf,
) -> Bars:
    """Bars of each dimension 0 ... max_dimension of the Rips filtration of a distance matrix.

    Birth and death in edge length; bars of zero length are dropped, infinite ones kept. `field`
    is any prime. Raises MissingExtra without gudhi, and BudgetError beforehand when the simplices
    would take more than `work` elementary steps or `memory` bytes.
    """
    try:
        from gudhi.sklearn import RipsPersistence
    except ImportError as error:
        raise missing_extra("gudhi", "gudhi", "homology above H2 or over another field") from error
    graph = collapsed(matrix, max_dimension, max_scale, work)
    check_simplices(graph, max_dimension, work, memory)
    sparse = max_dimension > 1
    rips = RipsPersistence(
        homology_dimensions=list(range(max_dimension + 1)),
        threshold=float(max_scale),
        input_type="distance coo_matrix" if sparse else "full distance matrix",
        num_collapses=0,
        homology_coeff_field=field,
        n_jobs=1,
    )
    bars = rips.fit_transform([graph if sparse else matrix.astype(np.float64)])[0]
    return [_longer_than_zero(np.asarray(rows, float).reshape(-1, 2)) for rows in bars]


def collapsed(
    matrix: Float32[np.ndarray, "points points"], max_dimension: int, max_scale: float, work: float
) -> Any:
    """The edges up to a length as a sparse matrix, above H1 those that edge collapse leaves.

    Fewer edges with the same persistence (Boissonnat, Pritam 2020, Edge collapse and persistence
    of flag complexes); gudhi would do the same, but does not say what is left.
    """
    from scipy.sparse import coo_matrix

    rows, columns = np.nonzero(np.tril(matrix <= max_scale, -1))
    lengths = matrix[rows, columns].astype(np.float64)
    graph = coo_matrix((lengths, (rows, columns)), shape=matrix.shape)
    if max_dimension < 2 or len(rows) == 0:
        return graph
    check_collapse(graph, work)
    try:
        from gudhi.flag_filtration.edge_collapse import reduce_graph
    except ImportError:  # an older gudhi
        return graph
    return reduce_graph(graph, 1)


def _longer_than_zero(rows: Float[np.ndarray, "bars 2"]) -> Float[np.ndarray, "bars 2"]:
    return rows[rows[:, 1] > rows[:, 0]]
