"""A run, read: lazy, memory-mapped, and safe while another process still writes it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from lamella.errors import RunError, unknown_name
from lamella.registry import measures as registered
from lamella.results import Record, unpack
from lamella.store.arguments import as_epoch, as_path
from lamella.store.create import read_info
from lamella.store.database import query
from lamella.store.find import find_runs
from lamella.store.frames import joined
from lamella.store.layout import (
    FOLDERS,
    INFO,
    activation_path,
    database_path,
    epochs_in,
    info_path,
    probe_path,
    weight_path,
)
from lamella.store.process import is_alive
from lamella.store.run_info import complete
from lamella.store.tensors import Slot, map_tensor, read_slots

if TYPE_CHECKING:
    import pandas

BOTH = ("train", "test")
INPUT = "input"
NOT_COMPUTED = "not_computed"  # what stands where a measure failed
REASONS = ("layer", "epoch", "split", "measure", "reason", "key")


MEAN = "mean_gradient_norm"


def cost_of(row: tuple[float | None, ...]) -> dict[str, float]:
    """Seconds and bytes of recording, and the share of the time of the loop without it.

    The share is NaN where nothing ran beside recording.
    """
    seconds, size, wall = (value or 0.0 for value in row)
    rest = wall - seconds
    share = seconds / rest if rest > 0 else float("nan")
    return {"seconds": seconds, "bytes": int(size), "share": share}


def open_run(path: Path | str) -> Run:
    """A run folder to read from.

    Raises RunError when there is no run, or one of a format that this lamella does not know,
    InputError for what is no path.
    """
    path = as_path(path, "open_run()")
    path = path.parent if path.name == INFO else path
    if not info_path(path).exists() and (below := find_runs(path)):
        names = ", ".join(str(p) for p in below[:5]) + (", ..." if len(below) > 5 else "")
        raise RunError(f"open_run() wants one run, got {path}, which holds {names}. Choose one.")
    read_info(path)
    return Run(path)


class Run:
    """Everything recorded and measured of one training, by (layer, epoch, split).

    Nothing is loaded before it is asked for, and each question looks at the folder anew, so that
    a run may be read while it is recorded. `split` is the name of a probe, or "both" for train
    followed by test. Layer "input" stands for the samples of the probe themselves.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._info: tuple[Any, dict[str, Any]] = (None, {})
        self._slots: dict[Path, tuple[tuple[int, int], dict[str, Slot]]] = {}
        self._layouts: dict[tuple, dict[str, Slot]] = {}

    def __repr__(self) -> str:
        return (
            f"Run({str(self.path)!r}, {self.status}, {len(self.epochs)} epochs, "
            f"{len(self.layers)} layers, splits {', '.join(self.splits)})"
        )

    @property
    def info(self) -> dict[str, Any]:
        """What run.json says now."""
        try:
            found = info_path(self.path).stat()
        except OSError as error:
            raise RunError(
                f"{self.path} is no longer there ({error.strerror}): it was moved or removed. "
                "List runs with: lamella runs FOLDER."
            ) from error
        stamp = (found.st_mtime_ns, found.st_size)
        if self._info[0] != stamp:
            self._info = (stamp, complete(read_info(self.path), self.path))
        return self._info[1]

    @property
    def name(self) -> str:
        """The name of the run; the folder's, unless it was given another."""
        return self.info["name"]

    @property
    def layers(self) -> tuple[str, ...]:
        """The recorded layers in the order in which the model executes them."""
        return tuple(layer["name"] for layer in self.info["layers"])

    @property
    def epochs(self) -> tuple[int, ...]:
        """The epochs whose activation files are all there and whole."""
        found = epochs_in(self.path / "activations")
        return tuple(epoch for epoch in found if self._is_whole(epoch))

    @property
    def weight_epochs(self) -> tuple[int, ...]:
        """The epochs whose weights are stored."""
        return tuple(epochs_in(self.path / "weights"))

    @property
    def splits(self) -> tuple[str, ...]:
        """The probes, and "both" where there are train and test."""
        probes = tuple(self.info["probes"])
        return (*probes, "both") if set(BOTH) <= set(probes) else probes

    @property
    def class_names(self) -> tuple[str, ...]:
        """The names of the classes; their numbers where none were given."""
        names = self.info.get("class_names") or ()
        if names:
            return tuple(names)
        labels = [self.labels(p) for p, facts in self.info["probes"].items() if facts["labels"]]
        return tuple(str(c) for c in np.unique(np.concatenate(labels))) if labels else ()

    @property
    def status(self) -> str:
        """running, finished, stopped (Ctrl-C), failed (an exception), or killed."""
        info = self.info
        if info["status"] == "running" and not is_alive(info.get("process", {})):
            return "killed"
        return info["status"]

    @property
    def finished(self) -> bool:
        """Whether training ended as it should."""
        return self.status == "finished"

    @property
    def cost(self) -> dict[str, float]:
        """Seconds and bytes that recording took so far, and its share of the time without it."""
        rows = query(self.path, "SELECT sum(seconds), sum(bytes), sum(wall_seconds) FROM costs")
        return cost_of(rows[0] if rows else (None, None, None))

    @property
    def problems(self) -> tuple[str, ...]:
        """What went wrong while recording, what is missing or damaged, in words.

        From the database and from run.json, for either may have been the one that could be written.
        """
        noted = [text for (text,) in query(self.path, "SELECT text FROM problems")]
        ended = [str(text) for text in self.info.get("problems") or ()]
        damaged = self.damaged
        broken = [f"epoch {epoch}: {why}" for epoch, why in damaged.items()]
        return tuple(dict.fromkeys([*noted, *ended, *broken, *self._missing(damaged)]))

    def _missing(self, damaged: dict[int, str]) -> Iterator[str]:
        """What the recorder counted at its end, and what of it is not there."""
        expected = self.info.get("expected") or {}
        recorded = set(expected.get("recorded") or ()) - set(damaged)
        if lost := sorted(recorded - set(self.epochs)):
            yield f"the activations of epochs {', '.join(map(str, lost))} are missing"
        rows = len(query(self.path, "SELECT DISTINCT epoch FROM costs WHERE epoch >= 0"))
        if rows < expected.get("ended", 0):
            yield f"the numbers of {expected['ended'] - rows} epochs are missing"

    @property
    def damaged(self) -> dict[int, str]:
        """The epochs whose activations were recorded but cannot be read, and why.

        A file that is not there counts only beside others, in a run that came to its end: until
        then it may be on its way.
        """
        found = epochs_in(self.path / "activations")
        troubles = {epoch: self._trouble(epoch) for epoch in found}
        ended = self.status not in ("running", "killed") if any(troubles.values()) else True
        return {
            epoch: str(error)
            for epoch, (error, there) in ((e, t) for e, t in troubles.items() if t)
            if there or (ended and any(activation_path(self.path, epoch, "").parent.iterdir()))
        }

    @property
    def last_epoch(self) -> int:
        """The last epoch that training ended, recorded or not; -1 before the first."""
        rows = query(self.path, "SELECT max(epoch) FROM costs")
        return rows[0][0] if rows and rows[0][0] is not None else -1

    @property
    def bytes(self) -> int:
        """The size of the run's files on disk."""
        single = [info_path(self.path), database_path(self.path)]
        return self.array_bytes + sum(f.stat().st_size for f in single if f.exists())

    @property
    def array_bytes(self) -> int:
        """The size of probes, activations and weights on disk."""
        files = [f for folder in FOLDERS for f in (self.path / folder).rglob("*.safetensors")]
        return sum(f.lstat().st_size for f in files)

    def probes(self, split: str) -> tuple[str, ...]:
        """The probes that a split consists of: itself, or train and test."""
        if split not in self.splits:
            raise unknown_name("split", str(split), self.splits)
        return BOTH if split == "both" else (split,)

    def activations(self, layer: str, epoch: int, split: str) -> np.ndarray:
        """What a layer gives for the samples of a split: shape (samples, features...).

        A read-only memory map, except for split "both", which is put together in memory.
        Raises UnknownName for a layer or split, RunError for an epoch that was not recorded.
        """
        if layer == INPUT:
            return self.inputs(split)
        return self._per_probe(split, lambda probe: self._activation(layer, epoch, probe))

    def inputs(self, split: str) -> np.ndarray:
        """The samples of a split as the model got them."""
        return self._per_probe(split, lambda probe: self._probe(probe, "inputs"))

    def labels(self, split: str) -> np.ndarray:
        """The class of each sample; RunError where the probe had no labels."""
        return self._per_probe(split, lambda probe: self._probe(probe, "labels"))

    def ids(self, split: str) -> np.ndarray:
        """The id of each sample, the same in every run of the same data."""
        return self._per_probe(split, lambda probe: self._probe(probe, "ids"))

    def weights(self, epoch: int) -> dict[str, np.ndarray]:
        """The parameters and buffers of the model at an epoch, by their names in the model."""
        path = weight_path(self.path, as_epoch(epoch, "weights()"))
        if not path.exists():
            raise self._no_epoch(epoch, self.weight_epochs, "weights")
        slots = self._slots_of(path)
        return {name: map_tensor(path, name, slots, self.path) for name in slots}

    def scalars(self) -> pandas.DataFrame:
        """The numbers logged by the training loop: column epoch and one per name."""
        import pandas

        rows = query(self.path, "SELECT epoch, name, value FROM scalars ORDER BY rowid")
        names = list(dict.fromkeys(name for _, name, _ in rows))
        table: dict[int, dict[str, float]] = {}
        for epoch, name, value in rows:
            table.setdefault(epoch, {})[name] = float("nan") if value is None else value
        data = [{"epoch": epoch, **table[epoch]} for epoch in sorted(table)]
        return pandas.DataFrame(data, columns=["epoch", *names])

    def health(self) -> pandas.DataFrame:
        """Columns epoch, parameter, weight_norm, gradient_norm, update_norm, mean_gradient_norm.

        Euclidean norms; that of the gradient at the last step, and their mean over the epoch's.
        """
        import pandas

        columns = ["epoch", "parameter", "weight_norm", "gradient_norm", "update_norm"]
        if any(row[1] == MEAN for row in query(self.path, "PRAGMA table_info(health)")):
            columns.append(MEAN)  # not in runs of before
        rows = query(self.path, f"SELECT {', '.join(columns)} FROM health ORDER BY epoch, rowid")
        frame = pandas.DataFrame(rows, columns=columns)
        return frame.astype(dict.fromkeys(columns[2:], float))

    def results(self, measure: str | None = None) -> pandas.DataFrame:
        """What was measured: columns layer, epoch, split and those of the measure's records.

        Without a name: the cells that have been measured, with measure and kind of record. The
        name "not_computed" gives the measure and the reason of each that failed: no rows where
        none did. Raises UnknownName for a measure without results.
        """
        import pandas

        if measure is None:
            rows = query(self.path, "SELECT measure, layer, epoch, split, kind FROM results")
            columns = ["measure", "layer", "epoch", "split", "kind"]
            return pandas.DataFrame(self._in_order(rows), columns=columns)
        rows = query(
            self.path,
            "SELECT measure, layer, epoch, split, record FROM results WHERE measure=?",
            (measure,),
        )
        if not rows and measure == NOT_COMPUTED:
            return pandas.DataFrame(columns=list(REASONS))
        if not rows:
            raise unknown_name(f"result of {self.path}", str(measure), self._measures())
        return joined([(*row[1:4], unpack(row[4])) for row in self._in_order(rows)])

    def record(self, measure: str, layer: str, epoch: int, split: str) -> Record | None:
        """The record of a measure at one cell; None where it was not measured.

        Raises UnknownName where no measure has that name, neither here nor in the registry.
        """
        rows = query(
            self.path,
            "SELECT record FROM results WHERE measure=? AND layer=? AND epoch=? AND split=?",
            (measure, layer, as_epoch(epoch, "record()"), split),
        )
        if not rows:
            self._check_measure(measure)
        return unpack(rows[0][0]) if rows else None

    def _check_measure(self, measure: str) -> None:
        """Refuse a name that is neither a result of this run nor registered, as `gdv@gaussian`."""
        known = [*self._measures(), NOT_COMPUTED]
        if measure not in known and str(measure).partition("@")[0] not in registered:
            raise unknown_name("measure", str(measure), {*known, *registered})

    def _measures(self) -> list[str]:
        return [name for (name,) in query(self.path, "SELECT DISTINCT measure FROM results")]

    def _in_order(self, rows: list[tuple]) -> list[tuple]:
        """Rows of (measure, layer, epoch, split, ...) by depth, epoch and split."""
        layers = {name: i for i, name in enumerate([INPUT, *self.layers])}
        splits = {name: i for i, name in enumerate(self.splits)}
        last = len(layers) + len(splits)

        def place(row: tuple) -> tuple:
            measure, layer, epoch, split = row[:4]
            return measure, layers.get(layer, last), epoch, splits.get(split, last), layer

        return sorted(rows, key=place)

    def _per_probe(self, split: str, read: Callable[[str], np.ndarray]) -> np.ndarray:
        parts = [read(probe) for probe in self.probes(split)]
        try:
            return parts[0] if len(parts) == 1 else np.concatenate(parts)
        except ValueError as error:
            raise RunError(
                f"{self.path} wants samples of one shape in train and test, got "
                f"{' and '.join(str(part.shape[1:]) for part in parts)}. Choose one of the two."
            ) from error

    def _probe(self, probe: str, name: str) -> np.ndarray:
        path = probe_path(self.path, probe)
        slots = self._slots_of(path)
        if name not in slots:
            raise RunError(
                f"probe {probe!r} of {self.path} has no {name}. Pass them to lamella.record()."
            )
        self._check_rows(path, name, slots[name], probe)
        return map_tensor(path, name, slots, self.path)

    def _activation(self, layer: str, epoch: int, probe: str) -> np.ndarray:
        path = activation_path(self.path, as_epoch(epoch, "activations()"), probe)
        if layer not in self.layers:
            raise unknown_name("layer", str(layer), [INPUT, *self.layers])
        if not path.exists():
            raise self._no_epoch(epoch, self.epochs, "activations")
        slots = self._slots_of(path)
        if layer not in slots:
            raise RunError(
                f"{self.path} has no {layer!r} of epoch {epoch}, probe {probe!r}: it was left out "
                "(see the problems of the run). Choose another epoch or layer."
            )
        self._check_rows(path, layer, slots[layer], probe)
        return map_tensor(path, layer, slots, self.path)

    def _check_rows(self, path: Path, name: str, slot: Slot, probe: str) -> None:
        """RunError for a tensor that has not one row for each sample of its probe."""
        samples = self.info["probes"][probe]["samples"]
        single = name in ("labels", "ids") and path == probe_path(self.path, probe)
        if slot.shape[:1] != (samples,) or (single and slot.dtype.kind not in "iu"):
            raise RunError(
                f"{path} wants {name!r} with a row for each of {samples:,} samples, got "
                f"{slot.dtype} of shape {slot.shape}. Copy the run again."
            )

    def _no_epoch(self, epoch: int, known: Any, what: str) -> RunError:
        have = ", ".join(map(str, known)) or "none"
        return RunError(f"{self.path} has no {what} of epoch {epoch}. Recorded: {have}.")

    def _is_whole(self, epoch: int) -> bool:
        return self._trouble(epoch) is None

    def _trouble(self, epoch: int) -> tuple[RunError, bool] | None:
        """Why an epoch's activations cannot be read, and whether their file is there at all."""
        for probe in self.info["probes"]:
            path = activation_path(self.path, epoch, probe)
            try:
                self._slots_of(path)
            except RunError as error:
                return error, path.exists()
        return None

    def _slots_of(self, path: Path) -> dict[str, Slot]:
        try:
            stat = path.stat()
        except OSError:
            return read_slots(path, self.path)  # says what is missing
        stamp = (stat.st_mtime_ns, stat.st_size)
        if path not in self._slots or self._slots[path][0] != stamp:
            self._slots[path] = (stamp, self._shared(read_slots(path, self.path)))
        return self._slots[path][1]

    def _shared(self, slots: dict[str, Slot]) -> dict[str, Slot]:
        """One object for all files that are laid out alike, as those of most epochs are."""
        return self._layouts.setdefault(tuple(slots.items()), slots)
