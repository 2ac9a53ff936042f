"""A file of tensors keeps what fits, whatever becomes of the others."""

import numpy as np
import pytest

from lamella.errors import RunError
from lamella.store.partial import partial_file
from lamella.store.tensors import map_tensor, read_slots

SHAPES = {"a": ("float32", (4, 3)), "b": ("float64", (4,)), "c": ("float32", (4, 2))}
ROWS = {"a": np.arange(12.0).reshape(4, 3), "b": np.arange(4.0), "c": np.arange(8.0).reshape(4, 2)}


def write(path, names, chunk=2, drop=()):
    with partial_file(path, SHAPES) as file:
        for first in range(0, 4, chunk):
            for name in names:
                file.put(name, first, ROWS[name][first : first + chunk])
        for name in drop:
            file.drop(name, "it is odd")
    return file.left_out


@pytest.mark.parametrize("missing", ["", "a", "b", "c", "ab", "bc"])
def test_what_is_complete_is_kept(tmp_path, missing):
    left_out = write(tmp_path / "file", [n for n in "abc" if n not in missing])
    assert set(left_out) == set(missing)
    slots = read_slots(tmp_path / "file")
    assert set(slots) == set("abc") - set(missing)
    for name in slots:
        np.testing.assert_array_equal(map_tensor(tmp_path / "file", name), ROWS[name])
    end = max(slot.start + slot.bytes for slot in slots.values())
    assert (tmp_path / "file").stat().st_size == end  # no gap, as other readers want it
    safetensors = pytest.importorskip("safetensors.numpy")
    assert set(safetensors.load_file(tmp_path / "file")) == set(slots)


def test_a_tensor_that_is_dropped_or_changes_its_shape_says_why(tmp_path):
    assert write(tmp_path / "one", "abc", drop=["b"]) == {"b": "it is odd"}
    with partial_file(tmp_path / "two", SHAPES) as file:
        file.put("a", 0, ROWS["a"])
        file.put("c", 0, np.zeros((4, 5)))
        file.put("c", 0, ROWS["c"])
    assert file.left_out["c"] == "its shape is (5,), not (2,) any more"
    assert file.left_out["b"] == "it did not give a row for each sample"


def test_nothing_at_all_is_no_file(tmp_path):
    with pytest.raises(RunError, match="no layer gave anything to store"):
        write(tmp_path / "file", "", drop=["a"])
    assert list(tmp_path.iterdir()) == []
