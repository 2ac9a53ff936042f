"""Which process writes a run, and whether it still lives."""

from __future__ import annotations

import os
import socket
from collections.abc import Mapping
from pathlib import Path
from typing import Any


def this_process() -> dict[str, Any]:
    """What tells later whether the process that writes a run still lives."""
    pid = os.getpid()
    return {"pid": pid, "host": socket.gethostname(), "started": process_start(pid)}


def process_start(pid: int) -> str | None:
    """When a process started, in the kernel's ticks; None where the system does not say."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return None
    return stat.rpartition(")")[2].split()[19]


def is_alive(process: Mapping[str, Any]) -> bool:
    """Whether a process of this machine still runs; one of another machine is taken to."""
    if process.get("host") != socket.gethostname() or os.name == "nt":
        return True
    if process.get("started"):
        return process_start(process["pid"]) == process["started"]
    try:
        os.kill(process["pid"], 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True
