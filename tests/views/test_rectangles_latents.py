import numpy as np
import pytest

from lamella.errors import InputError
from lamella.registry import views
from lamella.results import Embedding


def cloud(seed, count=30):
    points = np.random.default_rng(seed).normal(size=(count, 2)) * [3, 1] + 7
    names = ("class 1", "class 2", "class 3")
    return Embedding(points, np.arange(count) % 3, class_names=names, neighbours_kept=0.5)


def test_every_point_lies_in_its_cell_with_its_class():
    clouds = {"PCA | A": cloud(0), "PCA | B": cloud(1), "t-SNE | B": cloud(2)}
    figure = views["rectangles_latents"](clouds)
    trace = figure.data[0]
    x, y = np.array(trace.x), np.array(trace.y)
    assert len(x) == 90
    cells = np.column_stack([np.round(x), np.round(y + 0.04)])
    found, counts = np.unique(cells, axis=0, return_counts=True)
    assert found.tolist() == [[0, 0], [1, 0], [1, 1]]
    assert counts.tolist() == [30, 30, 30]
    assert np.bincount(trace.marker.color).tolist() == [30, 30, 30]
    assert figure.layout.xaxis.ticktext == ("A", "B")
    assert figure.layout.yaxis.ticktext == ("PCA", "t-SNE")
    assert [a.text for a in figure.layout.annotations] == ["50%"] * 3


def test_a_cloud_keeps_its_shape_and_is_thinned():
    points = cloud(0, 1000)
    figure = views["rectangles_latents"]({"PCA | A": points}, most=100)
    x, y = np.array(figure.data[0].x), np.array(figure.data[0].y)
    assert len(x) == 100
    spread = points.points.max(axis=0) - points.points.min(axis=0)
    assert np.ptp(x) / np.ptp(y) == pytest.approx(spread[0] / spread[1], rel=0.4)
    assert np.abs(x).max() <= 0.43 + 1e-9


def test_keys_without_row_and_column_are_refused():
    with pytest.raises(InputError, match=r"keys 'row \| column', got PCA"):
        views["rectangles_latents"]({"PCA": cloud(0)})
