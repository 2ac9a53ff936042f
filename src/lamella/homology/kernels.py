"""How the engine's functions are compiled: to disk, without the GIL, never stale.

Bit sets are rows of 64-bit words: vertex v is bit `v & 63` of word `v >> 6`.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
from llvmlite import ir
from numba import njit, types
from numba.extending import intrinsic

ONE = np.uint64(1)
ZERO = np.uint64(0)


def kernel(
    function: Callable[..., Any] | None = None, *, allocates: bool = False, fastmath: bool = False
) -> Any:
    """Compile on first call and keep the code on disk.

    Only what `allocates` arrays, or returns them, pays for counting references: in the inner
    loops that counting would take half of the time. `fastmath` lets minima be vectorised.
    """
    if function is None:
        return lambda decorated: kernel(decorated, allocates=allocates, fastmath=fastmath)
    options: dict[str, Any] = {"cache": True, "nogil": True, "_nrt": allocates}
    options["no_cfunc_wrapper"] = True
    dispatcher: Any = njit(fastmath=fastmath, **options)(function)
    # numba looks at the file of one function only, but the code of its callees is compiled into
    # it: stamping with the whole room forbids code from yesterday's version of another file.
    with suppress(AttributeError):
        dispatcher._cache._cache_file._source_stamp = SOURCE_STAMP
    return dispatcher


def announce(dispatcher: Any, what: str) -> None:
    """Say on the error stream that a function must be compiled now, if it must."""
    known = bool(dispatcher.signatures)
    with suppress(AttributeError, OSError):
        known = known or bool(dispatcher._cache._cache_file._load_index())
    if not known and dispatcher not in _announced:
        _announced.add(dispatcher)
        line = f"lamella compiles its engine for {what}, once, in about half a minute"
        print(f"{line} (`lamella doctor --warm-up` does it ahead).", file=sys.stderr)


_announced: set[Any] = set()


def _source_stamp() -> tuple[float, int]:
    files = [path.stat() for path in Path(__file__).parent.glob("*.py")]
    return max(f.st_mtime for f in files), sum(f.st_size for f in files)


SOURCE_STAMP = _source_stamp()


def _counting_zeros(instruction: str) -> Any:
    def zeros(typing_context, word):
        def generate(context, builder, signature, arguments):
            return getattr(builder, instruction)(arguments[0], ir.Constant(ir.IntType(1), 0))

        return types.uint64(types.uint64), generate

    return intrinsic(zeros)


trailing_zeros = _counting_zeros("cttz")
leading_zeros = _counting_zeros("ctlz")


@kernel
def lowest(word):
    """The least vertex of a word that is not zero."""
    return np.int64(trailing_zeros(word))


@kernel
def highest(word):
    """The greatest vertex of a word that is not zero."""
    return 63 - np.int64(leading_zeros(word))


@kernel
def bit(vertex):
    """The word in which only `vertex` is set."""
    return ONE << np.uint64(vertex & 63)


@kernel
def has(row, vertex):
    """Whether a bit set holds a vertex."""
    return (row[vertex >> 6] >> np.uint64(vertex & 63)) & ONE != ZERO
