"""Files that are either there and whole, or not there at all."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from typing import IO

from lamella.store.layout import FOLDERS

SUFFIX = ".part"
Opener = Callable[[Path], AbstractContextManager[IO[bytes]]]


class Parts:
    """Files that are written now and take their names later, together, in the order of opening.

    `commit` has all of them put on the disk first, and their folders after; it may be called in
    another thread. After an exception, or `discard`, files of the same names are as they were.
    """

    def __init__(self) -> None:
        self.parts: dict[Path, Path] = {}
        self.folders: set[Path] = set()  # that get new names

    @contextmanager
    def open(self, path: Path) -> Iterator[IO[bytes]]:
        """One file to write to."""
        if not path.parent.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            self.folders.add(path.parents[1])
        self.folders.add(path.parent)
        self.parts[path] = part = path.with_name(f".{path.name}.{os.getpid()}{SUFFIX}")
        with open(part, "w+b", buffering=0) as file:
            yield file

    def commit(self) -> None:
        """Give the files their names; raises OSError, and discards, when the disk refuses."""
        try:
            for part in self.parts.values():
                sync(part)
            for path in list(self.parts)[1:]:  # an old set is torn before the new one begins
                path.unlink(missing_ok=True)
            for path, part in self.parts.items():
                os.replace(part, path)
            for folder in self.folders:
                sync_folder(folder)
        except BaseException:
            self.discard()
            raise

    def discard(self) -> None:
        """Remove what was written."""
        for part in self.parts.values():
            with suppress(OSError):
                part.unlink(missing_ok=True)


@contextmanager
def whole_files() -> Iterator[Opener]:
    """Several files that take their names together, when all are complete and synced to the disk.

    Yields a function that opens one to write, to be used in a `with`. On any exception everything
    written is removed, and files of the same names stay as they were.
    """
    parts = Parts()
    try:
        yield parts.open
    except BaseException:
        parts.discard()
        raise
    parts.commit()


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


def sync_folder(path: Path) -> None:
    """Have the system put the names in a folder on the disk, where it can."""
    if os.name == "nt":
        return
    with suppress(OSError):  # some network file systems cannot; their files are synced
        descriptor = os.open(path, os.O_RDONLY)
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
