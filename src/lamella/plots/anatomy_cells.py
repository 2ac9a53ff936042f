"""Cells with numbers in them: what the pictures of kernels and pooling are made of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from lamella.plots.style import LINE, ON_DARK, ON_LIGHT, SEQUENTIAL, scale_of

if TYPE_CHECKING:
    from jaxtyping import Float
    from plotly.graph_objects import Figure

CELL = 38  # pixels


def cells_trace(
    values: Float[np.ndarray, "rows columns"],
    left: float,
    top: float = 0,
    *,
    low: float,
    high: float,
    opacity: float = 1.0,
) -> dict[str, Any]:
    """A heat map trace whose first cell has its corner at (left, top); NaN stays empty."""
    rows, columns = values.shape
    return {
        "type": "heatmap",
        "z": [[None if not np.isfinite(v) else float(v) for v in row] for row in values],
        "x": [left + 0.5 + i for i in range(columns)],
        "y": [top + 0.5 + i for i in range(rows)],
        "colorscale": scale_of(SEQUENTIAL),
        "zmin": low,
        "zmax": high if high > low else low + 1,
        "showscale": False,
        "xgap": 1,
        "ygap": 1,
        "opacity": opacity,
        "hoverinfo": "skip",
    }


def numbers_trace(
    values: Float[np.ndarray, "rows columns"],
    left: float,
    top: float = 0,
    *,
    low: float,
    high: float,
    size: float = 13,
) -> dict[str, Any]:
    """The numbers of the same cells as text, light on dark cells; NaN stays empty."""
    places = [(y, x) for y, x in np.ndindex(*values.shape) if np.isfinite(values[y, x])]
    middle = low + 0.55 * (high - low)
    return {
        "type": "scatter",
        "mode": "text",
        "x": [left + x + 0.5 for _, x in places],
        "y": [top + y + 0.5 for y, _ in places],
        "text": [f"{values[p]:.4g}" for p in places],
        "textfont": {
            "size": size,
            "color": [ON_DARK if values[p] > middle else ON_LIGHT for p in places],
        },
        "hoverinfo": "skip",
    }


def outline(
    left: float, top: float, width: float, height: float, colour: str, line: float = 3
) -> dict[str, Any]:
    """A rectangle as a line trace."""
    return {
        "type": "scatter",
        "mode": "lines",
        "x": [left, left + width, left + width, left, left],
        "y": [top, top, top + height, top + height, top],
        "line": {"color": colour, "width": line},
        "hoverinfo": "skip",
    }


def caption(text: str, x: float, y: float, size: int = 13, anchor: str = "left") -> dict[str, Any]:
    """Words at a place of the picture."""
    position = {"left": "middle right", "centre": "middle center"}[anchor]
    return {
        "type": "scatter",
        "mode": "text",
        "x": [x],
        "y": [y],
        "text": [text],
        "textposition": position,
        "textfont": {"size": size},
        "hoverinfo": "skip",
        "cliponaxis": False,
    }


def frame_of_cells(figure: Figure, width: float, height: float) -> None:
    """Square cells, rows downwards, no axes."""
    figure.update_xaxes(visible=False, range=[-0.2, width], constrain="domain")
    figure.update_yaxes(visible=False, range=[height, -0.3], scaleanchor="x", constrain="domain")
    figure.update_layout(plot_bgcolor="rgba(0,0,0,0)", hovermode=False, dragmode=False)


def play_buttons(figure: Figure, names: list[str], label: str, milliseconds: int = 700) -> None:
    """A play button and a slider over the frames called `names`."""
    step = {"frame": {"duration": milliseconds, "redraw": True}, "transition": {"duration": 0}}
    jump = {"frame": {"duration": 0, "redraw": True}, "mode": "immediate"}
    figure.update_layout(
        updatemenus=[
            {
                "type": "buttons",
                "showactive": False,
                "x": 0,
                "y": 0,
                "xanchor": "left",
                "yanchor": "top",
                "pad": {"t": 12},
                "direction": "left",
                "bordercolor": LINE,
                "buttons": [
                    {"label": "play", "method": "animate", "args": [None, step]},
                    {"label": "stop", "method": "animate", "args": [[None], jump]},
                ],
            }
        ],
        sliders=[
            {
                "x": 0.2,
                "len": 0.8,
                "y": 0,
                "pad": {"t": 8},
                "currentvalue": {"prefix": f"{label} ", "xanchor": "left"},
                "steps": [
                    {"label": name, "method": "animate", "args": [[name], jump]} for name in names
                ],
            }
        ],
    )
