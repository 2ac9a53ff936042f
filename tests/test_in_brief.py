"""What stands at the prompt is a few lines, and says what is in a record."""

import numpy as np
import pytest

import lamella
from lamella.errors import InputError, UnknownName
from lamella.registry import measures
from lamella.results import Curve, Diagrams, Embedding, Images, Matrix, Table, pack, unpack

MANY = np.arange(10_000)
RECORDS = [
    Table({f"column {n}": MANY for n in range(50)}),
    Curve(MANY, np.zeros((50, 10_000)), tuple(f"series {n}" for n in range(50))),
    Diagrams(MANY, MANY + 1, MANY % 3),
    Embedding(np.zeros((10_000, 2))),
    Matrix(np.zeros((100, 100)), tuple(map(str, range(100))), tuple(map(str, range(100)))),
    Images(np.zeros((500, 8, 8, 1)), tuple(map(str, range(500)))),
    lamella.datasets.discs(),
    lamella.datasets.discs().train,
    measures.card("gdv"),
]


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: type(record).__name__)
def test_even_the_largest_is_a_few_lines(record):
    lines = repr(record).splitlines()
    assert len(lines) <= 9
    assert all(len(line) <= 240 for line in lines)
    assert type(record).__name__ in lines[0] or type(record).__name__ == "Card"


def test_a_table_of_one_row_is_its_numbers():
    table = Table({"h0": [2.0], "h1": [0.123456]}, "bars", main="h1")
    assert repr(table) == "Table 'bars': h0 2, h1 0.1235"
    assert table.value == float(table) == 0.123456
    assert float(Table({"error": [0.25], "chance": [0.5]})) == 0.25
    assert unpack(pack(table)).value == table.value


def test_a_table_of_rows_shows_the_first_of_each_column_and_has_no_number():
    table = Table({"layer": np.array(["fc1", "fc2"]), "error": [0.5, np.nan]})
    assert repr(table).splitlines() == ["Table of 2 rows", "  layer: fc1, fc2", "  error: 0.5, nan"]
    with pytest.raises(InputError, match=r"Table\.value wants a table of one row, got 2 rows"):
        float(table)
    with pytest.raises(UnknownName, match="no column is called 'eror'"):
        Table({"error": [1.0]}, main="eror")


def test_diagrams_say_how_many_bars_and_how_long():
    bars = Diagrams([0, 0, 1], [1.5, np.inf, 1.25], [0, 0, 1], points=2)
    assert repr(bars).splitlines() == [
        "Diagrams of 2 points, in units of edge length",
        "  H0: 2 bars, the longest 1.5, 1 without end",
        "  H1: 1 bar, the longest 0.25",
    ]
    assert "too few" in repr(Diagrams([], [], [], why_empty="too few points"))


def test_the_others_say_their_shape_and_range():
    curve = Curve([0, 1, 4], [[0.5, 0.25, np.nan]], ("fc1",), x_label="epoch")
    assert repr(curve).splitlines()[1:] == ["  epoch: 0 to 4", "  fc1: 0.25 to 0.5"]
    assert "x: a, b" in repr(Curve(np.array(["a", "b"]), [[1, 2]]))
    cloud = Embedding(np.zeros((4, 3)), method="PCA", trustworthiness=0.9)
    assert "4 points in 3 dimensions\n  method: PCA\n  trustworthiness: 0.9" in repr(cloud)
    matrix = Matrix([[1, np.nan]], ("fc1",), ("0", "1"), "layer", "epoch", "gdv")
    assert "layer: fc1\n  epoch: 0, 1\n  gdv: 1 to 1" in repr(matrix)
    assert "in colour\n  captions: a" in repr(Images(np.zeros((1, 2, 2, 3)), ("a",)))


def test_a_data_set_says_its_samples_and_classes():
    data = lamella.datasets.circle(train_size=40, test_size=20)
    assert repr(data).splitlines() == [
        "Dataset 'circle': 40 training and 20 test samples of shape (2,)",
        "  classes: circle, disc",
    ]
