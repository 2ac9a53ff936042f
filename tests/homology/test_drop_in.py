"""`ripser` against ripser.py, call by call of what its documentation promises."""

import numpy as np
import pytest
from scipy import sparse
from scipy.spatial.distance import pdist, squareform

from lamella.errors import InputError, LamellaWarning
from lamella.homology import ripser

theirs = pytest.importorskip("ripser").ripser
POINTS = np.random.default_rng(0).normal(size=(40, 3))
MATRIX = squareform(pdist(POINTS))


def check_same(ours, other):
    assert set(ours) == set(other)
    assert len(ours["dgms"]) == len(other["dgms"])
    for one, two in zip(ours["dgms"], other["dgms"], strict=True):
        np.testing.assert_allclose(in_order(one), in_order(two), rtol=1e-6)
    assert ours["num_edges"] == other["num_edges"]
    assert ours["idx_perm"].tolist() == other["idx_perm"].tolist()
    assert ours["r_cover"] == pytest.approx(other["r_cover"], rel=1e-6)
    if not sparse.issparse(other["dperm2all"]):
        np.testing.assert_allclose(ours["dperm2all"], other["dperm2all"], rtol=1e-6, atol=1e-12)


def in_order(bars):
    return bars[np.lexsort(bars.T)]


def furthest_apart(x, y):
    """A metric of one's own: the greatest difference of a coordinate."""
    return float(abs(x - y).max())


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"maxdim": 0},
        {"maxdim": 2},
        {"thresh": 1.0},
        {"thresh": 0.3, "maxdim": 2},
        {"n_perm": 15},
        {"n_perm": 40},
        {"metric": "cosine"},
        {"metric": "manhattan", "n_perm": 12},
        {"metric": "chebyshev"},
        {"metric": furthest_apart},
    ],
    ids=lambda given: str({n: getattr(v, "__name__", v) for n, v in given.items()}),
)
def test_points(options):
    check_same(ripser(POINTS, **options), theirs(POINTS, **options))


@pytest.mark.parametrize("options", [{}, {"maxdim": 2, "thresh": 1.5}, {"n_perm": 15}], ids=str)
def test_a_matrix_of_distances(options):
    options |= {"distance_matrix": True}
    check_same(ripser(MATRIX, **options), theirs(MATRIX, **options))


def test_a_sparse_matrix_and_births_on_the_diagonal():
    edges = sparse.coo_matrix(np.triu(np.where(MATRIX < 1.5, MATRIX, 0)))
    options = {"distance_matrix": True, "maxdim": 2}
    check_same(ripser(edges, **options), theirs(edges, **options))
    born = MATRIX.copy()
    np.fill_diagonal(born, np.where(MATRIX > 0, MATRIX, np.inf).min(axis=1) / 2)
    ours, other = (f(born, distance_matrix=True)["dgms"] for f in (ripser, theirs))
    for one, two in zip(ours, other, strict=True):
        np.testing.assert_allclose(in_order(one), in_order(two), rtol=1e-6)


@pytest.mark.parametrize("field", [3, 5])
def test_other_fields(field):
    pytest.importorskip("gudhi")
    check_same(ripser(POINTS, coeff=field), theirs(POINTS, coeff=field))


def triangles_torn(rows, matrix, death, prime):
    """Around how many triangles of the complex just before a death a cocycle is not zero."""
    values = np.zeros(matrix.shape, int)
    values[rows[:, 0], rows[:, 1]] = rows[:, 2]
    values -= values.T
    joined = matrix < np.float32(death)
    assert joined[rows[:, 0], rows[:, 1]].all()
    total = values[:, :, None] + values[None] - values[:, None, :]  # ab + bc - ac
    filled = joined[:, :, None] & joined[None] & joined[:, None, :]
    return int((total % prime != 0)[filled].sum())


def is_coboundary(rows, matrix, birth, prime):
    """Whether a cocycle is a difference of numbers on the points already at a scale."""
    values = np.zeros(matrix.shape, int)
    values[rows[:, 0], rows[:, 1]] = rows[:, 2]
    values -= values.T
    number, front = {}, []
    for start in range(len(matrix)):
        if start in number:
            continue
        number[start], front = 0, [start]
        while front:
            a = front.pop()
            for b in np.flatnonzero(matrix[a] <= birth):
                if int(b) not in number:
                    number[int(b)] = (number[a] + values[a, b]) % prime
                    front.append(int(b))
    numbers = np.array([number[v] for v in range(len(matrix))])
    torn = (numbers[None] - numbers[:, None] - values) % prime != 0
    return not (torn & (matrix <= birth)).any()


@pytest.mark.parametrize("prime", [2, 3, 47])
@pytest.mark.parametrize("n_perm", [None, 30])
def test_cocycles_add_up_to_zero_until_they_die_and_are_no_differences(prime, n_perm):
    found = ripser(POINTS, coeff=prime, do_cocycles=True, n_perm=n_perm)
    wanted = theirs(POINTS, coeff=prime, n_perm=n_perm)["dgms"][1]
    np.testing.assert_allclose(in_order(found["dgms"][1]), in_order(wanted), rtol=1e-6)
    assert found["cocycles"][0] == []
    assert len(found["cocycles"][1]) == len(wanted) > 3
    chosen = found["idx_perm"]
    matrix = np.full(MATRIX.shape, np.inf, np.float32)
    matrix[np.ix_(chosen, chosen)] = MATRIX[np.ix_(chosen, chosen)]
    np.fill_diagonal(matrix, 0)
    for (birth, death), rows in zip(found["dgms"][1], found["cocycles"][1], strict=True):
        assert triangles_torn(rows, matrix, death, prime) == 0
        assert not is_coboundary(rows, matrix, np.float32(birth), prime)


def test_loops_twisted_by_a_projective_plane_live_over_z2_only():
    # the projective plane of six vertices and ten triangles, its simplices as points: two are at
    # distance 1 where one is a face of the other, so that the complex is the subdivision
    faces = ["012", "023", "034", "045", "051", "124", "235", "341", "452", "513"]
    simplices = sorted(
        {frozenset(s) for f in faces for s in (f, *f, f[:2], f[1:], f[::2])}, key=sorted
    )
    matrix = np.array(
        [[0 if a == b else 1 if a < b or b < a else 2 for b in simplices] for a in simplices]
    )
    options = {"distance_matrix": True, "do_cocycles": True}
    assert ripser(matrix, **options)["dgms"][1].tolist() == [[1.0, 2.0]]
    assert ripser(matrix, coeff=3, **options)["dgms"][1].tolist() == []


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: ripser(POINTS, n_perm=41), r"n_perm in \[1, 40\], got 41"),
        (lambda: ripser(POINTS, n_perm=0), "n_perm in"),
        (lambda: ripser(POINTS, distance_matrix=True), "square distance matrix"),
        (lambda: ripser(sparse.coo_matrix(MATRIX), distance_matrix=True, n_perm=3), "a sparse one"),
        (lambda: ripser(POINTS, maxdim=2, do_cocycles=True), "maxdim of at most 1"),
        (lambda: ripser(POINTS, coeff=4, do_cocycles=True), "a prime up to 32749, got 4"),
    ],
)
def test_what_is_refused_is_a_value_error(call, message):
    with pytest.raises(InputError, match=message) as caught:
        call()
    assert isinstance(caught.value, ValueError)


def test_it_warns_where_ripser_does():
    with pytest.warns(LamellaWarning, match="look like a matrix of distances"):
        ripser(MATRIX, maxdim=0)
    with pytest.warns(LamellaWarning, match="3 points of 40 features"):
        ripser(POINTS.T, maxdim=0)
