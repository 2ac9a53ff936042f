"""Kernels, paddings and the sliding kernel against the lecture, torch and a plain loop."""

import numpy as np
import pytest
import torch

from lamella.anatomy.kernels import NAMES, apply_kernel, before_and_after, gaussian, kernel
from lamella.anatomy.paddings import NUMPY_MODES, pad
from lamella.anatomy.sliding_kernels import sliding_kernel
from lamella.errors import InputError, UnknownName

LECTURE = np.array([[221, 198, 149], [205, 147, 173], [149, 170, 222]])
SIDEWAYS = [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]]
CROSS = [[1, 0, 1], [0, 1, 0], [1, 0, 1]]
FIVE = [[1, 1, 1, 0, 0], [0, 1, 1, 1, 0], [0, 0, 1, 1, 1], [0, 0, 1, 1, 0], [0, 1, 1, 0, 0]]


def test_the_worked_example_of_the_lecture():
    slide = sliding_kernel(LECTURE, SIDEWAYS)
    assert slide.output.tolist() == [[-63]]
    assert slide.steps[0].text == (
        "221*(-1) + 198*0 + 149*1 + 205*(-2) + 147*0 + 173*2 + 149*(-1) + 170*0 + 222*1 = -63"
    )


def test_five_by_five_with_three_by_three():
    slide = sliding_kernel(FIVE, CROSS)
    assert slide.output.tolist() == [[4, 3, 4], [2, 4, 3], [2, 3, 4]]
    assert [step.output for step in slide.steps][:4] == [(0, 0), (0, 1), (0, 2), (1, 0)]


@pytest.mark.parametrize("stride", [1, 2])
@pytest.mark.parametrize("padding", [0, 2])
@pytest.mark.parametrize("dilation", [1, 2])
def test_sliding_equals_torch(stride, padding, dilation):
    rng = np.random.default_rng(0)
    image, taps = rng.normal(size=(7, 9)), rng.normal(size=(2, 3))
    slide = sliding_kernel(image, taps, stride=stride, padding=padding, dilation=dilation)
    expected = torch.conv2d(
        torch.tensor(image)[None, None],
        torch.tensor(taps)[None, None],
        stride=stride,
        padding=padding,
        dilation=dilation,
    )
    np.testing.assert_allclose(slide.output, expected[0, 0].numpy())
    for step in slide.steps:
        assert step.products.sum() == pytest.approx(slide.output[step.output])


@pytest.mark.parametrize(
    ("mode", "text"),
    [("border", "AAABCCC"), ("mirror", "BAABCCB"), ("reflect", "CBABCBA"), ("cyclic", "BCABCAB")],
)
def test_the_paddings_of_the_lecture(mode, text):
    assert "".join(pad(np.array(list("ABC")), 2, mode)) == text


def test_zero_padding_and_torch_names():
    x = np.arange(12.0).reshape(3, 4)
    for mode, theirs in (("border", "replicate"), ("reflect", "reflect"), ("cyclic", "circular")):
        expected = torch.nn.functional.pad(torch.tensor(x)[None], (2, 2, 2, 2), mode=theirs)[0]
        np.testing.assert_array_equal(pad(x, 2, mode), expected.numpy())
    assert pad(x, (1, 0)).tolist()[0] == [0] * 5


def test_kernels_of_the_lecture():
    np.testing.assert_allclose(kernel("blur"), np.full((3, 3), 1 / 9))
    assert kernel("edges").tolist() == [[0, -1, 0], [-1, 4, -1], [0, -1, 0]]
    assert kernel("sharpen").tolist() == [[0, -1, 0], [-1, 5, -1], [0, -1, 0]]


@pytest.mark.parametrize("name", ["edges", "sobel_x", "sobel_y", "laplacian", "gabor"])
def test_kernels_that_ignore_flat_areas_sum_to_zero(name):
    assert kernel(name).sum() == pytest.approx(0, abs=1e-12)


@pytest.mark.parametrize("name", ["blur", "gaussian", "sharpen", "identity", "emboss"])
def test_kernels_that_keep_flat_areas_sum_to_one(name):
    assert kernel(name).sum() == pytest.approx(1)


def test_gaussian_is_separable_and_symmetric():
    bell = gaussian(7, 1.3)
    np.testing.assert_allclose(bell, np.outer(bell.sum(0), bell.sum(1)))
    np.testing.assert_allclose(bell, bell[::-1, ::-1])


def test_gabor_answers_to_its_own_direction():
    stripes = np.cos(2 * np.pi * np.arange(41) / 5) * np.ones((41, 1))
    along = np.abs(apply_kernel(stripes, kernel("gabor"), padding=0)).max()
    across = np.abs(apply_kernel(stripes, kernel("gabor", angle=90), padding=0)).max()
    assert along > 20 * across


@pytest.mark.parametrize("mode", NUMPY_MODES)
@pytest.mark.parametrize("name", NAMES)
def test_applying_keeps_the_size_and_equals_a_loop(name, mode):
    image = np.random.default_rng(1).random((12, 13, 2))
    taps = kernel(name)
    result = apply_kernel(image, name, mode=mode)
    assert result.shape == image.shape
    half = (taps.shape[0] - 1) // 2
    framed = np.stack([pad(image[..., c], half, mode) for c in range(2)], axis=-1)
    y, x = 3, 11
    patch = framed[y : y + taps.shape[0], x : x + taps.shape[1]]
    np.testing.assert_allclose(result[y, x], (patch * taps[..., None]).sum((0, 1)))


def test_before_and_after_shows_every_kernel():
    images = before_and_after(np.random.default_rng(0).random((16, 16)))
    assert images.captions == ("image", *NAMES)
    assert images.pixels.min() >= 0
    assert images.pixels.max() <= 1


def test_what_does_not_fit_is_refused():
    with pytest.raises(InputError, match="spans 3"):
        sliding_kernel([[1, 2], [3, 4]], CROSS)
    with pytest.raises(InputError, match="stride of at least 1"):
        sliding_kernel(FIVE, CROSS, stride=0)
    with pytest.raises(InputError, match="padding of at least 0"):
        sliding_kernel(FIVE, CROSS, padding=-1)
    with pytest.raises(InputError, match="two axes"):
        sliding_kernel([1, 2], CROSS)
    with pytest.raises(UnknownName, match="sobel_x"):
        kernel("sobel")
    with pytest.raises(UnknownName, match="mirror"):
        pad(np.eye(2), 1, "miror")
    with pytest.raises(InputError, match="Crop"):
        pad(np.eye(2), -1)
    with pytest.raises(InputError, match="sigma above 0"):
        gaussian(3, 0)
