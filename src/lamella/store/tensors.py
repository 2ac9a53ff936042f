"""Files of named tensors in the safetensors format: written in pieces, read by memory map.

The format (Hugging Face, safetensors, 2022): eight bytes with the length of the header, little
endian; the header, JSON of dtype, shape and data_offsets by name; the raw bytes.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from math import prod
from pathlib import Path

import numpy as np

from lamella.errors import RunError, unknown_name
from lamella.store.files import Opener, whole_file, write_all

CODES = {
    "F64": "float64",
    "F32": "float32",
    "F16": "float16",
    "I64": "int64",
    "I32": "int32",
    "I16": "int16",
    "I8": "int8",
    "U64": "uint64",
    "U32": "uint32",
    "U16": "uint16",
    "U8": "uint8",
    "BOOL": "bool",
}
NAMES = {dtype: code for code, dtype in CODES.items()}


@dataclass(frozen=True)
class Slot:
    """Where one tensor lies in a file: its dtype, shape and first byte."""

    dtype: np.dtype
    shape: tuple[int, ...]
    start: int

    @property
    def bytes(self) -> int:
        return self.dtype.itemsize * prod(self.shape)


def plan_slots(shapes: Mapping[str, tuple[str, tuple[int, ...]]]) -> tuple[bytes, dict[str, Slot]]:
    """The header of a file with tensors of these (dtype, shape), and the slot of each."""
    order = sorted(shapes, key=lambda name: -np.dtype(shapes[name][0]).itemsize)  # keeps alignment
    entries, slots, start = {}, {}, 0
    for name in order:
        slot = Slot(np.dtype(shapes[name][0]), tuple(shapes[name][1]), start)
        slots[name], start = slot, start + slot.bytes
        entries[name] = {
            "dtype": NAMES[slot.dtype.name],
            "shape": slot.shape,
            "data_offsets": [slot.start, start],
        }
    header = json.dumps({name: entries[name] for name in shapes}).encode()
    header += b" " * (-len(header) % 8)
    return len(header).to_bytes(8, "little") + header, slots


@contextmanager
def tensor_file(
    path: Path, shapes: Mapping[str, tuple[str, tuple[int, ...]]], opener: Opener = whole_file
) -> Iterator[Callable[[str, int, np.ndarray], None]]:
    """Write a file of tensors row by row: yields `put(name, first_row, rows)`.

    The file appears under its name only when every row of every tensor has been put; otherwise
    RunError, and nothing is left behind.
    """
    header, slots = plan_slots(shapes)
    missing = {name: slot.shape[0] if slot.shape else 1 for name, slot in slots.items()}
    with opener(path) as file:
        write_all(file, header)

        def put(name: str, row: int, rows: np.ndarray) -> None:
            slot = slots[name]
            rows = np.ascontiguousarray(rows, dtype=slot.dtype)
            stride = slot.bytes // slot.shape[0] if slot.shape and slot.shape[0] else 0
            file.seek(len(header) + slot.start + row * stride)
            write_all(file, rows.reshape(-1).view(np.uint8).data)
            missing[name] -= rows.shape[0] if slot.shape else 1

        yield put
        short = [name for name, rows in missing.items() if rows]
        if short:
            raise RunError(
                f"{path.name} wants every row of every tensor, got too few or too many of "
                f"{', '.join(map(repr, short))}. The file was not kept."
            )


def write_tensors(path: Path, arrays: Mapping[str, np.ndarray], opener: Opener = whole_file) -> int:
    """Write whole arrays to one file; returns their size in bytes."""
    arrays = {name: np.asarray(array) for name, array in arrays.items()}
    shapes = {name: (array.dtype.name, array.shape) for name, array in arrays.items()}
    with tensor_file(path, shapes, opener) as put:
        for name, array in arrays.items():
            put(name, 0, array)
    return sum(array.nbytes for array in arrays.values())


def read_slots(path: Path) -> dict[str, Slot]:
    """The slot of each tensor of a file; RunError when the file is cut short or damaged."""
    try:
        with open(path, "rb") as file:
            size = file.seek(0, 2)
            file.seek(0)
            length = int.from_bytes(file.read(8), "little")
            header = json.loads(file.read(length)) if 8 + length <= size else None
    except FileNotFoundError:
        raise RunError(f"there is no file {path}. Record it again, or choose another.") from None
    except (OSError, ValueError) as error:
        raise RunError(f"{path} cannot be read: {error}. Record it again.") from error
    if header is None:
        raise truncated(path, size, 8 + length)
    header.pop("__metadata__", None)
    end = 8 + length + max((e["data_offsets"][1] for e in header.values()), default=0)
    if size < end:
        raise truncated(path, size, end)
    return {name: read_slot(path, name, entry, 8 + length) for name, entry in header.items()}


def read_slot(path: Path, name: str, entry: dict, data: int) -> Slot:
    """One entry of the header as a slot that counts from the start of the file."""
    if entry["dtype"] not in CODES:
        raise RunError(
            f"{path} holds {name!r} as {entry['dtype']}, lamella reads {', '.join(CODES)}. "
            "Convert the file."
        )
    dtype = np.dtype(CODES[entry["dtype"]])
    return Slot(dtype, tuple(entry["shape"]), data + entry["data_offsets"][0])


def truncated(path: Path, size: int, wanted: int) -> RunError:
    """The error for a file that ends too early."""
    return RunError(
        f"{path} wants {wanted:,} bytes, got {size:,}: the file is truncated. "
        "Copy it again, or record this epoch again."
    )


def map_tensor(path: Path, name: str, slots: Mapping[str, Slot] | None = None) -> np.ndarray:
    """One tensor of a file as a read-only memory map; nothing is loaded until it is used."""
    slots = read_slots(path) if slots is None else slots
    if name not in slots:
        raise unknown_name(f"tensor in {path.name}", name, slots)
    slot = slots[name]
    if slot.bytes == 0:
        return np.empty(slot.shape, slot.dtype)
    return np.memmap(path, slot.dtype, "r", slot.start, slot.shape or (1,)).reshape(slot.shape)
