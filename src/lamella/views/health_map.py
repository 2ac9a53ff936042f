"""Health map: dead and saturated units, gradients and updates by layer and epoch, side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from lamella.plots.figure import Figure
from lamella.plots.matrices import matrix_panel
from lamella.plots.scales import limits
from lamella.registry import views
from lamella.results import Matrix


@views.register(record="matrix", many=True)
def health_map(
    matrices: Mapping[str, Matrix], *, log: Sequence[str] = (), title: str = ""
) -> Figure:
    """One small heat map per sign of health, each on its own scale, which stands below it.

    `matrices` are layer x epoch by name ("dead units, %", "gradient norm"); those named in `log`
    are coloured by their logarithm. Two stand in a line.
    """
    panels = tuple(
        matrix_panel(
            one, limits(one.values, log=name in log), log=name in log, scale="", title=name
        )
        for name, one in matrices.items()
    )
    note = "strong colour is high, each map on its own scale"
    return Figure(panels, title, note, across=min(2, max(1, len(panels))))
