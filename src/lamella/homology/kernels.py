"""How the engine's functions are compiled: to disk, without the GIL, never stale.

A kernel takes arrays, numbers and records of them; its annotations say dtype and shape for the
reader (numba finds them out for itself), with the names of `arrays`.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from inspect import unwrap
from pathlib import Path
from typing import Any

from numba import njit


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
    # a checker of annotations may have wrapped the function, which numba could not compile
    dispatcher: Any = njit(fastmath=fastmath, **options)(unwrap(function))
    # numba looks at the file of one function only, but the code of its callees is compiled into
    # it: stamping with all files of kernels forbids code from yesterday's version of another one.
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


def compiled_files() -> Iterator[Path]:
    """The files of this room, and of the rooms in it, whose code may end up in a kernel."""
    return (p for p in Path(__file__).parent.rglob("*.py") if b"import kernel" in p.read_bytes())


def _source_stamp() -> tuple[float, int]:
    files = [path.stat() for path in [Path(__file__), *compiled_files()]]
    return max(f.st_mtime for f in files), sum(f.st_size for f in files)


SOURCE_STAMP = _source_stamp()
