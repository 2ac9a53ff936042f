"""Files of named tensors in the safetensors format: written in pieces, read by memory map.

The format (Hugging Face, safetensors, 2022): eight bytes with the length of the header, little
endian; the header, JSON of dtype, shape and data_offsets by name; the raw bytes. The header's
`__metadata__` has checksums under `crc32`: of the header itself with zeros in their place, then
of each tensor in the order of the header.
"""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from math import prod
from pathlib import Path
from typing import IO, Any

import numpy as np

from lamella.errors import RunError, unknown_name
from lamella.store.checksums import Pieces, as_hex
from lamella.store.files import Opener, whole_file, write_all
from lamella.store.opening import open_regular

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
MOST_HEADER = 16_000_000  # bytes; the format allows 100 MB, which as JSON would fill the memory
MOST_AXES, MOST_NUMBERS = 32, 2**60  # what NumPy can count
METADATA, CHECKSUMS = "__metadata__", "crc32"


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
    told = {METADATA: {CHECKSUMS: " ".join([as_hex(0)] * (len(shapes) + 1))}}
    header = json.dumps({**told, **{name: entries[name] for name in shapes}}).encode()
    header += b" " * (-len(header) % 8)
    return len(header).to_bytes(8, "little") + header, slots


def with_checksums(head: bytes, sums: list[int]) -> bytes:
    """The head of a file with the checksums of its tensors, and its own, in their places."""
    blank = " ".join([as_hex(0)] * (len(sums) + 1))
    at = head.index(f'"{blank}"'.encode()) + 1
    words = " ".join(map(as_hex, [zlib.crc32(head), *sums])).encode()
    return head[:at] + words + head[at + len(words) :]


@contextmanager
def tensor_file(
    path: Path, shapes: Mapping[str, tuple[str, tuple[int, ...]]], opener: Opener = whole_file
) -> Iterator[Callable[[str, int, np.ndarray], None]]:
    """Write a file of tensors row by row: yields `put(name, first_row, rows)`.

    The file appears under its name only when every row of every tensor has been put; otherwise
    RunError, and nothing is left behind.
    """
    header, slots = plan_slots(shapes)
    sums = {name: Pieces() for name in slots}
    missing = {name: slot.shape[0] if slot.shape else 1 for name, slot in slots.items()}
    with opener(path) as file:
        write_all(file, header)

        def put(name: str, row: int, rows: np.ndarray) -> None:
            slot = slots[name]
            rows = np.ascontiguousarray(rows, dtype=slot.dtype)
            stride = slot.bytes // slot.shape[0] if slot.shape and slot.shape[0] else 0
            file.seek(len(header) + slot.start + row * stride)
            data = rows.reshape(-1).view(np.uint8).data
            write_all(file, data)
            sums[name].add(row * stride, data)
            missing[name] -= rows.shape[0] if slot.shape else 1

        yield put
        short = [name for name, rows in missing.items() if rows]
        if short:
            raise RunError(
                f"{path.name} wants every row of every tensor, got too few or too many of "
                f"{', '.join(map(repr, short))}. The file was not kept."
            )
        file.seek(0)
        write_all(file, with_checksums(header, [sums[name].value() for name in shapes]))


def write_tensors(path: Path, arrays: Mapping[str, np.ndarray], opener: Opener = whole_file) -> int:
    """Write whole arrays to one file; returns their size in bytes."""
    arrays = {name: np.asarray(array) for name, array in arrays.items()}
    shapes = {name: (array.dtype.name, array.shape) for name, array in arrays.items()}
    with tensor_file(path, shapes, opener) as put:
        for name, array in arrays.items():
            put(name, 0, array)
    return sum(array.nbytes for array in arrays.values())


def read_slots(path: Path, folder: Path | None = None) -> dict[str, Slot]:
    """The slot of each tensor of a file, which must lie in `folder` where one is given.

    RunError where the file is cut short, damaged, or breaks a rule of the format.
    """
    with open_regular(path, folder) as file:
        head, size = read_head(path, file)
    entries = parsed(path, head)
    data, at, slots = 8 + len(head), 0, {}
    for name, entry in sorted(entries.items(), key=lambda item: start_of(path, *item)):
        slots[name] = read_slot(path, name, entry, data)
        if slots[name].start != data + at:
            raise damaged(path, f"{name!r} does not begin where the tensor before it ends")
        at += slots[name].bytes
    if size != data + at:
        raise truncated(path, size, data + at)
    return {name: slots[name] for name in entries}


def read_head(path: Path, file: IO[bytes]) -> tuple[bytes, int]:
    """The header's text and the size of the file; RunError where they cannot be of one."""
    size = file.seek(0, 2)
    file.seek(0)
    length = int.from_bytes(file.read(8), "little")
    if size < 10:
        raise truncated(path, size, 10)
    if length > MOST_HEADER or file.read(1) != b"{":
        raise damaged(path, f"its first bytes are not those of a header of {length:,} bytes")
    if 8 + length > size:
        raise truncated(path, size, 8 + length)
    file.seek(8)
    return file.read(length), size


