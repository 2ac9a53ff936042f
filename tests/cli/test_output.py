"""What machines read is JSON that every parser takes."""

import json
from pathlib import Path

import numpy as np
import pytest

from lamella.cli.output import print_json


@pytest.mark.parametrize("odd", [float("nan"), float("inf"), -float("inf"), np.float32("nan")])
def test_numbers_that_json_lacks_become_null_wherever_they_are(capsys, odd):
    print_json({"a": odd, "b": [odd, 1.5], "c": {"d": (odd,)}, "e": np.array([odd, 2.0])})

    def refuse(constant):
        raise AssertionError(f"{constant} is no JSON")

    told = json.loads(capsys.readouterr().out, parse_constant=refuse)
    assert told == {"a": None, "b": [None, 1.5], "c": {"d": [None]}, "e": [None, 2.0]}


def test_arrays_paths_and_sets_are_plain(capsys):
    given = {1: np.arange(2), "path": Path("a/b"), "set": {3}, "flag": np.bool_(True), "ü": None}
    print_json(given)
    told = json.loads(capsys.readouterr().out)
    assert told == {"1": [0, 1], "path": "a/b", "set": [3], "flag": True, "ü": None}
