"""Making, refusing, replacing and taking up run folders."""

import json
import subprocess
import sys

import pytest
from support.stored_runs import info, write_run

from lamella import store
from lamella.errors import RunError
from lamella.store.create import read_info, write_info
from lamella.store.process import is_alive, process_start, this_process


def test_a_new_run_says_what_it_is(tmp_path):
    store.create_run(tmp_path / "wide", info(seed=3))
    facts = read_info(tmp_path / "wide")
    assert (facts["format"], facts["version"], facts["name"]) == ("lamella run", 1, "wide")
    assert (facts["status"], facts["seed"]) == ("running", 3)


def test_an_existing_run_is_refused_then_replaced(tmp_path):
    write_run(tmp_path)
    (tmp_path / "report.html").write_text("mine")
    with pytest.raises(RunError, match=r"which holds a run\. Pass overwrite=True"):
        store.create_run(tmp_path, info())
    assert store.open_run(tmp_path).epochs == (0, 1, 10)
    store.create_run(tmp_path, info(), overwrite=True)
    assert store.open_run(tmp_path).epochs == ()
    assert store.open_run(tmp_path).scalars().empty
    assert (tmp_path / "report.html").read_text() == "mine"


@pytest.mark.parametrize("options", [{}, {"overwrite": True}, {"resume": True}])
def test_files_of_others_are_never_touched(tmp_path, options):
    (tmp_path / "weights").mkdir()
    (tmp_path / "weights" / "mine.bin").write_text("mine")
    with pytest.raises(RunError, match=r"free for weights, got .* Choose another folder"):
        store.create_run(tmp_path, info(), **options)
    assert (tmp_path / "weights" / "mine.bin").read_text() == "mine"
    assert not (tmp_path / "run.json").exists()


def test_resuming_keeps_everything_and_needs_no_run(tmp_path):
    store.create_run(tmp_path, info(), resume=True)
    write_run_parts(tmp_path)
    store.create_run(tmp_path, info(seed=9), resume=True)
    assert store.open_run(tmp_path).epochs == (0,)
    assert "seed" not in read_info(tmp_path)


def write_run_parts(path):
    from support.stored_runs import write_epoch

    write_epoch(path, 0)
    write_info(path, {**read_info(path), "status": "finished"})


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ({"layers": [{"name": "fc1"}, {"name": "fc2"}]}, "layers .* head then, fc2 now"),
        ({"layers": []}, "layers"),
        ({"probes": {"train": {}}}, "probes .*samples: 3 then, None now"),
        ({"dtype": "float16"}, None),
    ],
)
def test_resuming_another_recording_is_refused(tmp_path, change, text):
    store.create_run(tmp_path, info())
    if text is None:  # a field that the old run does not have
        store.create_run(tmp_path, info(**change), resume=True)
        return
    with pytest.raises(RunError, match=text):
        store.create_run(tmp_path, {**info(), **change}, resume=True)


def test_a_run_that_is_being_recorded_is_left_alone(tmp_path):
    write_run(tmp_path)
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as other:
        process = {**this_process(), "pid": other.pid, "started": process_start(other.pid)}
        write_info(tmp_path, {**read_info(tmp_path), "process": process})
        assert store.open_run(tmp_path).status == "running"
        for option in ("overwrite", "resume"):
            with pytest.raises(RunError, match=f"process {other.pid} is recording"):
                store.create_run(tmp_path, info(), **{option: True})
        other.kill()
    assert store.open_run(tmp_path).status == "killed"
    store.create_run(tmp_path, info(), resume=True)
    assert store.open_run(tmp_path).epochs == (0, 1, 10)


def test_processes():
    mine = this_process()
    assert is_alive(mine)
    assert is_alive({**mine, "host": "elsewhere", "pid": 1 << 22})
    assert not is_alive({**mine, "pid": (1 << 22) + 1, "started": None})
    if mine["started"]:
        assert not is_alive({**mine, "started": "1"})  # the number was given to another process


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "cannot be read"),
        ("[]", "not of a lamella run"),
        (json.dumps({"format": "other"}), "not of a lamella run"),
        (
            json.dumps({"format": "lamella run", "version": 2}),
            r"version 2, .* versions 1 to 1\. Up",
        ),
        (json.dumps({"format": "lamella run"}), "version None"),
    ],
)
def test_unknown_and_damaged_runs_are_refused_but_may_be_replaced(tmp_path, text, message):
    (tmp_path / "run.json").write_text(text)
    with pytest.raises(RunError, match=message):
        store.open_run(tmp_path)
    with pytest.raises(RunError, match=message):
        store.create_run(tmp_path, info(), resume=True)
    store.create_run(tmp_path, info(), overwrite=True)
    assert store.open_run(tmp_path).layers == ("fc1", "head")
