"""Whether a run can be read, before somebody builds on it."""

from __future__ import annotations

from pathlib import Path

from lamella.errors import LamellaError
from lamella.store.database import query
from lamella.store.run import open_run


def trouble(path: Path) -> str:
    """Why a run cannot be read; nothing where it can."""
    try:
        run = open_run(path)
        _ = run.name, run.layers, run.splits, run.epochs, run.status
        query(path, "SELECT count(*) FROM results")
    except LamellaError as error:
        return str(error)
    return ""
