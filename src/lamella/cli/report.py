"""`lamella report`: the report of any recorded runs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from lamella.cli.output import print_json


def command(
    runs: Annotated[list[Path], typer.Argument(help="Run folders, or folders that hold runs.")],
    out: Annotated[Path, typer.Option("--out", "-o", help="The HTML file.")] = Path("report.html"),
    measures: Annotated[
        str | None, typer.Option(help="Measure these (comma-separated) where they are missing.")
    ] = None,
    tsne: Annotated[bool, typer.Option(help="Embed by t-SNE beside PCA.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print as JSON.")] = False,
) -> None:
    """Write one offline HTML file about runs; runs of one net in several seeds count as one."""
    from lamella.page.report import write_report
    from lamella.studies.any_runs import gather, measure_missing, tell_runs

    nets = gather(runs)
    measure_missing(nets, measures.split(",") if measures else None)
    report = write_report(tell_runs(nets, tsne=tsne), out)
    if as_json:
        return print_json({"report": str(report), "nets": {n: len(r) for n, r in nets.items()}})
    print(report)
