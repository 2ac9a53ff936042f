"""Figures as rounded, deflated JSON."""

import base64
import json
import zlib

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from lamella.page.drawing import draw, pack_text, rounded
from lamella.results import Curve, Embedding
from lamella.story import Picture


def test_a_picture_becomes_the_json_of_its_figure():
    curve = Curve([0, 1, 2], [[0.123456789, np.nan, 1.0]], ("wide",), "epoch", "error")
    drawing = draw(Picture("lines", curve, arguments={"zero": True}), digits=4)
    content = json.loads(zlib.decompress(base64.b64decode(drawing.packed)))
    assert content["data"][0]["y"] == [0.1235, None, 1]
    assert content["layout"]["yaxis"]["range"][0] <= 0
    assert "template" not in content["layout"]
    assert drawing.height == content["layout"]["height"]


def test_only_pictures_with_depth_are_marked_deep():
    flat = draw(Picture("cloud", Embedding(np.zeros((3, 2)))))
    deep = draw(Picture("cloud", Embedding(np.zeros((3, 3)))))
    assert (flat.deep, deep.deep) == (False, True)


@given(st.floats(-1e300, 1e300), st.integers(2, 6))
def test_rounding_stays_within_its_digits(value, digits):
    assert abs(rounded(value, digits) - value) <= 0.5 * 10.0 ** (1 - digits) * abs(value) * 1.001


def test_packing_is_the_same_every_time():
    assert pack_text("a" * 1000) == pack_text("a" * 1000)
