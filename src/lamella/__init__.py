"""lamella: a microscope for the layers of a neural network.

The public names load what they need on first use, so that importing lamella is instant.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

from lamella.errors import LamellaError
from lamella.registry import dataset, measure, model, study, view

__version__ = "0.1.0"

_HOMES = {
    "record": "lamella.recording",
    "every": "lamella.recording",
    "doubling": "lamella.recording",
    "at": "lamella.recording",
    "open_run": "lamella.store",
    "train": "lamella.training",
    "sweep": "lamella.measuring",
}
_PACKAGES = ("homology", "lens", "anatomy", "embeddings")

__all__ = ["LamellaError", "dataset", "measure", "model", "study", "view"]


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    if name in _PACKAGES:
        return import_module(f"lamella.{name}")
    raise AttributeError(f"module 'lamella' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*__all__, *_HOMES, *_PACKAGES])
