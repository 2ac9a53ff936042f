"""`lamella runs`: the runs of a folder."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from lamella.cli.output import print_json

if TYPE_CHECKING:
    from lamella.store import Run


def command(
    folder: Annotated[Path, typer.Argument(help="Where to look, with all below.")] = Path("runs"),
    as_json: Annotated[bool, typer.Option("--json", help="Print the list as JSON.")] = False,
) -> None:
    """List runs: status, epochs, layers, size and what recording cost."""
    from lamella.store import find_runs

    rows = [row_of(path) for path in find_runs(folder)]
    if as_json:
        print_json({"runs": rows})
    elif rows:
        print_table(rows)
    else:
        print(f"No runs in {folder}. Record one with lamella.record(), or run a study.")


def row_of(path: Path) -> dict[str, Any]:
    """What is told of a run; of one that cannot be read, why."""
    from lamella.errors import LamellaError
    from lamella.store import open_run

    try:
        return {"path": path, **facts(open_run(path))}
    except LamellaError as error:
        return {"path": path, "status": "unreadable", "why": str(error)}


def facts(run: Run) -> dict[str, Any]:
    """The numbers of a readable run."""
    cost = run.cost
    return {
        "name": run.name,
        "status": run.status,
        "last_epoch": run.last_epoch,
        "epochs": list(run.epochs),
        "layers": list(run.layers),
        "splits": list(run.splits),
        "problems": len(run.problems),
        "bytes": run.bytes,
        "recording_seconds": cost["seconds"],
        "recording_share": cost["share"],
    }


def print_table(rows: list[dict[str, Any]]) -> None:
    """One line for each run."""
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None, header_style="bold", pad_edge=False)
    table.add_column("run", overflow="fold")
    table.add_column("status")
    for heading in ("last epoch", "recorded", "layers", "size", "recording took"):
        table.add_column(heading, justify="right")
    for row in rows:
        table.add_row(str(row["path"]), row["status"], *cells(row))
    Console().print(table)
    for row in rows:
        if "why" in row:
            print(f"{row['path']}: {row['why']}")


def cells(row: dict[str, Any]) -> tuple[str, ...]:
    """The numbers of a line as text; nothing for a run that cannot be read."""
    if "why" in row:
        return ()
    share = row["recording_share"]
    took = f"{row['recording_seconds']:.2f} s" + (f" ({share:.1%})" if share == share else "")
    return (
        str(row["last_epoch"]) if row["last_epoch"] >= 0 else "-",
        f"{len(row['epochs'])} epochs",
        str(len(row["layers"])),
        f"{row['bytes'] / 1e6:,.1f} MB",
        took,
    )
