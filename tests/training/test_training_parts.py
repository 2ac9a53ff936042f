"""Schedules, augmentations, losses, evaluation and the progress bar, one by one."""

import io

import numpy as np
import pytest
import torch

from lamella.errors import InputError
from lamella.registry import datasets, models
from lamella.training import Epoch, evaluate, predict, progress
from lamella.training.augment import crop, find_augmentations, flip
from lamella.training.feed import make_feed
from lamella.training.losses import LOSSES
from lamella.training.schedules import SCHEDULES


@pytest.mark.parametrize("name", sorted(SCHEDULES))
def test_schedules_stay_within_zero_and_one(name):
    values = [SCHEDULES[name](done) for done in np.linspace(0, 1, 101)]
    assert min(values) >= 0
    assert max(values) <= 1 + 1e-12


def test_one_cycle_is_that_of_torch():
    layer = torch.nn.Linear(1, 1)
    optimiser = torch.optim.SGD(layer.parameters(), lr=0.1, momentum=0.9)
    theirs = torch.optim.lr_scheduler.OneCycleLR(optimiser, 0.1, total_steps=1000)
    for step in range(1000):
        mine = 0.1 * SCHEDULES["one_cycle"](step / 1000)
        assert optimiser.param_groups[0]["lr"] == pytest.approx(mine, abs=6e-4)
        optimiser.step()
        theirs.step() if step < 999 else None


def test_steps_fall_by_ten():
    assert [SCHEDULES["steps"](x) for x in (0.4, 0.6, 0.8)] == pytest.approx([1, 0.1, 0.01])


def images(count=64):
    return torch.rand(count, 3, 6, 5, generator=torch.Generator().manual_seed(0))


def test_flip_mirrors_about_half():
    before, after = images(), flip(images(), torch.Generator().manual_seed(1))
    mirrored = [torch.equal(a, b.flip(2)) for a, b in zip(after, before, strict=True)]
    same = [torch.equal(a, b) for a, b in zip(after, before, strict=True)]
    assert sum(mirrored) + sum(same) == 64
    assert 20 < sum(mirrored) < 44


def test_crop_moves_whole_images():
    """Slow twin: each result is one of the 81 windows of its padded image."""
    before, after = images(8), crop(images(8), torch.Generator().manual_seed(1))
    padded = np.pad(before.numpy(), ((0, 0), (0, 0), (4, 4), (4, 4)), mode="edge")
    moves = set()
    for one, wide in zip(after.numpy(), padded, strict=True):
        found = [
            (y, x)
            for y in range(9)
            for x in range(9)
            if np.array_equal(one, wide[:, y : y + 6, x : x + 5])
        ]
        assert len(found) == 1
        moves.add(found[0])
    assert len(moves) > 3


def test_augmentation_wants_images():
    with pytest.raises(InputError, match="images of shape channels x height x width"):
        find_augmentations(["flip"], (12,))


def test_losses_by_hand():
    logits, labels = torch.tensor([[2.0, 0.0], [0.0, 0.0]]), torch.tensor([0, 1])
    log = np.log(1 + np.exp(-2.0))
    assert LOSSES["cross_entropy"](logits, labels).item() == pytest.approx((log + np.log(2)) / 2)
    assert LOSSES["squared_error"](logits, labels).item() == pytest.approx((1 + 0 + 0 + 1) / 4)
    assert LOSSES["hinge"](logits, labels).item() == pytest.approx(0.25)
    smooth = 0.95 * log + 0.05 * (2 + log)
    assert LOSSES["smoothed"](logits, labels).item() == pytest.approx((smooth + np.log(2)) / 2)


def test_evaluation_leaves_modes_alone_and_does_not_depend_on_the_batch():
    made = datasets["digits"](train_size=200, test_size=101)
    mine = models["perceptron"]((1, 8, 8), 10, dropout=0.5, batch_norm=True).train()
    mine.norm1.eval()
    first = evaluate(mine, made.test, batch_size=1000)
    assert evaluate(mine, made.test, batch_size=7) == pytest.approx(first)
    assert mine.training
    assert mine.drop1.training
    assert not mine.norm1.training
    logits = predict(mine, made.test.inputs, batch_size=13)
    assert logits.shape == (101, 10)
    assert (logits.argmax(1) == made.test.labels).mean() == pytest.approx(first[1])


def test_channels_last_feed_has_the_same_samples():
    made = datasets["digits"](train_size=50, test_size=10)
    feeds = [make_feed(made.train, torch.device("cpu"), last, "") for last in (False, True)]
    rows = torch.tensor([3, 1])
    assert torch.equal(feeds[0].take(rows)[0], feeds[1].take(rows)[0])
    batches = [feeds[1].shuffled(16, torch.Generator().manual_seed(0)) for _ in range(2)]
    seen = torch.cat([labels for _, labels in batches[0]])
    assert torch.equal(seen.sort().values, feeds[0].labels.sort().values)


EPOCHS = [Epoch(n, 0.5, 0.6, 0.9, 0.8, 1e-3, 0.1) for n in range(3)]


def test_progress_is_silent_away_from_a_terminal(capsys):
    assert list(progress(EPOCHS, 2, "wide")) == EPOCHS
    assert capsys.readouterr() == ("", "")


def test_progress_shows_epoch_and_losses(monkeypatch):
    text = io.StringIO()
    monkeypatch.setattr("sys.stderr", text)
    monkeypatch.setenv("COLUMNS", "140")
    assert list(progress(EPOCHS, 2, "wide", show=True)) == EPOCHS
    shown = text.getvalue()
    assert "wide" in shown
    assert "epoch 2/2" in shown
    assert "loss 0.500 train, 0.600 test; error 20.00 %" in shown
