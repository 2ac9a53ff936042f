"""Views that set many pictures: every picture stands where it should."""

import numpy as np
import pytest
from support.drawn import one, words

from lamella.errors import InputError
from lamella.plots.marks import Pictures, Text
from lamella.registry import views
from lamella.results import Embedding, Images
from lamella.views.thumbnails import corners_of, uncovered


def grey(count, size=4):
    """Pictures of one grey value each, 10, 20, 30, ..."""
    values = 10 * np.arange(1, count + 1, dtype=np.uint8)
    return np.broadcast_to(values[:, None, None, None], (count, size, size, 1)).copy()


def test_mosaic_puts_each_picture_in_its_place():
    pictures = one(views["mosaic"](Images(grey(6), tuple("abcdef"), columns=3)), Pictures)
    assert pictures.pixels[:, 0, 0, 0].tolist() == [10, 20, 30, 40, 50, 60]
    side = pictures.width
    assert pictures.x.tolist() == [0, side, 2 * side] * 2
    assert pictures.y.tolist() == [0, 0, 0, side, side, side]
    assert pictures.titles == tuple("abcdef")


def test_captions_stand_below_and_the_gap_before_its_column():
    figure = views["mosaic"](Images(grey(4), tuple("abcd"), columns=2), captioned=True, split=1)
    pictures, captions = one(figure, Pictures), one(figure, Text)
    assert captions.texts == tuple("abcd")
    assert (captions.y > pictures.y + pictures.height).all()
    assert pictures.x[1] - pictures.x[0] - pictures.width > 30


def test_thumbnails_stand_where_the_embedding_puts_them():
    points = np.array([[0.0, 0.0], [10.0, 0.0], [10.0, 5.0]])
    picture = Embedding(points, np.array([0, 1, 2]), np.array([7, 8, 9]), "PCA", class_names=("a",))
    figure = views["thumbnails"](picture, images=Images(grey(3)), side=20)
    pictures = one(figure, Pictures)
    assert (pictures.x.tolist(), pictures.y.tolist()) == ([0, 1080, 1080], [540, 540, 0])
    assert figure.panels[0].x.range == (0, 1100)
    assert figure.panels[0].y.range == (0, 560)
    assert pictures.frames == ("class0", "class1", "class2")
    assert pictures.titles[0] == "sample 7, a"
    assert "3 of 3 shown" in words(figure)


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
