"""A thread for what waits for the disk, so that training does not."""

from __future__ import annotations

import os
import queue
import threading
from collections.abc import Callable

Job = Callable[[], None]
LARGE = 2  # epochs with files that may wait; the next one waits with them
MOST = 1000  # jobs that may wait
PAUSE = 0.2  # seconds without a job after which what was gathered is put away


class Writer:
    """Does jobs in order; in a thread, or at once where it was told to.

    `pause` is what is done when no job came for a while, and before a flush ends. Neither may
    raise. What a process leaves undone when it ends by itself is done then; a forked child begins
    with nothing to do.
    """

    def __init__(self, pause: Job, *, at_once: bool) -> None:
        self.pause, self.at_once = pause, at_once
        self._begin()

    def put(self, job: Job, *, large: bool) -> None:
        """Do a job soon; waits where too much waits already."""
        if self.at_once:
            job()
            return self.pause()
        if self.process != os.getpid():
            self._begin()
        if large:
            self.room.acquire()
        self._start()
        self.jobs.put((job, large))

    def flush(self) -> None:
        """Wait until all is done."""
        if self.thread is not None and self.process == os.getpid():
            self.jobs.put((self.pause, False))
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
            what = (self.jobs, self.room, self.pause)
            self.thread = threading.Thread(
                target=work, args=what, name="lamella writer", daemon=True
            )
            self.thread.start()


def work(jobs: queue.Queue, room: threading.Semaphore, pause: Job) -> None:
    """What the thread does: it knows the jobs only, so that a recorder can be forgotten."""
    waiting = False
    while True:
        try:
            task = jobs.get(timeout=PAUSE if waiting else None)
        except queue.Empty:
            waiting = False
            pause()
            continue
        if task is None:
            return jobs.task_done()
        job, large = task
        waiting = True
        try:
            job()
        finally:
            if large:
                room.release()
            jobs.task_done()
            del job, task
