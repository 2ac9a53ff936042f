"""`lamella report`: the page about runs as one file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from lamella.cli.output import print_json, warn
from lamella.cli.readable import refuse_if_all, sorted_out, tell_damaged

if TYPE_CHECKING:
    from lamella.store import Run


def command(
    runs: Annotated[list[Path], typer.Argument(help="Run folders, or folders that hold runs.")],
    out: Annotated[Path, typer.Option("--out", "-o", help="The HTML file.")] = Path("report.html"),
    max_mb: Annotated[float, typer.Option(help="Megabytes of the file at most.", min=0.1)] = 20,
    language: Annotated[str | None, typer.Option(help="en or ru; the reader's by default.")] = None,
    points: Annotated[int, typer.Option(help="Samples in a cloud at most.", min=10)] = 1000,
    measures: Annotated[
        str | None,
        typer.Option(
            help="Measure these (comma-separated) first, where they are missing; `none` for none.",
            show_default="those that the report tells of",
        ),
    ] = None,
    tsne: Annotated[bool, typer.Option(help="Embed by t-SNE beside PCA.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print as JSON.")] = False,
) -> None:
    """Write one offline HTML file about runs; runs of one net in several seeds count as one.

    What the report tells of and the runs lack is measured first and kept in them; --measures none
    takes the runs as they are. A run that cannot be written to is told as far as it is measured.
    Runs that cannot be read are left out and named, with exit code 1.
    """
    from lamella.checks import check_choice
    from lamella.errors import RunError
    from lamella.page.report import write_report
    from lamella.page.subject import gather
    from lamella.studies.any_runs import tell_runs

    if language is not None:
        check_choice(language, ("en", "ru"), "language")
    readable, damaged = sorted_out(runs, deep=True)
    refuse_if_all(readable, damaged)
    nets = {
        net: [run for run in each if run.epochs and run.layers]
        for net, each in gather(readable).items()
    }
    nets = {net: each for net, each in nets.items() if each}
    if not nets:
        raise RunError(
            f"lamella report wants runs with a recorded epoch, got none in "
            f"{', '.join(map(str, runs))}. List runs with: lamella runs FOLDER"
        )
    tell_damaged(damaged)
    if measures != "none":
        measure_where_possible(nets, measures.split(",") if measures else None)
    report = write_report(
        tell_runs(nets, tsne=tsne),
        out,
        nets=nets,
        max_mb=max_mb,
        language=language,
        points=points,
        tsne=tsne,
    )
    if as_json:
        counts = {net: len(each) for net, each in nets.items()}
        print_json({"report": str(report), "nets": counts, "damaged": damaged})
    else:
        print(report)
    if damaged:
        raise typer.Exit(1)


def measure_where_possible(nets: Mapping[str, Sequence[Run]], names: list[str] | None) -> None:
    """Measure what the runs lack; of a run that cannot be written to, say what it lacks."""
    from lamella.errors import RunError
    from lamella.studies.any_runs import MEASURES, measure_missing

    for net, run in ((net, run) for net, each in nets.items() for run in each):
        try:
            measure_missing({net: [run]}, names)
        except RunError as error:
            there = set(run.results()["measure"])
            lacking = [name for name in names or MEASURES if name not in there]
            without = f"without {', '.join(lacking)}" if lacking else "with what is measured"
            warn(f"nothing was measured of {run.path}: {error} The report tells it {without}.")
