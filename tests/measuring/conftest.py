"""The small run, and the fake measures for as long as a test needs them."""

import pytest
from support.small_run import CALLS, FACTS, FUNCTIONS, make_run

from lamella.registry import measures


@pytest.fixture(autouse=True)
def fakes():
    list(measures)
    measures._functions.update(FUNCTIONS)
    measures._facts.update(FACTS)
    CALLS.clear()
    yield CALLS
    for name in FUNCTIONS:
        del measures._functions[name], measures._facts[name]


@pytest.fixture
def run(tmp_path):
    return make_run(tmp_path / "run")
