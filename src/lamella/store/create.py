"""Starting a run folder: a new one, over an old one, or where an old one stopped."""

from __future__ import annotations

import json
import os
import shutil
import socket
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from lamella.errors import RunError
from lamella.store.arguments import as_path
from lamella.store.checksums import of_facts
from lamella.store.database import create_database, is_blank
from lamella.store.files import remove_parts, whole_file, write_all
from lamella.store.layout import DATABASE, FOLDERS, FORMAT, INFO, VERSION, info_path
from lamella.store.process import is_alive, this_process
from lamella.store.run_info import load_info

SAME = ("layers", "probes", "reduce", "dtype", "model")  # what a resumed run must not change


def create_run(
    path: Path | str, info: Mapping[str, Any], *, overwrite: bool = False, resume: bool = False
) -> Path:
    """Make a run folder, or take up an existing one with `resume`; returns its path.

    A folder that holds a run is never changed without `overwrite` or `resume`, and `overwrite`
    removes nothing but the run's own files. Raises RunError for an existing run, for a resumed
    run of other layers, probes or model, and for a folder that cannot be written to.
    """
    path = as_path(path, "create_run()")
    try:
        path.mkdir(parents=True, exist_ok=True)
        if info_path(path).exists():
            if resume or overwrite:
                check_unused(path)
            if resume:
                return resume_run(path, info)
            check_overwrite(path, overwrite)
            clear_run(path)
        check_empty(path)
        create_database(path)
        write_info(path, fresh_info(path, info))  # last: it makes the folder a run
    except OSError as error:
        raise RunError(
            f"create_run() wants a folder it can write to, got {path}: {error.strerror or error}. "
            "Choose another folder, make room, or change its rights."
        ) from error
    return path


def fresh_info(path: Path, info: Mapping[str, Any]) -> dict[str, Any]:
    """What run.json starts with."""
    head = {
        "format": FORMAT,
        "version": VERSION,
        "name": path.absolute().name,
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        "status": "running",
        "process": this_process(),
        "checksums": "crc32",
    }
    return {**head, **info}


def resume_run(path: Path, info: Mapping[str, Any]) -> Path:
    """Take up an existing run; what was recorded stays."""
    old = read_info(path)
    for field in SAME:
        then, now = json.loads(json.dumps([old.get(field), info.get(field)]))
        if field in info and field in old and then != now:
            raise RunError(
                f"create_run(resume=True) wants the {field} that {path} was recorded with, got "
                f"others ({difference(then, now)}). Choose another folder, or overwrite it."
            )
    remove_parts(path)
    write_info(path, {**old, "status": "running", "process": this_process()})
    create_database(path)
    return path


def difference(then: Any, now: Any) -> str:
    """The first difference of two JSON values, in a few words.

    >>> difference({"a": 1, "b": 2}, {"a": 1, "b": 3})
    'b: 2 then, 3 now'
    """
    if isinstance(then, dict) and isinstance(now, dict):
        key = next(k for k in [*then, *now] if then.get(k) != now.get(k))
        return f"{key}: {difference(then.get(key), now.get(key))}"
    if isinstance(then, list) and isinstance(now, list) and len(then) == len(now):
        return next(difference(a, b) for a, b in zip(then, now, strict=True) if a != b)
    return f"{str(then)[:60]} then, {str(now)[:60]} now"


def check_overwrite(path: Path, overwrite: bool) -> None:
    """Refuse to touch an existing run without being told to."""
    if not overwrite:
        raise RunError(
            f"create_run() wants a new folder, got {path}, which holds a run. "
            "Pass overwrite=True to replace it, or resume=True to go on with it."
        )


def check_unused(path: Path) -> None:
    """Refuse to write to a run that another living process of this machine writes."""
    try:
        info = read_info(path)
    except RunError:  # damaged: nobody can be writing it
        return
    process = info.get("process", {})
    ours = process.get("pid") == os.getpid() or process.get("host") != socket.gethostname()
    if info["status"] == "running" and not ours and is_alive(process):
        raise RunError(
            f"create_run() wants a run that nobody writes, got {path}, which process "
            f"{process['pid']} is recording. Wait for it, or stop it."
        )


def check_empty(path: Path) -> None:
    """Refuse a folder with files of other origin where the run's own would go."""
    if is_blank(path):  # left by a process that was killed just here
        (path / DATABASE).unlink()
    taken = [name for name in (*FOLDERS, DATABASE) if (path / name).exists()]
    if taken:
        raise RunError(
            f"create_run() wants a folder free for {', '.join(taken)}, got {path}, which has them "
            f"but no {INFO}. Choose another folder."
        )


def clear_run(path: Path) -> None:
    """Remove the files of a run and nothing else; run.json last, so that it stays a run."""
    for folder in FOLDERS:
        shutil.rmtree(path / folder, ignore_errors=True)
    for name in (DATABASE, f"{DATABASE}-wal", f"{DATABASE}-shm", INFO):
        (path / name).unlink(missing_ok=True)


def write_info(path: Path | str, info: Mapping[str, Any], *, at_any_price: bool = False) -> None:
    """Write run.json at once; a reader sees the old or the new one.

    `at_any_price` writes over the old one where the folder takes no new file: it may be read-only.
    """
    told = {key: value for key, value in info.items() if key != "checksum"}
    told["checksum"] = of_facts(told)
    data = json.dumps(told, indent=1, default=str).encode()
    try:
        with whole_file(info_path(Path(path))) as file:
            write_all(file, data)
    except PermissionError:
        if not at_any_price:
            raise
        with open(info_path(Path(path)), "r+b", buffering=0) as file:
            write_all(file, data.ljust(os.fstat(file.fileno()).st_size))


def read_info(path: Path | str) -> dict[str, Any]:
    """run.json, checked whole against the format."""
    return load_info(Path(path))
