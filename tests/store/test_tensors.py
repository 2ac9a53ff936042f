"""Files of tensors: as safetensors has them, whole or refused."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from safetensors.numpy import load_file, save_file

from lamella.errors import RunError, UnknownName
from lamella.store.tensors import CODES, map_tensor, read_slots, tensor_file, write_tensors

ARRAYS = {
    "b": np.arange(3, dtype=np.uint8),
    "fc1.weight": np.arange(6.0).reshape(2, 3),
    "empty": np.empty((0, 4), np.float32),
    "one": np.float32(2.5),
}

shapes = hnp.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=3)
some_arrays = st.sampled_from(sorted(CODES.values())).flatmap(
    lambda dtype: hnp.arrays(np.dtype(dtype), shapes)
)


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(st.text(min_size=1, max_size=5), some_arrays, max_size=4))
def test_our_files_are_safetensors_files(tmp_path_factory, arrays):
    arrays.pop("__metadata__", None)
    path = tmp_path_factory.mktemp("tensors") / "ours.safetensors"
    write_tensors(path, arrays)
    theirs = load_file(path)
    assert set(theirs) == set(arrays) == set(read_slots(path))
    for name, array in arrays.items():
        np.testing.assert_array_equal(theirs[name], array)
        np.testing.assert_array_equal(map_tensor(path, name), array)
        assert map_tensor(path, name).dtype == theirs[name].dtype == array.dtype


def test_their_files_are_read(tmp_path):
    arrays = {name: np.ascontiguousarray(array) for name, array in ARRAYS.items()}
    save_file(arrays, tmp_path / "theirs", metadata={"format": "np"})
    for name, array in arrays.items():
        np.testing.assert_array_equal(map_tensor(tmp_path / "theirs", name), array)


def test_tensors_are_mapped_and_cannot_be_changed(tmp_path):
    write_tensors(tmp_path / "file", ARRAYS)
    weight = map_tensor(tmp_path / "file", "fc1.weight")
    assert isinstance(weight, np.memmap)
    with pytest.raises(ValueError, match="read-only"):
        weight[0, 0] = 1


def test_rows_may_come_in_pieces_and_any_order(tmp_path):
    whole = np.arange(12, dtype=np.float32).reshape(6, 2)
    with tensor_file(
        tmp_path / "file", {"a": ("float32", (6, 2)), "b": ("float32", (6, 2))}
    ) as put:
        for row in (4, 0, 2):
            put("b", row, whole[row : row + 2] * 10)
            put("a", row, whole[row : row + 2])
    np.testing.assert_array_equal(map_tensor(tmp_path / "file", "a"), whole)
    np.testing.assert_array_equal(map_tensor(tmp_path / "file", "b"), whole * 10)


def put_some(path, rows):
    with tensor_file(path, {"a": ("float32", (6, 2))}) as put:
        put("a", 0, np.ones((rows, 2)))


@pytest.mark.parametrize("rows", [0, 5])
def test_missing_rows_leave_no_file(tmp_path, rows):
    with pytest.raises(RunError, match="too few or too many of 'a'"):
        put_some(tmp_path / "file", rows)
    assert list(tmp_path.iterdir()) == []


def test_every_cut_is_seen(tmp_path):
    write_tensors(tmp_path / "file", ARRAYS)
    data = (tmp_path / "file").read_bytes()
    for length in range(len(data)):
        (tmp_path / "cut").write_bytes(data[:length])
        with pytest.raises(RunError, match=r"truncated|cannot be read"):
            read_slots(tmp_path / "cut")


@pytest.mark.parametrize("data", [b"no tensors at all", b"\x04" + b"\0" * 7 + b"[1]]"])
def test_other_files_are_refused(tmp_path, data):
    (tmp_path / "file").write_bytes(data)
    with pytest.raises(RunError):
        read_slots(tmp_path / "file")


def test_dtypes_numpy_lacks_are_named(tmp_path):
    write_tensors(tmp_path / "file", {"a": np.zeros(2, np.int16)})
    data = (tmp_path / "file").read_bytes()
    (tmp_path / "file").write_bytes(data.replace(b'"I16"', b'"Q16"'))
    with pytest.raises(RunError, match="holds 'a' as Q16, lamella reads F64"):
        read_slots(tmp_path / "file")


def test_unknown_tensors_show_the_nearest(tmp_path):
    write_tensors(tmp_path / "file", ARRAYS)
    with pytest.raises(UnknownName, match=r"fc1\.weight"):
        map_tensor(tmp_path / "file", "fc1.wait")
