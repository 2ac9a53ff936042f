"""How much there is to do, and about how long it will take, by timing a sample of it.

A dry run answers within seconds, whatever the size of the run: cells without a result are told
apart by a few of their samples, and measures are timed on small samples and scaled up. Only cells
that have a result are read whole, to see whether it is still theirs.
"""

from __future__ import annotations

import time
from collections import defaultdict
from math import log

from lamella.errors import LamellaError
from lamella.measuring.cells import Cells
from lamella.measuring.jobs import Binder, NotApplicable, same_content
from lamella.measuring.ledger import Ledger
from lamella.measuring.plan import HOMOLOGY, Plan, Task, complete, diagrams_needed, reads_diagrams
from lamella.measuring.progress import Advance
from lamella.measuring.report import MeasureReport
from lamella.measuring.work import do
from lamella.registry import measures as registry
from lamella.results import Diagrams

CELLS = 3  # timed for each measure
GOLDEN = 0.6180339887
FEW = 16  # samples by which cells are told apart
SIZES = (200, 400)  # samples that measures are timed on, where a cell has many more
STEEPEST = 3.0  # no measure takes more than the cube of its samples
SECONDS = 2.5  # for timing; measures that are not reached are named


def estimate_plan(
    plan: Plan, ledger: Ledger, binder: Binder, count: int, advance: Advance, *, force: bool
) -> MeasureReport:
    """A report of what `count` workers would have to do; nothing is written."""
    pending, cached = pending_tasks(plan, ledger, binder, advance, force=force)
    until = time.monotonic() + SECONDS
    work: dict[str, float] = {}
    for name in sorted(pending, key=lambda name: reads_diagrams(pending[name][0].measure)):
        if work and time.monotonic() > until:
            break
        work[name] = mean_seconds(pending[name], binder, until) * len(pending[name])
    return MeasureReport(
        run=str(ledger.run.path),
        cached=cached,
        pending=sum(map(len, pending.values())),
        estimate=sum(work.values()) / count,
        work=work,
        untimed=tuple(name for name in pending if name not in work),
    )


def pending_tasks(
    plan: Plan, ledger: Ledger, binder: Binder, advance: Advance, *, force: bool
) -> tuple[dict[str, list[Task]], int]:
    """The tasks to compute, by the name of their result, and how many the run has already.

    Those of equal content count once. A task whose diagrams are not there yet counts as to do.
    """
    pending: dict[str, dict[object, Task]] = defaultdict(dict)
    cached, few = 0, smaller(binder, FEW)
    for task in (*plan.first, *plan.second):
        advance(task.name)
        stored = ledger.key(task)
        known = not force and (stored or task.name in ledger.failures.get(task.cell, {}))
        try:
            key = (binder if known else few)(task).key
        except NotApplicable:
            continue
        except LamellaError:
            pending[task.name][likeness(task)] = task
            continue
        loose = plan.any_homology and task.measure == HOMOLOGY and stored
        if known and (stored == key or (loose and same_content(stored or "", key))):
            cached += 1
        elif not known or not ledger.failure(task, key):
            pending[task.name].setdefault(key, task)
    return {name: list(tasks.values()) for name, tasks in pending.items()}, cached


def smaller(binder: Binder, samples: int) -> Binder:
    """The same with at most so many samples of each cell."""

    def fewer(cells: Cells) -> Cells:
        budget = min(samples, cells.budget)
        return Cells(cells.run, cells.keys, budget=budget, seed=cells.seed)

    other = binder.other
    return Binder(fewer(binder.cells), binder.layers, None if other is None else fewer(other))


def likeness(task: Task) -> object:
    """What tasks share that will turn out to be of one content: the input, whatever the epoch."""
    pairwise = registry.facts(task.measure).get("pairwise")
    return ("input", task.split) if task.layer == "input" and not pairwise else task


def mean_seconds(tasks: list[Task], binder: Binder, until: float) -> float:
    """The mean time of a few of the tasks, spread over all; the first is done twice to warm up."""
    places = {int((i + 1) * GOLDEN % 1 * len(tasks)) for i in range(CELLS)}
    chosen = [tasks[place] for place in sorted(places)]
    samples = min(binder.cells.samples(chosen[0].split), binder.cells.budget)
    samples = min(samples, registry.facts(chosen[0].measure).get("budget", samples))
    if samples > 2 * SIZES[1]:
        return scaled_seconds(chosen, binder, samples, until)
    timed_seconds(chosen[0], binder)
    times = [timed_seconds(chosen[0], binder)]
    for task in chosen[1:]:
        if time.monotonic() < until:
            times.append(timed_seconds(task, binder))
    return sum(times) / len(times)


def scaled_seconds(tasks: list[Task], binder: Binder, samples: int, until: float) -> float:
    """The same from two smaller samples, by the power with which the time grows."""
    few, more = (smaller(binder, size) for size in SIZES)
    timed_seconds(tasks[0], few)
    found = []
    for task in tasks:
        if not found or time.monotonic() < until:
            short, long = timed_seconds(task, few), timed_seconds(task, more)
            grows = log(long / short) / log(SIZES[1] / SIZES[0]) if short and long else 0.0
            found.append(long * (samples / SIZES[1]) ** min(max(grows, 0.0), STEEPEST))
    return sum(found) / len(found)


def timed_seconds(task: Task, binder: Binder) -> float:
    """How long one task takes; 0 where it cannot be done."""
    needed = reads_diagrams(task.measure)
    for cell, variant in diagrams_needed(binder.cells.run, task, binder.layers) if needed else ():
        supply_diagrams(Task(HOMOLOGY, *cell, variant, complete(HOMOLOGY, {})), binder)
    try:
        return do(binder(task)).seconds
    except LamellaError:
        return 0.0


def supply_diagrams(task: Task, binder: Binder) -> None:
    """Keep in memory the diagrams that a timed task needs, where the run has none."""
    if binder.cells.diagrams_at(task.name, task.cell) is not None:
        return
    try:
        record = do(binder(task)).record
    except LamellaError:
        return
    if isinstance(record, Diagrams):
        binder.cells.diagrams[task.name, task.cell] = record
