"""Tests stand in folders named as the rooms they test, and find their helpers by one path."""

import re
import tomllib
from pathlib import Path

import lamella

TESTS, SOURCE = Path(__file__).parents[1], Path(lamella.__file__).parent
OTHERS = {"browser", "contracts", "hostile", "mutants", "support"}


def folders(place):
    return {p.name for p in place.iterdir() if p.is_dir() and not p.name.startswith((".", "__"))}


def test_every_room_has_a_folder_of_tests_and_no_other_folder_is_there():
    rooms = {name for name in folders(SOURCE) if (SOURCE / name / "__init__.py").exists()}
    assert folders(TESTS) - OTHERS == rooms
    for room in rooms:
        assert list((TESTS / room).rglob("test_*.py")), f"no test in tests/{room}"


def test_helpers_are_found_by_one_path_and_no_trick():
    project = tomllib.loads((TESTS.parent / "pyproject.toml").read_text())
    assert project["tool"]["pytest"]["ini_options"]["pythonpath"] == ["tests"]
    trick = re.compile(r"sys\.path\.(insert|append|extend)")
    assert [p for p in TESTS.rglob("*.py") if trick.search(p.read_text())] == []


def test_helpers_are_in_the_support_package_alone():
    beside = [
        path.relative_to(TESTS).as_posix()
        for path in TESTS.rglob("*.py")
        if not path.name.startswith("test_") and path.name not in ("conftest.py", "__init__.py")
        if path.relative_to(TESTS).parts[0] not in ("support", "mutants", "hostile")
    ]
    assert beside == []
