"""`lamella report`: the page about runs as one file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from lamella.cli.output import print_json, warn
from lamella.cli.readable import tell_damaged


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
    from lamella.verbs.given_runs import refuse_if_all, sorted_out
    from lamella.verbs.reporting import nets_to_tell, report_nets

    if language is not None:
        check_choice(language, ("en", "ru"), "language")
    readable, damaged = sorted_out(runs, deep=True)
    refuse_if_all(readable, damaged)
    nets = nets_to_tell(readable, runs)
    tell_damaged(damaged)
    report = report_nets(
        nets,
        out,
        max_mb=max_mb,
        language=language,
        points=points,
        measures=measures,
        tsne=tsne,
        say=warn,
    )
    if as_json:
        counts = {net: len(each) for net, each in nets.items()}
        print_json({"report": str(report), "nets": counts, "damaged": damaged})
    else:
        print(report)
    if damaged:
        raise typer.Exit(1)
