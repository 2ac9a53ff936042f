"""Imports point one way: along the data, from what comes in to what is shown."""

import ast
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[2] / "src" / "lamella"

# Each room may import from the rooms before it, and from its own.
ORDER = [
    {"errors", "seeds", "arrays", "in_brief"},
    {"checks", "registry", "record_checks"},
    {"results"},
    {"story"},
    {"store"},
    {"data", "networks"},
    {"datasets", "models"},
    {"training"},
    {"recording"},
    {"homology"},
    {"embeddings", "anatomy", "geometry"},
    {"measures"},
    {"lens"},
    {"measuring"},
    {"plots"},
    {"views"},
    {"subject"},
    {"narrative"},
    {"page"},
    {"verbs"},
    {"experiments"},
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


def name_of(path: Path) -> str:
    parts = path.relative_to(SOURCE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imported_files(tree: ast.Module, known: set[str]) -> set[str]:
    """The files among `known` that a file imports anywhere, late or for its types too."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            files = [f"{node.module}.{alias.name}" for alias in node.names]
            found |= {file if file in known else node.module for file in files}
    return found & known


def circle_in(sources: dict[str, str]) -> list[str]:
    """The files of a circle of imports, the first again at the end; empty if there is none."""
    imports = {
        name: imported_files(ast.parse(text), set(sources)) - {name}
        for name, text in sources.items()
    }
    try:
        TopologicalSorter(imports).prepare()
    except CycleError as error:
        return error.args[1]
    return []


def test_no_circle_of_imports_inside_rooms_either():
    # An import inside a function hides a circle from Python, not from who reads the two files.
    paths = [path for path in SOURCE.rglob("*.py") if path != SOURCE / "__init__.py"]  # the door
    sources = {name_of(path): path.read_text() for path in paths}
    assert circle_in(sources) == []


@pytest.mark.parametrize(
    "back", ["from a.one import f", "def g():\n    import a.one", "from a import one"]
)
def test_a_circle_is_seen_however_it_is_imported(back):
    found = circle_in({"a": "", "a.one": "from a.two import g", "a.two": back})
    assert set(found) == {"a.one", "a.two"}
    assert circle_in({"a": "", "a.one": "from a.two import g", "a.two": "import b"}) == []


# A folder of plug-ins holds plug-ins only: whatever they share has a room of its own.
PLUG_INS = {
    "datasets": SOURCE / "datasets",
    "models": SOURCE / "models",
    **{f"measures/{f.name}": f for f in (SOURCE / "measures").iterdir() if f.is_dir()},
    "views": SOURCE / "views",
    "studies": SOURCE / "studies",
}
PLUG_INS = {name: folder for name, folder in PLUG_INS.items() if folder.name != "__pycache__"}


def registered(path: Path, registry: str) -> list[str]:
    """The functions that a file puts on a registry."""
    found = []
    for node in ast.parse(path.read_text()).body:
        marks = node.decorator_list if isinstance(node, ast.FunctionDef) else []
        if any(ast.unparse(mark).startswith(f"{registry}.register") for mark in marks):
            found.append(node.name)
    return found


@pytest.mark.parametrize("place", PLUG_INS)
def test_plug_in_folders_hold_plug_ins_only(place):
    """Each file or folder registers what it is called, and nothing lies beside."""
    folder, registry = PLUG_INS[place], place.split("/")[0]
    entries = [
        p for p in folder.iterdir() if p.name not in ("__init__.py", "__init__.pyi", "__pycache__")
    ]
    assert entries
    for entry in entries:
        file = entry / "__init__.py" if entry.is_dir() else entry
        assert entry.stem in registered(file, registry), f"{entry} is no {registry}"
    assert not registered(folder / "__init__.py", registry)


def test_measures_stand_in_rooms():
    files = [p.name for p in (SOURCE / "measures").glob("*.py")]
    assert files == ["__init__.py"]
