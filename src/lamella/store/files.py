"""Files that are either there and whole, or not there at all."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from lamella.store.layout import FOLDERS

SUFFIX = ".part"


@contextmanager
def whole_file(path: Path) -> Iterator[IO[bytes]]:
    """A file to write that takes its name only when it is complete and synced to the disk.

    On any exception what was written so far is removed and `path` stays as it was.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.{os.getpid()}{SUFFIX}")
    try:
        with open(part, "w+b", buffering=0) as file:
            yield file
            os.fsync(file.fileno())
        os.replace(part, path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


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
