"""One writer at a time: a lock that a recorder holds for its life, and that dies with it."""

from __future__ import annotations

import json
import os
import socket
import weakref
from contextlib import suppress
from pathlib import Path
from typing import Any

from lamella.errors import RunError
from lamella.store.process import is_alive, this_process

NAME = ".recording.lock"


LIVE: weakref.WeakSet[Lock] = weakref.WeakSet()
RESERVE = 1 << 17  # bytes kept for the last words of a run on a full disk


class Lock:
    """The right to write to a run folder; `release` gives it up, as does the end of the process."""

    def __init__(self, path: Path, descriptor: int) -> None:
        self.path, self.descriptor = path, descriptor
        LIVE.add(self)
        self.release = weakref.finalize(self, let_go, path, descriptor, os.getpid())

    def reserve(self) -> None:
        """Keep room on the disk, in the lock's own file."""
        with suppress(OSError, AttributeError):  # not on every system
            os.posix_fallocate(self.descriptor, 0, RESERVE)

    def make_room(self) -> None:
        """Give the room back to the disk."""
        with suppress(OSError):
            os.ftruncate(self.descriptor, 0)
            os.pwrite(self.descriptor, json.dumps(this_process()).encode(), 0)


def leave_to_parent() -> None:
    """In a forked child: a worker that outlives its parent must not keep the lock."""
    for each in list(LIVE):
        if each.release.alive:  # else the number may be somebody else's by now
            each.release.detach()
            os.close(each.descriptor)


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=leave_to_parent)


def hold(run: Path) -> Lock:
    """Lock a run folder, which is made where it is missing.

    Raises RunError, with the holder, where another recorder of this or another process writes.
    """
    path = run / NAME
    try:
        run.mkdir(parents=True, exist_ok=True)
        while True:
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
            if not lock(descriptor, path):
                holder = read_holder(path)
                os.close(descriptor)
                raise held(run, holder)
            if is_same_file(descriptor, path):  # else its holder has just removed it
                break
            os.close(descriptor)
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, json.dumps(this_process()).encode(), 0)
    except OSError as error:
        raise RunError(
            f"record() wants a folder it can write to, got {run}: {error.strerror or error}. "
            "Choose another folder, make room, or change its rights."
        ) from error
    return Lock(path, descriptor)


def lock(descriptor: int, path: Path) -> bool:
    """Take the lock of the system; where there is none, trust the holder's note."""
    if os.name == "nt":
        import msvcrt

        try:
            os.lseek(descriptor, 1 << 20, os.SEEK_SET)  # beyond the note, which stays readable
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]
        except OSError:
            return False
        return True
    import fcntl

    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:  # a file system without locks
        holder = read_holder(path)
        return not holder or not is_alive(holder)
    return True


def is_same_file(descriptor: int, path: Path) -> bool:
    """Whether the locked file is still the one in the folder."""
    with suppress(OSError):
        return os.path.samestat(os.fstat(descriptor), os.stat(path))
    return False


def read_holder(path: Path) -> dict[str, Any]:
    """What the holder wrote of itself; nothing where it has not yet."""
    with suppress(OSError, ValueError):
        note = json.loads(path.read_bytes().rstrip(b"\0"))
        return note if isinstance(note, dict) else {}
    return {}


def held(run: Path, holder: dict[str, Any]) -> RunError:
    """The error for a run that somebody writes."""
    here = holder.get("host") == socket.gethostname()
    if here and holder.get("pid") == os.getpid():
        who, do = "another recorder of this process", "Close that one: recorder.close()"
    else:
        where = "" if here else f" on {holder.get('host', 'another machine')}"
        who = f"process {holder.get('pid', '?')}{where}"
        do = "Wait for it, stop it, or choose another folder"
    return RunError(
        f"record() wants a run that nobody writes, got {run}, which {who} is recording. {do}."
    )


def let_go(path: Path, descriptor: int, pid: int) -> None:
    """Remove the lock and its file; a forked child leaves both to its parent."""
    if os.getpid() != pid:
        return
    with suppress(OSError):
        if is_same_file(descriptor, path):
            path.unlink()
    with suppress(OSError):
        os.close(descriptor)
