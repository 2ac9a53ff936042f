"""Of several processes, one records: the first to come, or the first of its group."""

import os
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
import torch
from support.recorded_nets import perceptron, probes

import lamella
from lamella.errors import RunError
from lamella.recording.ranks import rank

TESTS = Path(__file__).parents[1]
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(Path(lamella.__file__).parents[1])}


def start(*what, **environment):
    command = [sys.executable, "-m", "support.several_writers", *map(str, what)]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    return subprocess.Popen(command, **pipes, cwd=TESTS, env=ENVIRONMENT | environment)


def said(processes):
    both = [process.communicate(timeout=120) for process in processes]
    assert all(process.returncode == 0 for process in processes), both
    return [out.strip() for out, _ in both]


def test_four_processes_at_once_on_a_new_folder(tmp_path):
    at = time.time() + 8
    answers = said([start(tmp_path / "run", "race", at) for _ in range(4)])
    recorded = [a for a in answers if a.startswith("recorded")]
    refused = [a for a in answers if a.startswith("refused")]
    assert (len(recorded), len(refused)) == (1, 3)
    assert all("is recording" in a or "holds a run" in a for a in refused)
    run, value = lamella.open_run(tmp_path / "run"), float(recorded[0].split()[1])
    assert (run.status, run.epochs, run.problems) == ("finished", (0, 1, 2), ())
    assert run.scalars().loss.tolist() == [value] * 3
    assert all((np.array(run.weights(e)["0.weight"]) == value).all() for e in run.epochs)


@pytest.mark.skipif(not torch.distributed.is_available(), reason="needs torch.distributed")
def test_the_first_of_a_process_group_records_and_the_others_do_nothing(tmp_path):
    group = {"WORLD_SIZE": "2", "MASTER_ADDR": "localhost", "MASTER_PORT": "29511"}
    processes = [
        start(tmp_path / "run", "rank", tmp_path / "s", RANK=str(r), **group) for r in (0, 1)
    ]
    assert said(processes) == ["0 3 3 [] True", "1 0 3 [] False"]
    run = lamella.open_run(tmp_path / "run")
    assert (run.status, run.epochs, run.problems) == ("finished", (0, 1, 2), ())
    assert run.scalars().loss.tolist() == [0.0, 0.0]


def test_ranks_are_known_before_there_is_a_group(monkeypatch):
    for name in ("WORLD_SIZE", "RANK", "LOCAL_RANK"):
        monkeypatch.delenv(name, raising=False)
    assert rank() == 0
    monkeypatch.setenv("RANK", "3")
    assert rank() == 0
    monkeypatch.setenv("WORLD_SIZE", "4")
    assert rank() == 3


@pytest.mark.parametrize("options", [{}, {"overwrite": True}, {"resume": True}])
def test_a_run_under_an_open_recorder_is_left_alone(tmp_path, options):
    with lamella.record(tmp_path / "run", perceptron(), probes()) as recorder:
        recorder.epoch(loss=1.0)
        with pytest.raises(RunError, match=r"another recorder of this process .* recorder\.close"):
            lamella.record(tmp_path / "run", perceptron(), probes(), **options)
        recorder.epoch(loss=2.0)
    run = lamella.open_run(tmp_path / "run")
    assert (run.epochs, run.scalars().loss.tolist()) == ((0, 1), [1.0, 2.0])
    assert not list(run.path.glob(".*"))
