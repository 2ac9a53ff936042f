"""A figure is a value: titled panels of marks, drawn by plotly, by the page and into files."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lamella.errors import bad_input
from lamella.plots.drawable import Frame, Key
from lamella.plots.marks import changed
from lamella.plots.panels import Panel, settled

if TYPE_CHECKING:
    from plotly.graph_objects import Figure as PlotlyFigure

WIDTH = 700  # pixels that a figure is laid out for where nobody says another width
LEAST = 150  # pixels of a panel beside others
COLUMNS = {"single": 336, "double": 692}  # 89 and 183 mm, columns of a journal, at 96 to the inch


@dataclass(frozen=True)
class Figure:
    """Panels in rows of `across`, under a title, a note and a key of colours.

    With `frames` it has a slider, called `step`, and opens at frame `shown`. It draws itself in a
    notebook; `.plotly()` is the same as a plotly figure, `.save()` writes a file, and `.sized()`
    fits it to a paper.
    """

    panels: tuple[Panel, ...]
    title: str = ""
    note: str = ""
    key: Key = ()
    across: int = 1
    frames: tuple[Frame, ...] = ()
    step: str = "step"
    shown: int = 0
    width: float | None = None
    font: float = 13
    letter: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "panels", tuple(settled(panel) for panel in self.panels))

    def plotly(self) -> PlotlyFigure:
        """The figure as plotly draws it."""
        from lamella.plots.plotly_figure import plotly_figure

        return plotly_figure(self)

    def show(self) -> None:
        """Show the figure where plotly shows figures."""
        self.plotly().show()

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write the figure as .html, .svg, .png or .pdf, by the name of the file; its path."""
        from lamella.plots.saving import save

        return save(self.plotly(), Path(path), self.width or WIDTH)

    def sized(
        self,
        *,
        width: float | None = None,
        height: float | None = None,
        column: str = "",
        font: float | None = None,
        letter: str | None = None,
    ) -> Figure:
        """The figure for a paper: its width in pixels (96 to the inch) or that of a `column`.

        `column` is "single" (89 mm) or "double" (183 mm), `height` that of all plots together,
        `font` the size of the type in pixels, and `letter` names the first panel ("a"). Fewer
        panels stand in a line where they would be narrow.
        """
        if column and column not in COLUMNS:
            raise bad_input(
                "sized()", wanted=f"column {' or '.join(COLUMNS)}", got=column, do="Choose one"
            )
        wide = COLUMNS[column] if column else self.width if width is None else width
        font = self.font if font is None else font
        letter = self.letter if letter is None else letter
        across = min(self.across, max(1, int((wide or WIDTH) / LEAST)))
        fewer = replace(self, across=across, width=wide, font=font, letter=letter)
        return replace(fewer, panels=fewer._of(height))

    def _of(self, height: float | None) -> tuple[Panel, ...]:
        """The panels with plots of `height` in all."""
        if height is None:
            return self.panels
        rows = in_rows(self.panels, self.across)
        whole = sum(max(panel.height for panel in row) for row in rows)
        return tuple(replace(p, height=p.height * height / whole) for p in self.panels)

    def facts(self) -> dict[str, Any]:
        """The figure as names, numbers and arrays, for the page; defaults are left out."""
        return _facts(self)

    def _repr_mimebundle_(self, *given: Any, **options: Any) -> Any:
        return self.plotly()._repr_mimebundle_(*given, **options)


def _facts(value: Any) -> Any:
    if isinstance(value, tuple | list):
        return [_facts(item) for item in value]
    if isinstance(value, Mapping) or not hasattr(value, "__dataclass_fields__"):
        return value
    told = {name: _facts(item) for name, item in changed(value).items()}
    return told if isinstance(value, Figure) else {"kind": type(value).__name__.lower(), **told}


def in_rows(panels: Sequence[Panel], across: int) -> list[tuple[Panel, ...]]:
    """Panels as rows of `across`."""
    return [tuple(panels[at : at + across]) for at in range(0, len(panels), across)]
