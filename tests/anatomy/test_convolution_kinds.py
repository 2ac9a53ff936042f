"""Kinds of convolution: parameters counted by hand."""

import pytest

from lamella.anatomy.convolution_kinds import compare_convolutions
from lamella.errors import InputError


def test_parameters_work_and_fields_by_hand():
    table = compare_convolutions(16, 32, size=10).frame().set_index("kind")
    assert table.parameters.to_dict() == {
        "plain": 32 * 16 * 9 + 32,
        "1 x 1": 32 * 16 + 32,
        "depthwise": 16 * 9 + 16,
        "separable": 16 * 9 + 16 + 32 * 16 + 32,
        "dilated": 32 * 16 * 9 + 32,
        "grouped": 32 * 4 * 9 + 32,
        "strided": 32 * 16 * 9 + 32,
        "transposed": 32 * 16 * 9 + 32,
    }
    assert table.field[["plain", "1 x 1", "dilated", "separable"]].tolist() == [3, 1, 5, 3]
    assert table.macs["separable"] == 100 * (16 * 9 + 16 * 32)
    assert table.output["transposed"] == "32 x 20 x 20"


def test_bad_input():
    with pytest.raises(InputError, match="odd kernel"):
        compare_convolutions(kernel=4)
