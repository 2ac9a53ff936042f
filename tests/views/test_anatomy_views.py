"""The pictures of anatomy draw the data they are given."""

import numpy as np
import pytest
from support.drawn import marks, one, words
from torch import nn

from lamella.anatomy.activations import activation_table
from lamella.anatomy.backpropagation import backpropagate
from lamella.anatomy.effective_fields import effective_receptive_field
from lamella.anatomy.layer_tables import layer_table
from lamella.anatomy.pooling import pool
from lamella.anatomy.receptive_fields import receptive_field
from lamella.anatomy.robust_losses import robust_loss_curve
from lamella.anatomy.signals import histogram_table, signal_depth
from lamella.anatomy.sliding_kernels import sliding_kernel
from lamella.errors import InputError
from lamella.plots.marks import Band, Bars, Cells, Line, Segments, Text
from lamella.registry import views
from lamella.views.anatomy_backpropagation import placed
from lamella.views.anatomy_sliding_kernel import wrapped

IMAGE = np.arange(56.0).reshape(7, 8)


def texts(some):
    return [text for mark in some if isinstance(mark, Text) for text in mark.texts]


def test_every_frame_of_the_kernel_shows_its_sum_and_its_window():
    slide = sliding_kernel(IMAGE, np.eye(3), stride=2, padding=1)
    figure = views["anatomy_sliding_kernel"](slide)
    assert len(figure.frames) == len(slide.steps)
    for frame, step in zip(figure.frames, slide.steps, strict=True):
        assert step.text in "".join(texts(frame.marks)).replace("\n", " ")
        window = frame.marks[1]
        assert (window.x.min(), window.y.min()) == (step.column, step.row)
        assert (np.ptp(window.x), np.ptp(window.y)) == (3, 3)
    shown = figure.frames[-1].marks[0].texts
    assert [text for row in shown for text in row] == [f"{v:.4g}" for v in slide.output.flat]
    assert len(figure.plotly().layout.sliders[0].steps) == len(slide.steps)


def test_one_step_stands_alone_and_dropped_strips_are_shaded():
    slide = sliding_kernel(IMAGE, np.eye(3), stride=3)
    figure = views["anatomy_sliding_kernel"](slide, step=1)
    assert not figure.frames
    strips = marks(figure, Band)
    assert [(band.x.min(), band.low.min()) for band in strips] == [(0, 6), (6, 0)]
    assert "Sizes that fit: 6, 9" in figure.note


def test_long_sums_are_broken_before_plus_signs():
    assert " ".join(wrapped("1*2 + 3*4 + 5*6 = 44", 10)) == "1*2 + 3*4 + 5*6 = 44"


def test_pooling_fills_map_and_vector_together():
    pooled = pool([[4, 6, 1, 1], [1, 3, 1, 3], [4, 0, 0, 8], [8, 5, 4, 0]])
    figure = views["anatomy_pooling"](pooled)
    grid, line = figure.frames[1].marks[:2]
    np.testing.assert_array_equal(grid.values, [[6, 3], [np.nan, np.nan]])
    np.testing.assert_array_equal(line.values, [[6, 3, np.nan, np.nan]])
    assert views["anatomy_pooling"](pooled, step=3).frames == ()


def test_the_graph_shows_every_value_and_every_gradient_at_the_end():
    graph = backpropagate("(x + y) * z", x=-2, y=5, z=-4)
    shown = texts(views["anatomy_backpropagation"](graph, step=-1).panels[0].marks)
    for number in ("-2", "5", "3", "-4", "-12"):
        assert number in shown
    assert sorted(shown.count(g) for g in ("-4", "3")) == [2, 4]
    assert "before the first step" in words(views["anatomy_backpropagation"](graph, step=0))
    figure = views["anatomy_backpropagation"](graph)
    assert len(figure.frames) == len(graph.nodes) + len(graph.edges) + 2
    assert figure.shown == len(figure.frames) - 1


def test_nodes_never_lie_on_each_other():
    places = placed(backpropagate("sigmoid(a * b + c) * tanh(a + c * b)", a=1, b=2, c=3))
    for i, (x, y) in enumerate(places):
        for u, v in places[:i]:
            assert x != u or abs(y - v) >= 1


def test_fields_are_boxes_around_their_pixels():
    model = nn.Sequential(nn.Conv2d(1, 1, 3, padding=1), nn.Conv2d(1, 1, 5, 2, 2))
    field = receptive_field(model, "1x12x12", "1", unit=(0, 3))
    effective = effective_receptive_field(model, "1x12x12", "1", unit=(0, 3))
    image = np.random.default_rng(0).random((12, 12))
    figure = views["anatomy_receptive_field"](field, image, effective)
    whole, inside = marks(figure, Line)
    assert (whole.x.min(), whole.x.max(), whole.y.min(), whole.y.max()) == (2.5, 9.5, -3.5, 3.5)
    assert (inside.y.min(), inside.y.max()) == (-0.5, 3.5)
    glow = one(figure, Cells).values
    np.testing.assert_allclose(glow[~np.isnan(glow)] ** 2, effective.mass[~np.isnan(glow)])
    assert marks(views["anatomy_receptive_field"](field), Cells) == []


def test_bars_are_the_layers():
    table = layer_table(nn.Sequential(nn.Conv2d(1, 2, 3), nn.MaxPool2d(2)), "1x9x8")
    fine, warned = (m for m in views["anatomy_layers"](table).panels[0].marks[:2])
    assert isinstance(fine, Segments)
    assert (fine.x1.tolist(), fine.y.tolist()) == ([20], [0])
    assert (warned.x1.tolist(), warned.colour) == ([0], "bad")


def test_losses_side_by_side():
    curves = {"loss": robust_loss_curve(), "gradient": robust_loss_curve(gradient=True)}
    drawn = [line.y for line in marks(views["anatomy_robust_loss"](curves), Line)]
    np.testing.assert_allclose(drawn, np.vstack([c.y for c in curves.values()]))
    with pytest.raises(InputError, match="curves 'loss' and 'gradient', got loss"):
        views["anatomy_robust_loss"]({"loss": curves["loss"]})


def test_panels_of_activations_and_histograms_draw_their_rows():
    table = activation_table(("relu", "gelu"))
    lines = marks(views["anatomy_activations"](table), Line)
    np.testing.assert_allclose(lines[2].y, table.columns["value"][161:])
    signals = {"xavier": signal_depth("xavier", "tanh", width=40, depth=3)}
    bars = marks(views["anatomy_histograms"](histogram_table(signals)), Bars)
    assert len(bars) == 3
    share = signals["xavier"].histogram[1]
    heights = bars[1].base - bars[1].y
    np.testing.assert_allclose(heights / heights.max(), share / share.max())
