import os
import signal
import subprocess
import sys
import time

import pytest
import torch

from lamella.errors import TrainingError
from lamella.registry import datasets, models
from lamella.training import train
from lamella.training.checkpoints import check_keys, listed, read


def small():
    return datasets["circle"](train_size=256, test_size=64)


def net(**options):
    return models["perceptron"]((2,), 2, **{"widths": (16,), "dropout": 0.2} | options)


def losses(epochs):
    return [(e.epoch, e.train_loss, e.test_loss) for e in epochs]


@pytest.mark.parametrize("optimiser", ["adam", "nadam", "sgd"])
def test_resumed_training_is_the_training_that_was_never_stopped(tmp_path, optimiser):
    options = {"epochs": 6, "optimiser": optimiser, "schedule": "one_cycle"}
    whole = net(batch_norm=True)
    expected = losses(train(whole, small(), **options))
    path = tmp_path / "deep" / "checkpoint.safetensors"
    first = train(net(batch_norm=True), small(), **options, checkpoint=path)
    seen = losses(next(first) for _ in range(4))  # the fourth epoch is never dealt with
    first.close()
    resumed = net(seed=9, batch_norm=True)
    rest = losses(train(resumed, small(), **options, checkpoint=path, resume=True))
    assert seen[:3] + rest == expected
    for mine, theirs in zip(
        resumed.state_dict().values(), whole.state_dict().values(), strict=True
    ):
        assert torch.equal(mine, theirs)
    assert losses(train(net(), small(), **options, checkpoint=tmp_path / "none", resume=True))


def test_a_finished_training_has_nothing_to_resume(tmp_path):
    path = tmp_path / "c"
    list(train(net(), small(), epochs=2, checkpoint=path))
    assert list(train(net(), small(), epochs=2, checkpoint=path, resume=True)) == []
    assert [e.epoch for e in train(net(), small(), epochs=3, checkpoint=path, resume=True)] == [3]


def test_an_early_stop_is_remembered(tmp_path):
    flat = lambda logits, labels: logits.sum() * 0  # noqa: E731
    options = {"epochs": 9, "loss": flat, "early_stop": 3, "checkpoint": tmp_path / "c"}
    first = train(net(), small(), **options)
    for _ in range(3):
        next(first)
    first.close()
    rest = train(net(), small(), **options, resume=True)
    assert [e.epoch for e in rest] == [2, 3]
    assert list(train(net(), small(), **options, resume=True)) == []


def test_other_arguments_are_refused_by_name(tmp_path):
    path = tmp_path / "c"
    list(train(net(), small(), epochs=1, checkpoint=path))
    with pytest.raises(TrainingError, match=r"batch_size 128 there, 64 here"):
        list(train(net(), small(), epochs=2, batch_size=64, checkpoint=path, resume=True))


def test_weights_that_do_not_fit_are_listed(tmp_path):
    path = tmp_path / "c"
    list(train(net(), small(), epochs=1, checkpoint=path))
    with pytest.raises(TrainingError) as raised:
        list(train(net(widths=(8, 8)), small(), epochs=2, checkpoint=path, resume=True))
    text = str(raised.value)
    assert "Missing: fc2.bias, fc2.weight." in text
    assert "Unexpected: none." in text
    assert "fc1.weight (16, 2) for (8, 2)" in text


@pytest.mark.parametrize("damage", [b"", b"not a checkpoint", None])
def test_damaged_checkpoints_are_named(tmp_path, damage):
    path = tmp_path / "c"
    list(train(net(), small(), epochs=1, checkpoint=path))
    path.write_bytes(path.read_bytes()[:-10] if damage is None else damage)
    with pytest.raises(TrainingError, match=r"c cannot be read.*resume=True"):
        list(train(net(), small(), epochs=2, checkpoint=path, resume=True))


LOOP = """
import sys
from lamella.registry import models
from lamella.registry import datasets
from lamella.training import train
made = datasets["circle"](train_size=64, test_size=8)
net = models["perceptron"]((2,), 2, widths=(4,))
for epoch in train(net, made, epochs=10**6, checkpoint=sys.argv[1], resume=True):
    if epoch.epoch == 1: print("going", flush=True)
"""


def test_a_killed_training_leaves_a_whole_checkpoint(tmp_path):
    path = tmp_path / "c"
    process = subprocess.Popen(
        [sys.executable, "-c", LOOP, str(path)], stdout=subprocess.PIPE, text=True
    )
    with process:
        try:
            assert process.stdout.readline().strip() == "going"
            for _ in range(200):  # look at it while it is written again and again
                assert "facts" in read(path)[1]
                time.sleep(0.001)
        finally:  # else a failure above would wait for a training without end
            process.send_signal(signal.SIGKILL)
    assert read(path)[0]["model/fc1.weight"].shape == (4, 2)


def test_long_lists_are_cut():
    assert listed([str(n) for n in range(11)]) == "0, 1, 2, 3, 4, 5, 6, 7 and 3 more"
    check_keys(net(), dict(net().state_dict()), "same")


def test_a_checkpoint_has_its_name_only_when_it_is_on_the_disk(tmp_path, monkeypatch):
    synced, sync, path = [], os.fsync, tmp_path / "c"

    def watched(descriptor):
        parts = [part.stat().st_size for part in tmp_path.glob(".*")]
        synced.append((path.exists(), parts, os.fstat(descriptor).st_size))
        sync(descriptor)

    monkeypatch.setattr(os, "fsync", watched)
    epochs = train(net(), small(), epochs=0, checkpoint=path)
    assert len(list(epochs)) == 1
    size = path.stat().st_size
    assert synced == [(False, [size], size)]
