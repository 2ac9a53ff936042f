"""With --json there is one JSON object also where a command fails, with the same exit code."""

import json
import sys

import pytest

from lamella import cli


def called(monkeypatch, capsys, *words):
    """Exit code, standard output and standard error of a command line."""
    monkeypatch.setattr(sys, "argv", ["lamella", *map(str, words)])
    with pytest.raises(SystemExit) as end:
        cli.main()
    return end.value.code, *capsys.readouterr()


FAILURES = {
    "no folder": (["runs", "nowhere"], 2, "no folder nowhere"),
    "no run": (["measure", "."], 1, "lamella measure wants run folders"),
    "no such option": (["runs", "--nothing"], 2, "No such option"),
    "no argument": (["export"], 2, "Missing argument"),
    "no such command": (["rums"], 2, "No such command"),
    "probe 0": (["record", "--model", "lenet5", "--data", "digits", "--out", "x", "--probe", "0"],
                1, "lamella record wants probe of at least 1, got 0"),
    "seed -1": (["record", "--model", "lenet5", "--data", "digits", "--out", "x", "--seed", "-1"],
                1, "lamella record wants seed of at least 0, got -1"),
    "a file of a library": (["anatomy", "timm:evil.py:f", "--input", "3x8x8"], 1, "timm:NAME"),
    "no such study": (["study", "sphere"], 1, "no study is called"),
}  # fmt: skip


@pytest.mark.parametrize(("words", "code", "said"), FAILURES.values(), ids=list(FAILURES))
def test_failures_are_json(monkeypatch, capsys, tmp_path, words, code, said):
    monkeypatch.chdir(tmp_path)
    plain, out, error = called(monkeypatch, capsys, *words)
    assert (plain, out) == (code, "")
    assert "Traceback" not in error
    asked, out, _ = called(monkeypatch, capsys, *words, "--json")
    told = json.loads(out)
    assert (asked, told["code"]) == (code, code)
    assert said in told["error"]


def test_a_fault_of_our_own_is_json_and_keeps_its_traceback(monkeypatch, capsys):
    def broken(**_):
        raise ZeroDivisionError("ours")

    monkeypatch.setattr(cli, "build_app", broken)
    monkeypatch.setattr(sys, "argv", ["lamella", "runs", "--json"])
    with pytest.raises(ZeroDivisionError):
        cli.main()
    assert json.loads(capsys.readouterr().out)["error"] == "ZeroDivisionError: ours"
