"""Every command and both forms of the page over runs that a stranger made to do harm.

Nothing of them runs, nothing outside of them is read or written, none takes more than 5 seconds or
500 MB, every refusal is lamella's own, and a healthy run beside them is served.
"""

import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
SOURCE = HERE.parents[1] / "src"
ENV = {**os.environ, "PYTHONPATH": str(SOURCE), "OMP_NUM_THREADS": "1"}
WHOLE = ("runs", "verify", "export", "measure", "look", "report", "view")
LEAST = 150  # hostile runs
SECONDS, MEGABYTES = 5, 500


def corpus():
    """The script beside this file as a module."""
    spec = importlib.util.spec_from_file_location("hostile_corpus", HERE / "corpus.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def snapshot(folder):
    """Every file outside of the runs, with what is in it."""
    kept = {}
    for place in ("outside", "working"):
        for path in sorted((folder / place).rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                kept[str(path)] = path.read_bytes()
    return kept


def driven(folder, command, kind=""):
    """How each case ended, and the most memory of all."""
    results = folder / f"{command}.json"
    words = [sys.executable, HERE / "drive.py", folder, command, results, kind]
    done = subprocess.run([*map(str, words)], env=ENV, capture_output=True, text=True, timeout=280)
    assert done.returncode == 0, done.stderr[-2000:]
    found = json.loads(results.read_text())
    return found["cases"], found["megabytes"]


@pytest.mark.parametrize(
    ("command", "kind"),
    [*((name, "") for name in WHOLE), ("export-inside", "file"), ("projector", "file")],
)
def test_no_hostile_run_does_harm(command, kind, tmp_path):
    names = corpus().build(tmp_path)
    assert len(names) >= LEAST
    before = snapshot(tmp_path)
    there = set(os.listdir(tmp_path)) | {"out", f"{command}.json"}
    cases, megabytes = driven(tmp_path, command, kind)
    assert len(cases) == sum(name.startswith(kind) for name in names)
    raised = {n: c for n, c in cases.items() if c["kind"] not in ("", "refused", "ended")}
    assert raised == {}
    assert {n: c["refused"] for n, c in cases.items() if c["refused"]} == {}
    assert {n: c["seconds"] for n, c in cases.items() if c["seconds"] > SECONDS} == {}
    assert {n for n, c in cases.items() if c["kind"] == "refused" and len(c["said"]) < 20} == set()
    assert megabytes < MEGABYTES
    assert snapshot(tmp_path) == before
    assert set(os.listdir(tmp_path)) <= there


def test_the_corpus_is_the_same_each_time(tmp_path):
    made = corpus()
    assert made.build(tmp_path / "a", step=9) == made.build(tmp_path / "b", step=9)
    for name in ("flip-00", "header-03", "json-09"):
        one, two = (tmp_path / side / "runs" / name for side in "ab")
        if one.exists():
            tensors = "activations/000001/test.safetensors"
            assert (one / tensors).read_bytes() == (two / tensors).read_bytes()


def test_the_healthy_run_beside_them_is_served(tmp_path):
    corpus().build(tmp_path, step=5)
    runs = tmp_path / "runs"

    def called(*words):
        command = [sys.executable, "-m", "lamella", *map(str, words), "--json"]
        done = subprocess.run(
            command, env=ENV, cwd=tmp_path / "working", capture_output=True, text=True, timeout=120
        )
        assert "Traceback" not in done.stderr, done.stderr[-2000:]
        return done.returncode, json.loads(done.stdout)

    code, listed = called("runs", runs)
    states = {Path(row["path"]).name: row["status"] for row in listed["runs"]}
    assert (code, states["healthy"]) == (0, "finished")
    assert "unreadable" in states.values()
    code, measured = called("measure", runs, "--measures", "neighbour_error", "--jobs", 1)
    assert code == 1
    assert "healthy" in {Path(report["run"]).name for report in measured["runs"]}
    code, report = called("report", runs, "--measures", "none", "-o", tmp_path / "out.html")
    assert code == 1
    assert any("healthy" in net for net in report["nets"])
    code, checked = called("verify", runs)
    assert code == 1
    assert not next(r for r in checked["runs"] if r["path"].endswith("healthy"))["damages"]
    assert not (tmp_path / "outside" / "executed").exists()
