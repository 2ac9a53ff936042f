"""Runs that a command leaves out are named on standard error."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from lamella.cli.output import warn


def tell_damaged(damaged: Mapping[Path, str]) -> None:
    """Name the runs that were left out, one to a line of standard error."""
    for path, why in damaged.items():
        warn(f"left out {path}: {why}")
