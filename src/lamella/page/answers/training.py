"""`training/<net>`: what was logged, the sizes of weights and updates, what recording cost."""

from __future__ import annotations

from typing import Any

import numpy as np

from lamella.store import Run
from lamella.store.database import query
from lamella.subject.subject import Subject

SIZES = ("weight_norm", "gradient_norm", "update_norm")


def training(subject: Subject, net: str) -> dict[str, Any]:
    """Scalars of every seed on a common axis of epochs, health of the first seed, cost of each."""
    runs = subject.runs(net)
    logged = [query(run.path, "SELECT epoch, name, value FROM scalars") for run in runs]
    epochs = sorted({row[0] for rows in logged for row in rows})
    names = list(dict.fromkeys(row[1] for rows in logged for row in rows))
    values = np.full((len(runs), len(names), len(epochs)), np.nan, np.float32)
    places = {epoch: at for at, epoch in enumerate(epochs)}
    columns = {name: at for at, name in enumerate(names)}
    for seed, rows in enumerate(logged):
        for epoch, name, value in rows:
            values[seed, columns[name], places[epoch]] = np.nan if value is None else value
    return {
        "epochs": np.array(epochs, np.int32),
        "names": names,
        "values": values,
        "health": health(runs[0]),
        "cost": [run.cost for run in runs],
    }


def health(run: Run) -> dict[str, Any]:
    """Norms of each parameter, its gradient and its update: arrays of parameters x epochs."""
    rows = query(run.path, f"SELECT epoch, parameter, {', '.join(SIZES)} FROM health")
    epochs = sorted({row[0] for row in rows})
    names = list(dict.fromkeys(row[1] for row in rows))
    places = {epoch: at for at, epoch in enumerate(epochs)}
    lines = {name: at for at, name in enumerate(names)}
    norms = np.full((len(SIZES), len(names), len(epochs)), np.nan, np.float32)
    for epoch, name, *sizes in rows:
        norms[:, lines[name], places[epoch]] = [np.nan if s is None else s for s in sizes]
    found = dict(zip(SIZES, norms, strict=True))
    return {"parameters": names, "epochs": np.array(epochs, np.int32), **found}
