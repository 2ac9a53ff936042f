"""PNG and netpbm files, their sizes, and the steps before training."""

import numpy as np
import pytest
from support.png_files import chunk, filtered, png

from lamella.data.picture_files import read_picture, resized
from lamella.data.png import NotReadable, read_png
from lamella.data.steps import apply_steps, divide, standardise, undo_steps


@pytest.mark.parametrize("kind", range(5))
@pytest.mark.parametrize(("channels", "colour"), [(1, 0), (2, 4), (3, 2), (4, 6)])
def test_every_png_filter_is_undone(kind, channels, colour):
    pixels = np.random.default_rng(kind).integers(0, 256, (5, 4, channels), dtype=np.uint8)
    assert np.array_equal(read_png(png(filtered(pixels, kind), 4, 8, colour)), pixels)


def test_png_of_few_bits_palettes_and_sixteen_bits():
    assert read_png(png([b"\0\xb0"], 4, 1, 0))[0, :, 0].tolist() == [255, 0, 255, 255]
    palette = chunk(b"PLTE", bytes([1, 2, 3, 4, 5, 6]))
    assert read_png(png([b"\0\x40"], 2, 1, 3, palette)).tolist() == [[[1, 2, 3], [4, 5, 6]]]
    assert read_png(png([b"\0\x12\x34"], 1, 16, 0)).tolist() == [[[0x1234]]]


def test_our_own_pictures_are_read_back():
    from lamella.plots.pixels import png as written

    pixels = np.random.default_rng(0).integers(0, 256, (7, 5, 3), dtype=np.uint8)
    assert np.array_equal(read_png(written(pixels)), pixels)


@pytest.mark.parametrize("cut", [0, 5, 40, -6])
def test_truncated_png_is_not_readable(cut):
    whole = png(filtered(np.zeros((4, 4, 1), np.uint8), 0), 4, 8, 0)
    with pytest.raises(NotReadable, match=r"truncated|not a PNG"):
        read_png(whole[:cut])
    damaged = bytearray(whole)
    damaged[45] ^= 255
    with pytest.raises(NotReadable, match="damaged"):
        read_png(bytes(damaged))


def test_netpbm_is_read(tmp_path):
    (tmp_path / "x.ppm").write_bytes(b"P6\n# made by hand\n2 1\n255\n\xff\0\0\0\xff\0")
    assert read_picture(tmp_path / "x.ppm").tolist() == [[[1, 0, 0], [0, 1, 0]]]
    (tmp_path / "x.pgm").write_bytes(b"P5 2 1 255\n\xff")
    with pytest.raises(NotReadable, match=r"not enough image data|truncated"):
        read_picture(tmp_path / "x.pgm")


def test_resizing_takes_the_middle():
    picture = np.zeros((4, 8, 1), np.float32)
    picture[:, 2:6] = 1
    assert np.allclose(resized(picture, (2, 2)), 1)
    assert resized(np.ones((3, 5, 2), np.float32), (6, 6)).shape == (6, 6, 2)


def test_steps_are_taken_back_for_pictures():
    images = np.random.default_rng(0).integers(0, 256, (2, 3, 4, 4))
    steps = [divide(255.0), standardise((0.1, 0.2, 0.3), (0.5, 0.6, 0.7))]
    made = apply_steps(images, steps)
    by_hand = (images[:, 1] / 255 - 0.2) / 0.6
    assert np.allclose(made[:, 1], by_hand, atol=1e-6)
    assert np.allclose(undo_steps(made, steps), images / 255, atol=1e-6)
