"""What the two machines that draw a figure read of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from lamella.plots.marks import Mark
from lamella.plots.panels import Panel

Key = tuple[tuple[str, str], ...]  # names and their colours


@dataclass(frozen=True)
class Frame:
    """One step of a figure that plays: the marks that it adds to the first panel."""

    name: str
    marks: tuple[Mark, ...]


class Drawable(Protocol):
    """The fields of a figure, which `plots.figure.Figure` explains."""

    @property
    def panels(self) -> tuple[Panel, ...]: ...
    @property
    def title(self) -> str: ...
    @property
    def note(self) -> str: ...
    @property
    def key(self) -> Key: ...
    @property
    def across(self) -> int: ...
    @property
    def frames(self) -> tuple[Frame, ...]: ...
    @property
    def step(self) -> str: ...
    @property
    def shown(self) -> int: ...
    @property
    def width(self) -> float | None: ...
    @property
    def font(self) -> float: ...
    @property
    def letter(self) -> str: ...
