"""Records as facts and arrays of a pack, by the names of their fields."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np

from lamella.results import Diagrams, Images, Record, Table, kind_of

BITS = 23  # of a float's mantissa


def record_facts(record: Record, *, bits: int = BITS, longest: int | None = None) -> dict[str, Any]:
    """A record as `{"kind": ..., field: value}`; floats as 32 bits, `bits` of them significant.

    `longest` keeps only that many bars of each homology dimension.
    """
    facts = {field.name: getattr(record, field.name) for field in dataclasses.fields(type(record))}
    if isinstance(record, Table):
        facts["columns"] = [[name, column] for name, column in record.columns.items()]
    if isinstance(record, Diagrams):
        facts |= _bars(record, longest)
    if isinstance(record, Images):
        facts["pixels"] = _bytes(record.pixels)
    return {"kind": kind_of(record), **{name: small(v, bits) for name, v in facts.items()}}


def trimmed(values: np.ndarray, bits: int) -> np.ndarray:
    """32-bit floats rounded to `bits` of mantissa, so that they deflate; inf and NaN stay.

    >>> trimmed(np.array([1.0001, np.inf]), 8).tolist()
    [1.0, inf]
    """
    narrow = np.ascontiguousarray(values, np.float32)
    if bits >= BITS:
        return narrow
    drop = BITS - bits
    whole = narrow.view(np.uint32).copy()
    finite = np.isfinite(narrow)
    whole[finite] = (whole[finite] + (1 << (drop - 1))) & np.uint32(~((1 << drop) - 1) & 0xFFFFFFFF)
    return whole.view(np.float32)


def _bars(record: Diagrams, longest: int | None) -> dict[str, Any]:
    """Bars by dimension, longest first; what was cut is counted."""
    length = record.death - record.birth
    order = np.lexsort((-length, record.dimension))
    counts = {int(d): int((record.dimension == d).sum()) for d in record.dimensions}
    if longest is not None:
        ranks = np.concatenate([np.arange(n) for n in counts.values()] or [np.zeros(0, int)])
        order = order[ranks < longest]
    return {
        "birth": record.birth[order],
        "death": record.death[order],
        "dimension": record.dimension[order].astype(np.uint8),
        "bars": {str(d): n for d, n in counts.items()},
        "vertices": _ragged([record.vertices[at] for at in order]) if record.vertices else None,
    }


def _ragged(lists: list[tuple[int, ...]]) -> dict[str, np.ndarray]:
    lengths = np.array([len(items) for items in lists], np.uint32)
    items = np.array([item for row in lists for item in row], np.uint32)
    return {"offsets": np.concatenate([[0], np.cumsum(lengths)]).astype(np.uint32), "items": items}


def small(value: Any, bits: int = BITS) -> Any:
    """Facts with arrays anywhere inside in the smallest types that hold them."""
    if isinstance(value, list | tuple):
        return [small(item, bits) for item in value]
    if isinstance(value, dict):
        return {name: small(item, bits) for name, item in value.items()}
    if not isinstance(value, np.ndarray):
        return value
    if value.dtype.kind == "f":
        return trimmed(value, bits)
    if value.dtype.kind in "iu" and value.size:
        return value.astype(_narrow(int(value.min()), int(value.max())))
    return value


def _narrow(least: int, most: int) -> str:
    for kind in ("u1", "i1", "u2", "i2", "i4"):
        limits = np.iinfo(kind)
        if limits.min <= least and most <= limits.max:
            return kind
    return "f8"


def _bytes(pixels: np.ndarray) -> np.ndarray:
    if pixels.dtype == np.uint8:
        return pixels
    return np.round(np.nan_to_num(np.clip(pixels, 0, 1)) * 255).astype(np.uint8)
