"""run.json is checked once, by what the format says of it."""

import json
import os

import pytest
from support.stored_runs import write_run

from lamella import store
from lamella.errors import RunError


@pytest.fixture
def path(tmp_path):
    return write_run(tmp_path / "run", epochs=(0,))


def changed(path, **facts):
    info = json.loads((path / "run.json").read_text())
    (path / "run.json").write_text(json.dumps({**info, **facts}))
    return path


WRONG = {
    "no layers": ({"layers": None}, "wants layers as a list"),
    "odd layers": ({"layers": [3]}, "wants layers as a list"),
    "layer without a name": ({"layers": [{"type": "x"}]}, "wants layers with names"),
    "layer called input": ({"layers": [{"name": "input"}]}, "wants layers with names"),
    "twice a layer": ({"layers": [{"name": "a"}] * 2}, "wants layers of different names"),
    "huge shape": ({"layers": [{"name": "a", "shape": [2**40, 2**40]}]}, "with shapes"),
    "negative shape": ({"layers": [{"name": "a", "shape": [-1]}]}, "with shapes"),
    "probe upwards": (
        {"probes": {"x/../../../../pwned": {"samples": 1, "labels": False}}},
        "wants probes named by",
    ),
    "probe of dots": ({"probes": {"..": {"samples": 1, "labels": False}}}, "named by letters"),
    "probe called both": ({"probes": {"both": {"samples": 1, "labels": False}}}, "named by"),
    "probe of null": ({"probes": {"a": None}}, "wants probes as objects"),
    "samples as text": ({"probes": {"a": {"samples": "3", "labels": True}}}, "number of samples"),
    "status": ({"status": "finishdd"}, "wants status as one of running, finished"),
    "pid as a path": ({"process": {"pid": "../1", "host": "h"}}, "number of a process"),
    "huge pid": ({"process": {"pid": 2**40, "host": "h"}}, "number of a process"),
    "net of a list": ({"study": {"net": []}}, "with a name as net"),
    "study of a list": ({"study": []}, "wants study as an object"),
    "class names": ({"class_names": "ab"}, "wants class_names as a list"),
    "half a surrogate": ({"study": {"a": "\ud800"}}, "written as UTF-8"),
    "huge number": ({"seed": 10**30}, "at most 64 bits"),
    "name that moves the cursor": ({"name": "\x1b[2J"}, "a name on one line"),
    "seed": ({"seed": "x"}, "wants seed as a whole number"),
}


@pytest.mark.parametrize(("facts", "words"), WRONG.values(), ids=list(WRONG))
def test_what_cannot_be_is_refused_and_names_the_file(path, facts, words):
    with pytest.raises(
        RunError, match=rf"run\.json wants .*{words.partition('wants ')[2] or words}"
    ):
        store.open_run(changed(path, **facts))


def test_null_and_missing_facts_are_filled(path):
    run = store.open_run(changed(path, name=None, process=None, class_names=None))
    assert run.name == "run"
    assert run.status == "running"
    assert run.class_names == ("0", "1")
    assert run.info["model"] == {}
    assert run.info["probes"]["train"]["shape"] == []


@pytest.mark.parametrize("depth", [70, 900, 200_000])
def test_nested_lists_are_refused(path, depth):
    text = json.dumps({"format": "lamella run", "version": 1})[:-1]
    (path / "run.json").write_text(f'{text}, "study": {"[" * depth}{"]" * depth}}}')
    with pytest.raises(RunError, match="levels of lists"):
        store.open_run(path)


def test_a_file_that_is_none_is_refused_at_once(path):
    (path / "run.json").unlink()
    os.mkfifo(path / "run.json")
    with pytest.raises(RunError, match="is not a regular file"):
        store.open_run(path)
    (path / "run.json").unlink()
    (path / "run.json").symlink_to("/dev/zero")
    with pytest.raises(RunError, match="leads out of it"):
        store.open_run(path)


def test_a_huge_file_is_not_read(path):
    with open(path / "run.json", "r+b") as file:
        file.truncate(6_000_000_000)
    with pytest.raises(RunError, match=r"at most 8,000,000 bytes, got 6,000,000,000"):
        store.open_run(path)


def test_links_inside_a_run_are_followed_those_outside_are_not(path, tmp_path):
    real = path / "activations" / "000000"
    real.rename(path / "kept")
    real.symlink_to(path / "kept")
    assert store.open_run(path).epochs == (0,)
    real.unlink()
    (path / "kept").rename(tmp_path / "outside")
    real.symlink_to(tmp_path / "outside")
    run = store.open_run(path)
    assert run.epochs == ()
    with pytest.raises(RunError, match=r"leads out of it"):
        run.activations("fc1", 0, "test")
    (path / "activations").rename(tmp_path / "all")
    (path / "activations").symlink_to(tmp_path / "all")
    with pytest.raises(RunError, match=r"activations wants to lie inside"):
        store.open_run(path)


def test_a_run_that_went_says_so(path):
    run = store.open_run(path)
    (path / "run.json").unlink()
    with pytest.raises(RunError, match=r"no longer there .* it was moved or removed"):
        run.status
