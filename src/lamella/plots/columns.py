"""A check on the tables that views take."""

from __future__ import annotations

from collections.abc import Sequence

from lamella.errors import bad_input
from lamella.results import Table


def check_columns(table: Table, names: Sequence[str], where: str) -> None:
    """Raise InputError that names the columns a view needs and those that came.

    >>> check_columns(Table({"epoch": [0, 1]}), ("epoch", "loss"), "view()")
    Traceback (most recent call last):
    ...
    lamella.errors.InputError: view() wants columns epoch, loss, got epoch. Add what is missing.
    """
    if not set(names) <= set(table.columns):
        raise bad_input(
            where,
            wanted=f"columns {', '.join(names)}",
            got=", ".join(table.columns) or "none",
            do="Add what is missing",
        )
