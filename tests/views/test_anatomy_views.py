"""The pictures of anatomy draw the data they are given."""

import numpy as np
import pytest
import torch
from torch import nn

import lamella
from lamella.anatomy.activations import activation_table
from lamella.anatomy.backpropagation import backpropagate
from lamella.anatomy.effective_fields import effective_receptive_field
from lamella.anatomy.layer_tables import layer_table
from lamella.anatomy.pooling import pool
from lamella.anatomy.receptive_fields import receptive_field
from lamella.anatomy.robust_losses import robust_loss_curve
from lamella.anatomy.signals import histogram_table, signal_depth
from lamella.anatomy.sliding_kernels import sliding_kernel
from lamella.views.anatomy_backpropagation import anatomy_backpropagation, placed
from lamella.views.anatomy_layers import anatomy_layers
from lamella.views.anatomy_pooling import anatomy_pooling
from lamella.views.anatomy_receptive_field import anatomy_receptive_field
from lamella.views.anatomy_robust_loss import anatomy_robust_loss
from lamella.views.anatomy_sliding_kernel import anatomy_sliding_kernel, wrapped

IMAGE = np.arange(56.0).reshape(7, 8)


def texts(traces):
    return [t for trace in traces if trace.text is not None for t in trace.text]


def test_every_frame_of_the_kernel_shows_its_sum_and_its_window():
    slide = sliding_kernel(IMAGE, np.eye(3), stride=2, padding=1)
    figure = anatomy_sliding_kernel(slide)
    assert len(figure.frames) == len(slide.steps) == len(figure.layout.sliders[0].steps)
    for frame, step in zip(figure.frames, slide.steps, strict=True):
        assert step.text in "".join(texts(frame.data)).replace("<br>", " ")
        window = frame.data[2]
        assert (min(window.x), min(window.y)) == (step.column, step.row)
        assert (max(window.x) - min(window.x), max(window.y) - min(window.y)) == (3, 3)
    assert texts(figure.frames[-1].data[:2]) == [f"{v:.4g}" for v in slide.output.flat]


def test_one_step_stands_alone_and_dropped_strips_are_struck_out():
    slide = sliding_kernel(IMAGE, np.eye(3), stride=3)
    figure = anatomy_sliding_kernel(slide, step=1)
    assert not figure.frames
    struck = [t for t in figure.data if t.type == "scatter" and t.fill == "toself"]
    assert [(min(t.x), min(t.y)) for t in struck] == [(0, 6), (6, 0)]
    assert "Sizes that fit: 6, 9" in figure.layout.title.text


def test_long_sums_are_broken_before_plus_signs():
    assert " ".join(wrapped("1*2 + 3*4 + 5*6 = 44", 10)) == "1*2 + 3*4 + 5*6 = 44"


def test_pooling_fills_map_and_vector_together():
    pooled = pool([[4, 6, 1, 1], [1, 3, 1, 3], [4, 0, 0, 8], [8, 5, 4, 0]])
    figure = anatomy_pooling(pooled)
    grid, line = figure.frames[1].data[0], figure.frames[1].data[2]
    assert [list(row) for row in grid.z] == [[6, 3], [None, None]]
    assert [list(row) for row in line.z] == [[6, 3, None, None]]
    assert len(anatomy_pooling(pooled, step=3).frames) == 0


def test_the_graph_shows_every_value_and_every_gradient_at_the_end():
    graph = backpropagate("(x + y) * z", x=-2, y=5, z=-4)
    shown = texts(anatomy_backpropagation(graph, step=-1).data)
    for number in ("-2", "5", "3", "-4", "-12"):
        assert number in shown
    assert sorted(shown.count(g) for g in ("-4", "3")) == [2, 4]
    start = texts(anatomy_backpropagation(graph, step=0).data)
    assert "before the first step" in start
    figure = anatomy_backpropagation(graph)
    assert len(figure.frames) == len(graph.nodes) + len(graph.edges) + 2


def test_nodes_never_lie_on_each_other():
    places = placed(backpropagate("sigmoid(a * b + c) * tanh(a + c * b)", a=1, b=2, c=3))
    for i, (x, y) in enumerate(places):
        for u, v in places[:i]:
            assert x != u or abs(y - v) >= 1


def test_fields_are_boxes_around_their_pixels():
    model = nn.Sequential(nn.Conv2d(1, 1, 3, padding=1), nn.Conv2d(1, 1, 5, 2, 2))
    field = receptive_field(model, "1x12x12", "1", unit=(0, 3))
    effective = effective_receptive_field(model, "1x12x12", "1", unit=(0, 3))
    figure = anatomy_receptive_field(field, np.random.default_rng(0).random((12, 12)), effective)
    whole, inside = figure.data[-2:]
    assert (min(whole.x), max(whole.x), min(whole.y), max(whole.y)) == (2.5, 9.5, -3.5, 3.5)
    assert (min(inside.y), max(inside.y)) == (-0.5, 3.5)
    assert anatomy_receptive_field(field).data[0].z[0][0] == 0.5


def test_bars_are_the_layers():
    table = layer_table(nn.Sequential(nn.Conv2d(1, 2, 3), nn.MaxPool2d(2)), "1x9x8")
    figure = anatomy_layers(table)
    assert list(figure.data[0].x) == [20, 0]
    assert figure.data[0].marker.color[0] != figure.data[0].marker.color[1]


def test_losses_side_by_side():
    curves = robust_loss_curve(), robust_loss_curve(gradient=True)
    figure = anatomy_robust_loss(*curves)
    np.testing.assert_allclose([t.y for t in figure.data], np.vstack([c.y for c in curves]))


def test_panels_of_activations_and_histograms_draw_their_rows():
    table = activation_table(("relu", "gelu"))
    figure = lamella.views.anatomy_activations(table)
    np.testing.assert_allclose(figure.data[2].y, table.columns["value"][161:])
    signals = {"xavier": signal_depth("xavier", "tanh", width=40, depth=3)}
    figure = lamella.views.anatomy_histograms(histogram_table(signals))
    assert len(figure.data) == 3
    share = signals["xavier"].histogram[1]
    np.testing.assert_allclose(figure.data[1].y, share / share.max())


@pytest.mark.parametrize("step", range(0, 9, 4))
def test_figures_are_json(step):
    graph = backpropagate("(x + y) * z", x=-2, y=5, z=-4)
    assert anatomy_backpropagation(graph, step=step).to_json()
    assert torch.is_grad_enabled()
