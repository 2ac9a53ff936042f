"""The command line as a person meets it."""

import json
import subprocess
import sys

import pytest
import typer
from typer.testing import CliRunner

from lamella import cli
from lamella.cli.options import command_of
from lamella.cli.output import plain
from lamella.cli.stopping import Stopped


def run(*arguments):
    return CliRunner().invoke(cli.build_app(), arguments)


def test_help_names_every_command_without_heavy_imports():
    code = (
        "import sys; from lamella import cli; from typer.testing import CliRunner;"
        "result = CliRunner().invoke(cli.build_app(), ['--help']);"
        "heavy = {'torch', 'plotly', 'numba', 'sklearn', 'pandas', 'scipy'} & set(sys.modules);"
        "print(result.exit_code, heavy or 'light')"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "0 light"


def test_importing_lamella_is_light():
    code = "import sys, lamella; print({'torch', 'plotly', 'numba', 'pandas'} & set(sys.modules))"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "set()"


def test_every_public_name_leads_somewhere():
    import lamella

    for name in dir(lamella):
        assert getattr(lamella, name) is not None
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = lamella.nothing


def test_version_and_module():
    from lamella import __version__

    assert run("--version").output.strip() == __version__
    found = subprocess.run(
        [sys.executable, "-m", "lamella", "--version"], capture_output=True, text=True, check=True
    )
    assert found.stdout.strip() == __version__


def test_studies_are_listed_with_what_they_show():
    listed = json.loads(run("study", "list", "--json").output)
    assert "bottleneck" in listed["spheres"]
    assert "spheres" in run("study", "list").output


def test_a_study_shows_its_options():
    found = run("study", "spheres", "--help")
    assert found.exit_code == 0
    for option in ("--seeds", "--dataset", "--out", "--json", "--resume"):
        assert option in found.output


def test_an_unknown_study_is_named_with_the_nearest():
    found = subprocess.run(
        [sys.executable, "-m", "lamella", "study", "sphere"], capture_output=True, text=True
    )
    assert found.returncode == 1
    assert found.stderr == "lamella: no study is called 'sphere'. Nearest: spheres.\n"
    assert found.stdout == ""


def test_the_doctor_says_what_is_there(monkeypatch, tmp_path):
    monkeypatch.setenv("LAMELLA_DATA", str(tmp_path))
    facts = json.loads(run("doctor", "--json").output)
    assert facts["packages"]["torch"]
    assert facts["cores"] >= 1
    assert facts["data"] == str(tmp_path)
    assert facts["data_exists"]
    assert "cores" in run("doctor").output


def test_a_command_has_an_option_for_each_keyword_of_a_study():
    from typing import Annotated

    seen = {}

    def counting(*, n: Annotated[int, "count up to this"] = 3, fast: bool = False) -> dict:
        """Count."""
        seen.update(n=n, fast=fast)
        return {"study": "counting", "seconds": 0.5, "report": "r.html", "nets": {"a": {"e": [1]}}}

    app = typer.Typer()
    app.command()(command_of(counting))
    result = CliRunner().invoke(app, ["--n", "5", "--fast", "--json"])
    assert json.loads(result.output)["nets"] == {"a": {"e": [1]}}
    assert seen == {"n": 5, "fast": True}
    assert "count up to this" in CliRunner().invoke(app, ["--help"]).output
    assert "a: e [1]" in CliRunner().invoke(app, []).output


def test_json_knows_no_infinity():
    assert plain({"a": float("inf"), "b": (1,)}) == {"a": None, "b": [1]}


@pytest.mark.parametrize(
    ("end", "words"),
    [(Stopped("stopped, 3 kept."), "stopped, 3 kept."), (SystemExit(130), "stopped.")],
)
def test_ctrl_c_ends_with_a_word_and_code_130(monkeypatch, capsys, end, words):
    def stop():
        raise end

    monkeypatch.setattr(cli, "build_app", lambda: stop)
    with pytest.raises(SystemExit) as found:
        cli.main()
    assert found.value.code == 130
    assert capsys.readouterr().err == f"\nlamella: {words}\n"


def test_a_study_that_is_stopped_says_how_to_go_on():
    def stopped(*, out: str = "runs/x", resume: bool = False) -> dict:
        """Never ends."""
        raise KeyboardInterrupt

    app = typer.Typer()
    app.command()(command_of(stopped))
    found = CliRunner().invoke(app, []).exception
    assert "kept in runs/x, and the same command with --resume goes on" in str(found)
    found = CliRunner().invoke(app, ["--resume"]).exception
    assert "the same command goes on" in str(found)


def test_errors_speak_of_the_command_not_of_the_function(tmp_path):
    command = [sys.executable, "-m", "lamella", "anatomy", "net.py", "--input", "3x8x8"]
    found = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path)
    assert found.returncode == 1
    assert found.stderr.startswith("lamella anatomy wants a registered name")
    assert "Write net.py:FACTORY" in found.stderr
    assert "--model" not in found.stderr
