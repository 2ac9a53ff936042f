"""Who does the work: threads, processes, a Dask cluster, or any executor that is passed in."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import (
    FIRST_COMPLETED,
    BrokenExecutor,
    Executor,
    Future,
    ThreadPoolExecutor,
    wait,
)
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from lamella.errors import bad_input, missing_extra
from lamella.measuring.jobs import Job
from lamella.measuring.work import Outcome, do
from lamella.registry import measures as registry

Submit = Callable[[Job], "Future[Outcome]"]


@dataclass(frozen=True)
class Workers:
    """How to hand over a job, and how many to have under way at once."""

    submit: Submit
    count: int

    @property
    def window(self) -> int:
        """Enough that no worker waits, few enough that their arrays fit into memory."""
        return 2 * self.count


@contextmanager
def workers(executor: Executor | str | None, jobs: int | None) -> Iterator[Workers]:
    """Workers by the name of their kind: an executor, `dask://HOST:PORT`, or None for local ones.

    Locally, measures work in threads; those registered with `gil=True`, which would hold each
    other up there, in processes. "threads" and "processes" force one kind. An executor that was
    passed in is left open.
    """
    count = check_jobs(jobs)
    if isinstance(executor, Executor):
        size = jobs or getattr(executor, "_max_workers", None) or count
        yield Workers(lambda job: executor.submit(do, job), size)
    elif executor in (None, "threads", "processes"):
        with _local(executor, count) as found:
            yield found
    elif isinstance(executor, str) and executor.startswith("dask://"):
        with _dask(executor.removeprefix("dask://"), jobs) as found:
            yield found
    else:
        raise bad_input(
            "measure()",
            wanted="executor 'threads', 'processes', 'dask://HOST:PORT' or an Executor",
            got=repr(executor),
            do="Choose one, or leave it out",
        )


def execute(jobs: Iterable[Job], crew: Workers) -> Iterator[tuple[Job, Outcome]]:
    """Each job with its outcome, in the order in which they are done.

    Jobs are taken from the iterable only as workers come free. A job whose worker process died is
    tried once more on its own, when all the others are done.
    """
    under_way: dict[Future[Outcome], Job] = {}
    orphans: list[Job] = []
    try:
        for job in jobs:
            if (future := _submitted(job, crew)) is None:
                orphans.append(job)
            else:
                under_way[future] = job
            if len(under_way) >= crew.window:
                yield from _done(under_way, orphans)
        while under_way:
            yield from _done(under_way, orphans)
    finally:
        for future in under_way:
            future.cancel()
    for job in orphans:
        yield job, _alone(job, crew)


def check_jobs(jobs: int | None) -> int:
    """The number of workers, by default one for each core that this process may use."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    if jobs is not None and jobs < 1:
        raise bad_input("measure()", wanted="jobs of at least 1", got=str(jobs), do="Raise it")
    return jobs or cores or 1


def _done(under_way: dict[Future[Outcome], Job], orphans: list[Job]) -> list[tuple[Job, Outcome]]:
    finished, _ = wait(under_way, return_when=FIRST_COMPLETED)
    found = []
    for future in [f for f in under_way if f in finished]:
        job = under_way.pop(future)
        error = future.exception()
        if isinstance(error, BrokenExecutor):
            orphans.append(job)
        elif error is not None:
            found.append((job, Outcome(None, 0.0, f"{type(error).__name__}: {error}")))
        else:
            found.append((job, future.result()))
    return found


def _submitted(job: Job, crew: Workers) -> Future[Outcome] | None:
    try:
        return crew.submit(job)
    except BrokenExecutor:
        return None


def _alone(job: Job, crew: Workers) -> Outcome:
    try:
        return crew.submit(job).result()
    except BrokenExecutor:
        return Outcome(None, 0.0, "its worker process died twice, perhaps for want of memory")


@contextmanager
def _local(kind: str | None, count: int) -> Iterator[Workers]:
    threads = ThreadPoolExecutor(count, thread_name_prefix="lamella")

    def submit(job: Job) -> Future[Outcome]:
        holds = registry.facts(job.task.measure).get("gil", False)
        if kind == "processes" or (kind is None and holds and count > 1):
            with interrupts_ignored():
                used[:] = [_processes(count)]
                return used[0].submit(do, job)
        return threads.submit(do, job)

    used: list[Any] = []
    try:
        yield Workers(submit, count)
    except BaseException:
        if used:
            used[0].shutdown(kill_workers=True)
        raise
    finally:
        threads.shutdown(cancel_futures=True)


@contextmanager
def interrupts_ignored() -> Iterator[None]:
    """Processes started here do not hear Ctrl-C: the parent does, and ends them in silence.

    A mask of blocked signals would lose no Ctrl-C of this moment, but multiprocessing lifts it.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _processes(count: int) -> Any:
    """Processes that start without running the caller's script again, and mend themselves.

    They come from loky, which scikit-learn brings through joblib: unlike the standard library's
    they need no `if __name__ == "__main__"` in the script of the person who calls measure().
    """
    from joblib.externals.loky import get_reusable_executor

    return get_reusable_executor(max_workers=count, timeout=20)


@contextmanager
def _dask(address: str, jobs: int | None) -> Iterator[Workers]:
    try:
        from distributed import Client
    except ImportError as error:
        raise missing_extra("distributed", "dask", "executor dask://") from error
    try:
        opened = Client(address, timeout="10s")
    except (OSError, ValueError) as error:
        raise bad_input(
            "measure()",
            wanted="the address of a Dask scheduler",
            got=f"dask://{address} ({error})",
            do="Start one there with: dask scheduler",
        ) from error
    with opened as client:
        executor = client.get_executor()
        cores_of: Any = client.ncores()
        cores = sum(cores_of.values())
        yield Workers(lambda job: executor.submit(do, job), jobs or cores or 1)
