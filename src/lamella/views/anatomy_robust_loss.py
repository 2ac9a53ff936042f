"""The general robust loss and how hard a residual pulls, side by side."""

from __future__ import annotations

from collections.abc import Mapping

from lamella.errors import bad_input
from lamella.plots.figure import Figure
from lamella.plots.marks import Line
from lamella.plots.palette import SEQUENTIAL
from lamella.plots.panels import Axis, Panel
from lamella.registry import views
from lamella.results import Curve


@views.register(record="curve", many=True)
def anatomy_robust_loss(curves: Mapping[str, Curve], *, title: str = "") -> Figure:
    """Left the loss, right its derivative, one line per shape parameter; dark is robust.

    `curves` are the "loss" and the "gradient" (see `robust_loss_curve`).
    """
    if set(curves) != {"loss", "gradient"}:
        raise bad_input(
            "anatomy_robust_loss()",
            wanted="curves 'loss' and 'gradient'",
            got=", ".join(curves) or "none",
            do="Pass {'loss': robust_loss_curve(), 'gradient': robust_loss_curve(gradient=True)}",
        )
    loss, gradient = curves["loss"], curves["gradient"]
    last = max(1, len(loss.series) - 1)
    colours = [SEQUENTIAL[1 + round(4 * at / last)] for at in range(len(loss.series))]
    panels = (_panel(loss, colours, (-0.1, 4.2)), _panel(gradient, colours, None))
    key = tuple(zip(loss.series, colours, strict=True))
    return Figure(panels, title or loss.title, key=key, across=2)


def _panel(curve: Curve, colours: list[str], span: tuple[float, float] | None) -> Panel:
    lines = (
        Line(curve.x, y, colour, name)
        for name, y, colour in zip(curve.series, curve.y, colours, strict=True)
    )
    return Panel(tuple(lines), Axis(curve.x_label), Axis(curve.y_label, span), height=300)
