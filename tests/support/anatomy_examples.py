"""Examples of the views of anatomy."""

import numpy as np

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
