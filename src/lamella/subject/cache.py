"""Remembering what was computed, within a bound of bytes, and computing it only once at a time."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from threading import Lock
from typing import Any

import numpy as np


class Memo:
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
        if size > self.most:
            return
        self._kept[key] = (value, size)
        self.used += size
        while self.used > self.most:
            _, (_, freed) = self._kept.popitem(last=False)
            self.used -= freed


def size_of(value: Any) -> int:
    """About how many bytes a value takes: its arrays and bytes, and a hundred for the rest.

    >>> size_of((np.zeros(10), b"abc"))
    383
    """
    if isinstance(value, np.ndarray):
        return value.nbytes + 100
    if isinstance(value, bytes):
        return len(value) + 100
    if isinstance(value, dict):
        return 100 + sum(map(size_of, value.values()))
    if isinstance(value, list | tuple):
        return 100 + sum(map(size_of, value))
    return 100
