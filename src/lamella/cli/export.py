"""`lamella export`: a run in the formats of other programs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from lamella.cli.output import print_json


def command(
    run: Annotated[Path, typer.Argument(help="The run folder.", show_default=False)],
    format: Annotated[
        str, typer.Option(help="csv, parquet, projector (TensorBoard) or atlas (Embedding Atlas).")
    ] = "csv",
    out: Annotated[
        Path | None,
        typer.Option(help="The folder to write to.", show_default="RUN/export-FORMAT"),
    ] = None,
    layers: Annotated[str, typer.Option(help="The layers whose activations go, as a glob.")] = "*",
    epochs: Annotated[
        str | None,
        typer.Option(help="Epochs, as 0,4,50.", show_default="all; projector: the last"),
    ] = None,
    splits: Annotated[
        str | None, typer.Option(help="Splits, as train,test.", show_default="all probes")
    ] = None,
    activations: Annotated[
        bool, typer.Option("--activations", help="With csv and parquet: the activations too.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the files as JSON.")] = False,
) -> None:
    """Write a run's numbers and activations as CSV, Parquet, or for TensorBoard or Atlas."""
    from lamella.cli.readable import runs_below
    from lamella.errors import RunError
    from lamella.store import open_run
    from lamella.store.export import export_run

    runs_below(run)  # says so where it is a file, or nothing
    opened = open_run(run)
    folder = opened.path / f"export-{format}" if out is None else out
    try:
        files = export_run(
            opened,
            folder,
            format,
            layers=layers,
            epochs=whole_numbers(epochs),
            splits=tuple(s.strip() for s in splits.split(",")) if splits else None,
            activations=activations,
        )
    except OSError as error:
        raise RunError(
            f"lamella export wants a folder it can write to, got {folder}: "
            f"{error.strerror or error}. Choose another with --out, or make room."
        ) from error
    if as_json:
        print_json({"run": opened.path, "format": format, "files": files})
    else:
        print(f"{len(files)} files in {folder}")


def whole_numbers(text: str | None) -> tuple[int, ...] | None:
    """The epochs of a list with commas.

    >>> whole_numbers("0, 4,50")
    (0, 4, 50)
    """
    from lamella.errors import bad_input

    if text is None:
        return None
    try:
        return tuple(int(item) for item in text.split(","))
    except ValueError:
        raise bad_input(
            "--epochs", wanted="whole numbers with commas", got=repr(text), do="Write 0,4,50"
        ) from None
