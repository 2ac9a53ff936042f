"""Checksums of what a run stores: CRC-32, which tells every flipped bit and cut, not an intent.

Somebody who changes a run on purpose can change its checksums too.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Mapping
from typing import Any

POLYNOMIAL = 0xEDB88320


class Pieces:
    """The checksum of bytes that arrive in pieces, in any order."""

    def __init__(self) -> None:
        self._parts: dict[int, tuple[int, int]] = {}  # by start: length and checksum
        self._end = self._sum = 0  # of what has come in order so far

    def add(self, start: int, data: Any) -> None:
        """Take up the bytes that stand from `start` on."""
        size = memoryview(data).nbytes
        if start == self._end:
            self._sum, self._end = zlib.crc32(data, self._sum), self._end + size
        else:
            self._parts[start] = (size, zlib.crc32(data))

    def value(self) -> int:
        """The checksum of all pieces, one behind the other."""
        total = self._sum
        for _, (size, each) in sorted(self._parts.items()):
            total = joined(total, each, size)
        return total


def joined(first: int, second: int, length: int) -> int:
    """The CRC-32 of two texts, one behind the other, from theirs and the second one's length.

    `length` zero bytes are put behind the first: a linear map over bits, squared again and again.
    Source: M. Adler, zlib's crc32_combine (1995 to 2022).

    >>> joined(zlib.crc32(b"ab"), zlib.crc32(b"cde"), 3) == zlib.crc32(b"abcde")
    True
    """
    one_bit = [POLYNOMIAL, *(1 << at for at in range(31))]
    power = _squared(_squared(_squared(one_bit)))  # eight zero bits: one byte
    while length:
        if length & 1:
            first = _times(power, first)
        length >>= 1
        power = _squared(power) if length else power
    return first ^ second


def _times(matrix: list[int], vector: int) -> int:
    total = 0
    for row in matrix:
        if vector & 1:
            total ^= row
        vector >>= 1
        if not vector:
            break
    return total


def _squared(matrix: list[int]) -> list[int]:
    return [_times(matrix, row) for row in matrix]


def of_facts(facts: Mapping[str, Any]) -> str:
    """The checksum of run.json's facts, whatever the order of its keys, without its own.

    >>> of_facts({"a": 1, "b": 2}) == of_facts({"b": 2, "a": 1, "checksum": "0"})
    True
    """
    rest = {key: value for key, value in facts.items() if key != "checksum"}
    return as_hex(zlib.crc32(json.dumps(rest, sort_keys=True, default=str).encode()))


def of_rows(rows: Iterable[tuple]) -> str:
    """The checksum of rows of a database, in the order given.

    >>> of_rows([(1, "a", None)]) == of_rows([(1, "a", 0.0)])
    False
    """
    total = 0
    for row in rows:
        for value in row:
            kind = type(value).__name__.encode()
            data = value if isinstance(value, bytes) else repr(value).encode()
            total = zlib.crc32(b"%s %d " % (kind, len(data)) + data, total)
    return as_hex(total)


def as_hex(number: int) -> str:
    """Eight digits.

    >>> as_hex(10)
    '0000000a'
    """
    return f"{number:08x}"
