"""The runs that a person names: those that can be read, and what is wrong with the others."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from lamella.errors import RunError
from lamella.store import Run, find_runs, trouble

GivenRun = Run | Path | str


class RunWarning(UserWarning):
    """A run was left out, or could not be measured; the others are shown."""


def paths_of(runs: Iterable[GivenRun]) -> list[Path]:
    """The folders of runs, or the folders that hold runs, as paths."""
    return [run.path if isinstance(run, Run) else Path(run) for run in runs]


def runs_below(path: Path) -> list[Path]:
    """The run folders in and below a path, none where there are none yet.

    Raises RunError for a path that does not exist, or that is a file other than run.json.
    """
    if not path.exists():
        raise RunError(f"there is no folder {path}. List runs with: lamella runs FOLDER.")
    if path.is_dir():
        return find_runs(path)
    if path.name != "run.json":
        raise RunError(
            f"{path} is a file, not a run. Give the folder of a run, or one that holds runs; "
            "list them with: lamella runs FOLDER."
        )
    return [path.parent]


def sorted_out(paths: Iterable[Path], *, deep: bool = False) -> tuple[list[Path], dict[Path, str]]:
    """The run folders below the paths that can be read, and the others with what is wrong.

    With `deep` also every record of theirs can be read.
    """
    folders = dict.fromkeys(run for path in paths for run in runs_below(path))
    damaged = {run: why for run in folders if (why := trouble(run, deep=deep))}
    return [run for run in folders if run not in damaged], damaged


def refuse_if_all(readable: Sequence[Path], damaged: Mapping[Path, str]) -> None:
    """RunError with the reasons where no run is left."""
    if damaged and not readable:
        raise RunError("\n".join(damaged.values()))


def readable_runs(runs: Iterable[GivenRun]) -> list[Path]:
    """The folders of the runs that can be read; a RunWarning names each of the others.

    Raises RunError for a path that does not exist, and where none of the runs can be read.
    """
    readable, damaged = sorted_out(paths_of(runs))
    refuse_if_all(readable, damaged)
    for path, why in damaged.items():
        warnings.warn(f"left out {path}: {why}", RunWarning, stacklevel=3)
    return readable
