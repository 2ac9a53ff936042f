"""Where one net loses what the other keeps: worked cells."""

from types import SimpleNamespace

import numpy as np
import pytest

from lamella.narrative.lost_samples import find_losses, first_lost_epoch, first_lost_layer
from lamella.results import Table


def fake_run(wrong: dict[tuple[str, int], np.ndarray]):
    """A run with layers a, b, c, epochs 0 and 1, and these wrong samples; none elsewhere."""

    def record(name, layer, epoch, split):
        assert (name, split) == ("wrong_neighbours", "test")
        return Table({"wrong": wrong.get((layer, epoch), np.zeros(40))})

    return SimpleNamespace(layers=("a", "b", "c"), epochs=(0, 1), record=record)


SOME = (np.arange(40) < 20).astype(float)
FEW = (np.arange(40) < 2).astype(float)


def test_a_loss_is_found_where_it_begins():
    good = fake_run({})
    bad = fake_run({("b", 1): SOME, ("c", 1): SOME, ("c", 0): SOME, ("a", 1): FEW})
    losses = find_losses([good], [bad])
    at = {(loss.layer, loss.epoch): loss for loss in losses}
    assert at["b", 1].only_bad == 20
    assert at["b", 1].bad == 50
    assert at["b", 1].p == pytest.approx(2**-19 * 7)  # 2 / 2^20, seven cells with the input
    assert at["a", 1].p == 1
    assert first_lost_layer(losses, 1) == "b"
    assert first_lost_layer(losses, 0) == "c"
    assert first_lost_epoch(losses, "b") == 1
    assert first_lost_epoch(losses, "c") == 0


def test_a_layer_that_recovers_is_not_where_it_begins():
    bad = fake_run({("a", 1): SOME, ("c", 1): SOME})
    assert first_lost_layer(find_losses([fake_run({})], [bad]), 1) == "c"


def test_nothing_is_lost_between_equal_nets():
    losses = find_losses([fake_run({})], [fake_run({})])
    assert first_lost_layer(losses, 1) is None
    assert not any(loss.lost for loss in losses)


def test_a_loss_must_show_in_every_seed():
    good = [fake_run({}), fake_run({("c", 1): FEW})]
    bad = [fake_run({("c", 1): SOME}), fake_run({})]
    losses = find_losses(good, bad)
    cell = next(loss for loss in losses if (loss.layer, loss.epoch) == ("c", 1))
    assert cell.p < 0.01
    assert not cell.lost
    assert first_lost_layer(losses, 1) is None
