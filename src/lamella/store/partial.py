"""A file of tensors that is kept without those that turned out not to fit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import numpy as np

from lamella.errors import RunError
from lamella.store.files import Opener, whole_file, write_all
from lamella.store.tensors import Slot, plan_slots

CHUNK = 1 << 24  # bytes moved at once


class PartialFile:
    """Takes tensors row by row, in any order; `left_out` says of each that was dropped why."""

    def __init__(self, file: IO[bytes], shapes: Mapping[str, tuple[str, tuple[int, ...]]]) -> None:
        self.file, self.shapes = file, dict(shapes)
        self.header, self.slots = plan_slots(shapes)
        self.missing = {name: shape[0] if shape else 1 for name, (_, shape) in shapes.items()}
        self.left_out: dict[str, str] = {}
        write_all(file, self.header)

    def put(self, name: str, row: int, rows: np.ndarray) -> None:
        """Write rows of a tensor; nothing for one that was dropped. Other shapes drop it."""
        if name in self.left_out:
            return
        slot = self.slots[name]
        if rows.shape[1:] != slot.shape[1:]:
            return self.drop(name, f"its shape is {rows.shape[1:]}, not {slot.shape[1:]} any more")
        rows = np.ascontiguousarray(rows, dtype=slot.dtype)
        stride = slot.bytes // slot.shape[0] if slot.shape and slot.shape[0] else 0
        self.file.seek(len(self.header) + slot.start + row * stride)
        write_all(self.file, rows.reshape(-1).view(np.uint8).data)
        self.missing[name] -= rows.shape[0] if slot.shape else 1

    def drop(self, name: str, reason: str) -> None:
        """Leave a tensor out of the file."""
        self.left_out.setdefault(name, reason)

    def finish(self) -> None:
        """Leave out what is not complete, and close the gaps."""
        for name, rows in self.missing.items():
            if rows and name not in self.left_out:
                self.drop(name, "it did not give a row for each sample")
        kept = {n: shape for n, shape in self.shapes.items() if n not in self.left_out}
        if not kept:
            why = "; ".join(f"{name}: {reason}" for name, reason in list(self.left_out.items())[:3])
            raise RunError(f"no layer gave anything to store ({why}). Look at the model.")
        if self.left_out:
            self._close_gaps(kept)

    def _close_gaps(self, kept: Mapping[str, tuple[str, tuple[int, ...]]]) -> None:
        header, slots = plan_slots(kept)
        for name in sorted(kept, key=lambda name: slots[name].start):  # towards the front
            self._move(self.slots[name], len(self.header), slots[name], len(header))
        self.file.seek(0)
        write_all(self.file, header)
        self.file.truncate(len(header) + sum(slot.bytes for slot in slots.values()))

    def _move(self, source: Slot, first: int, target: Slot, base: int) -> None:
        for at in range(0, source.bytes, CHUNK):
            self.file.seek(first + source.start + at)
            data = self.file.read(min(CHUNK, source.bytes - at))
            self.file.seek(base + target.start + at)
            write_all(self.file, data)


@contextmanager
def partial_file(
    path: Path, shapes: Mapping[str, tuple[str, tuple[int, ...]]], opener: Opener = whole_file
) -> Iterator[PartialFile]:
    """A file of tensors to fill; it is kept when at least one of them is complete."""
    with opener(path) as file:
        tensors = PartialFile(file, shapes)
        yield tensors
        tensors.finish()
