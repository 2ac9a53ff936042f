"""Packs: what is written is read again, by the rules of docs/page.md."""

import json

import numpy as np
import pytest

from lamella.errors import InputError
from lamella.page import pack


def test_every_type_comes_back_in_its_place():
    arrays = {name: np.arange(7).astype(code) for name, code in pack.TYPES.items()}
    found = pack.read(pack.write({"a": [arrays], "text": "ü", "none": None}))
    for name, array in arrays.items():
        assert np.array_equal(found["a"][0][name], array)
        assert found["a"][0][name].dtype == array.dtype
    assert found["text"] == "ü"
    assert found["none"] is None


def test_the_layout_is_as_documented():
    data = pack.write({"x": np.array([1], np.uint8), "y": np.array([[2.0]], np.float64)})
    length = int.from_bytes(data[4:8], "little")
    header = json.loads(data[8 : 8 + length])
    assert data[:4] == b"LMP1"
    assert (8 + length) % 8 == 0
    assert header["facts"] == {"x": {"$": "0"}, "y": {"$": "1"}}
    assert header["arrays"]["1"] == {"at": 8, "dtype": "f64", "shape": [1, 1]}
    assert np.frombuffer(data, "<f8", 1, 8 + length + 8) == 2


def test_what_has_no_type_of_its_own_becomes_the_nearest():
    given = {
        "long": np.array([1, -2]),
        "huge": np.array([2**40]),
        "half": np.array([0.5], np.float16),
        "bool": np.array([True]),
        "texts": np.array(["a", "b"]),
        "nan": float("nan"),
        "inside": np.array([np.nan, np.inf]),
    }
    found = pack.read(pack.write(given))
    assert found["long"].dtype == np.int32
    assert found["huge"][0] == 2**40
    assert found["half"].dtype == np.float32
    assert found["bool"].tolist() == [1]
    assert found["texts"] == ["a", "b"]
    assert found["nan"] is None
    assert np.isnan(found["inside"][0])
    assert np.isinf(found["inside"][1])


def test_empty_and_flat_shapes_stay():
    found = pack.read(pack.write({"none": np.zeros((0, 2), np.int16), "one": np.array(3, np.int8)}))
    assert found["none"].shape == (0, 2)
    assert found["one"].shape == ()


def test_other_bytes_are_refused():
    with pytest.raises(InputError, match="wants a pack"):
        pack.read(b"<!doctype html>")
