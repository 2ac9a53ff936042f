"""Runs told as one offline HTML file, after measuring what the telling needs."""

from __future__ import annotations

import os
import warnings
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from lamella.checks import check_choice
from lamella.errors import RunError
from lamella.narrative.general_story import MEASURES, measure_missing, story_of_runs
from lamella.page.report import write_report
from lamella.store import Run
from lamella.subject.subject import POINTS, gather
from lamella.verbs.given_runs import GivenRun, RunWarning, readable_runs

Nets = Mapping[str, Sequence[Run]]


def report(
    *runs: GivenRun,
    out: str | os.PathLike[str] = "report.html",
    max_mb: float = 20,
    language: str | None = None,
    points: int = POINTS,
    measures: str | Iterable[str] | None = None,
    tsne: bool = False,
) -> Path:
    """Write one offline HTML file about runs, or folders that hold runs, and return its path.

    Runs of one net in several seeds count as one. What the report tells of and the runs lack is
    measured first and kept in them: `measures` by name, or "none". The file has at most `max_mb`
    megabytes, a cloud at most `points` samples; the page opens in `language` ("en", "ru"), by
    default the reader's. With `tsne` clouds are embedded by t-SNE beside PCA. A RunWarning names
    the runs that cannot be read or written to. Raises RunError where no run has an epoch.
    """
    nets = nets_to_tell(readable_runs(runs), runs)
    return report_nets(
        nets,
        Path(out),
        max_mb=max_mb,
        language=language,
        points=points,
        measures=measures,
        tsne=tsne,
    )


def nets_to_tell(readable: Sequence[Path], given: Iterable[object] = ()) -> dict[str, list[Run]]:
    """The runs by net that recorded an epoch; RunError where there are none in what was given."""
    nets = {net: [run for run in each if run.epochs] for net, each in gather(readable).items()}
    nets = {net: each for net, each in nets.items() if each}
    if not nets:
        places = ", ".join(str(run.path if isinstance(run, Run) else run) for run in given)
        raise RunError(
            f"report() wants runs with a recorded epoch, got none in {places or 'nothing'}. "
            "List runs with: lamella runs FOLDER"
        )
    return nets


def report_nets(
    nets: Nets,
    out: Path,
    *,
    max_mb: float,
    language: str | None,
    points: int,
    measures: str | Iterable[str] | None,
    tsne: bool,
    say: Callable[[str], None] | None = None,
) -> Path:
    """Measure what the runs lack, and tell them; `say` hears of runs that cannot be written to."""
    if language is not None:
        check_choice(language, ("en", "ru"), "language")
    names = measures.split(",") if isinstance(measures, str) else measures
    names = None if names is None else list(names)
    if names != ["none"]:
        measure_where_possible(nets, names, say or _warn)
    story = story_of_runs(nets, tsne=tsne)
    return write_report(
        story, out, nets=nets, max_mb=max_mb, language=language, points=points, tsne=tsne
    )


def measure_where_possible(nets: Nets, names: list[str] | None, say: Callable[[str], None]) -> None:
    """Measure what the runs lack; of a run that cannot be written to, say what it lacks."""
    for net, run in ((net, run) for net, each in nets.items() for run in each):
        try:
            measure_missing({net: [run]}, names)
        except RunError as error:
            there = set(run.results()["measure"])
            lacking = [name for name in names or MEASURES if name not in there]
            without = f"without {', '.join(lacking)}" if lacking else "with what is measured"
            say(f"nothing was measured of {run.path}: {error} The report tells it {without}.")


def _warn(text: str) -> None:
    warnings.warn(text, RunWarning, stacklevel=5)
