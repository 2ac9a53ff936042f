"""A recorded run of a small registered model."""

import torch

import lamella
from lamella.registry import models as models


def recorded(path, *, weights=True):
    """The folder of a run of a perceptron of two layers on six samples."""
    net = models["perceptron"]((4,), 3, widths=[8])
    probe = (torch.rand(6, 4), torch.arange(6) % 3)
    with lamella.record(path, net, {"train": probe}, weights=weights) as recorder:
        recorder.epoch()
    return path
