"""Imports point one way: along the data, from what comes in to what is shown."""

import ast
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[2] / "src" / "lamella"

# Each room may import from the rooms before it, and from its own.
ORDER = [
    {"errors", "seeds"},
    {"checks", "registry", "record_checks"},
    {"results"},
    {"story"},
    {"store"},
    {"datasets", "models"},
    {"training"},
    {"recording"},
    {"homology"},
    {"measures", "embeddings", "anatomy"},
    {"lens"},
    {"sweeping"},
    {"views"},
    {"page"},
    {"studies"},
    {"cli"},
]
RANK = {room: rank for rank, rooms in enumerate(ORDER) for room in rooms}


def room_of(path: Path) -> str:
    return path.relative_to(SOURCE).parts[0].removesuffix(".py")


def imported_rooms(path: Path) -> set[str]:
    rooms = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            rooms_only = [a.name for a in node.names if not a.name.startswith("__")]
            names = [base] if base != "lamella" else [f"lamella.{name}" for name in rooms_only]
        else:
            continue
        rooms |= {name.split(".")[1] for name in names if name.startswith("lamella.")}
    return rooms


FILES = [p for p in SOURCE.rglob("*.py") if p.parent != SOURCE or room_of(p) in RANK]


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(SOURCE)))
def test_imports_point_one_way(path):
    mine = room_of(path)
    for other in imported_rooms(path):
        assert other == mine or RANK[other] < RANK[mine], f"{mine} must not import {other}"


def test_every_room_has_a_place():
    top = {room_of(p) for p in SOURCE.rglob("*.py")} - {"__init__", "__main__"}
    assert top == set(RANK)
