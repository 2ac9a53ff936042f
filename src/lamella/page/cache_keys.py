"""Cache keys of answers: the state of the files that each depends on."""

from __future__ import annotations

from collections.abc import Hashable
from pathlib import Path

from lamella.errors import LamellaError
from lamella.page.answers import FAMILIES
from lamella.store import Run
from lamella.store.layout import database_path, info_path
from lamella.subject.subject import Subject


def cache_key(subject: Subject, parts: tuple[str, ...]) -> Hashable:
    """The state of everything that an answer depends on."""
    family = FAMILIES.get(parts[0])
    if family is None:
        return None
    named = parts[1] if len(parts) > 1 else None
    runs = [run for net, runs in subject.nets.items() if named in (None, net) for run in runs]
    if family.fixed:
        return tuple(identity(run) for run in runs)
    return subject.story is None, subject.gone, tuple(content(run) for run in runs)


def identity(run: Run) -> Hashable:
    """Which recording lies in a folder; another one in its place was made at another time."""
    try:
        return str(run.path), run.info.get("created")
    except LamellaError:
        return str(run.path), None


def content(run: Run) -> Hashable:
    """What has been written so far, and whether it still is."""
    files = [info_path(run.path), run.path / "activations", database_path(run.path)]
    files.append(files[-1].with_name(files[-1].name + "-wal"))
    return identity(run), tuple(_state(path) for path in files), status_of(run)


def status_of(run: Run) -> str:
    """The status of a run; "gone" for one whose folder cannot be read any more."""
    try:
        return run.status
    except (LamellaError, OSError):
        return "gone"


def _state(path: Path) -> tuple[int, int]:
    try:
        found = path.stat()
    except OSError:
        return 0, 0
    return found.st_mtime_ns, found.st_size
