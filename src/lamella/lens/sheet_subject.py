"""What a sheet of pictures is about: a network with samples, and what is asked of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from torch import nn

from lamella.lens.pictures import Pixels

if TYPE_CHECKING:
    from lamella.store import Run


@dataclass(frozen=True, eq=False)
class Subject:
    """A network and the samples to look at it with; `run` where it was recorded."""

    name: str
    net: nn.Module
    shape: tuple[int, ...]
    images: np.ndarray | None = None
    labels: np.ndarray | None = None
    class_names: tuple[str, ...] = ()
    pixels: Pixels | None = None
    run: Run | None = None
    epoch: int | None = None


@dataclass(frozen=True)
class Ask:
    """What somebody wants to see: a layer, a unit of it, some images, a class."""

    layer: str | None = None
    unit: tuple[int, ...] | None = None
    images: tuple[int, ...] = (0,)
    target: int | None = None
    count: int = 9
    steps: int | None = None
    model: Any = None
    layers: dict[str, tuple[int, ...]] = field(default_factory=dict)
