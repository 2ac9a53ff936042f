"""Opening a file of a run: a regular one, inside the run's folder, of a bounded size.

A run may come from anybody. A link may lead out of its folder, and a pipe or a device in the
place of a file would keep a reader waiting or never end.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import IO

from lamella.errors import RunError


def open_regular(path: Path, folder: Path | None = None) -> IO[bytes]:
    """A regular file to read, inside `folder` where one is given; RunError for anything else."""
    if folder is not None:
        check_inside(path, folder)
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | getattr(os, "O_NONBLOCK", 0))
    except FileNotFoundError:
        raise RunError(f"there is no file {path}. Record it again, or choose another.") from None
    except OSError as error:
        raise RunError(f"{path} cannot be read: {error.strerror}. Copy the run again.") from error
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise not_regular(path)
    return open(descriptor, "rb")


def read_regular(path: Path, most: int, folder: Path | None = None) -> bytes:
    """All bytes of a regular file of at most `most` bytes; RunError for a larger one."""
    with open_regular(path, folder) as file:
        data = file.read(most + 1)
    if len(data) > most:
        raise RunError(
            f"{path} wants at most {most:,} bytes, got {path.stat().st_size:,}. Copy the run again."
        )
    return data


def check_inside(path: Path, folder: Path) -> None:
    """RunError for a path that links lead out of a folder, whether there is a file or not.

    >>> check_inside(Path("runs/a/run.json"), Path("runs/a"))
    """
    try:
        inside = path.resolve().is_relative_to(folder.resolve())
    except (OSError, RuntimeError, ValueError):  # a loop of links, a name that no file can have
        inside = False
    if not inside:
        raise RunError(
            f"{path} wants to lie inside {folder}, got a path that leads out of it. Lamella reads "
            "and writes nothing outside of a run's folder: put the file itself there."
        )


def check_regular(path: Path, folder: Path) -> None:
    """RunError for what is there and is no regular file inside a folder."""
    check_inside(path, folder)
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        return
    except OSError as error:
        raise RunError(f"{path} cannot be read: {error.strerror}. Copy the run again.") from error
    if not stat.S_ISREG(mode):
        raise not_regular(path)


def not_regular(path: Path) -> RunError:
    """The error for a folder, a pipe or a device where a file should be."""
    return RunError(f"{path} is not a regular file. Copy the run again.")
