"""Latent spaces side by side: each cloud in its cell, in its own shape."""

import numpy as np
import pytest
from support.drawn import one, words

from lamella.errors import InputError
from lamella.plots.marks import Dots
from lamella.registry import views
from lamella.results import Embedding


def cloud(seed, count=30):
    points = np.random.default_rng(seed).normal(size=(count, 2)) * [3, 1] + 7
    names = ("class 1", "class 2", "class 3")
    return Embedding(points, np.arange(count) % 3, class_names=names, neighbours_kept=0.5)


def test_every_point_lies_in_its_cell_with_its_class():
    clouds = {"PCA | A": cloud(0), "PCA | B": cloud(1), "t-SNE | B": cloud(2)}
    figure = views["rectangles_latents"](clouds)
    dots = one(figure, Dots)
    assert len(dots.x) == 90
    cells = np.column_stack([np.round(dots.x), np.round(dots.y + 0.04)])
    found, counts = np.unique(cells, axis=0, return_counts=True)
    assert found.tolist() == [[0, 0], [1, 0], [1, 1]]
    assert counts.tolist() == [30, 30, 30]
    assert np.bincount(dots.groups).tolist() == [30, 30, 30]
    panel = figure.panels[0]
    assert (panel.x.names, panel.y.names) == (("A", "B"), ("PCA", "t-SNE"))
    assert words(figure).count("50.0 %") == 3


def test_a_cloud_keeps_its_shape_and_is_thinned():
    points = cloud(0, 1000)
    dots = one(views["rectangles_latents"]({"PCA | A": points}, most=100), Dots)
    assert len(dots.x) == 100
    spread = points.points.max(axis=0) - points.points.min(axis=0)
    assert np.ptp(dots.x) / np.ptp(dots.y) == pytest.approx(spread[0] / spread[1], rel=0.4)
    assert np.abs(dots.x).max() <= 0.44 + 1e-9


def test_keys_without_row_and_column_are_refused():
    with pytest.raises(InputError, match=r"keys 'row \| column', got PCA"):
        views["rectangles_latents"]({"PCA": cloud(0)})
