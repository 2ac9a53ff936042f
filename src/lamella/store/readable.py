"""Whether a run can be read, before somebody builds on it."""

from __future__ import annotations

from pathlib import Path

from lamella.errors import LamellaError
from lamella.results import unpack
from lamella.store.database import query
from lamella.store.layout import probe_path
from lamella.store.run import open_run


def trouble(path: Path, *, deep: bool = False) -> str:
    """Why a run cannot be read; nothing where it can.

    With `deep` every stored record is read too, as whoever tells a whole run has to.
    """
    try:
        run = open_run(path)
        _ = run.name, run.layers, run.splits, run.epochs, run.status, run.problems, run.cost
        for table in ("results", "scalars", "health"):
            query(path, f"SELECT count(*) FROM {table}")
        for probe in run.info["probes"]:
            if probe_path(run.path, probe).exists():
                _ = run.inputs(probe), run.ids(probe)
        if deep:
            for (record,) in query(path, "SELECT record FROM results"):
                unpack(record)
    except LamellaError as error:
        return str(error)
    return ""
