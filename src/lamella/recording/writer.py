"""A thread for what waits for the disk, so that training does not."""

from __future__ import annotations

import os
import queue
import threading
from collections import deque
from collections.abc import Callable

Job = Callable[[], None]
LARGE = 2  # epochs with files that may wait; the next one waits with them
PAUSE = 0.2  # seconds that small jobs may wait: waking the thread for each would slow the loop


class Writer:
    """Does jobs in order; in a thread, or at once where it was told to.

    `pause` is what is done after a number of small jobs, and before a flush ends. Neither may
    raise. What a process leaves undone when it ends by itself is done then; a forked child begins
    with nothing to do.
    """

    def __init__(self, pause: Job, *, at_once: bool) -> None:
        self.pause, self.at_once = pause, at_once
        self._begin()

    def put(self, job: Job, *, large: bool) -> None:
        """Do a job soon; a large one waits where too much waits already."""
        if self.at_once:
            job()
            return self.pause()
        if self.process != os.getpid():
            self._begin()
        self._start()
        if large:
            self.room.acquire()
            self.jobs.put((job, True))
        else:
            self.small.append(job)

    def flush(self) -> None:
        """Wait until all is done."""
        if threading.current_thread() is self.thread:
            return  # a recorder was forgotten, and collected, just here
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
        self.jobs: queue.Queue[tuple[Job, bool] | None] = queue.Queue()
        self.small: deque[Job] = deque()
        self.room = threading.Semaphore(LARGE)
        self.thread: threading.Thread | None = None

    def _start(self) -> None:
        if self.thread is None:
            what = (self.jobs, self.small, self.room, self.pause)
            self.thread = threading.Thread(
                target=work, args=what, name="lamella writer", daemon=True
            )
            self.thread.start()


def work(jobs: queue.Queue, small: deque[Job], room: threading.Semaphore, pause: Job) -> None:
    """What the thread does: it knows the jobs only, so that a recorder can be forgotten."""
    while True:
        try:
            task = jobs.get(timeout=PAUSE)
        except queue.Empty:
            if small:
                catch_up(small)
                pause()
            continue
        catch_up(small)
        if task is None:
            return jobs.task_done()
        job, large = task
        try:
            job()
        finally:
            if large:
                room.release()
            jobs.task_done()
            del job, task


def catch_up(small: deque[Job]) -> None:
    """Do the small jobs that came before."""
    while small:
        small.popleft()()
