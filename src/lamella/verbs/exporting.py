"""A run in the formats of other programs."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from lamella.errors import RunError
from lamella.store import Run, open_run
from lamella.store.export import export_run
from lamella.verbs.given_runs import GivenRun, runs_below


def export(
    run: GivenRun,
    format: str = "csv",
    *,
    out: str | os.PathLike[str] | None = None,
    layers: str = "*",
    epochs: Sequence[int] | None = None,
    splits: Sequence[str] | None = None,
    activations: bool = False,
) -> list[Path]:
    """Write a run to a folder in the format of other programs, and return the files.

    `format` is "csv", "parquet", "projector" (TensorBoard) or "atlas" (Embedding Atlas); `out` is
    RUN/export-FORMAT unless given. `layers` is a glob, `epochs` and `splits` are all unless given,
    for the projector the last epoch. With `activations` CSV and Parquet hold those too. Raises
    UnknownName for a format, layer or split, RunError for a folder that cannot be written to.
    """
    if not isinstance(run, Run):
        runs_below(Path(run))  # says so where it is a file, or nothing
        run = open_run(run)
    folder = run.path / f"export-{format}" if out is None else Path(out)
    try:
        return export_run(
            run,
            folder,
            format,
            layers=layers,
            epochs=None if epochs is None else tuple(epochs),
            splits=None if splits is None else tuple(splits),
            activations=activations,
        )
    except OSError as error:
        raise RunError(
            f"export() wants a folder it can write to, got {folder}: "
            f"{error.strerror or error}. Choose another, or make room."
        ) from error
