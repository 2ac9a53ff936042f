"""Training: a plain loop as a generator of epochs, and what it is made of."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lamella.training.epochs import Epoch
    from lamella.training.evaluation import evaluate, predict
    from lamella.training.loop import train
    from lamella.training.progress_bar import progress

__all__ = ["Epoch", "evaluate", "predict", "progress", "train"]

_HOMES = {
    "Epoch": "epochs",
    "evaluate": "evaluation",
    "predict": "evaluation",
    "progress": "progress_bar",
    "train": "loop",
}


if not TYPE_CHECKING:  # which would take any name for a public one

    def __getattr__(name: str) -> Any:
        if name not in _HOMES:
            raise AttributeError(f"module 'lamella.training' has no attribute {name!r}")
        return getattr(import_module(f"lamella.training.{_HOMES[name]}"), name)
