"""What the page shows: runs by net, and how many of their samples make up a cloud."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lamella.errors import RunError, unknown_name
from lamella.store import Run, find_runs, open_run
from lamella.story import Story
from lamella.subject.cache import Cache

POINTS = 1000
MEMORY = 200_000_000  # bytes of projections remembered
SEED_FOLDER = re.compile(r"(seed|launch|run)[-_ ]?\d+$")


@dataclass(frozen=True, eq=False)
class Subject:
    """Runs by net: those of one net differ in their seed only.

    `points` is the greatest number of samples in a cloud, `story` what a study says of the runs.
    `gone` are the folders of runs that were there when the page was opened and are no longer.
    `cache` keeps what several answers need.
    """

    nets: Mapping[str, tuple[Run, ...]]
    title: str = ""
    points: int = POINTS
    story: Story | None = None
    live: bool = False
    gone: tuple[str, ...] = ()
    cache: Cache = field(default_factory=lambda: Cache(MEMORY))

    def runs(self, net: str) -> tuple[Run, ...]:
        """The runs of a net, one for each seed; UnknownName where there is no such net."""
        if net not in self.nets:
            raise unknown_name("net", net, self.nets)
        return self.nets[net]

    def run(self, net: str, seed: int) -> Run:
        """The run of a net at a position among its seeds."""
        runs = self.runs(net)
        if not 0 <= seed < len(runs):
            raise unknown_name(f"seed of {net}", str(seed), map(str, range(len(runs))))
        return runs[seed]


def gather(paths: Sequence[Path | str]) -> dict[str, tuple[Run, ...]]:
    """The runs in or below folders, by net; runs that differ only in their seed are one net.

    A net is called as its study calls it; where two are called the same, by their folders.
    Raises RunError for a folder that is not there; a folder without runs gives none.
    """
    for path in map(Path, paths):
        if not path.exists():
            raise RunError(
                f"lamella wants folders that exist, got {path}. "
                "List runs with: lamella runs FOLDER."
            )
    folders = dict.fromkeys(f.absolute() for path in paths for f in _folders(Path(path)))
    groups: dict[Path, list[Run]] = {}
    for folder in folders:
        groups.setdefault(_place(folder), []).append(open_run(folder))
    return {name: tuple(groups[place]) for place, name in _names(groups).items()}


def epochs_of(runs: Sequence[Run]) -> tuple[int, ...]:
    """All epochs that any of the runs recorded."""
    return tuple(sorted({epoch for run in runs for epoch in run.epochs}))


def data_of(run: Run) -> str:
    """A text that is the same for runs with the same probes."""
    probes: Mapping[str, Any] = run.info["probes"]
    return " ".join(f"{name}:{facts.get('fingerprint', '')}" for name, facts in probes.items())


def _folders(path: Path) -> list[Path]:
    if path.is_dir():
        return find_runs(path)
    return [path.parent]  # run.json itself


def _place(folder: Path) -> Path:
    return folder.parent if SEED_FOLDER.match(folder.name) else folder


def _names(groups: Mapping[Path, Sequence[Run]]) -> dict[Path, str]:
    """Each group's name: its study's, its runs', or else its folder's, whichever is its own."""
    first = {place: _given_name(place, runs) for place, runs in groups.items()}
    names = list(first.values())
    root = _common(list(groups))
    return {
        place: name if names.count(name) == 1 else _with_folder(name, place.relative_to(root))
        for place, name in first.items()
    }


def _with_folder(name: str, folder: Path) -> str:
    return str(folder) if folder.parts[:1] == (name,) else f"{name}/{folder}"


def _given_name(place: Path, runs: Sequence[Run]) -> str:
    study = runs[0].info.get("study")
    named = study.get("net") if isinstance(study, Mapping) else None
    if named or SEED_FOLDER.match(runs[0].name):
        return str(named or place.name)
    return re.sub(r", (seed|launch) \d+$", "", runs[0].name)


def _common(places: Sequence[Path]) -> Path:
    parents = [set(place.parents) for place in places]
    return max(set.intersection(*parents), key=lambda p: len(p.parts)) if parents else Path("/")
