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
    from lamella.verbs.exporting import export

    files = export(
        run,
        format,
        out=out,
        layers=layers,
        epochs=whole_numbers(epochs),
        splits=tuple(s.strip() for s in splits.split(",")) if splits else None,
        activations=activations,
    )
    folder = run / f"export-{format}" if out is None else out
    if as_json:
        print_json({"run": run, "format": format, "files": files})
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
