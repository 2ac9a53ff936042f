"""What `import lamella` offers: the same words everywhere, found by Tab, instantly."""

import ast
import importlib
import os
import subprocess
import sys
from pathlib import Path
from types import FunctionType, ModuleType

import pytest

import lamella
from lamella.registry import REGISTRIES

SHELVES = [(importlib.import_module(registry.package), registry) for registry in REGISTRIES]
VERBS = ("record", "train", "measure", "view", "report", "look", "export", "open_run")
ROOMS = ("anatomy", "embeddings", "lens")


def names(pairs):
    return [pair[0].__name__ for pair in pairs]


def run(code, path=()):
    source = str(Path(lamella.__file__).parents[1])
    env = {**os.environ, "PYTHONPATH": os.pathsep.join([source, *map(str, path)])}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=env)
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


def test_importing_lamella_loads_nothing_that_takes_time():
    heavy = ["torch", "numpy", "scipy", "sklearn", "numba", "plotly", "pandas", "typer"]
    code = f"import sys, lamella, lamella.cli; print(*[n for n in {heavy} if n in sys.modules])"
    assert run(code.replace(", lamella.cli", "")) == []
    assert "torch" not in run(code)


def test_every_public_name_is_there_and_no_other():
    assert dir(lamella) == sorted(lamella.__all__)
    for name in lamella.__all__:
        assert getattr(lamella, name) is not None
    with pytest.raises(AttributeError, match="no attribute 'sweep'"):
        lamella.sweep  # type: ignore[attr-defined]


def test_a_star_brings_the_verbs():
    code = "from lamella import *; print(*[v.__name__ for v in (record, measure, view, report)])"
    assert run(code) == ["record", "measure", "view", "report"]


def test_verbs_are_functions_with_a_docstring():
    for name in VERBS:
        verb = getattr(lamella, name)
        assert isinstance(verb, FunctionType)
        assert verb.__name__ == name
        assert verb.__doc__


def test_what_type_checkers_see_is_what_is_there():
    tree = ast.parse(Path(lamella.__file__).read_text())
    seen = {}
    for block in [n for n in tree.body if isinstance(n, ast.If)][:1]:
        for node in block.body:
            assert isinstance(node, ast.ImportFrom)
            seen |= {alias.name: node.module for alias in node.names}
    verbs = {n: f"lamella.{home}" for n, home in lamella._HOMES.items()}
    rooms = {n: "lamella" for n in lamella.__all__ if n not in (*verbs, "LamellaError")}
    assert seen == verbs | rooms


@pytest.mark.parametrize(("shelf", "registry"), SHELVES, ids=names(SHELVES))
def test_a_shelf_shows_its_functions_and_nothing_else(shelf, registry):
    assert dir(shelf) == list(registry) == shelf.__all__
    for name in dir(shelf):
        assert getattr(shelf, name) is registry[name]
        assert isinstance(getattr(shelf, name), FunctionType)
        assert getattr(shelf, name).__doc__
    with pytest.raises(AttributeError, match="has no"):
        shelf.nothing_of_that_name


@pytest.mark.parametrize(("shelf", "registry"), SHELVES, ids=names(SHELVES))
def test_a_name_is_the_function_whatever_was_imported_before(shelf, registry):
    for name, function in registry.items():
        module = importlib.import_module(function.__module__)
        setattr(shelf, module.__name__.rpartition(".")[2], module)  # as importlib does
        assert getattr(shelf, name) is function


def test_a_file_imported_first_does_not_hide_its_function():
    code = """
import lamella.measures.compactness.gdv, lamella.datasets.circle, lamella.views.barcode
import lamella
found = lamella.measures.gdv, lamella.datasets.circle, lamella.views.barcode
print(*[each.__name__ for each in found])
"""
    assert run(code) == ["gdv", "circle", "barcode"]


def test_functions_of_another_package_stand_on_the_same_shelf(tmp_path):
    info = tmp_path / "other-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: other\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[lamella.measures]\nnorms = other_norms\n")
    (tmp_path / "other_norms.py").write_text(
        "from lamella.registry import measures\n\n\n"
        "@measures.register(value='norm')\ndef norms(points):\n    'Norms.'\n"
    )
    code = """
import lamella
from lamella.registry import measures
print(lamella.measures.norms.__module__, "norms" in dir(lamella.measures))
print(measures["norms"].__doc__)
"""
    assert run(code, [tmp_path]) == ["other_norms", "True", "Norms."]


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_shows_public_functions_only(room):
    found = getattr(lamella, room)
    assert dir(found) == sorted(dir(found))
    for name in dir(found):
        assert not name.startswith("_")
        value = getattr(found, name)
        assert callable(value), f"{room}.{name} is {value!r}"
        assert not isinstance(value, ModuleType)
