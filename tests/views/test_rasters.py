"""Views that paste many pictures into one raster: every picture stands where it should."""

import base64

import numpy as np
import pytest

from lamella.data.png import read_png
from lamella.errors import InputError
from lamella.plots.raster import as_tiles, paste, raster_uri
from lamella.registry import views
from lamella.results import Embedding, Images
from lamella.views.thumbnails import corners_of, uncovered


def raster_of(figure):
    return read_png(base64.b64decode(figure.layout.images[0].source.split(",")[1]))


def grey(count, size=4):
    """Pictures of one grey value each, 10, 20, 30, ..."""
    values = 10 * np.arange(1, count + 1, dtype=np.uint8)
    return np.broadcast_to(values[:, None, None, None], (count, size, size, 1)).copy()


def test_raster_is_a_png_of_the_same_pixels():
    pixels = np.random.default_rng(0).integers(0, 256, (5, 7, 4), dtype=np.uint8)
    assert np.array_equal(read_png(base64.b64decode(raster_uri(pixels).split(",")[1])), pixels)


def test_tiles_repeat_pixels_and_carry_a_frame():
    tiles = as_tiles(Images(grey(2)), 28, np.array([0, 4]))
    assert tiles.shape == (2, 28, 28, 4)
    assert (tiles[1, 2:26, 2:26, :3] == 20).all()
    assert tiles[0, 0, 0].tolist() == [0x00, 0x72, 0xB2, 255]
    assert tiles[1, 27, 27].tolist() == [0xD5, 0x5E, 0x00, 255]
    floats = as_tiles(Images(np.array([[[[0.5, 1.0, 0.0]]]])), 8)
    assert floats[0, 3, 3].tolist() == [128, 255, 0, 255]


def test_canvas_is_transparent_where_no_tile_is():
    canvas = paste(as_tiles(Images(grey(1)), 8), np.array([[2, 3]]), (12, 12))
    assert canvas[..., 3].sum() == 255 * 64
    assert canvas[2, 3, 0] == 10


def test_mosaic_puts_each_picture_in_its_place():
    figure = views["mosaic"](Images(grey(6), tuple("abcdef"), columns=3))
    raster = raster_of(figure)
    assert raster.shape == (88, 132, 4)
    assert raster[22::44, 22::44, 0].tolist() == [[10, 20, 30], [40, 50, 60]]
    assert list(figure.data[0].text) == list("abcdef")
    assert list(figure.data[0].x[:3]) == [22, 66, 110]


def test_captions_stand_below_and_the_gap_before_its_column():
    figure = views["mosaic"](Images(grey(4), tuple("abcd"), columns=2), captioned=True, split=1)
    raster = raster_of(figure)
    assert raster[60, 60, 0] == 10
    assert raster[60, 60 + 208 + 48, 0] == 20
    assert raster[60, 208 + 20, 3] == 0
    captions = figure.data[1]
    assert list(captions.text) == list("abcd")
    assert captions.y[0] == 200 + 12


def test_thumbnails_stand_where_the_embedding_puts_them():
    points = np.array([[0.0, 0.0], [10.0, 0.0], [10.0, 5.0]])
    picture = Embedding(points, np.array([0, 1, 2]), np.array([7, 8, 9]), "PCA", class_names=("a",))
    figure = views["thumbnails"](picture, images=Images(grey(3)), side=20)
    raster = raster_of(figure)
    assert raster.shape == (560, 1100, 4)
    assert raster[550, 10, 0] == 10
    assert raster[550, 1090, 0] == 20
    assert raster[10, 1090, 0] == 30
    assert raster[10, 10, 3] == 0
    assert figure.data[0].text[0] == "sample 7, a"
    assert "3 of 3 shown" in figure.layout.title.text


def test_thumbnails_leave_out_what_would_hide_others():
    corners, shape = corners_of(np.random.default_rng(0).normal(size=(500, 2)), 20)
    shown = uncovered(corners, 20)
    apart = np.abs(corners[shown][:, None] - corners[shown]).max(axis=2)
    np.fill_diagonal(apart, 99)
    assert apart.min() >= 10
    hidden = np.setdiff1d(np.arange(500), shown)
    assert all(np.abs(corners[shown] - corners[h]).max(axis=1).min() < 10 for h in hidden)
    assert corners.max(axis=0).tolist() <= [shape[0] - 20, shape[1] - 20]


def test_thumbnails_want_a_picture_for_each_point():
    with pytest.raises(
        InputError, match=r"one picture for each of its points, got points \(3, 2\), 2"
    ):
        views["thumbnails"](Embedding(np.zeros((3, 2))), images=Images(grey(2)))
