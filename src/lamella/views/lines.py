"""Lines: any number over epochs, layers or another axis, with bands over seeds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from lamella.plots.labels import end_labels, every, last_finite, log_ticks, padded, text_width
from lamella.plots.style import CLASSES, FAINT, HOMOLOGY, RUNS, WIDTH, faded, new_figure, plain
from lamella.registry import views
from lamella.results import Curve

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

PALETTES = {"runs": RUNS, "classes": CLASSES, "homology": HOMOLOGY}


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
    names = list(curve.series)
    colours = series_colours(names, palette, baselines)
    right = 22 + max((text_width(name) for name in names), default=0)
    figure = new_figure(
        title or curve.title, _band_note(curve), height=height, left=66, right=min(right, 230)
    )
    x = named_axis(figure, curve.x, WIDTH - 66 - min(right, 230))
    for at, name in enumerate(names):
        if curve.low is not None and curve.high is not None:
            add_band(figure, x, curve.low[at], curve.high[at], colours[at])
        dash = "dash" if name in baselines else "dot" if name in dotted else "solid"
        add_line(figure, x, curve.y[at], name, colours[at], dash)
    values = [v for v in (curve.y, curve.low, curve.high) if v is not None]
    span = padded(np.concatenate([v.ravel() for v in values]), log=log_y, zero=zero)
    figure.update_yaxes(title_text=plain(curve.y_label), range=span)
    if log_y:
        figure.update_yaxes(type="log", **log_ticks(span))
    if log_x:
        figure.update_xaxes(type="log", **log_ticks(padded(np.asarray(curve.x), log=True)))
    figure.update_xaxes(title_text=plain(curve.x_label), showgrid=False)
    ends = [(last_finite(y), n, c) for y, n, c in zip(curve.y, names, colours, strict=True)]
    end_labels(figure, ends, span, log=log_y)
    return figure


def series_colours(
    names: Sequence[str], palette: str | None, baselines: Sequence[str] = ()
) -> list[str]:
    """One colour per series; baselines are grey and use up none."""
    lively = [name for name in names if name not in baselines]
    chosen = PALETTES[palette or ("runs" if len(lively) <= 2 else "classes")]
    colours = {name: chosen[at % len(chosen)] for at, name in enumerate(lively)}
    return [colours.get(name, FAINT) for name in names]


def named_axis(figure: Figure, x: np.ndarray, width: float, axis: str = "") -> list[Any]:
    """The places of `x` on the axis; names become 0, 1, 2, ... with tick labels."""
    if np.asarray(x).dtype.kind in "fiu":
        return np.asarray(x).tolist()
    names = [str(name) for name in x]
    widest = max(map(text_width, names), default=0) + 8
    steep = len(names) * widest > width
    step = every(len(names), width, 16) if steep else 1
    figure.update_layout(
        {
            f"xaxis{axis}": {
                "tickvals": list(range(0, len(names), step)),
                "ticktext": [plain(name) for name in names[::step]],
                "tickangle": -45 if steep else 0,
                "automargin": True,
            }
        }
    )
    return list(range(len(names)))


def add_line(
    figure: Figure,
    x: Sequence[Any],
    y: np.ndarray,
    name: str,
    colour: str,
    dash: str = "solid",
    axis: str = "",
    width: float = 2,
) -> None:
    """A line with a gap where there is no number; a lone point becomes a dot."""
    values = [float(v) if np.isfinite(v) else None for v in np.asarray(y, float)]
    few = sum(v is not None for v in values) == 1
    figure.add_scatter(
        x=list(x),
        y=values,
        mode="lines+markers" if few else "lines",
        line={"color": colour, "width": width, "dash": dash},
        name=plain(name),
        hovertemplate="%{x}: %{y:.4g}<extra>%{fullData.name}</extra>",
        xaxis=f"x{axis}",
        yaxis=f"y{axis}",
    )


def add_band(
    figure: Figure, x: Sequence[Any], low: np.ndarray, high: np.ndarray, colour: str, axis: str = ""
) -> None:
    """A pale area between `low` and `high`, left out where either is no number."""
    whole = np.isfinite(low) & np.isfinite(high)
    if not whole.any():
        return
    there = [at for at, fine in zip(x, whole, strict=True) if fine]
    figure.add_scatter(
        x=there + there[::-1],
        y=np.concatenate([low[whole], high[whole][::-1]]).tolist(),
        mode="lines",
        line={"width": 0},
        fill="toself",
        fillcolor=faded(colour, 0.15),
        hoverinfo="skip",
        name="band",
        xaxis=f"x{axis}",
        yaxis=f"y{axis}",
    )


def _band_note(curve: Curve) -> str:
    return "" if curve.low is None else "bands: least to greatest over seeds"
