"""Input shapes as people write them."""

import pytest
import torch

from lamella.anatomy.input_spec import InputSpec, parse_input
from lamella.errors import InputError


@pytest.mark.parametrize("text", ["3x32x32", "3,32,32", " 3 x 32 x 32 ", "3×32×32"])
def test_many_ways_to_write_one_shape(text):
    assert parse_input(text) == InputSpec((3, 32, 32))


def test_types_and_tensors():
    spec = parse_input("7:int64")
    assert spec.tensor(2, "cpu").dtype == torch.int64
    assert spec.tensor(2, "cpu").shape == (2, 7)
    assert str(spec) == "7:int64"
    assert parse_input((3, 4)) == InputSpec((3, 4))


@pytest.mark.parametrize("text", ["", "3y32", "0x3", "3x", "-3", "3:float13", "three"])
def test_what_does_not_parse_is_refused(text):
    with pytest.raises(InputError, match="3x32x32"):
        parse_input(text)
