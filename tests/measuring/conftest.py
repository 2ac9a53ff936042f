"""The small run, and the fake measures for as long as a test needs them."""

import pytest
from support.small_run import CALLS, FACTS, FUNCTIONS, make_run

from lamella.registry import measure


@pytest.fixture(autouse=True)
def fakes():
    list(measure)
    measure._functions.update(FUNCTIONS)
    measure._facts.update(FACTS)
    CALLS.clear()
    yield CALLS
    for name in FUNCTIONS:
        del measure._functions[name], measure._facts[name]


@pytest.fixture
def run(tmp_path):
    return make_run(tmp_path / "run")
