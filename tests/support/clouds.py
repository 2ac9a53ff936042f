"""Random inputs that are hard on purpose, peers to compare with, and how to compare."""

import numpy as np

KINDS = (
    "ties",
    "grid",
    "hypercube",
    "random",
    "normal",
    "coarse",
    "sphere",
    "wide",
    "torus",
    "near ties",
    "clusters",
    "relu",
    "disconnected",
)


def matrix_of_kind(kind, size, seed):
    """A symmetric float32 matrix of distances of `kind`, with about `size` points."""
    rng = np.random.default_rng(seed)
    if kind == "ties":
        return symmetric(rng.integers(1, 6, (size, size)))
    if kind == "grid":
        return distances(np.unique(rng.integers(0, 5, (size, 3)), axis=0))
    if kind == "hypercube":
        bits = np.unique(rng.integers(0, 2, (size, 12)), axis=0)
        return symmetric(np.abs(bits[:, None] - bits[None]).sum(-1))
    if kind == "random":
        return symmetric(rng.random((size, size)))
    if kind == "normal":
        return distances(rng.normal(size=(size, 3)))
    if kind == "coarse":
        return symmetric(np.round(rng.random((size, size)) * 20) + 1)
    if kind == "sphere":
        points = rng.normal(size=(2 * size, 3))
        return distances(points / np.linalg.norm(points, axis=1, keepdims=True))
    if kind == "wide":
        return distances(rng.normal(size=(size, 8)))
    if kind == "torus":
        angle = rng.random((2 * size, 2)) * 2 * np.pi
        return distances(np.column_stack([np.cos(angle), np.sin(angle)]))
    if kind == "near ties":
        return symmetric(1 + np.round(rng.random((size, size)) * 3) / 64)
    if kind == "clusters":
        return distances(rng.integers(0, 3, (size, 1)) * 10 + rng.normal(size=(size, 2)))
    if kind == "relu":
        return distances(np.round(np.maximum(rng.normal(size=(size, 4)), 0) * 2) / 2)
    matrix = symmetric(np.round(rng.random((size, size)) * 8) + 1)
    matrix[matrix > 4] = np.inf
    np.fill_diagonal(matrix, 0)
    return matrix


def symmetric(values):
    upper = np.triu(np.asarray(values, np.float32), 1)
    return np.ascontiguousarray(upper + upper.T)


def distances(points):
    points = np.asarray(points, float)
    return symmetric(np.sqrt(((points[:, None] - points[None]) ** 2).sum(-1)))


def gudhi_bars(matrix, max_dimension):
    """Bars by gudhi's simplex tree, without edge collapse, zero-length ones dropped."""
    import gudhi

    finite = matrix[np.isfinite(matrix)]
    rips = gudhi.RipsComplex(distance_matrix=matrix, max_edge_length=float(finite.max()))
    tree = rips.create_simplex_tree(max_dimension=max_dimension + 1)
    tree.compute_persistence(homology_coeff_field=2, min_persistence=0, persistence_dim_max=True)
    bars = [tree.persistence_intervals_in_dimension(k) for k in range(max_dimension + 1)]
    return [np.reshape(rows, (-1, 2)) for rows in bars]


def ripser_bars(matrix, max_dimension):
    """Bars by ripser.py."""
    from ripser import ripser

    bars = ripser(matrix, distance_matrix=True, maxdim=max_dimension)["dgms"]
    return [rows[rows[:, 1] > rows[:, 0]] for rows in bars]


def same_bars(ours, theirs):
    """Whether two multisets of bars are the same, in float32."""
    ours, theirs = (np.float32(np.asarray(b)) for b in (ours, theirs))
    if ours.shape != theirs.shape:
        return False
    return np.array_equal(ours[np.lexsort(ours.T)], theirs[np.lexsort(theirs.T)])
