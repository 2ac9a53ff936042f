"""Records of many cells as one frame: the rows of each, in order, gaps where a column is new."""

import numpy as np
import pandas

from lamella.results import Diagrams, Table
from lamella.store.frames import joined


def test_rows_carry_their_cell():
    cells = [
        ("fc1", 0, "test", Table({"error": [0.5]})),
        ("fc2", 0, "test", Table({"error": [0.1, 0.2], "layer": ["x", "y"]})),
    ]
    expected = pandas.DataFrame(
        {
            "layer": ["fc1", "fc2", "fc2"],
            "epoch": [0, 0, 0],
            "split": ["test"] * 3,
            "error": [0.5, 0.1, 0.2],
        }
    )
    pandas.testing.assert_frame_equal(joined(cells), expected)


def test_a_missing_column_is_a_gap_and_words_stay_words():
    cells = [
        ("fc1", 0, "test", Table({"a": [1]})),
        ("fc1", 1, "test", Table({"a": [2], "kind": ["loop"]})),
    ]
    frame = joined(cells)
    assert frame["a"].tolist() == [1, 2]
    assert frame["kind"].isna().tolist() == [True, False]
    assert frame["kind"][1] == "loop"


def test_records_without_rows_leave_none():
    cells = [
        ("fc1", 0, "test", Diagrams([], [], [])),
        ("fc1", 1, "test", Diagrams([0], [np.inf], [0])),
    ]
    frame = joined(cells)
    assert frame["epoch"].tolist() == [1]
    assert frame["death"].tolist() == [np.inf]
