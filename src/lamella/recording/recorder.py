"""The recorder: follows somebody else's training loop and never harms it."""

from __future__ import annotations

import os
import sys
import time
import warnings
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict
from pathlib import Path
from types import TracebackType
from typing import Any

from torch import Tensor, nn

from lamella import store
from lamella.errors import BudgetError, LamellaError, RecordingError, bad_input
from lamella.recording import facts
from lamella.recording.capture import (
    Forward,
    call,
    device_of,
    dtype_of,
    run_batches,
    unfit,
)
from lamella.recording.convert import as_array, as_number, to_array
from lamella.recording.health import Health
from lamella.recording.moments import as_moments, doubling
from lamella.recording.plan import (
    MEGABYTE,
    Plan,
    check_facts,
    check_model,
    make_plan,
    model_tensors,
)
from lamella.recording.probes import Probe, check_class_names, check_probes
from lamella.recording.reduction import reduction
from lamella.recording.resuming import Resumed


class RecordingWarning(UserWarning):
    """Recording failed somewhere; training went on."""


def record(
    path: Path | str,
    model: nn.Module,
    probes: Mapping[str, Any],
    *,
    layers: Any = "*",
    moments: Any = None,
    reduce: Any = "whole",
    dtype: str = "float32",
    weights: bool = True,
    health: bool = True,
    class_names: tuple[str, ...] = (),
    name: str | None = None,
    seed: int = 0,
    study: Mapping[str, Any] | None = None,
    forward: Forward = call,
    batch_size: int | None = None,
    overwrite: bool = False,
    resume: bool = False,
    budget_mb: float = 2000,
    strict: bool = False,
) -> Recorder:
    """Start to record how a model transforms fixed samples while your own loop trains it.

    `probes` are samples by name, each (inputs, labels), (inputs, labels, ids) or a split of a
    data set. `layers` are names of `named_modules()`, globs (which match leaf modules), module
    types, or rules `(name, module) -> bool`. `moments` says at which epochs activations are
    stored: `doubling()` unless given, `every(n)`, or a list. `reduce` is "whole", "flatten",
    "mean", "max" or ("project", k), `dtype` float32 or float16. `forward(model, inputs)` runs
    the model where `model(inputs)` does not, `batch_size` samples at a time (as many as take
    about 16 MB in the largest layer unless given). `study` is any facts to keep with the run.

    Call `recorder.epoch(loss=...)` once before training (epoch 0) and after each epoch. Later
    failures only warn, unless `strict`. Raises InputError or UnknownName for arguments that do
    not fit, RecordingError when the model cannot run the probes, RunError when the folder holds
    a run (see `overwrite`, `resume`) or cannot be written, BudgetError when not even one epoch
    fits into `budget_mb` (1 MB = 10^6 bytes).
    """
    began = time.perf_counter()
    path = store.as_path(path, "record()")
    check_model(model)
    check_facts(class_names, study, budget_mb)
    plan = make_plan(
        model,
        check_probes(probes, dtype_of(model)),
        layers,
        reduction(reduce, seed),
        forward,
        as_moments(doubling() if moments is None else moments),
        dtype,
        batch_size,
        weights,
        budget_mb * MEGABYTE,
        strict,
    )
    check_class_names(class_names, plan.probes)
    info = {
        **({"name": name} if name else {}),
        "model": facts.model_facts(model),
        "layers": [asdict(layer) for layer in plan.layers],
        "skipped": plan.skipped,
        "probes": {name: probe.facts() for name, probe in plan.probes.items()},
        "class_names": list(class_names),
        "moments": repr(plan.moments),
        "reduce": reduce,
        "dtype": dtype,
        "seed": seed,
        "study": dict(study or {}),
        "versions": facts.versions(),
        "hardware": facts.hardware(device_of(model)),
        "initial_weights": facts.weights_fingerprint(model),
        "description": facts.description(model),
    }
    folder = store.create_run(path, info, overwrite=overwrite, resume=resume)
    written = 0
    for name, probe in plan.probes.items():
        written += store.write_probe(folder, name, probe.array(), probe.labels, probe.ids)
    return Recorder(folder, plan, health=health, began=began, written=written)


