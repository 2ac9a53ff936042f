"""Holding BLAS to a number of threads while clouds are measured, safely from many threads.

With as many BLAS threads as cores beside our own, products wait for each other: distances that
take 5 ms were seen to take 230.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from threading import Lock
from typing import Any

_lock = Lock()
_held: list[Any] = []  # the limit in force, then one entry for each user of it


@cache
def _controller() -> Any:
    """The loaded BLAS libraries; looking for them takes milliseconds, so once."""
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController()


@contextmanager
def blas_threads(count: int) -> Iterator[None]:
    """BLAS with `count` threads inside; nested and concurrent users share the first one's limit."""
    with _lock:
        if not _held:
            _held.append(_controller().limit(limits=count, user_api="blas"))
        _held.append(count)
    try:
        yield
    finally:
        with _lock:
            _held.pop()
            if len(_held) == 1:
                _held.pop().restore_original_limits()
