"""The runs that a command is given: those that can be read, and what is wrong with the others."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from lamella.cli.output import warn
from lamella.errors import RunError


def runs_below(path: Path) -> list[Path]:
    """The run folders in and below a path, none where there are none yet.

    Raises RunError for a path that does not exist, or that is a file other than run.json.
    """
    from lamella.store import find_runs

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
    from lamella.store import trouble

    damaged = {run: why for run in folders if (why := trouble(run, deep=deep))}
    return [run for run in folders if run not in damaged], damaged


def refuse_if_all(readable: Sequence[Path], damaged: Mapping[Path, str]) -> None:
    """RunError with the reasons where no run is left."""
    if damaged and not readable:
        raise RunError("\n".join(damaged.values()))


def tell_damaged(damaged: Mapping[Path, str]) -> None:
    """Name the runs that were left out, one to a line of standard error."""
    for path, why in damaged.items():
        warn(f"left out {path}: {why}")
