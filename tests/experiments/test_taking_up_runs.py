"""When an experiment takes a run that is there as it is, goes on with it, or refuses it."""

from types import SimpleNamespace

import pytest
from support.some_runs import write_run

from lamella import store
from lamella.errors import RunError
from lamella.experiments.recorded_training import finished_run

FACTS = {"net": "wide", "epochs": 3, "training": {"learning_rate": 0.1}, "sizes": (1, 2)}
RESUME = SimpleNamespace(resume=True, overwrite=False)


@pytest.fixture
def path(tmp_path):
    return write_run(tmp_path / "run", study=FACTS).path


def test_a_finished_run_of_the_same_arguments_is_taken(path):
    run = finished_run(path, FACTS, RESUME)
    assert run is not None
    assert run.path == path


@pytest.mark.parametrize(
    "changed",
    [{"net": "bottleneck"}, {"epochs": 4}, {"training": {"learning_rate": 0.2}}, {"new": 1}],
)
def test_a_run_of_other_arguments_is_refused_by_their_name(path, changed):
    (name,) = changed
    with pytest.raises(RunError, match=rf"recorded with other arguments \({name}\)"):
        finished_run(path, FACTS | changed, RESUME)


def test_an_unfinished_run_is_work_to_do(path):
    store.write_info(path, {**store.read_info(path), "status": "stopped"})
    assert finished_run(path, FACTS, RESUME) is None


def test_nothing_is_taken_or_replaced_unasked(path, tmp_path):
    with pytest.raises(RunError, match="holds a run already"):
        finished_run(path, FACTS, SimpleNamespace(resume=False, overwrite=False))
    assert finished_run(path, FACTS, SimpleNamespace(resume=False, overwrite=True)) is None
    assert finished_run(tmp_path / "new", FACTS, RESUME) is None
