"""The run folder as a recorder writes it: files, then numbers, then how it ended."""

from __future__ import annotations

import errno
import os
import shutil
import weakref
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lamella import store
from lamella.errors import RecordingError
from lamella.recording.health import Row
from lamella.recording.notes import Notes

SPARE = 8  # file descriptors kept for the last words of a run
WAITING = 10_000  # epochs whose numbers may wait for a disk that has no room


@dataclass
class EpochRows:
    """The numbers of an ended epoch. `anew` says that it was ended before, `later` that what the
    run has of later epochs belongs to a past that was given up."""

    epoch: int
    numbers: dict[str, float]
    health: list[Row]
    cost: tuple[float, int, float]
    anew: bool = False
    later: bool = False


@dataclass
class Told:
    """What a run should have, so that a reader can count what is missing."""

    recorded: set[int] = field(default_factory=set)
    ended: set[int] = field(default_factory=set)

    def end(self, epoch: int, *, recorded: bool, later: bool) -> None:
        """Count an epoch; `later` ones belong to a past that was given up."""
        if later:
            self.recorded = {e for e in self.recorded if e < epoch}
            self.ended = {e for e in self.ended if e < epoch}
        self.ended.add(epoch)
        self.recorded |= {epoch} if recorded else set()


class RunOutput:
    """Writes what it is given, notes what went wrong, and never raises.

    It is used by one thread at a time. `stored` is the last epoch that is on the disk whole.
    """

    def __init__(self, path: Path, lock: store.Lock, notes: Notes) -> None:
        self.path, self.lock, self.notes = path, lock, notes
        self.info = store.read_info(path)
        self.told, self.stored = told_by(path), -1
        self.waiting: list[EpochRows] = []
        self.refused = False  # whether the last try to write numbers failed
        self.identity = identity_of(path)
        self.process, self.connection = os.getpid(), store.connect(path)
        self.spare = [os.open(os.devnull, os.O_RDONLY) for _ in range(SPARE)]
        weakref.finalize(self, close_all, self.spare)
        lock.reserve()

    def store(self, rows: EpochRows, parts: store.Parts | None) -> None:
        """An epoch: its files, where it has any, and then its numbers."""
        recorded = False
        try:
            if parts is not None:
                self.check_folder()
                parts.commit()
                recorded = True
        except Exception as error:
            if parts is not None:
                parts.discard()
            self._note(rows.epoch, error)
        self.told.end(rows.epoch, recorded=recorded, later=rows.later)
        self.waiting.append(rows)
        if parts is not None:
            self.write_waiting()

    def add_files(self, epoch: int, parts: store.Parts) -> None:
        """Files of an epoch whose numbers are there already."""
        try:
            self.check_folder()
            parts.commit()
            self.told.recorded.add(epoch)
        except Exception as error:
            parts.discard()
            self._note(epoch, error)

    def finish(self, status: str, cost: tuple[float, int, float], last: int) -> None:
        """The last words: what still waits, and in any case how the run ended."""
        self._let_spare_go()
        if self.waiting or self.notes.unwritten or cost[1]:
            self.waiting.append(EpochRows(last, {}, [], cost))
        self.write_waiting()
        lost = sorted({rows.epoch for rows in self.waiting if rows.numbers or rows.health})
        if lost:
            text = f"the numbers of epochs {', '.join(map(str, lost[:20]))} could not be stored"
            self.notes.add(text, None)
        ended = {"status": status, "cost": self._cost(), "problems": self.notes.problems}
        expected = {"recorded": sorted(self.told.recorded), "ended": len(self.told.ended)}
        try:
            self.check_folder()
            self._write_info({**self._info_now(), **ended, "expected": expected})
        except Exception as error:
            self._note(None, error, "closing")
        self._close()

    def write_waiting(self) -> None:
        """The numbers of the epochs that ended since the last time, together.

        Several short epochs cost hardly more than one so.
        """
        if not self.waiting and not self.notes.unwritten:
            return
        last = self.waiting[-1].epoch if self.waiting else self.stored
        taken = self.notes.take_unwritten()
        try:
            self.check_folder()
            own = self.connection if self.process == os.getpid() else None
            with store.writing(self.path, own) as connection:
                for rows in self.waiting:
                    if rows.anew or rows.later:
                        store.replace_from(connection, rows.epoch, later=rows.later)
                    numbers, health = rows.numbers, rows.health
                    store.insert_numbers(connection, rows.epoch, numbers, health, rows.cost)
                connection.executemany("INSERT INTO problems VALUES (?, ?)", taken)
            self.waiting, self.refused, self.stored = [], False, last
        except Exception as error:
            self.notes.not_written(taken)
            del self.waiting[:-WAITING]
            if not self.refused:  # once for each time that the disk says no
                self.refused = True
                self._note(self.waiting[-1].epoch if self.waiting else None, error)

    def _write_info(self, info: Mapping[str, Any]) -> None:
        try:
            store.write_info(self.path, info)
        except OSError:
            self.lock.make_room()
            store.write_info(self.path, info, at_any_price=True)

    def _info_now(self) -> dict[str, Any]:
        with suppress(Exception):
            return store.read_info(self.path)
        return self.info

    def _cost(self) -> dict[str, float]:
        with suppress(Exception):
            text = "SELECT sum(seconds), sum(bytes), sum(wall_seconds) FROM costs"
            return store.cost_of(self.connection.execute(text).fetchone())
        return store.cost_of((None, None, None))

    def forget_from(self, epoch: int) -> None:
        """Remove what a run that is gone on with has of this epoch and later ones."""
        for folder in ("activations", "weights"):
            for entry in (self.path / folder).glob("[0-9]*"):
                stem = entry.name.split(".")[0]
                if stem.isdigit() and int(stem) >= epoch:
                    shutil.rmtree(entry) if entry.is_dir() else entry.unlink()

    def check_folder(self) -> None:
        """Never put half a run where a whole one was taken away."""
        if identity_of(self.path) != self.identity or not (self.path / "run.json").exists():
            raise RecordingError(
                f"the folder {self.path} is gone, or another in its place. Record a new run."
            )

    def _note(self, epoch: int | None, error: Exception, what: str = "") -> None:
        what = what or ("closing" if epoch is None else f"epoch {epoch}")
        self.notes.add(f"{what}: {type(error).__name__}: {error}", epoch, error)
        if isinstance(error, OSError) and error.errno in (errno.EMFILE, errno.ENFILE):
            self._let_spare_go(half=True)

    def _let_spare_go(self, *, half: bool = False) -> None:
        keep = len(self.spare) // 2 if half else 0
        close_all(self.spare, keep)

    def _close(self) -> None:
        self._let_spare_go()
        with suppress(Exception):
            if self.process == os.getpid():
                self.connection.close()
        self.lock.release()


def close_all(descriptors: list[int], keep: int = 0) -> None:
    """Close file descriptors, all but some."""
    while len(descriptors) > keep:
        os.close(descriptors.pop())


def told_by(path: Path) -> Told:
    """What a run has that is gone on with."""
    ended = store.query(path, "SELECT DISTINCT epoch FROM costs WHERE epoch >= 0")
    return Told(set(store.open_run(path).epochs), {epoch for (epoch,) in ended})


def identity_of(path: Path) -> tuple[int, int] | None:
    """Which folder a path leads to; None where there is none."""
    try:
        found = os.stat(path)
    except OSError:
        return None
    return found.st_dev, found.st_ino
