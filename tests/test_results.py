"""Records: checked when made, the same after packing, readable as frames."""

import numpy as np
import pytest

from lamella.errors import InputError, LamellaError
from lamella.results import Curve, Diagrams, Embedding, Images, Matrix, Table, pack, unpack

RECORDS = [
    Table({"layer": np.array(["fc1", "fc2"]), "error": np.array([0.5, np.nan])}, "errors"),
    Curve([1, 2], [[3, 4]], ("K",), "m", "share", low=[[2, 3]], high=[[4, 5]]),
    Diagrams([0, 0.5], [np.inf, 1.0], [0, 1], points=3, diameter=2.0, vertices=((0, 1, 2),)),
    Diagrams([0], [1.0], [0], edges=np.array([[0, 0, 0, 1]])),
    Embedding(np.eye(3)[:, :2], np.array([0, 1, 1]), np.arange(3), "PCA", ("PC 1", "PC 2")),
    Matrix([[1, np.nan]], ("fc1",), ("0", "1"), "layer", "epoch", "CKA"),
    Images(np.zeros((2, 4, 4, 3), np.uint8), ("a", "b"), scale=(-1.0, 1.0)),
]


@pytest.mark.parametrize("record", RECORDS, ids=lambda r: type(r).__name__)
def test_packing_keeps_everything(record):
    back = unpack(pack(record))
    assert type(back) is type(record)
    for name, value in vars(record).items():
        np.testing.assert_equal(vars(back)[name], value)


@pytest.mark.parametrize("record", RECORDS, ids=lambda r: type(r).__name__)
def test_equal_records_give_equal_bytes(record):
    assert len({pack(record) for _ in range(5)}) == 1


@pytest.mark.parametrize("record", RECORDS, ids=lambda r: type(r).__name__)
def test_damaged_bytes_are_refused(record):
    with pytest.raises(LamellaError, match="damaged"):
        unpack(pack(record)[:-1])


def test_a_record_from_the_future_is_refused():
    data = pack(RECORDS[0]).replace(rb"\"version\": 1", rb"\"version\": 9")
    with pytest.raises(LamellaError, match="version 9"):
        unpack(data)


def test_frames_are_tidy():
    lengths = [len(record.frame()) for record in RECORDS]
    assert lengths == [2, 2, 2, 1, 3, 2, 2]


@pytest.mark.parametrize(
    "make",
    [
        lambda: Table({"a": [1, 2], "b": [1]}),
        lambda: Curve([1, 2], [[1, 2, 3]]),
        lambda: Matrix([[1, 2]], ("a",), ("b",)),
        lambda: Images(np.zeros((2, 4, 4, 2))),
        lambda: Diagrams([0], [1], [0]).normalised("height"),
        lambda: Diagrams([0], [1], [0]).normalised(),
    ],
)
def test_what_does_not_fit_is_refused(make):
    with pytest.raises(InputError, match="wants"):
        make()


def test_normalised_bars_do_not_depend_on_scale():
    small = Diagrams([0, 1], [1, 2], [0, 1], diameter=2, mean_distance=1, threshold=0.5)
    large = Diagrams([0, 10], [10, 20], [0, 1], diameter=20, mean_distance=10, threshold=5)
    for by in ("diameter", "mean_distance"):
        a, b = small.normalised(by), large.normalised(by)
        np.testing.assert_allclose(a.bars(1), b.bars(1))
        assert a.threshold == b.threshold
