"""Answers as bytes: facts as JSON and typed arrays behind them, as the page's script reads them.

The format is written down in docs/page.md. In facts, `{"$": name}` stands for an array.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from lamella.errors import bad_input

MAGIC = b"LMP1"
TYPES = {"u8": "|u1", "i8": "|i1", "u16": "<u2", "i16": "<i2", "u32": "<u4", "i32": "<i4"}
TYPES |= {"f32": "<f4", "f64": "<f8"}
NAMES = {np.dtype(code): name for name, code in TYPES.items()}
ALIGN = 8


def write(facts: Any) -> bytes:
    """Facts with numpy arrays anywhere inside as one pack.

    Arrays of 64-bit integers become 32-bit, booleans bytes, texts lists; a number that is not
    finite becomes null outside of arrays.

    >>> read(write({"x": np.array([1.5], np.float32), "n": 2}))
    {'x': array([1.5], dtype=float32), 'n': 2}
    """
    arrays: list[np.ndarray] = []
    plain = _plain(facts, arrays)
    places, body = _laid_out(arrays)
    head = json.dumps({"facts": plain, "arrays": places}, allow_nan=False, ensure_ascii=False)
    header = head.encode()
    header += b" " * (-(len(MAGIC) + 4 + len(header)) % ALIGN)
    return MAGIC + len(header).to_bytes(4, "little") + header + body


def read(data: bytes) -> Any:
    """The facts of a pack with its arrays in their places; InputError for other bytes."""
    if data[:4] != MAGIC:
        raise bad_input("pack.read()", wanted="a pack", got=repr(data[:4]), do="Ask for an answer")
    start = 8 + int.from_bytes(data[4:8], "little")
    header = json.loads(data[8:start])
    arrays = {name: _array(data, start, place) for name, place in header["arrays"].items()}
    return _filled(header["facts"], arrays)


def _plain(value: Any, arrays: list[np.ndarray]) -> Any:
    if isinstance(value, np.ndarray):
        return _put(value, arrays)
    if isinstance(value, Mapping):
        return {str(key): _plain(item, arrays) for key, item in value.items()}
    if isinstance(value, list | tuple | set):
        return [_plain(item, arrays) for item in value]
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    return value if isinstance(value, str | int | bool | None) else str(value)


def _put(array: np.ndarray, arrays: list[np.ndarray]) -> Any:
    if array.dtype.kind not in "biuf":
        return [str(text) for text in array.ravel()]
    arrays.append(np.ascontiguousarray(_known(array)).reshape(array.shape))
    return {"$": str(len(arrays) - 1)}


def _known(array: np.ndarray) -> np.ndarray:
    """The array in a type of the format."""
    small = array.dtype.newbyteorder("<")
    if small in NAMES:
        return array.astype(small, copy=False)
    if array.dtype.kind == "b":
        return array.astype(np.uint8)
    if array.dtype.kind == "f":
        return array.astype(np.float32)
    limits = np.iinfo(np.int32)
    fits = not array.size or (array.min() >= limits.min and array.max() <= limits.max)
    return array.astype(np.int32 if fits else np.float64)


def _laid_out(arrays: list[np.ndarray]) -> tuple[dict[str, Any], bytes]:
    places, parts, at = {}, [], 0
    for number, array in enumerate(arrays):
        data = array.tobytes()
        places[str(number)] = {"at": at, "dtype": NAMES[array.dtype], "shape": list(array.shape)}
        parts += [data, bytes(-len(data) % ALIGN)]
        at += len(data) + len(parts[-1])
    return places, b"".join(parts)


def _array(data: bytes, start: int, place: Mapping[str, Any]) -> np.ndarray:
    count = math.prod(place["shape"])
    flat = np.frombuffer(data, TYPES[place["dtype"]], count, start + place["at"])
    return flat.reshape(place["shape"])


def _filled(value: Any, arrays: Mapping[str, np.ndarray]) -> Any:
    if isinstance(value, dict):
        if set(value) == {"$"} and value["$"] in arrays:
            return arrays[value["$"]]
        return {key: _filled(item, arrays) for key, item in value.items()}
    return [_filled(item, arrays) for item in value] if isinstance(value, list) else value
