"""`lamella runs`: the runs of a folder."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from lamella.cli.output import print_json, warn

if TYPE_CHECKING:
    from rich.table import Table

    from lamella.store import Run


def command(
    folder: Annotated[Path, typer.Argument(help="Where to look, with all below.")] = Path("runs"),
    as_json: Annotated[bool, typer.Option("--json", help="Print the list as JSON.")] = False,
) -> None:
    """List runs: status, epochs, layers, size and what recording cost.

    The share is of the time that the training loop took without recording. Exit code 2 where there
    is no such folder.
    """
    from lamella.verbs.given_runs import runs_below

    if not folder.exists():
        warn(f"there is no folder {folder}. Name the one that holds your runs.")
        raise typer.Exit(2)
    rows = [row_of(path) for path in runs_below(folder)]
    if as_json:
        print_json({"runs": rows})
    elif rows:
        print_table(rows)
    else:
        print(f"No runs in {folder}. Record one with lamella.record(), or run a study.")


def row_of(path: Path) -> dict[str, Any]:
    """What is told of a run; of one that cannot be read, why."""
    from lamella.store import open_run, trouble

    if why := trouble(path):
        return {"path": path, "status": "unreadable", "why": why}
    return {"path": path, **facts(open_run(path))}


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
        "damaged": run.damaged,
        "bytes": run.bytes,
        "recording_seconds": cost["seconds"],
        "recording_share": cost["share"],
    }


HEADINGS = ("last epoch", "recorded", "layers", "size", "problems", "recording took")
MOST = 10.0  # a share beyond: nothing was trained


def print_table(rows: list[dict[str, Any]]) -> None:
    """One line for each run; where that is too wide, the path alone and its numbers below it."""
    import sys

    from rich.console import Console

    table = table_of(rows)
    wanted, width = Console(width=10_000).measure(table).maximum, Console().width
    if wanted <= width or not sys.stdout.isatty():
        Console(width=max(wanted, width)).print(table)
    else:
        for row in rows:
            print(row["path"])
            print("  " + ", ".join([row["status"], *words(row)]))
    for row in rows:
        if "why" in row:
            print(f"{row['path']}: {row['why']}")
        for epoch, why in row.get("damaged", {}).items():
            print(f"{row['path']}: epoch {epoch} is left out: {why}")


def table_of(rows: list[dict[str, Any]]) -> Table:
    """The runs as a table whose cells are never cut or folded."""
    from rich.table import Table

    table = Table(box=None, header_style="bold", pad_edge=False)
    for heading in ("run", "status"):
        table.add_column(heading, no_wrap=True)
    for heading in HEADINGS:
        table.add_column(heading, justify="right", no_wrap=True)
    for row in rows:
        table.add_row(str(row["path"]), row["status"], *cells(row))
    return table


def words(row: dict[str, Any]) -> list[str]:
    """The numbers of a run, each with what it is."""
    numbers = ("last epoch {}", "{} recorded", "{} layers", "{}", "{} problems")
    patterns = (*numbers, "recording took {}")
    return [pattern.format(cell) for pattern, cell in zip(patterns, cells(row), strict=False)]


def cells(row: dict[str, Any]) -> tuple[str, ...]:
    """The numbers of a line as text; nothing for a run that cannot be read."""
    if "why" in row:
        return ()
    share = row["recording_share"]
    took = f"{row['recording_seconds']:.2f} s" + (
        f" ({share:.1%} of training)" if share <= MOST else ""
    )
    return (
        str(row["last_epoch"]) if row["last_epoch"] >= 0 else "-",
        f"{len(row['epochs'])} epochs",
        str(len(row["layers"])),
        f"{row['bytes'] / 1e6:,.1f} MB",
        str(row["problems"] or "-"),
        took,
    )
