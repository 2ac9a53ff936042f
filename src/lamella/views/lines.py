"""Lines: any number over epochs, layers or another axis, with bands over seeds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from lamella.plots.curves import BANDS, axis_of, series_colours, with_band
from lamella.plots.figure import Figure
from lamella.plots.panels import Axis, Panel
from lamella.registry import views
from lamella.results import Curve


@views.register(record="curve")
def lines(
    curve: Curve,
    *,
    palette: str | None = None,
    baselines: Sequence[str] = (),
    dotted: Sequence[str] = (),
    log_x: bool = False,
    log_y: bool = False,
    zero: bool = False,
    height: int = 300,
    title: str = "",
) -> Figure:
    """One line per series, its name at its end, and its band from `low` to `high`.

    An axis of names (layers) is drawn at equal steps. `palette` is "runs" (default up to two
    series), "classes" or "homology"; series named in `baselines` are grey and dashed, those in
    `dotted` dotted. `zero` makes the vertical axis start at 0.
    """
    x, axis = axis_of(curve.x, curve.x_label, log=log_x)
    marks = []
    for at, name in enumerate(curve.series):
        colour = series_colours(curve.series, palette, baselines)[at]
        band = [None if part is None else part[at] for part in (curve.low, curve.high)]
        dash = "dash" if name in baselines else "dot" if name in dotted else ""
        style = {"colour": colour, "dash": dash, "label": name or curve.y_label, "end": name}
        marks += with_band(x, curve.y[at], *band, dots=5 * (len(x) < 12), **style)
    y = Axis(curve.y_label, log=log_y, zero=zero)
    note = "" if curve.low is None else BANDS
    axis = replace(axis, range=(-0.3, len(x) - 0.7) if axis.names else None)
    return Figure((Panel(tuple(marks), axis, y, height=height),), title or curve.title, note)
