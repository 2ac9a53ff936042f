"""A thread for what waits for the disk, so that training does not."""

from __future__ import annotations

import os
import queue
import threading
from collections import deque
from collections.abc import Callable
from contextlib import suppress

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
        self.small.append(job)
        if large:
            self.room.acquire()
            self._hand_over(large)

    def flush(self) -> None:
        """Wait until all is done."""
        if threading.current_thread() is self.thread:
            return  # a recorder was forgotten, and collected, just here
        if self.thread is not None and self.process == os.getpid():
            self.small.append(self.pause)
            self._hand_over()
            self.jobs.join()

    def close(self) -> None:
        """Do what waits, and end the thread."""
        if self.thread is not None and self.process == os.getpid():
            self._hand_over()
            self.jobs.put(None)
            self.thread.join()
            self.thread = None

    def _hand_over(self, large: bool = False) -> None:
        """All jobs so far, which keeps them in order; the thread takes what comes later itself."""
        jobs = []
        with suppress(IndexError):  # the thread may be taking them just now
            while True:
                jobs.append(self.small.popleft())
        self.jobs.put((jobs, large))

    def _begin(self) -> None:
        self.process = os.getpid()
        self.jobs: queue.Queue[tuple[list[Job], bool] | None] = queue.Queue()
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
                with suppress(IndexError):
                    while True:
                        small.popleft()()
                pause()
            continue
        if task is None:
            return jobs.task_done()
        several, large = task
        try:
            for job in several:
                job()
        finally:
            if large:
                room.release()
            jobs.task_done()
            del several, task