def parsed(path: Path, head: bytes) -> dict[str, Any]:
    """The entries of a header by the names of their tensors."""
    try:
        entries = json.loads(head, object_pairs_hook=once_each)
    except (ValueError, RecursionError) as error:
        raise damaged(path, f"its header is no JSON ({error})") from error
    told = entries.pop(METADATA, {})
    if not isinstance(told, dict) or not all(isinstance(text, str) for text in told.values()):
        raise damaged(path, "its metadata are no texts")
    return entries


def once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A JSON object; ValueError for one that names a thing twice."""
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a name stands twice")
    return found


def start_of(path: Path, name: str, entry: Any) -> tuple[int, int]:
    """Where a tensor begins and ends in the data; RunError for an entry that breaks the format."""
    places = entry.get("data_offsets") if isinstance(entry, dict) else None
    if not (isinstance(places, list) and len(places) == 2 and all(map(is_size, places))):
        raise damaged(path, f"its entry {name!r:.60} does not say where its bytes are")
    return places[0], places[1]


def is_size(value: Any) -> bool:
    """Whether a value of a header is a whole number from 0 that NumPy can count to."""
    return type(value) is int and 0 <= value <= MOST_NUMBERS


def read_slot(path: Path, name: str, entry: dict, data: int) -> Slot:
    """One entry of the header as a slot that counts from the start of the file."""
    shape, code = entry.get("shape"), entry.get("dtype")
    if not isinstance(shape, list) or len(shape) > MOST_AXES or not all(map(is_size, shape)):
        raise damaged(path, f"{name!r:.60} has the shape {shape!r:.60}")
    if not isinstance(code, str) or code not in CODES:
        raise RunError(
            f"{path} holds {name!r:.60} as {code!s:.20}, lamella reads {', '.join(CODES)}. "
            "Convert the file."
        )
    first, last = entry["data_offsets"]
    slot = Slot(np.dtype(CODES[code]), tuple(shape), data + first)
    if slot.bytes != last - first or prod(n for n in shape if n) > MOST_NUMBERS:
        raise damaged(path, f"{name!r:.60} of shape {shape} does not fit {last - first:,} bytes")
    return slot


def damaged(path: Path, why: str) -> RunError:
    """The error for a file that breaks the format."""
    return RunError(f"{path} is damaged: {why}. Copy it again, or record this epoch again.")


def truncated(path: Path, size: int, wanted: int) -> RunError:
    """The error for a file that ends too early."""
    return RunError(
        f"{path} wants {wanted:,} bytes, got {size:,}: the file is truncated. "
        "Copy it again, or record this epoch again."
    )


def map_tensor(
    path: Path, name: str, slots: Mapping[str, Slot] | None = None, folder: Path | None = None
) -> np.ndarray:
    """One tensor of a file as a read-only memory map; nothing is loaded until it is used."""
    slots = read_slots(path, folder) if slots is None else slots
    if name not in slots:
        raise unknown_name(f"tensor in {path.name}", name, slots)
    slot = slots[name]
    if slot.bytes == 0:
        return np.empty(slot.shape, slot.dtype)
    with open_regular(path, folder) as file:
        try:
            mapped = np.memmap(file, slot.dtype, "r", slot.start, slot.shape or (1,))
        except (OSError, ValueError) as error:  # it was cut since its header was read
            raise RunError(f"{path} cannot be read: {error}. Copy it again.") from error
    return mapped.reshape(slot.shape)


def wrong_tensors(path: Path, folder: Path | None = None) -> dict[str, str] | None:
    """What of a file does not have the checksum that it was written with, by tensor, and why.

    The empty name stands for the header. None for a file of before checksums were written.
    Raises RunError for a file that cannot be read at all.
    """
    slots = read_slots(path, folder)
    with open_regular(path, folder) as file:
        length = file.read(8)
        head = length + file.read(int.from_bytes(length, "little"))
    told = json.loads(head[8:]).get(METADATA, {}).get(CHECKSUMS)
    if told is None:
        return None
    words = told.split(" ")
    if len(words) != len(slots) + 1 or not re.fullmatch(r"[0-9a-f]{8}( [0-9a-f]{8})*", told):
        return {"": "its list of checksums is damaged"}
    blank = head.replace(told.encode(), " ".join([as_hex(0)] * len(words)).encode(), 1)
    found = {"": as_hex(zlib.crc32(blank))}
    found |= {name: as_hex(checksum_of(map_tensor(path, name, slots, folder))) for name in slots}
    pairs = zip(found.items(), words, strict=True)
    return {name: f"checksum {told}, got {got}" for (name, got), told in pairs if got != told}


def checksum_of(array: np.ndarray) -> int:
    """The CRC-32 of an array's bytes, read a piece at a time."""
    flat, total = array.reshape(-1).view(np.uint8), 0
    for start in range(0, len(flat), 1 << 24):
        total = zlib.crc32(flat[start : start + (1 << 24)].data, total)
    return total
