"""lamella: a microscope for the layers of a neural network.

Verbs act, and are the same words in the shell: `lamella.record`, `train`, `measure`, `view`,
`report`, `look`, `export`, `open_run`. Plural nouns are shelves of functions:
`lamella.measures.gdv(points, labels)`. Everything loads what it needs on first use, so that
importing lamella is instant.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from lamella.errors import LamellaError

if TYPE_CHECKING:
    from lamella import (
        anatomy,
        datasets,
        embeddings,
        homology,
        lens,
        measures,
        models,
        studies,
        views,
    )
    from lamella.measuring import measure
    from lamella.recording import at, doubling, every, record
    from lamella.store import open_run
    from lamella.training import train
    from lamella.verbs.exporting import export
    from lamella.verbs.looking import look
    from lamella.verbs.reporting import report
    from lamella.verbs.viewing import view

__version__ = "0.1.0"

_HOMES = {
    "at": "recording",
    "doubling": "recording",
    "every": "recording",
    "export": "verbs.exporting",
    "look": "verbs.looking",
    "measure": "measuring",
    "open_run": "store",
    "record": "recording",
    "report": "verbs.reporting",
    "train": "training",
    "view": "verbs.viewing",
}

__all__ = [
    "LamellaError",
    "anatomy",
    "at",
    "datasets",
    "doubling",
    "embeddings",
    "every",
    "export",
    "homology",
    "lens",
    "look",
    "measure",
    "measures",
    "models",
    "open_run",
    "record",
    "report",
    "studies",
    "train",
    "view",
    "views",
]


if not TYPE_CHECKING:  # which would take any name for a public one

    def __getattr__(name: str) -> Any:
        if name in _HOMES:
            return getattr(import_module(f"lamella.{_HOMES[name]}"), name)
        if name in __all__:
            return import_module(f"lamella.{name}")
        raise AttributeError(f"module 'lamella' has no attribute {name!r}")


def __dir__() -> list[str]:
    return __all__