class Recorder:
    """Writes a run while training goes on; made by `record()`, closed by `with` or `close()`.

    `path` is the run folder, `layers` the names of what is recorded, `next_epoch` the number that
    the next call of `epoch` gets, `cost` what recording took so far, `problems` what went wrong.
    """

    def __init__(self, path: Path, plan: Plan, *, health: bool, began: float, written: int) -> None:
        self.path, self.plan = path, plan
        run = store.open_run(path)
        self.layers = tuple(layer.name for layer in plan.layers)
        self.problems: list[str] = []
        self._health = Health(plan.model) if health else None
        self.next_epoch, self._last_recorded = run.last_epoch + 1, -1
        self._resumed = Resumed(plan.model, run) if plan.weights and run.weight_epochs else None
        self._bytes = run.array_bytes  # with what earlier processes wrote
        self._open, self._connection = True, (os.getpid(), store.connect(path))
        self._mark, spent = began, time.perf_counter() - began
        self._unwritten = [spent, written]  # seconds and bytes not yet in the run
        self.cost: dict[str, float] = {"seconds": spent, "bytes": written}

    def __repr__(self) -> str:
        return (
            f"Recorder({str(self.path)!r}, {len(self.layers)} layers, next epoch {self.next_epoch})"
        )

    def __enter__(self) -> Recorder:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind is None:
            self.close()
        else:
            self.close("stopped" if issubclass(kind, KeyboardInterrupt) else "failed")

    def epoch(self, *, epoch: int | None = None, **scalars: float) -> None:
        """End an epoch: store its numbers and, at the chosen moments, the activations.

        Calls count from 0 (before training); `epoch` says otherwise, and one that is no epoch is
        warned of and counted. Numbers are floats or tensors with one element. Never raises,
        unless the recorder is strict.
        """
        number = self.next_epoch
        with self._guard(f"epoch {number}", number):
            number = number if epoch is None else epoch_number(epoch)
        with self._guard(f"epoch {number}", number):
            self._check_weights(number)
        with self._guard(f"epoch {number}", number):
            if not self._open:
                raise RecordingError("the recorder is closed. Call epoch() inside the with block.")
            self.next_epoch = number + 1
            try:
                if self.plan.moments.due(number):
                    self._record(number)
            finally:
                self._write_numbers(number, scalars)

    def close(self, status: str = "finished") -> None:
        """Store the last epoch where the moments ask for it, and say in the run how it ended."""
        if not self._open:
            return
        if self._resumed is not None:
            self._resumed.close()
        last = self.next_epoch - 1
        with self._guard("closing", last):
            wanted = status == "finished" and getattr(self.plan.moments, "last", False)
            if wanted and last >= 0 and self._last_recorded != last:
                self._record(last)
        self._open = False
        with self._guard("closing", last):
            self._finish(status)

    def _check_weights(self, number: int) -> None:
        resumed, self._resumed = self._resumed, None
        if resumed is not None:
            resumed.check(number)

    def _record(self, epoch: int) -> None:
        if self._bytes + self.plan.bytes > self.plan.budget:
            raise BudgetError(
                f"the run has {self._bytes / MEGABYTE:,.0f} MB of its budget of "
                f"{self.plan.budget / MEGABYTE:,.0f} MB, and an epoch takes "
                f"{self.plan.bytes / MEGABYTE:,.1f} MB: activations of epoch {epoch} were not "
                "stored. Raise budget_mb, record at fewer moments, or reduce."
            )
        with store.whole_files() as opener:  # named in this order: activations complete an epoch
            if self.plan.weights:
                tensors = model_tensors(self.plan.model)
                arrays = {name: as_array(tensor) for name, tensor in tensors.items()}
                store.write_weights(self.path, epoch, arrays, opener)
            for name, probe in self.plan.probes.items():
                self._record_probe(epoch, name, probe, opener)
        self._add(self.plan.bytes)
        self._last_recorded = epoch

    def _record_probe(self, epoch: int, name: str, probe: Probe, opener: Any) -> None:
        plan = self.plan
        shapes = plan.shapes(name)
        with store.activation_file(self.path, epoch, name, shapes, opener) as put:

            def keep(row: int, layer: str, _module: nn.Module, output: Tensor) -> None:
                if layer not in shapes:
                    return
                count = min(plan.batch_size, len(probe) - row)
                if reason := unfit(output, count):
                    raise RecordingError(f"layer {layer!r} changed: {reason}.")
                put(layer, row, to_array(plan.reduce(layer, output), plan.dtype, layer))

            run_batches(plan.model, plan.chosen, probe.inputs, keep, plan.forward, plan.batch_size)

    def _write_numbers(self, epoch: int, scalars: Mapping[str, Any]) -> None:
        rows = [] if self._health is None else self._health.rows()
        numbers: dict[str, float] = {}
        for name, value in scalars.items():
            with self._guard(f"epoch {epoch}", epoch):
                numbers[name] = as_number(name, value)
        self._write(epoch, numbers, rows)

    def _write(self, epoch: int, numbers: Mapping[str, float], health: Iterable = ()) -> None:
        process, connection = self._connection
        store.write_scalars(
            self.path,
            epoch,
            numbers,
            health=health,
            cost=self._take_cost(),
            connection=connection if process == os.getpid() else None,  # SQLite bars it to forks
        )

    def _finish(self, status: str) -> None:
        self._write(self.next_epoch - 1, {})
        self._connection[1].close()
        info = store.read_info(self.path)
        cost = store.open_run(self.path).cost
        ended = {"status": status, "cost": cost, "problems": self.problems}
        store.write_info(self.path, {**info, **ended})

    def _add(self, size: int) -> None:
        self._bytes += size
        self.cost["bytes"] += size
        self._unwritten[1] += size

    def _take_cost(self) -> tuple[float, int, float]:
        now = time.perf_counter()
        seconds, size = self._unwritten
        self._unwritten = [0.0, 0]
        wall, self._mark = now - self._mark, now
        return seconds, int(size), wall

    @contextmanager
    def _guard(self, what: str, epoch: int | None, began: float | None = None) -> Iterator[None]:
        began = time.perf_counter() if began is None else began
        try:
            yield
        except Exception as error:
            if self.plan.strict:
                if isinstance(error, LamellaError):
                    raise
                raise RecordingError(f"{what}: {type(error).__name__}: {error}") from error
            self._problem(f"{what}: {type(error).__name__}: {error}", epoch)
        finally:
            spent = time.perf_counter() - began
            self.cost["seconds"] += spent
            self._unwritten[0] += spent

    def _problem(self, text: str, epoch: int | None) -> None:
        self.problems.append(text)
        with suppress(Exception):  # the disk may be the problem
            store.write_problem(self.path, epoch, text)
        if len(self.problems) == 1:
            warn(f"recording {self.path} went wrong, training goes on ({text})")


def epoch_number(epoch: Any) -> int:
    """An epoch that a loop names; InputError for what is no whole number from 0."""
    number = store.as_epoch(epoch, "epoch()")
    if number < 0:
        raise bad_input("epoch()", wanted="epochs from 0", got=f"{number}", do="Count from 0")
    return number


def warn(text: str) -> None:
    """Warn, and where warnings are made errors, only say so: training must go on."""
    try:
        warnings.warn(text, RecordingWarning, stacklevel=6)
    except RecordingWarning:
        print(f"lamella: {text}", file=sys.stderr)
