"""Sanity checks: what they must notice, and what is known to fail them."""

import numpy as np
import pytest
import torch
from support.image_nets import Reused, pictures, plain, seeded
from torch import nn

from lamella import lens
from lamella.errors import UnknownName
from lamella.lens.sanity_checks import cascade, rank_correlation


def test_cascade_randomises_from_the_last_layer_down_and_leaves_the_model():
    net = plain()
    before = {k: v.clone() for k, v in net.state_dict().items()}
    names = [name for name, _ in cascade(net)]
    assert names == ["7", "4", "3", "0"]
    for k, (_, other) in enumerate(cascade(net)):
        moved = {
            n
            for n in ("7", "4", "3", "0")
            if not torch.equal(other.get_parameter(f"{n}.weight"), net.get_parameter(f"{n}.weight"))
        }
        assert moved == set(names[: k + 1])
    assert all(torch.equal(before[k], v) for k, v in net.state_dict().items())


def test_gradients_change_with_the_weights_and_a_map_of_the_image_alone_does_not(monkeypatch):
    net, images = plain(), pictures(4)
    found = lens.sanity_checks(net, images, methods=["saliency", "smooth_grad"]).frame()
    assert found.groupby("method").changed.last().saliency
    assert len(found) == 8
    from lamella.lens import sanity_checks

    assert callable(sanity_checks)
    edges = lambda model, batch, target: np.abs(np.diff(batch, axis=2))  # noqa: E731
    import sys

    module = sys.modules["lamella.lens.sanity_checks"]
    monkeypatch.setitem(module.METHODS, "edges", edges)
    monkeypatch.setitem(module.SIGNED, "edges", edges)
    edge = lens.sanity_checks(net, images, methods=["edges"]).frame()
    assert not edge.changed.any()
    assert (edge.signed_correlation == 1).all()


def test_methods_that_do_not_hold_say_so():
    found = lens.sanity_checks(plain(nn.Tanh), pictures(1), methods=["guided_backprop"]).frame()
    assert "ReLU" in found.refused[0]
    assert np.isnan(found.rank_correlation[0])
    with pytest.raises(UnknownName):
        lens.sanity_checks(plain(), pictures(1), methods=["gided"])


def test_pictures_have_a_row_for_each_method():
    shown = lens.sanity_pictures(seeded(Reused()), pictures(1)[0], most=3)
    assert shown.columns == 3
    assert len(shown.pixels) == 9
    assert shown.captions[:2] == ("saliency", "head")


def test_rank_correlation_agrees_with_scipy():
    from scipy.stats import spearmanr

    one, other = pictures(1)[0], pictures(1, seed=1)[0]
    pairs = zip(one, other, strict=True)
    byhand = np.mean([spearmanr(a.ravel(), b.ravel()).statistic for a, b in pairs])
    assert rank_correlation(one, other) == pytest.approx(byhand)
    assert rank_correlation(one, np.zeros_like(one)) == 0
