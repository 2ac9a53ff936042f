"""A cache with a bound in bytes, which makes each value only once at a time."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from dataclasses import fields, is_dataclass
from threading import Lock
from typing import Any

import numpy as np

KEY = 100  # bytes of a key and its place


class Cache:
    """The values used last, at most `most` bytes of them together.

    Threads that ask for the same key at the same time wait for one of them to make it. A value
    that alone exceeds the bound is handed out and not kept.
    """

    def __init__(self, most: int) -> None:
        self.most, self.used = most, 0
        self._kept: OrderedDict[Hashable, tuple[Any, int]] = OrderedDict()
        self._made: dict[Hashable, Future] = {}
        self._lock = Lock()

    def get(self, key: Hashable, make: Callable[[], Any]) -> Any:
        """The value kept under `key`, else what `make` returns, kept from now on."""
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key][0]
            waiting, mine = self._made.get(key), Future()
            if waiting is None:
                self._made[key] = mine
        return waiting.result() if waiting else self._make(key, make, mine)

    def peek(self, key: Hashable) -> Any | None:
        """The value kept under `key`; None where there is none."""
        with self._lock:
            return self._kept[key][0] if key in self._kept else None

    def _make(self, key: Hashable, make: Callable[[], Any], made: Future) -> Any:
        try:
            value = make()
        except BaseException as error:
            with self._lock:
                self._made.pop(key, None)
            made.set_exception(error)
            raise
        with self._lock:
            self._made.pop(key, None)
            self._keep(key, value, size_of(value))
        made.set_result(value)
        return value

    def _keep(self, key: Hashable, value: Any, size: int) -> None:
        size += KEY
        if size > self.most:
            return
        if key in self._kept:
            self.used -= self._kept.pop(key)[1]
        self._kept[key] = (value, size)
        self.used += size
        while self.used > self.most:
            _, (_, freed) = self._kept.popitem(last=False)
            self.used -= freed


def size_of(value: Any) -> int:
    """About how many bytes a value takes: its arrays, bytes and texts, and a hundred for each part.

    >>> size_of((np.zeros(10), b"abc"))
    383
    """
    if isinstance(value, np.ndarray):
        return value.nbytes + 100
    if isinstance(value, bytes):
        return len(value) + 100
    if isinstance(value, str):
        return 4 * len(value) + 100
    if isinstance(value, dict):
        return 100 + sum(map(size_of, value.values()))
    if is_dataclass(value):
        return 100 + sum(size_of(getattr(value, each.name)) for each in fields(value))
    if isinstance(value, list | tuple):
        return 100 + sum(map(size_of, value))
    return 100
