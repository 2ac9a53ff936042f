"""Carrying out a plan: what is new is computed, what is known is kept, what fails is marked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from lamella.errors import LamellaError
from lamella.measuring.jobs import Binder, Job, NotApplicable, is_narrower, same_content
from lamella.measuring.ledger import TWIN_FAILED, Failure, Ledger
from lamella.measuring.plan import HOMOLOGY, Plan, Task
from lamella.measuring.progress import Advance
from lamella.measuring.report import MeasureReport
from lamella.measuring.work import Outcome
from lamella.measuring.workers import Workers, execute


@dataclass
class Tally:
    """What has happened so far."""

    computed: int = 0
    cached: int = 0
    alike: int = 0
    inapplicable: int = 0
    failed: list[Failure] = field(default_factory=list)
    work: dict[str, float] = field(default_factory=dict)
    sampled: dict[str, tuple[int, int]] = field(default_factory=dict)
    narrowed: int = 0
    twins: list[Job] = field(default_factory=list)

    def report(self, run: str) -> MeasureReport:
        """The tally as it is shown."""
        facts = {k: v for k, v in vars(self).items() if k not in ("failed", "twins")}
        return MeasureReport(run=run, failed=tuple(self.failed), **facts)


def run_plan(
    plan: Plan, ledger: Ledger, binder: Binder, crew: Workers, advance: Advance, *, force: bool
) -> Tally:
    """Compute what the run does not have, and write each result as soon as it is there."""
    tally = Tally()
    for stage in (plan.first, plan.second):
        jobs = new_jobs(stage, plan, ledger, binder, tally, advance, force=force)
        for job, outcome in execute(jobs, crew):
            settle(job, outcome, ledger, tally)
            advance(job.task.name)
        for twin in tally.twins:
            copy_twin(twin, ledger, tally)
            advance(twin.task.name)
        tally.twins.clear()
    return tally


def new_jobs(
    tasks: tuple[Task, ...],
    plan: Plan,
    ledger: Ledger,
    binder: Binder,
    tally: Tally,
    advance: Advance,
    *,
    force: bool = False,
) -> Iterator[Job]:
    """The jobs that nobody has done; the others are counted in the tally."""
    seen: set[tuple[str, str]] = set()
    for task in tasks:
        job = bound(task, ledger, binder, tally)
        if job is None:
            advance(task.name)
            continue
        if job.sampled:
            tally.sampled[task.split] = job.sampled
        if not force and is_known(job, plan, ledger, tally):
            advance(task.name)
        elif (task.name, job.key) in seen:
            tally.twins.append(job)
        else:
            seen.add((task.name, job.key))
            yield job


def bound(task: Task, ledger: Ledger, binder: Binder, tally: Tally) -> Job | None:
    """The job of a task; None, and a word in the tally, where its cell cannot be read."""
    try:
        return binder(task)
    except NotApplicable:
        tally.inapplicable += 1
    except LamellaError as error:
        tally.failed.append(ledger.fail(task, str(error), ""))
    return None


def is_known(job: Job, plan: Plan, ledger: Ledger, tally: Tally) -> bool:
    """Whether the run has the result of a job, or its failure, or that of a cell just like it."""
    stored = ledger.key(job.task)
    loose = plan.any_homology and job.task.measure == HOMOLOGY
    if stored == job.key or (loose and stored and same_content(stored, job.key)):
        tally.cached += 1
    elif failure := ledger.failure(job.task, job.key):
        tally.failed.append(failure)
    elif (job.task.name, job.key) in ledger.places:
        copy_twin(job, ledger, tally)
    else:
        return False
    return True


def settle(job: Job, outcome: Outcome, ledger: Ledger, tally: Tally) -> None:
    """Write the outcome of a job, whatever it is."""
    task = job.task
    tally.work[task.name] = tally.work.get(task.name, 0.0) + outcome.seconds
    if outcome.record is not None:
        tally.narrowed += is_narrower(job.key, ledger.key(task))
        ledger.write(task, outcome.record, job.key)
        tally.computed += 1
    else:
        key = job.key if outcome.lasting else ""
        tally.failed.append(ledger.fail(task, outcome.reason, key))


def copy_twin(job: Job, ledger: Ledger, tally: Tally) -> None:
    """Give a cell the result of another one of the same content, or its failure."""
    name, key = job.task.name, job.key
    place = ledger.places.get((name, key))
    record = ledger.run.record(name, *place) if place else None
    if record is not None:
        tally.narrowed += is_narrower(key, ledger.key(job.task))
        ledger.write(job.task, record, key)
        tally.alike += 1
    else:
        tally.failed.append(ledger.fail(job.task, TWIN_FAILED, ""))
