"""One recording in progress: what is done when an epoch ends, and when all has ended."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import torch

from lamella import store
from lamella.errors import BudgetError, LamellaError, RecordingError
from lamella.recording.convert import as_number
from lamella.recording.epoch_files import EpochFiles, exchanged
from lamella.recording.health import Health, Row
from lamella.recording.notes import Notes
from lamella.recording.plan import MEGABYTE, RecordingPlan
from lamella.recording.resuming import Resumed
from lamella.recording.run_output import EpochRows, RunOutput
from lamella.recording.writer import Writer

BLIND = 2  # epochs in a row; weights change once where somebody restores them
NO_GRADIENTS = (
    "the weights changed, but no gradient was seen: no optimiser of torch.optim made a step, and "
    ".grad was empty. Gradient norms are NaN."
)


class Session:
    """Follows a training; every step is guarded, so that nothing is raised but Ctrl-C."""

    def __init__(self, path: Path, plan: RecordingPlan, lock: store.Lock, began: float) -> None:
        request, run = plan.request, store.open_run(path)
        self.path, self.plan, self.notes = path, plan, Notes(path)
        self.output = RunOutput(path, lock, self.notes)
        self.writer = Writer(self.output.write_waiting, at_once=request.strict)
        self.health = Health(request.model) if request.health else None
        self.first, self.ended, self.last_recorded = run.last_epoch + 1, -1, -1
        self.anew = set(self.output.told.ended)
        resumed = request.weights and bool(run.weight_epochs)
        self.resumed = Resumed(request.model, run) if resumed else None
        self.bytes = run.array_bytes  # with what earlier processes wrote
        self.exchanged: dict[str, str] = {}
        self.left_out: dict[str, str] = {}
        self.told: set[str] = set()
        self.blind = 0
        spent = time.perf_counter() - began
        self.mark, self.unwritten = began, [spent, self.bytes if not run.last_epoch + 1 else 0]
        self.cost: dict[str, float] = {"seconds": spent, "bytes": self.unwritten[1]}

    def end_epoch(self, number: int, numbers: Mapping[str, Any]) -> None:
        """Store the numbers of an epoch and, when it is due, its activations."""
        rows, parts = EpochRows(number, {}, [], (0.0, 0, 0.0)), None
        with self.guard(f"epoch {number}", number):
            self._check_weights(number)
        with self.guard(f"epoch {number}", number):
            if self.ended >= number:
                raise RecordingError(
                    f"epoch {number} has ended already, as has {self.ended}. Count upwards."
                )
            rows.later = self.ended < 0 and number < self.first
            rows.anew = number in self.anew and not rows.later
            if rows.later:
                self.output.forget_from(number)
            self.ended = number
            with self.guard(f"epoch {number}", number):
                if self.plan.request.schedule.due(number):
                    parts = self._files(number)
            with self.guard(f"epoch {number}", number):
                rows.health = self._health_rows()
            for name, value in numbers.items():
                with self.guard(f"epoch {number}", number):
                    rows.numbers[name] = as_number(name, value)
            self._hand_over(rows, parts)

    def close(self, status: str) -> None:
        """Store the last epoch where the schedule asks for it, and say how the run ended."""
        if self.resumed is not None:
            self.resumed.close()
        wanted = status == "finished" and getattr(self.plan.request.schedule, "last", False)
        with self.guard("closing", self.ended):
            if wanted and self.ended >= 0 and self.last_recorded != self.ended:
                parts = self._files(self.ended)
                self.writer.put(lambda: self.output.add_files(self.ended, parts), large=True)
        with self.guard("closing", self.ended):
            if self.health is not None:
                self.health.close()
            self.writer.close()
        with self.guard("closing", self.ended):
            last = self.ended if self.ended >= 0 else self.first - 1
            self.output.finish(status, self._take_cost(), last)

    def _check_weights(self, number: int) -> None:
        resumed, self.resumed = self.resumed, None
        if resumed is not None:
            resumed.check(number)

    def _files(self, epoch: int) -> store.Parts:
        plan = self.plan
        if self.bytes + plan.bytes > plan.request.budget:
            raise BudgetError(
                f"the run has {self.bytes / MEGABYTE:,.0f} MB of its budget of "
                f"{plan.request.budget / MEGABYTE:,.0f} MB, and an epoch takes "
                f"{plan.bytes / MEGABYTE:,.1f} MB: activations of epoch {epoch} were not "
                "stored. Raise budget_mb, record at fewer moments, or reduce."
            )
        self.output.check_folder()
        files = EpochFiles(self.path, plan, epoch)
        with torch.inference_mode(False):
            parts = files.write()
        self._tell(epoch, files)
        self.bytes += plan.bytes
        self.cost["bytes"] += plan.bytes
        self.unwritten[1] += plan.bytes
        self.last_recorded = epoch
        return parts

    def _tell(self, epoch: int, files: EpochFiles) -> None:
        """What was left out, exchanged, or cannot be put back: each once, until it changes."""
        for name, reason in files.reasons.items():
            if self.left_out.get(name) != reason:
                self.notes.add(f"epoch {epoch}: {name!r} was left out: {reason}", epoch)
        self.left_out = files.reasons
        now = exchanged(self.plan, self.plan.request.model)
        for name, what in now.items():
            if self.exchanged.get(name) != what:
                self.notes.add(f"epoch {epoch}: module {name!r}: {what}", epoch)
        self.exchanged = now
        for name in sorted(files.lost - self.told - set(self.plan.trial.lost)):
            self.notes.add(f"epoch {epoch}: recording changed {name}, and cannot undo it", epoch)
        self.told |= files.lost

    def _health_rows(self) -> list[Row]:
        if self.health is None:
            return []
        with torch.inference_mode(False):
            rows = self.health.rows()
        self.blind = self.blind + 1 if self.health.blind else 0
        if self.blind == BLIND:
            self.notes.add(f"epoch {self.ended}: {NO_GRADIENTS}", self.ended)
        return rows

    def _hand_over(self, rows: EpochRows, parts: store.Parts | None) -> None:
        rows.cost = self._take_cost()
        self.writer.put(lambda: self.output.store(rows, parts), large=parts is not None)

    def _take_cost(self) -> tuple[float, int, float]:
        if self.health is not None:
            self.unwritten[0] += self.health.gradients.seconds
            self.cost["seconds"] += self.health.gradients.seconds
            self.health.gradients.seconds = 0.0
        now = time.perf_counter()
        seconds, size = self.unwritten
        self.unwritten = [0.0, 0]
        wall, self.mark = now - self.mark, now
        return seconds, int(size), wall

    def spend(self, seconds: float) -> None:
        """Count time that the training loop waited for recording."""
        self.cost["seconds"] += seconds
        self.unwritten[0] += seconds

    @contextmanager
    def guard(self, what: str, epoch: int | None) -> Iterator[None]:
        """Note whatever goes wrong inside; nothing is raised."""
        try:
            yield
        except Exception as error:
            self.notes.add(f"{what}: {type(error).__name__}: {error}", epoch, error)

    def say(self) -> None:
        """Warn of what was noted meanwhile; a strict recording raises it."""
        for text, error in self.notes.say():
            if self.plan.request.strict:
                raise error if isinstance(error, LamellaError) else RecordingError(text) from error
