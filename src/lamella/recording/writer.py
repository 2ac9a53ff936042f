"""A thread for what waits for the disk, so that training does not."""

from __future__ import annotations

import os
import queue
import threading
from collections.abc import Callable

Job = Callable[[], None]
LARGE = 2  # epochs with files that may wait; the next one waits with them
MOST = 1000  # jobs that may wait


class Writer:
    """Does jobs in order; in a thread, or at once where it was told to.

    A job must not raise. What a process leaves undone when it ends by itself is done then; a
    forked child begins with nothing to do.
    """

    def __init__(self, *, at_once: bool) -> None:
        self.at_once = at_once
        self._begin()

    def put(self, job: Job, *, large: bool) -> None:
        """Do a job soon; waits where too much waits already."""
        if self.at_once:
            return job()
        if self.process != os.getpid():
            self._begin()
        if large:
            self.room.acquire()
        self._start()
        self.jobs.put((job, large))

    def flush(self) -> None:
        """Wait until all is done."""
        if not self.at_once and self.process == os.getpid():
            self.jobs.join()

    def close(self) -> None:
        """Do what waits, and end the thread."""
        if self.thread is not None and self.process == os.getpid():
            self.jobs.put(None)
            self.thread.join()
            self.thread = None

    def _begin(self) -> None:
        self.process = os.getpid()
        self.jobs: queue.Queue[tuple[Job, bool] | None] = queue.Queue(MOST)
        self.room = threading.Semaphore(LARGE)
        self.thread: threading.Thread | None = None

    def _start(self) -> None:
        if self.thread is None:
            self.thread = threading.Thread(
                target=work, args=(self.jobs, self.room), name="lamella writer", daemon=True
            )
            self.thread.start()


def work(jobs: queue.Queue, room: threading.Semaphore) -> None:
    """What the thread does: it knows the jobs only, so that a recorder can be forgotten."""
    while (task := jobs.get()) is not None:
        job, large = task
        try:
            job()
        finally:
            if large:
                room.release()
            jobs.task_done()
            del job, task
    jobs.task_done()
