"""`lamella report`: the page about runs as one file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from lamella.cli.output import print_json


def command(
    runs: Annotated[list[Path], typer.Argument(help="Run folders, or folders that hold runs.")],
    out: Annotated[Path, typer.Option("--out", "-o", help="The HTML file.")] = Path("report.html"),
    max_mb: Annotated[float, typer.Option(help="Megabytes of the file at most.", min=0.1)] = 20,
    language: Annotated[str | None, typer.Option(help="en or ru; the reader's by default.")] = None,
    points: Annotated[int, typer.Option(help="Samples in a cloud at most.", min=10)] = 1000,
    measures: Annotated[
        str | None, typer.Option(help="Measure these (comma-separated) where they are missing.")
    ] = None,
    tsne: Annotated[bool, typer.Option(help="Embed by t-SNE beside PCA.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print as JSON.")] = False,
) -> None:
    """Write one offline HTML file about runs; runs of one net in several seeds count as one."""
    from lamella.checks import check_choice
    from lamella.errors import RunError
    from lamella.page.report import write_report
    from lamella.page.subject import gather
    from lamella.studies.any_runs import measure_missing, tell_runs

    if language is not None:
        check_choice(language, ("en", "ru"), "language")
    nets = {net: [run for run in each if run.epochs] for net, each in gather(runs).items()}
    nets = {net: each for net, each in nets.items() if each}
    if not nets:
        raise RunError(
            f"lamella report wants runs with a recorded epoch, got none in "
            f"{', '.join(map(str, runs))}. List runs with: lamella runs FOLDER"
        )
    measure_missing(nets, measures.split(",") if measures else None)
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
        return print_json({"report": str(report), "nets": {n: len(r) for n, r in nets.items()}})
    print(report)
