"""The recorder: follows somebody else's training loop and never harms it."""

from __future__ import annotations

import time
import weakref
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from types import TracebackType
from typing import Any

from torch import nn

from lamella import store
from lamella.errors import RecordingError, bad_input
from lamella.recording import summaries
from lamella.recording.capture import Forward, call, device_of, dtype_of
from lamella.recording.modules import aliases
from lamella.recording.notes import RecordingWarning, warn
from lamella.recording.plan import (
    MEGABYTE,
    RecordingPlan,
    Request,
    check_details,
    check_model,
    make_plan,
)
from lamella.recording.probes import check_class_names, check_probes
from lamella.recording.ranks import rank
from lamella.recording.reduction import as_written, reduction
from lamella.recording.schedule import as_schedule, doubling
from lamella.recording.session import Session

__all__ = ["Recorder", "RecordingWarning", "record"]


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
    data set. `layers` are names of `named_modules()`, globs, module types, a depth, or rules
    `(name, module) -> bool`; "*", the default, stands for all leaves. `moments` says at which
    epochs activations are stored: `doubling()` unless given, `every(n)`, or a list. `reduce` is
    "whole", "flatten", "mean", "max" (one number per channel), ("mean", axis) where the axis of
    the channels is not what its module says, ("project", k), or a function of the output;
    `dtype` float32 or float16. `forward(model, inputs)` runs the model where `model(inputs)` does
    not, `batch_size` samples at a time (as many as take about 16 MB in the largest layer unless
    given). `study` is any facts to keep with the run.

    Some trial passes prove at the start that the model is left as it was; what it holds that
    cannot be put back is warned of. Call `recorder.epoch(loss=...)` once before training (epoch
    0) and after each epoch. Later failures only warn, unless `strict`. One recorder at a time
    writes to a folder; of several processes that train together only rank 0 records.

    Raises InputError or UnknownName for arguments that do not fit, RecordingError when the model
    cannot run the probes, RunError when the folder holds a run (see `overwrite`, `resume`), is
    being written, or cannot be, BudgetError when not even one epoch fits into `budget_mb`
    (1 MB = 10^6 bytes).
    """
    began = time.perf_counter()
    path = store.as_path(path, "record()")
    check_model(model)
    check_details(class_names, study, budget_mb)
    checked = check_probes(probes, dtype_of(model))
    schedule = as_schedule(doubling() if moments is None else moments)
    request = Request(
        model=model,
        probes=checked,
        layers=layers,
        reduce=reduction(reduce, seed),
        forward=forward,
        schedule=schedule,
        dtype=dtype,
        batch_size=batch_size,
        weights=weights,
        health=health,
        budget=budget_mb * MEGABYTE,
        strict=strict,
    )
    if rank() > 0:
        return Recorder(path, None)
    plan = make_plan(request)
    check_class_names(class_names, checked)
    info = {
        **({"name": name} if name else {}),
        "class_names": list(class_names),
        "reduce": as_written(reduce),
        "seed": seed,
        "study": dict(study or {}),
        **described(plan),
    }
    lock = store.hold(path)
    try:
        store.create_run(path, info, overwrite=overwrite, resume=resume)
        store.write_probes(path, {n: (p.array(), p.labels, p.ids) for n, p in checked.items()})
        return Recorder(path, Session(path, plan, lock, began))
    except BaseException:
        lock.release()
        raise


def described(plan: RecordingPlan) -> dict[str, Any]:
    """What run.json says of the model and of what is recorded of it."""
    request, trial = plan.request, plan.trial
    model = request.model
    return {
        "model": summaries.model_summary(model),
        "layers": [asdict(layer) for layer in plan.layers],
        "channel_axes": {plan.keys[k].name: axis for k, axis in plan.axes.items() if axis},
        "aliases": aliases(model),
        "skipped": trial.skipped,
        "left_out": plan.left_out,
        "probes": {name: probe.summary() for name, probe in request.probes.items()},
        "moments": repr(request.schedule),
        "dtype": request.dtype,
        "trial": {
            "seconds": trial.seconds,
            "put_back": list(trial.put_back),
            "cannot_put_back": list(trial.lost),
        },
        "versions": summaries.versions(),
        "hardware": summaries.hardware(device_of(model)),
        "initial_weights": summaries.weights_fingerprint(model),
        "description": summaries.description(model),
    }


class Recorder:
    """Writes a run while training goes on; made by `record()`, closed by `with` or `close()`.

    `path` is the run folder, `layers` the names of what is recorded, `next_epoch` the number that
    the next call of `epoch` gets, `stored` the last epoch that is on the disk, `cost` what
    recording took so far, `problems` what went wrong. In a process that does not record, one of
    several, `layers` is empty and every call does nothing.
    """

    def __init__(self, path: Path, session: Session | None) -> None:
        self.path, self._session, self._open = path, session, True
        self.layers = tuple(x.name for x in session.plan.layers) if session else ()
        self.next_epoch = session.first if session else 0
        if session is not None:
            self._end = weakref.finalize(self, session.writer.flush)
            if lost := session.plan.trial.lost:
                text = f"recording changes {', '.join(lost)} of the model, and cannot put it back"
                session.notes.add(f"{text}: training may differ", None)
                session.say()

    def __repr__(self) -> str:
        return (
            f"Recorder({str(self.path)!r}, {len(self.layers)} layers, next epoch {self.next_epoch})"
        )

    @property
    def problems(self) -> list[str]:
        """What went wrong so far, in words."""
        return list(self._session.notes.problems) if self._session else []

    @property
    def cost(self) -> dict[str, float]:
        """Seconds that the loop waited for recording, and bytes written."""
        return dict(self._session.cost) if self._session else {"seconds": 0.0, "bytes": 0}

    @property
    def stored(self) -> int:
        """The last epoch that is on the disk whole, numbers and all; -1 before the first."""
        return self._session.output.stored if self._session else -1

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
            return
        with suppress(Exception):  # what the loop raised counts
            self.close("stopped" if issubclass(kind, KeyboardInterrupt) else "failed")

    def epoch(self, *what: Any, epoch: Any = None, **scalars: Any) -> None:
        """End an epoch: store its numbers and, at the chosen moments, the activations.

        Calls count from 0 (before training); `epoch` says otherwise, and one that is no epoch is
        warned of and counted. Numbers are floats or tensors with one element, by name or in a
        dict. Returns before all is on the disk (see `flush`). Never raises, unless the recorder
        is strict.
        """
        session, began = self._session, time.perf_counter()
        if session is None:
            self.next_epoch += 1
            return
        number = self.next_epoch
        with session.guard(f"epoch {number}", number):
            if not self._open:
                raise RecordingError("the recorder is closed. Call epoch() inside the with block.")
            with session.guard(f"epoch {number}", number):
                epoch, scalars = as_epoch_and_numbers(what, epoch, scalars)
                number = number if epoch is None else epoch_number(epoch)
            session.end_epoch(number, scalars)
            self.next_epoch = session.ended + 1
        session.spend(time.perf_counter() - began)
        session.say()

    def flush(self) -> None:
        """Wait until everything so far is on the disk, and warn of what went wrong on the way."""
        if self._session is not None:
            self._session.writer.flush()
            self._session.say()

    def close(self, status: str = "finished") -> None:
        """Store the last epoch where the moments ask for it, and say in the run how it ended."""
        if not self._open:
            return
        self._open = False
        if self._session is not None:
            self._end.detach()
            self._session.close(status)
            self._session.say()


def as_epoch_and_numbers(
    what: tuple[Any, ...], epoch: Any, scalars: dict[str, Any]
) -> tuple[Any, dict[str, Any]]:
    """An epoch and its numbers, also where they came without a name: `epoch(3, {"loss": 1})`."""
    for thing in what:
        if isinstance(thing, Mapping):
            scalars = {**{str(name): value for name, value in thing.items()}, **scalars}
        elif epoch is None:
            epoch = thing
        else:
            warn(f"epoch() wants numbers by name, got {thing!r}. Call epoch(loss=...).")
    return epoch, scalars


def epoch_number(epoch: Any) -> int:
    """An epoch that a loop names; InputError for what is no whole number from 0."""
    number = store.as_epoch(epoch, "epoch()")
    if number < 0:
        raise bad_input("epoch()", wanted="epochs from 0", got=f"{number}", do="Count from 0")
    return number
