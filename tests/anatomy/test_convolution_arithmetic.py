"""Sizes by Dumoulin and Visin's table and by torch; what is dropped, by counting."""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from lamella.anatomy.convolution_arithmetic import arithmetic, output_size
from lamella.errors import InputError


@pytest.mark.parametrize(
    ("size", "kernel", "stride", "padding", "output"),
    [
        *((4, 3, 1, 0, 2), (5, 4, 1, 2, 6), (5, 3, 1, 1, 5), (5, 3, 1, 2, 7)),
        *((5, 3, 2, 0, 2), (5, 3, 2, 1, 3), (6, 3, 2, 1, 3)),
    ],
)
def test_dumoulin_and_visin(size, kernel, stride, padding, output):
    assert output_size(size, kernel, stride=stride, padding=padding) == output


@pytest.mark.parametrize(
    ("size", "kernel", "stride", "padding", "more", "output"),
    [
        *((2, 3, 1, 0, 0, 4), (6, 4, 1, 2, 0, 5), (5, 3, 1, 1, 0, 5), (7, 3, 1, 2, 0, 5)),
        *((2, 3, 2, 0, 0, 5), (3, 3, 2, 1, 0, 5), (3, 3, 2, 1, 1, 6)),
    ],
)
def test_dumoulin_and_visin_transposed(size, kernel, stride, padding, more, output):
    found = output_size(
        size, kernel, stride=stride, padding=padding, transposed=True, output_padding=more
    )
    assert found == output


def test_dilation():
    assert output_size(7, 3, dilation=2) == 3


def test_the_lecture_that_does_not_divide():
    assert [output_size(7, 3, stride=s) for s in (1, 2)] == [5, 3]
    result = arithmetic(7, 3, stride=3)
    assert float(result.exact) == pytest.approx(2.33, abs=0.01)
    assert not result.fits
    assert (result.dropped, result.fitting_sizes, result.fitting_paddings) == (1, (6, 9), (1,))


@settings(max_examples=200, deadline=None)
@given(*[st.integers(1, 12), st.integers(1, 4)] * 2, st.integers(0, 4), st.booleans())
def test_sizes_equal_torch_and_drops_equal_a_count(size, kernel, dilation, stride, padding, turned):
    options = {"stride": stride, "padding": padding, "dilation": dilation}
    operation = torch.conv_transpose1d if turned else torch.conv1d
    x, w = torch.ones(1, 1, size), torch.ones(1, 1, kernel)
    try:
        expected = operation(x, w, **options)
    except RuntimeError:
        with pytest.raises(InputError):
            arithmetic(size, kernel, transposed=turned, **options)
        return
    result = arithmetic(size, kernel, transposed=turned, **options)
    assert result.output == expected.shape[-1]
    if not turned:
        read = {i for window in result.windows() for i in window}
        assert result.dropped == size + padding - 1 - max(read)
        assert result.dropped_pixels == max(0, size - 1 - max(read))
    for fitting in result.fitting_sizes:
        assert arithmetic(fitting, kernel, transposed=turned, **options).fits
    for fitting in result.fitting_paddings:
        assert arithmetic(
            size, kernel, transposed=turned, stride=stride, padding=fitting, dilation=dilation
        ).fits


@given(st.integers(3, 30), st.integers(1, 5))
def test_half_the_kernel_keeps_the_size(size, half):
    assert output_size(size + 2 * half, 2 * half + 1, padding=half) == size + 2 * half


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"size": 3, "kernel": 5}, "spans 5. Pad at least 1"),
        ({"size": 5, "kernel": 3, "stride": 0}, "stride of at least 1, got 0"),
        ({"size": 5, "kernel": 3, "padding": -1}, "padding of at least 0, got -1"),
        ({"size": 5, "kernel": 0}, "kernel of at least 1"),
        ({"size": 5, "kernel": 3, "transposed": True, "output_padding": 1}, "below stride"),
        ({"size": 1, "kernel": 1, "transposed": True, "padding": 2}, "Pad less"),
    ],
)
def test_what_cannot_be_is_refused(arguments, message):
    with pytest.raises(InputError, match=message):
        arithmetic(**arguments)


def test_the_sentence_names_what_fits():
    assert arithmetic(5, 3).sentence() == "(5 + 2*0 - 3) / 1 + 1 = 3."
    assert "1 of the padding is not read" in arithmetic(224, 7, stride=2, padding=3).sentence()
