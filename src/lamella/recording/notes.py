"""What went wrong while recording, in words; kept until it is in the run and has been said."""

from __future__ import annotations

import sys
import threading
import warnings

MOST_WAITING = 1000


class RecordingWarning(UserWarning):
    """Recording failed somewhere; training went on."""


class Notes:
    """Problems in the order in which they were met, by any thread.

    `unwritten` are those that are not in the database yet, with their epochs.
    """

    def __init__(self, path: object) -> None:
        self.path = path
        self.problems: list[str] = []
        self.unwritten: list[tuple[int | None, str]] = []
        self.errors: list[tuple[str, Exception | None]] = []  # since the last `say`
        self.lock = threading.Lock()
        self.warned = False

    def add(self, text: str, epoch: int | None, error: Exception | None = None) -> None:
        """Note a problem."""
        with self.lock:
            self.problems.append(text)
            self.errors.append((text, error))
            if len(self.unwritten) < MOST_WAITING:
                self.unwritten.append((epoch, text))

    def take_unwritten(self) -> list[tuple[int | None, str]]:
        """What is to be written now; put back with `not_written` where that fails."""
        with self.lock:
            taken, self.unwritten = self.unwritten, []
        return taken

    def not_written(self, taken: list[tuple[int | None, str]]) -> None:
        """Keep what could not be written for the next time."""
        with self.lock:
            self.unwritten = [*taken, *self.unwritten][:MOST_WAITING]

    def say(self) -> list[tuple[str, Exception | None]]:
        """Warn of the first problem ever, and return those since the last call."""
        with self.lock:
            new, self.errors = self.errors, []
        if new and not self.warned:
            self.warned = True
            warn(f"recording {self.path} went wrong, training goes on ({new[0][0]})")
        return new


def warn(text: str) -> None:
    """Warn, and where warnings are made errors, only say so: training must go on."""
    try:
        warnings.warn(text, RecordingWarning, stacklevel=5)
    except RecordingWarning:
        print(f"lamella: {text}", file=sys.stderr)
