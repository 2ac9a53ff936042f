"""Runs one command over the corpus in this process, and writes down how each case ended.

    python tests/hostile/drive.py FOLDER COMMAND RESULTS [KIND]

Time is measured for each case, memory for the process; every file that Python opens and every
module that it imports is looked at, so that nothing is read outside of a run unseen.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import signal
import sys
import time
import traceback
from functools import cache
from pathlib import Path
from typing import Any

SECONDS = 5
REFUSED: list[str] = []  # what was opened or imported that nobody may


def peak_mb() -> float:
    """The most memory that this program held; getrusage also counts what forked it."""
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) / 1000


def main(folder: Path, command: str, results: Path, kind: str = "") -> None:
    """Run `command` for each hostile run of the corpus, or of one kind."""
    os.chdir(folder / "working")
    sys.path[:0] = [""]  # as `python -m lamella` has it: the current folder's modules
    signal.signal(signal.SIGALRM, too_long)
    warm_up(folder, command)
    sys.addaudithook(lambda event, given: look_at(event, given, folder))
    found = {}
    runs = [p for p in (folder / "runs").iterdir() if p.name.startswith(kind)]
    for path in sorted(path for path in runs if path.name != "healthy"):
        found[path.name] = tried(command, path, folder / "out" / command / path.name)
    peak = peak_mb()
    results.write_text(json.dumps({"cases": found, "megabytes": peak}))


def warm_up(folder: Path, command: str) -> None:
    """Import what the command needs, which is not the case's time."""
    ended = tried(command, folder / "runs" / "healthy", folder / "out" / command / "healthy", 120)
    assert ended["code"] == 0, ended


def look_at(event: str, given: tuple, folder: Path) -> None:
    """Note an opened file outside of the runs, the module of the trap, and a new process."""
    if event == "open" and isinstance(given[0], str | bytes):
        place = os.path.realpath(os.fsdecode(given[0]))
        if place.startswith(str(folder / "outside")) or place in ("/dev/zero", "/etc/passwd"):
            REFUSED.append(f"opened {place}")
    elif event == "import" and given[0].split(".")[0] == "evil":
        REFUSED.append("imported evil")
    elif event in ("os.system", "subprocess.Popen", "os.exec", "socket.connect"):
        REFUSED.append(event)


def too_long(*_: object) -> None:
    """Say which case takes too long, in a way that no `except Exception` catches."""
    raise KeyboardInterrupt("longer than the limit")


def tried(command: str, path: Path, out: Path, most: float = 2 * SECONDS) -> dict[str, object]:
    """How a command ends on a run: its code, the error, seconds, and what it should not have."""
    from lamella.errors import LamellaError

    REFUSED.clear()
    begun, kind, said, where = time.monotonic(), "", "", ""
    signal.setitimer(signal.ITIMER_REAL, most)
    try:
        code = CALLS[command](path, out)
    except LamellaError as error:
        code, kind, said = 1, "refused", str(error)
    except SystemExit as end:
        code, kind = end.code or 0, "ended"
    except KeyboardInterrupt:
        code, kind, where = 99, "too long", traceback.format_exc()[-1500:]
    except BaseException as error:
        code, kind, said, where = (
            99,
            type(error).__name__,
            str(error),
            traceback.format_exc()[-1500:],
        )
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
    seconds = time.monotonic() - begun
    kept = {"code": code, "kind": kind, "said": said[:300], "where": where, "seconds": seconds}
    return {**kept, "refused": list(REFUSED)}


@cache
def app() -> Any:
    """The command line, built once."""
    from typer.main import get_command

    from lamella.cli import build_app

    return get_command(build_app(plain=True))


def shell(*words: object) -> int:
    """A command line in this process, with what it prints set aside."""
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        code = app().main([*map(str, words)], standalone_mode=False)
    return code if isinstance(code, int) else 0


def served(path: Path, out: Path) -> int:
    """Every answer that a report would carry, from the server's side."""
    from lamella.page import pack
    from lamella.page.answers import answer
    from lamella.page.contents import paths
    from lamella.page.report_levels import LEVELS
    from lamella.subject.subject import Subject, gather

    subject = Subject(gather([path]))
    for parts in paths(subject, LEVELS[2]):
        pack.write(answer(subject, tuple(map(str, parts))))
    return 0


MEASURES = "neighbour_error,silhouette"
CALLS = {
    "runs": lambda path, out: shell("runs", path, "--json"),
    "verify": lambda path, out: shell("verify", path, "--json"),
    "export": lambda path, out: shell("export", path, "--activations", "--out", out),
    "export-inside": lambda path, out: shell("export", path, "--activations"),
    "projector": lambda path, out: shell("export", path, "--format", "projector", "--out", out),
    "measure": lambda path, out: shell("measure", path, "--measures", MEASURES, "--jobs", 1),
    "report": lambda path, out: shell(
        "report", path, "--measures", "none", "--out", out / "report.html"
    ),
    "look": lambda path, out: shell("look", path, "--what", "filters", "--out", out / "look.html"),
    "view": served,
}

if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve(), sys.argv[2], Path(sys.argv[3]), *sys.argv[4:])
