"""A type checker understands a script that uses lamella: right calls are typed, wrong ones told."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

import lamella

SCRIPT = Path(__file__).parents[1] / "support" / "consumer.py"
ARRAY = "ndarray[tuple[Any, ...], dtype[Any]]"  # how NumPy itself spells an array
LINES = SCRIPT.read_text().splitlines()


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    """What pyright says of the script, by the number of its line."""
    pytest.importorskip("pyright")
    folder = tmp_path_factory.mktemp("pyright")
    settings = {
        "include": [SCRIPT.name],
        "extraPaths": [str(Path(lamella.__file__).parents[1])],
        "pythonVersion": "3.11",
        "typeCheckingMode": "basic",
    }
    (folder / SCRIPT.name).write_text(SCRIPT.read_text())
    (folder / "pyrightconfig.json").write_text(json.dumps(settings))
    command = [sys.executable, "-m", "pyright", "--outputjson", "-p", str(folder)]
    command += ["--pythonpath", sys.executable]
    done = subprocess.run(command, capture_output=True, text=True, timeout=600)
    if not done.stdout.lstrip().startswith("{"):
        pytest.skip(f"pyright does not run here: {(done.stderr or done.stdout)[-200:]}")
    found = {}
    for each in json.loads(done.stdout)["generalDiagnostics"]:
        line = each["range"]["start"]["line"] + 1
        found.setdefault(line, []).append((each["severity"], each["message"]))
    return found


def test_the_script_calls_many_public_functions():
    code = SCRIPT.read_text().partition("# Mistakes")[0]
    called = set(re.findall(r"\b(?:lamella|lens|run|diagrams|recorder)(?:\.\w+)+(?=\()", code))
    assert len(called) >= 30


def test_wrong_calls_are_reported_and_no_right_one(told):
    wrong = {number for number, line in enumerate(LINES, 1) if line.endswith("# wrong")}
    errors = {line for line, all_of in told.items() if any(s == "error" for s, _ in all_of)}
    assert {n: told.get(n) for n in errors - wrong} == {}
    assert [LINES[n - 1] for n in sorted(wrong - errors)] == []


def test_nothing_that_is_called_is_any(told):
    revealed = [n for n, line in enumerate(LINES, 1) if line.lstrip().startswith("reveal_type")]
    assert len(revealed) > 35
    for number in revealed:
        texts = [text for severity, text in told[number] if severity == "information"]
        assert texts, LINES[number - 1]
        text = texts[0].replace(ARRAY, "ndarray")
        assert not re.search(r"\b(Any|Unknown)\b", text), f"{LINES[number - 1]}: {texts[0]}"
