"""Measuring the cells of a run."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from concurrent.futures import Executor
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lamella.checks import check_choice
from lamella.measuring.arguments import check_arguments
from lamella.measuring.cells import Cells
from lamella.measuring.estimate import estimate_plan
from lamella.measuring.jobs import Binder
from lamella.measuring.ledger import Ledger, kept_open
from lamella.measuring.plan import BASELINES, make_plan
from lamella.measuring.progress import progress_bar
from lamella.measuring.report import MeasureReport
from lamella.measuring.run_plan import run_plan
from lamella.measuring.select import (
    Names,
    chosen_epochs,
    chosen_layers,
    chosen_measures,
    chosen_splits,
)
from lamella.measuring.workers import workers
from lamella.store import open_run

if TYPE_CHECKING:
    from lamella.store import Run

BUDGET = 5000  # points of a cell: more are sampled, since most measures take their square


def measure(
    run: Run | Path | str,
    measures: Names = None,
    layers: Names = "*",
    epochs: Iterable[int | str] | int | str | None = None,
    splits: Names = None,
    *,
    arguments: Mapping[str, Mapping[str, Any]] | None = None,
    against: Run | Path | str = "layers",
    baselines: Iterable[str] = (),
    budget: int = BUDGET,
    seed: int = 0,
    jobs: int | None = None,
    executor: Executor | str | None = None,
    progress: bool = True,
    dry_run: bool = False,
    force: bool = False,
) -> MeasureReport:
    """Measure the cells of a run in parallel and write the results into it.

    `measures`, `layers` and `splits` are names or globs; without `measures`, those that are
    measured by default. Layer "input" is the data itself. `arguments` are given by measure:
    {"homology": {"max_dimension": 2}}. Measures of diagrams get those of `homology`, which is
    measured first where it must be.

    Measures of a pair compare each layer with every other of the same epoch and split, with
    `against="epochs"` each epoch with the recorded one before it, and with a run, or its path,
    each cell with the same one there; the last two are stored as `name@epochs` and `name@run`.
    `baselines` ("shuffled_labels", "gaussian") are measured beside, as `name@shuffled_labels`.

    A result is computed once for a content and its arguments: a second call computes nothing,
    and one that was stopped goes on where it was, unless `force`. Cells of more than `budget`
    samples are measured on a stratified sample of them, the same ids everywhere. A cell that fails
    never stops the rest: it stands in the report, and in the run as a result of `not_computed`.

    `executor` is None (threads, and processes for measures that hold Python's lock), "threads",
    "processes", "dask://HOST:PORT", or an Executor; `jobs` is the number of workers, by default
    one for each core. Results do not depend on either. With `dry_run` nothing is stored, and the
    report says how many results there are to compute, and about how long that takes.

    Raises UnknownName for a measure, layer, split or argument that does not exist, InputError for
    an argument of another type than the measure wants, and for a `budget` of fewer than two
    samples of a class; nothing is computed then.
    """
    start = time.perf_counter()
    from threadpoolctl import threadpool_limits

    run = as_run(run)
    ledger = Ledger(run)
    cells = Cells(run, ledger.keys, budget=budget, seed=seed)
    other = cells_to_compare(against, budget, seed)
    names = chosen_measures(measures)
    chosen = chosen_layers(run, layers)
    parts = chosen_splits(run, splits)
    for split in parts:
        cells.check_budget(split)
    plan = make_plan(
        run,
        names,
        chosen,
        chosen_epochs(run, epochs),
        parts,
        arguments=check_arguments(names, arguments),
        against=other.run.name if other else str(against),
        baselines=tuple(check_choice(b, BASELINES, "baseline") for b in baselines),
    )
    binder = Binder(cells, chosen, other)
    with threadpool_limits(limits=1), workers(executor, jobs) as crew:
        if dry_run:
            with progress_bar(len(plan), run.name, progress) as advance:
                report = estimate_plan(plan, ledger, binder, crew.count, advance, force=force)
        else:
            with progress_bar(len(plan), run.name, progress) as advance, kept_open(run):
                tally = run_plan(plan, ledger, binder, crew, advance, force=force)
            report = tally.report(str(run.path))
    return replace(report, seconds=time.perf_counter() - start)


def cells_to_compare(against: Run | Path | str, budget: int, seed: int) -> Cells | None:
    """The cells of another run; None where `against` names layers or epochs of the same one."""
    if against in ("layers", "epochs"):
        return None
    run = as_run(against)
    return Cells(run, Ledger(run).keys, budget=budget, seed=seed)


def as_run(run: Run | Path | str) -> Run:
    """The run itself, or that of a path."""
    return open_run(run) if isinstance(run, Path | str) else run
