"""The network that a run names: built only where nothing but lamella and its libraries runs."""

import json
import time

import pytest
from support.lens_runs import recorded

from lamella.errors import LamellaError, RunError
from lamella.lens.networks import MOST_PARTS, built_as_told, few_parts, input_shape, network_of
from lamella.registry import models as models
from lamella.store import open_run

EVIL = "open('executed', 'w')\ndef f(): import torch; return torch.nn.Linear(2, 2)\n"


def told(path, **facts):
    """The run with other facts of a study in its run.json."""
    info = json.loads((path / "run.json").read_text())
    (path / "run.json").write_text(json.dumps({**info, "study": facts}))
    return open_run(path)


@pytest.mark.parametrize(
    "name",
    [
        *("timm:evil.py:f", "timm:evil:f", "torchvision:evil.py:f", "evil.py:f", "evil:f"),
        *("timm:hf-hub:evil/model", "timm:local-dir:.", "os:getcwd", "timm:../evil"),
    ],
)
def test_no_file_and_no_module_runs_because_a_run_names_it(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    (tmp_path / "evil.py").write_text(EVIL)
    with pytest.raises(LamellaError):
        network_of(told(recorded(tmp_path / "run"), model=name))
    assert not (tmp_path / "executed").exists()


@pytest.mark.parametrize(
    "options",
    [
        {"widths": [10**12]},
        {"widths": [8] * 100_000},
        {"widths": "many"},
        {"no_such": 1},
        {"dropout": {"a": 1}},
        {"seed": 1e400},
    ],
    ids=["large", "deep", "words", "unknown", "dropout", "infinite"],
)
def test_a_model_that_a_run_swells_is_refused_before_it_is_built(options, tmp_path):
    run = told(recorded(tmp_path / "run"), net="perceptron", options=options)
    begun = time.monotonic()
    with pytest.raises(RunError, match=r"Pass"):
        built_as_told(run)
    assert time.monotonic() - begun < 5


def test_too_many_parts_are_named():
    with (
        pytest.raises(RunError, match=rf"at most {MOST_PARTS:,} modules and parameters"),
        few_parts(),
    ):
        models["perceptron"]((2,), 2, widths=[2] * MOST_PARTS)


def test_a_run_without_weights_may_name_a_small_model_only(tmp_path):
    path = recorded(tmp_path / "run", weights=False)
    assert built_as_told(told(path, net="perceptron", options={"widths": [8]}))
    with pytest.raises(RunError, match=r"stores no weights to compare"):
        built_as_told(told(path, net="perceptron", options={"widths": [20_000, 20_000]}))


def test_a_run_that_says_too_little_is_told_so(tmp_path):
    run = told(recorded(tmp_path / "run"), net="perceptron")
    with pytest.raises(RunError, match=r"do not fit the model that it names"):
        built_as_told(run)
    info = json.loads((run.path / "run.json").read_text())
    info["probes"]["train"].pop("shape")
    (run.path / "run.json").write_text(json.dumps(info))
    assert input_shape(open_run(run.path)) == (4,)  # as the samples are stored
