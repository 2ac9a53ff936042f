"""One conversion of arrays at every entrance: any dtype and layout is taken or refused by name."""

import contextlib
import inspect
import warnings

import numpy as np
import pytest
import scipy.sparse
import torch

from lamella.checks import as_array, check_labels, check_points
from lamella.errors import InputError, LamellaError
from lamella.homology import homology
from lamella.registry import measures

X = np.random.default_rng(0).normal(size=(24, 8)).astype(np.float32)
Y = np.arange(24) % 3
TORCH = [getattr(torch, n) for n in ("float64", "float32", "float16", "bfloat16", "int64", "uint8")]


@pytest.mark.parametrize("dtype", [*TORCH, torch.bool, torch.float8_e4m3fn, torch.int16])
def test_every_real_dtype_of_torch_is_taken(dtype):
    tensor = torch.from_numpy(X).to(dtype)
    array = as_array(tensor)
    assert array.dtype.kind in "fiub"
    assert np.array_equal(array.astype(np.float64), tensor.double().numpy())


def test_byte_orders_and_layouts_do_not_matter():
    for array in (X.astype(">f4"), X.T.copy().T, X[::-1][::-1], np.asfortranarray(X), X.tolist()):
        assert np.array_equal(as_array(array), X)
        assert as_array(array).dtype.isnative
    assert np.array_equal(as_array(torch.from_numpy(X).requires_grad_()), X)
    assert np.array_equal(as_array(torch.from_numpy(X).T).T, X)


def masked():
    array = np.ma.masked_array(X, mask=False)
    array[3] = np.ma.masked
    return array


NONE = {
    "masked": masked(),
    "sparse": scipy.sparse.csr_matrix(X),
    "sparse tensor": torch.eye(4).to_sparse(),
    "meta": torch.empty(4, 2, device="meta"),
    "ragged": [[1.0], [1.0, 2.0]],
    "complex": X.astype(complex),
    "complex tensor": torch.ones(4, 2, dtype=torch.complex64),
    "texts": [["a", "b"], ["c", "d"]],
    "objects": np.array([[object()], [None]]),
    "times": np.zeros((4, 2), "datetime64[s]"),
    "records": np.zeros((4, 2), "i4,f4"),
    "None": None,
    "a word": "abc",
    "a set": {1, 2},
    "a number": 3.0,
    "no rows": np.zeros((0, 3)),
    "no features": np.zeros((4, 0)),
    "one axis": np.zeros(4),
    "NaN": np.full((4, 2), np.nan),
    "infinite": np.full((4, 2), np.inf),
    "too large": np.linspace(0, 1e308, 8).reshape(4, 2),
    "nested": torch.nested.nested_tensor([torch.rand(2), torch.rand(3)], layout=torch.jagged),
}


@pytest.mark.parametrize("points", NONE.values(), ids=list(NONE))
def test_what_is_no_cloud_is_refused_with_words(points):
    if points is not NONE["sparse"]:  # homology reads SciPy's sparse matrices
        with pytest.raises(InputError, match="wants"):
            homology(points)
    if points is not NONE["too large"]:
        with pytest.raises(InputError, match="wants"):
            check_points(points, "f()")


LABELS = {
    "none": None,
    "a word": "abc",
    "a table": np.zeros((24, 2)),
    "NaN": np.full(24, np.nan),
    "two kinds": [1, "a"] * 12,
    "too few": [0, 1],
}


def called(name, points, labels):
    """A measure on these points and labels, whatever else it wants being the points too."""
    wanted = [
        p for p in inspect.signature(measures[name]).parameters.values() if p.default is p.empty
    ]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        with contextlib.suppress(LamellaError):
            measures[name](*(labels if p.name == "labels" else points for p in wanted))


@pytest.mark.parametrize("name", list(measures))
def test_every_measure_refuses_by_lamellas_own_errors_only(name):
    for points in NONE.values():
        called(name, points, Y[:4])
    for labels in LABELS.values():
        called(name, X, labels)


def test_labels_of_two_kinds_are_refused():
    with pytest.raises(InputError, match="labels of one kind"):
        check_labels(np.array([1, "a", None], dtype=object), 3, "f()")


@pytest.mark.parametrize(
    "options",
    [
        *({"field": 4}, {"field": -7}, {"field": 3.5}, {"field": "2"}, {"field": True}),
        *({"max_scale": "x"}, {"max_scale": float("nan")}, {"memory_mb": float("nan")}),
        *({"memory_mb": 0}, {"work": -1}, {"memory_mb": "many"}),
    ],
    ids=str,
)
def test_arguments_of_homology_are_checked(options):
    with pytest.raises(InputError, match=r"homology\(\) wants"):
        homology(X, 1, **options)


def test_bfloat16_gives_the_diagram_of_its_values():
    half = torch.from_numpy(X).bfloat16()
    assert np.array_equal(homology(half).bars(1), homology(half.float()).bars(1))
    assert (
        measures["silhouette"](half, Y)
        .frame()
        .equals(measures["silhouette"](half.float(), Y).frame())
    )


def test_labels_of_a_sample_are_one_for_each_point():
    points = np.r_[np.zeros((300, 2)), np.ones((700, 2))]
    with pytest.raises(InputError, match="1000 labels, one per point, got 300"):
        homology(points, 0, sample=100, labels=np.arange(300) % 3)


def test_distances_given_as_points_are_warned_of():
    angle = np.linspace(0, 2 * np.pi, 12, endpoint=False)
    circle = np.column_stack([np.cos(angle), np.sin(angle)])
    distances = np.linalg.norm(circle[:, None] - circle[None], axis=-1)
    with pytest.warns(UserWarning, match=r"pass metric='precomputed'"):
        homology(distances)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        homology(distances, metric="precomputed")
        homology(circle)
