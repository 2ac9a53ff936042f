"""The room as a whole: what it shows, what it imports, what its files agree on."""

import ast
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

import pytest

import lamella.homology
from lamella.homology import warm_up
from lamella.homology.kernels import compiled_files

ROOM = Path(lamella.homology.__file__).parent
FILES = sorted(ROOM.rglob("*.py"))


def test_warm_up_says_how_long_it_took():
    assert 0 < warm_up(1) < 600


def kernels_in(path):
    for node in ast.parse(path.read_text()).body:
        marks = map(ast.unparse, getattr(node, "decorator_list", []))
        if any(mark.startswith("kernel") for mark in marks):
            yield node


def test_only_public_names_are_shown():
    assert dir(lamella.homology) == sorted(lamella.homology.__all__)
    for name in lamella.homology.__all__:
        assert callable(getattr(lamella.homology, name))
    with pytest.raises(AttributeError, match="no attribute 'homologie'"):
        lamella.homology.homologie


def test_importing_the_room_is_light():
    code = "import sys, lamella.homology; print('numba' in sys.modules, 'torch' in sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.split() == ["False", "False"]


def test_diagrams_need_no_torch():
    code = (
        "import sys; sys.modules['torch'] = None\n"
        "from lamella.homology import homology\n"
        "print(len(homology([[0.0], [1.0]]).bars(0)))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.split() == ["2"]


def test_a_constant_has_one_value_wherever_it_is():
    values = defaultdict(set)
    for path in FILES:
        for node in ast.parse(path.read_text()).body:
            if isinstance(node, ast.Assign):
                for name, value in constants_of(node.targets[0], node.value):
                    values[name].add(value)
    assert {name: found for name, found in values.items() if len(found) > 1} == {}


def constants_of(target, value):
    if isinstance(target, ast.Tuple):
        for one, its in zip(target.elts, value.elts, strict=True):
            yield from constants_of(one, its)
    elif target.id.isupper():
        yield target.id, ast.unparse(value)


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOM)))
def test_every_kernel_says_what_it_takes_and_renews_the_compiled_code(path):
    kernels = list(kernels_in(path))
    assert not kernels or path in set(compiled_files())
    for node in kernels:
        arguments = node.args.args
        assert all(a.annotation for a in arguments), f"{node.name} wants dtype and shape"
        assert len(arguments) <= 8, f"{node.name} wants a record"
