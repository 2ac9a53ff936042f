"""kill -9 at any moment leaves a run that opens, with every ended epoch, and can be resumed."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from support.recorded_nets import perceptron, probes

import lamella
from lamella.store.create import read_info

KILLS, TESTS = 32, Path(__file__).parents[1]
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(Path(lamella.__file__).parents[1])}


def loop(folder, kills, seed):
    command = [sys.executable, "-m", "support.killed_loop", str(folder), str(kills), str(seed)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=TESTS, env=ENVIRONMENT)


@pytest.mark.skipif(not hasattr(__import__("os"), "fork"), reason="needs fork")
def test_killed_at_random_moments(tmp_path):
    folder, ended, lives = tmp_path / "run", 0, 0
    with loop(folder, KILLS, 0) as process:
        for line in process.stdout:  # read while the next child already writes
            ended += int(line)
            lives += 1
            if not (folder / "run.json").exists():
                assert ended == 0
                continue
            check_readable(folder, ended)
    assert process.returncode == 0
    assert lives == KILLS
    assert ended > KILLS
    run = lamella.open_run(folder)
    assert run.status == "killed"
    check_readable(folder, ended)
    finish(folder, run.last_epoch)


def check_readable(folder, ended):
    run = lamella.open_run(folder)
    assert run.last_epoch + 1 >= ended
    epochs = run.epochs
    assert epochs[:ended] == tuple(range(ended))
    assert run.scalars().epoch.tolist()[:ended] == list(range(ended))
    for epoch in {*epochs[:2], *epochs[-3:]}:
        assert run.weights(epoch)["0.weight"].min() == epoch
        for split in ("train", "both"):
            for layer in run.layers:
                assert np.isfinite(run.activations(layer, epoch, split)).all()


def finish(folder, last):
    """The next run goes on where the killed one ended, and leaves no rests."""
    with lamella.record(
        folder, perceptron(), probes(), moments=lamella.every(1), resume=True
    ) as recorder:
        assert recorder.next_epoch == last + 1
        recorder.epoch(loss=last + 1)
    run = lamella.open_run(folder)
    assert run.finished
    assert run.epochs == tuple(range(last + 2))
    assert not list(folder.rglob("*.part"))
    assert read_info(folder)["status"] == "finished"
