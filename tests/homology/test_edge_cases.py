"""What comes from real layers and real mistakes: each has a defined answer or a typed error."""

import numpy as np
import pytest

from lamella.errors import BudgetError, InputError, LamellaError, UnknownName
from lamella.homology import homology, homology_many
from lamella.homology import persistence as module

SQUARE = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])


def test_no_points_is_an_error():
    with pytest.raises(InputError, match="at least 1 point, got 0"):
        homology(np.empty((0, 3)))


@pytest.mark.parametrize("dimension", [0, 1, 2])
@pytest.mark.parametrize("n", [1, 2, 3])
def test_very_few_points(n, dimension):
    diagrams = homology(np.eye(3)[:n], dimension)
    assert len(diagrams.bars(0)) == n
    assert np.isinf(diagrams.bars(0)).sum() == 1
    assert diagrams.dimensions == (0,)


def test_identical_points_are_one_bar():
    diagrams = homology(np.full((5, 7), 0.3), 2)
    assert diagrams.bars(0).tolist() == [[0.0, np.inf]]
    assert diagrams.points == 5
    assert diagrams.why_empty == "all 5 points are identical"


def test_duplicates_change_nothing():
    rng = np.random.default_rng(0)
    points = rng.normal(size=(30, 3))
    doubled = homology(np.concatenate([points, points, points[:7]]), 2)
    once = homology(points, 2)
    for k in range(3):
        np.testing.assert_allclose(doubled.bars(k), once.bars(k), rtol=2e-7)


def test_exact_zeros_after_relu_make_no_short_bars():
    points = np.maximum(np.random.default_rng(1).normal(size=(200, 3)) - 0.8, 0) + 1e3
    distinct = len(np.unique(points, axis=0))
    assert distinct < 200
    assert len(homology(points).bars(0)) == distinct


def test_integer_grids_are_full_of_ties():
    grid = np.stack(np.meshgrid(range(5), range(4)), -1).reshape(-1, 2)
    bars = homology(grid).bars(1)
    np.testing.assert_allclose(bars, [[1.0, 2**0.5]] * 12, rtol=1e-7)


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_a_point_that_is_not_finite_is_named(value):
    points = np.zeros((5, 2))
    points[3, 1] = value
    with pytest.raises(InputError, match="first: row 3"):
        homology(points)


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.int8, np.int64, bool])
def test_dtypes(dtype):
    np.testing.assert_allclose(homology(SQUARE.astype(dtype)).bars(1), [[1, 2**0.5]], rtol=1e-7)


def test_torch_and_views_of_arrays():
    torch = pytest.importorskip("torch")
    expected = homology(SQUARE).frame()
    strided = np.repeat(np.repeat(SQUARE, 2, 0), 3, 1)[::2, ::3]
    assert homology(strided).frame().equals(expected)
    assert homology(np.asfortranarray(SQUARE)).frame().equals(expected)
    assert homology(torch.tensor(SQUARE, requires_grad=True)).frame().equals(expected)
    assert homology(SQUARE.reshape(4, 1, 2)).frame().equals(expected)


def test_a_matrix_without_the_triangle_inequality():
    matrix = np.array([[0, 1, 9, 1], [1, 0, 1, 9], [9, 1, 0, 1], [1, 9, 1, 0]])
    assert homology(matrix, metric="precomputed").bars(1).tolist() == [[1.0, 9.0]]


@pytest.mark.parametrize(
    ("matrix", "message"),
    [
        ([[0, 1], [2, 0]], "symmetric distance matrix, got 1 at row 0, column 1"),
        ([[0, -1], [-1, 0]], ">= 0, got -1 at row 0"),
        ([[0, np.nan], [np.nan, 0]], "without NaN, got nan at row 0"),
        ([[0, 1, 2], [1, 0, 2]], "square distance matrix"),
        ([[5, 1], [1, 0]], "births on the diagonal"),
    ],
)
def test_matrices_that_are_none(matrix, message):
    with pytest.raises(InputError, match=message):
        homology(matrix, metric="precomputed")


def test_infinite_distances_keep_components_apart():
    matrix = np.full((8, 8), np.inf)
    for block in (slice(0, 4), slice(4, 8)):
        matrix[block, block] = [[0, 1, 2, 1], [1, 0, 1, 2], [2, 1, 0, 1], [1, 2, 1, 0]]
    diagrams = homology(matrix, 2, metric="precomputed")
    assert np.isinf(diagrams.bars(0)).sum() == 2
    assert diagrams.bars(1).tolist() == [[1.0, 2.0]] * 2


