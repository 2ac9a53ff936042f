"""Examples of the views of anatomy."""

import numpy as np
from torch import nn

from lamella.anatomy.backpropagation import backpropagate
from lamella.anatomy.effective_fields import effective_receptive_field
from lamella.anatomy.layer_tables import layer_table
from lamella.anatomy.pooling import pool
from lamella.anatomy.receptive_fields import receptive_field
from lamella.anatomy.robust_losses import robust_loss_curve
from lamella.anatomy.sliding_kernels import sliding_kernel
from lamella.results import Table
from support.view_examples import example


@example
def anatomy_activations():
    x = np.linspace(-4, 4, 9)
    columns = {"activation": np.repeat(["relu", "identity"], 9), "input": np.tile(x, 2)}
    values = np.concatenate([np.maximum(x, 0), x])
    return Table({**columns, "value": values, "derivative": np.tile(x > 0, 2).astype(float)}), {}


@example
def anatomy_histograms():
    bins = np.linspace(-1, 1, 11)
    shares = np.stack([np.exp(-((bins * k) ** 2)) for k in (1, 2, 3, 4)])
    columns = {
        "group": np.repeat(["xavier", "kaiming"], 22),
        "layer": np.tile(np.repeat([1, 2], 11), 2),
        "centre": np.tile(bins, 4),
        "share": (shares / shares.sum(axis=1, keepdims=True)).ravel(),
        "deviation": np.repeat([0.5, 0.4, 0.3, 0.2], 11),
    }
    return Table(columns), {}


@example
def anatomy_backpropagation():
    return backpropagate("(x + y) * z", x=-2, y=5, z=-4), {}


@example
def anatomy_layers():
    net = nn.Sequential(nn.Conv2d(1, 6, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten())
    return layer_table(net, "1x9x8"), {}


@example
def anatomy_pooling():
    return pool([[4, 6, 1, 1], [1, 3, 1, 3], [4, 0, 0, 8], [8, 5, 4, 0]]), {}


@example
def anatomy_receptive_field():
    net = nn.Sequential(nn.Conv2d(1, 1, 3, padding=1), nn.Conv2d(1, 1, 5, 2, 2))
    place = (net, "1x12x12", "1")
    image = np.random.default_rng(0).random((12, 12))
    effective = effective_receptive_field(*place, unit=(0, 3))
    return receptive_field(*place, unit=(0, 3)), {"image": image, "effective": effective}


@example
def anatomy_robust_loss():
    return {"loss": robust_loss_curve(), "gradient": robust_loss_curve(gradient=True)}, {}


@example
def anatomy_sliding_kernel():
    return sliding_kernel(np.arange(56.0).reshape(7, 8), np.eye(3), stride=3), {}
