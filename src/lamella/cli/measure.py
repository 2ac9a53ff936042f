"""`lamella measure`: the cells of recorded runs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from lamella.cli.output import print_json, warn
from lamella.cli.readable import tell_damaged
from lamella.cli.stopping import Stopped, stopping
from lamella.errors import LamellaError, RunError, bad_input


def command(
    runs: Annotated[list[Path], typer.Argument(help="Run folders, or folders of runs.")],
    measures: Annotated[
        str | None,
        typer.Option(help="Names or globs with commas; without, the default ones; `all` for all."),
    ] = None,
    layers: Annotated[str, typer.Option(help="Names or globs with commas; `input` too.")] = "*",
    epochs: Annotated[str | None, typer.Option(help="Such as `first,10,last`; all.")] = None,
    splits: Annotated[str | None, typer.Option(help="train, test, both; all.")] = None,
    arguments: Annotated[
        list[str] | None,
        typer.Option(help="Such as homology.max_dimension=2; may be given several times."),
    ] = None,
    against: Annotated[
        str, typer.Option(help="What measures of a pair compare with: layers, epochs, or a run.")
    ] = "layers",
    baselines: Annotated[
        str | None, typer.Option(help="shuffled_labels, gaussian: measured beside each cell.")
    ] = None,
    budget: Annotated[
        int, typer.Option(help="Most samples of a cell; of more, this many are drawn.")
    ] = 5000,
    seed: Annotated[int, typer.Option(help="Seed of the sample.")] = 0,
    jobs: Annotated[int | None, typer.Option(help="Workers; one for each core.")] = None,
    executor: Annotated[
        str | None, typer.Option(help="threads, processes or dask://HOST:PORT.")
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only say how much there is to do, and how long.")
    ] = False,
    force: Annotated[bool, typer.Option("--force", help="Compute again what is there.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
) -> None:
    """Measure the layers of recorded runs; what is measured already is not measured again.

    Exit code 1 where a result could not be computed or a run not be read; the others are kept.
    """
    from lamella.measuring import measure
    from lamella.measuring.arguments import check_arguments
    from lamella.measuring.select import chosen_measures
    from lamella.store import open_run

    given = nested(arguments or [])
    check_arguments(chosen_measures(listed(measures)), given)
    paths, damaged = found_runs(runs)
    reports, refused = [], {}
    for path in paths:
        try:
            with stopping(lambda: kept_words(paths)):
                report = measure(
                    path,
                    listed(measures),
                    listed(layers) or "*",
                    listed(epochs),
                    listed(splits),
                    arguments=given,
                    against=against,
                    baselines=listed(baselines) or (),
                    budget=budget,
                    seed=seed,
                    jobs=jobs,
                    executor=executor,
                    progress=not as_json,
                    dry_run=dry_run,
                    force=force,
                )
        except Stopped:
            raise
        except LamellaError as error:
            refused[path] = error
            continue
        reports.append(report)
        if not as_json:
            print(report, flush=True)
        if report.warning:
            warn(report.warning)
        for epoch, why in open_run(path).damaged.items():
            warn(f"{path}: epoch {epoch} is left out: {why}")
    if len({str(error) for error in refused.values()}) == 1 and not reports:
        raise next(iter(refused.values()))  # the same for all: it is the command that is wrong
    damaged |= {path: str(error) for path, error in refused.items()}
    tell_damaged(damaged)
    if as_json:
        print_json({"runs": [report.as_json() for report in reports], "damaged": damaged})
    elif len(reports) > 1:
        print(summary(reports, dry_run))
    if damaged or any(report.failed for report in reports):
        raise typer.Exit(1)


def kept_words(paths: list[Path]) -> str:
    """What measuring that was stopped leaves in its runs."""
    from lamella.measuring import NOT_COMPUTED
    from lamella.store.database import query

    text = "SELECT count(*) FROM results WHERE measure<>?"
    kept = sum(query(path, text, (NOT_COMPUTED,))[0][0] for path in paths)
    return f"stopped, {kept:,} results are kept; the same command goes on where it was."


def found_runs(paths: list[Path]) -> tuple[list[Path], dict[Path, str]]:
    """The runs in and below the paths that can be read, and the others with what is wrong.

    Raises RunError for a path without any run, and where none can be read.
    """
    from lamella.verbs.given_runs import refuse_if_all, runs_below, sorted_out

    for path in paths:
        if not runs_below(path):
            raise RunError(
                f"lamella measure wants run folders, got {path}, which holds none. "
                "List them with: lamella runs FOLDER."
            )
    readable, damaged = sorted_out(paths)
    refuse_if_all(readable, damaged)
    return readable, damaged


def listed(text: str | None) -> list[str] | None:
    """The items of a list with commas.

    >>> listed("fc*, head")
    ['fc*', 'head']
    """
    return [item.strip() for item in text.split(",") if item.strip()] if text else None


def nested(texts: list[str]) -> dict[str, dict[str, Any]]:
    """`measure.argument=value` as measure -> argument -> value.

    >>> nested(["homology.max_dimension=2", "betti_numbers.unit=raw"])
    {'homology': {'max_dimension': 2}, 'betti_numbers': {'unit': 'raw'}}
    """
    found: dict[str, dict[str, Any]] = {}
    for text in texts:
        place, equals, value = text.partition("=")
        measure, dot, argument = place.partition(".")
        if not (equals and dot):
            raise bad_input(
                "--arguments",
                wanted="measure.argument=value",
                got=repr(text),
                do="Write for instance homology.max_dimension=2",
            )
        try:
            found.setdefault(measure, {})[argument] = json.loads(value)
        except ValueError:
            found.setdefault(measure, {})[argument] = value
    return found


def summary(reports: list[Any], dry_run: bool) -> str:
    """All runs in one line."""
    from lamella.measuring.report import in_words

    if dry_run:
        pending, seconds = (sum(getattr(r, n) for r in reports) for n in ("pending", "estimate"))
        return (
            f"All {len(reports)} runs: {pending:,} results to compute, about {in_words(seconds)}."
        )
    computed, failed = sum(r.computed for r in reports), sum(len(r.failed) for r in reports)
    seconds = in_words(sum(r.seconds for r in reports))
    return f"All {len(reports)} runs: {computed:,} results computed in {seconds}, {failed} failed."
