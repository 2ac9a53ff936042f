"""How much there is to do, and about how long it will take, by timing a sample of it."""

from __future__ import annotations

from collections import defaultdict

from lamella.errors import LamellaError
from lamella.measuring.jobs import Binder, NotApplicable, same_content
from lamella.measuring.ledger import Ledger
from lamella.measuring.plan import HOMOLOGY, Plan, Task, complete, diagrams_needed, reads_diagrams
from lamella.measuring.report import MeasureReport
from lamella.measuring.work import do
from lamella.registry import measures as registry
from lamella.results import Diagrams

CELLS = 3  # timed for each measure
GOLDEN = 0.6180339887


def estimate_plan(plan: Plan, ledger: Ledger, binder: Binder, count: int, *, force: bool):
    """A report of what `count` workers would have to do; nothing is written."""
    pending, cached = pending_tasks(plan, ledger, binder, force=force)
    work = {name: mean_seconds(tasks, binder) * len(tasks) for name, tasks in pending.items()}
    return MeasureReport(
        run=str(ledger.run.path),
        cached=cached,
        pending=sum(map(len, pending.values())),
        estimate=sum(work.values()) / count,
        work=work,
    )


def pending_tasks(
    plan: Plan, ledger: Ledger, binder: Binder, *, force: bool
) -> tuple[dict[str, list[Task]], int]:
    """The tasks to compute, by the name of their result, and how many the run has already.

    Those of equal content count once. A task whose diagrams are not there yet counts as to do.
    """
    pending: dict[str, dict[object, Task]] = defaultdict(dict)
    cached = 0
    for task in (*plan.first, *plan.second):
        stored = ledger.key(task)
        try:
            key = binder(task).key
        except NotApplicable:
            continue
        except LamellaError:
            pending[task.name][likeness(task)] = task
            continue
        loose = plan.any_homology and task.measure == HOMOLOGY and stored
        if not force and (stored == key or (loose and same_content(stored or "", key))):
            cached += 1
        elif force or not ledger.failure(task, key):
            pending[task.name].setdefault(key, task)
    return {name: list(tasks.values()) for name, tasks in pending.items()}, cached


def likeness(task: Task) -> object:
    """What tasks share that will turn out to be of one content: the input, whatever the epoch."""
    pairwise = registry.facts(task.measure).get("pairwise")
    return ("input", task.split) if task.layer == "input" and not pairwise else task


def mean_seconds(tasks: list[Task], binder: Binder) -> float:
    """The mean time of a few of the tasks, spread over all; the first is done twice to warm up."""
    places = {int((i + 1) * GOLDEN % 1 * len(tasks)) for i in range(CELLS)}
    chosen = [tasks[place] for place in sorted(places)]
    timed_seconds(chosen[0], binder)
    times = [timed_seconds(task, binder) for task in chosen]
    return sum(times) / len(times)


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
