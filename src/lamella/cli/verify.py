"""`lamella verify`: whether runs are as they were written."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from lamella.cli.output import print_json, shown, warn
from lamella.verbs.given_runs import runs_below

if TYPE_CHECKING:
    from lamella.store import Verification


def command(
    runs: Annotated[list[Path], typer.Argument(help="Run folders, or folders that hold runs.")],
    repair: Annotated[
        bool, typer.Option("--repair", help="Drop what is damaged, after asking.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
) -> None:
    """Read every byte of runs and compare it with the checksums that were written with it.

    Checksums tell damage, not intent: who changes a run on purpose can change them too. Exit code
    1 where something is damaged; with --repair it is removed first, and the rest can be read.
    """
    rows = [row_of(folder, as_json) for path in runs for folder in runs_below(path)]
    damaged = [row for row in rows if row["damages"] or row["error"]]
    if repair:
        for row in damaged:
            row["repaired"] = repaired(row, yes or as_json)
    if as_json:
        print_json({"runs": [{k: v for k, v in row.items() if k != "found"} for row in rows]})
    elif not rows:
        print(f"No runs in {', '.join(map(str, runs))}.")
    if any(not row.get("repaired") for row in damaged):
        raise typer.Exit(1)


def row_of(folder: Path, quiet: bool) -> dict[str, Any]:
    """What was found in a run, told on the way unless `quiet`."""
    from lamella.errors import LamellaError
    from lamella.store import verify_run

    try:
        found = verify_run(folder)
    except LamellaError as error:
        if not quiet:
            print(shown(f"{folder}: cannot be read: {error}"))
        row = {"path": folder, "right": 0, "unchecked": 0, "damages": [], "error": str(error)}
        return {**row, "found": None}
    if not quiet:
        tell(found)
    damages = [{"file": d.file, "place": d.place, "why": d.why} for d in found.damages]
    row = {"path": folder, "right": found.right, "unchecked": found.unchecked}
    return {**row, "damages": damages, "error": None, "found": found}


def tell(found: Verification) -> None:
    """One line for a run, and one for each damage."""
    state = "whole" if found.whole else f"{len(found.damages)} damaged"
    old = f", {found.unchecked} without a checksum" if found.unchecked else ""
    print(f"{found.path}: {state}, {found.right} as written{old}")
    for damage in found.damages:
        place = f" ({damage.place})" if damage.place else ""
        print(shown(f"  {damage.file}{place}: {damage.why}"))


def repaired(row: dict[str, Any], sure: bool) -> list[str]:
    """What was dropped from a run; nothing where the person said no, or nothing can be done."""
    from lamella.errors import LamellaError
    from lamella.store import repair_run

    found = row["found"]
    if found is None:
        return []
    files = len({damage.file for damage in found.damages})
    question = f"Drop what is damaged of {found.path}, in {files} files? It cannot be undone"
    if not sure and not typer.confirm(question):
        return []
    try:
        done = repair_run(found)
    except LamellaError as error:
        warn(str(error))
        return []
    for line in () if sure else done:
        print(line)
    return done
