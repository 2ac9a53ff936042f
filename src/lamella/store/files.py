"""Files that are either there and whole, or not there at all."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import IO

from lamella.store.layout import FOLDERS

SUFFIX = ".part"
Opener = Callable[[Path], AbstractContextManager[IO[bytes]]]


@contextmanager
def whole_files() -> Iterator[Opener]:
    """Several files that take their names together, when all are complete and synced to the disk.

    Yields a function that opens one to write, to be used in a `with`. Each is synced in the
    background while the next is written, so that the caller waits for the disk about once. On
    any exception everything written is removed, and files of the same names stay as they were.
    """
    parts: dict[Path, Path] = {}
    written: list[Path] = []
    syncs: list[Future[None]] = []
    with ThreadPoolExecutor(max_workers=4) as pool:

        @contextmanager
        def open_part(path: Path) -> Iterator[IO[bytes]]:
            syncs.extend(pool.submit(sync, written.pop()) for _ in range(len(written)))
            path.parent.mkdir(parents=True, exist_ok=True)
            parts[path] = part = path.with_name(f".{path.name}.{os.getpid()}{SUFFIX}")
            with open(part, "wb", buffering=0) as file:
                yield file
            written.append(part)

        try:
            yield open_part
            for part in written:
                sync(part)
            for done in syncs:
                done.result()
            for path, part in parts.items():
                os.replace(part, path)
        except BaseException:
            for part in parts.values():
                part.unlink(missing_ok=True)
            raise


@contextmanager
def whole_file(path: Path) -> Iterator[IO[bytes]]:
    """One file to write that takes its name only when it is complete and synced."""
    with whole_files() as open_part, open_part(path) as file:
        yield file


def sync(path: Path) -> None:
    """Have the system put a file on the disk; raises OSError when that fails."""
    descriptor = os.open(path, os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def write_all(file: IO[bytes], data: bytes | memoryview) -> None:
    """Write every byte; an unbuffered file may take fewer at once, as on a nearly full disk."""
    rest = memoryview(data)
    while len(rest):
        rest = rest[file.write(rest) :]


def remove_parts(run: Path) -> None:
    """Remove what a killed process left half written."""
    for pattern in (".", *(f"{folder}/**" for folder in FOLDERS)):
        for part in run.glob(f"{pattern}/.*{SUFFIX}"):
            part.unlink(missing_ok=True)