@pytest.mark.parametrize("scale", [1e-30, 1e30])
@pytest.mark.parametrize("metric", ["euclidean", "manhattan"])
def test_extreme_scales(scale, metric):
    points = np.random.default_rng(2).normal(size=(40, 3))
    here, there = homology(points, metric=metric), homology(points * scale, metric=metric)
    np.testing.assert_allclose(there.bars(1), here.bars(1) * scale, rtol=1e-6)
    assert there.diameter == pytest.approx(here.diameter * scale)


def test_wide_data():
    points = np.random.default_rng(3).normal(size=(12, 5000))
    diagrams = homology(points, 2)
    assert len(diagrams.bars(0)) == 12


def test_max_scale_leaves_open_bars():
    bars = homology(SQUARE, max_scale=1.2).bars(1)
    assert bars.tolist() == [[1.0, np.inf]]
    below = homology(SQUARE, max_scale=0.5)
    assert len(below.bars(1)) == 0
    assert below.why_empty == "no edge gives birth to a loop below max_scale=0.5"
    assert np.isinf(below.bars(0)).sum() == 4


@pytest.mark.parametrize("scale", [1.0, 1.1, 1.25, 2.0])
def test_max_scale_includes_its_own_length(scale):
    n = 12
    angle = 2 * np.pi * np.arange(n) / n
    points = np.column_stack([np.cos(angle), np.sin(angle)]) * scale
    side = float(homology(points).bars(1)[0, 0])
    assert len(homology(points, max_scale=side).bars(1)) == 1


def test_the_facts_of_the_cloud():
    diagrams = homology([[0.0, 0.0], [3.0, 4.0], [0.0, 0.0]])
    assert diagrams.diameter == pytest.approx(5.0)
    assert diagrams.mean_distance == pytest.approx(10 / 3)
    assert diagrams.points == 3


def test_unknown_metric_and_bad_arguments():
    with pytest.raises(UnknownName, match="euclidean"):
        homology(SQUARE, metric="euclidian")
    with pytest.raises(InputError, match="max_dimension"):
        homology(SQUARE, -1)


def test_too_much_memory_is_refused_before_it_is_taken():
    points = np.zeros((2000, 3), np.float32)
    with pytest.raises(BudgetError, match=r"at most [\d,]+ points here, got 2,000") as caught:
        homology(points, memory_mb=10)
    fit = int(str(caught.value).split("at most ")[1].split(" ")[0].replace(",", ""))
    assert module.check_size(fit, 1, 3, 10) is None
    with pytest.raises(BudgetError):
        module.check_size(fit + 2, 1, 3, 10)


def test_more_points_than_the_engine_numbers():
    points = np.lib.stride_tricks.as_strided(np.zeros(1), (70_000, 2), (0, 0))
    with pytest.raises(InputError, match="at most 65,535 points"):
        homology(points, memory_mb=1e9)


@pytest.mark.parametrize("max_dimension", [1, 2])
@pytest.mark.parametrize("kind", ["random", "bipartite", "tripartite"])
def test_adversarial_matrices_stop_at_the_budget(kind, max_dimension):
    n = 150
    rng = np.random.default_rng(0)
    upper = np.triu(rng.random((n, n)), 1)
    matrix = upper + upper.T
    if kind != "random":
        part = np.arange(n) % (2 if kind == "bipartite" else 3)
        matrix = np.where(part[:, None] == part[None, :], 1 + matrix, matrix)
        np.fill_diagonal(matrix, 0)
    with pytest.raises(BudgetError, match=r"ran out of work .* at edge length .* Pass landmarks"):
        homology(matrix, max_dimension, metric="precomputed", work=3e5)
    with pytest.raises(BudgetError, match="ran out of memory"):
        homology(matrix, max_dimension, metric="precomputed", memory_mb=0.5)


def test_voids_of_a_round_cloud_in_many_dimensions_need_little_memory():
    ball = np.random.default_rng(1).normal(size=(120, 100))
    ball *= (np.random.default_rng(2).random(120) ** 0.01 / np.linalg.norm(ball, axis=1))[:, None]
    assert len(homology(ball, 2, memory_mb=10).bars(2)) > 500


def test_many_clouds_over_threads_are_the_same_as_one_by_one():
    rng = np.random.default_rng(4)
    clouds = [rng.normal(size=(n, 3)) for n in (5, 30, 60, 61, 62)]
    many = homology_many(clouds, 2, threads=3)
    for cloud, diagrams in zip(clouds, many, strict=True):
        assert diagrams.frame().equals(homology(cloud, 2).frame())
    with pytest.raises(LamellaError):
        homology_many([clouds[0], [[np.nan]]])
