"""What one unit sees, drawn on the user's own image."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from lamella.plots.anatomy_cells import outline
from lamella.plots.style import CARD, RUNS, SEQUENTIAL, SUNK, WORSE, colour_key, new_figure

if TYPE_CHECKING:
    from jaxtyping import Float
    from plotly.graph_objects import Figure

    from lamella.anatomy.effective_fields import EffectiveField
    from lamella.anatomy.receptive_fields import ReceptiveField


def anatomy_receptive_field(
    field: ReceptiveField,
    image: Float[np.ndarray, "height width *channels"] | None = None,
    effective: EffectiveField | None = None,
    *,
    title: str = "",
) -> Figure:
    """The image, a box around the unit's theoretical field, and its effective field as a glow.

    The box reaches beyond the image where the field lies in the padding; the part inside the image
    is drawn solid. `image` has values in [0, 1] or 0 to 255; without it the field lies on grey.
    """
    height, width = field.input_size
    key = _key(field, effective)
    figure = new_figure(
        title or f"{field.layer}, unit {field.unit}", "", height=380, key=key, bottom=16, left=16
    )
    figure.add_trace(_picture(image, height, width))
    if effective is not None:
        figure.add_trace(_glow(effective.mass))
    sides = [_side(field, axis) for axis in (0, 1)]
    (top, bottom), (left, right) = sides
    figure.add_trace(outline(left, top, right - left, bottom - top, RUNS[1], 2) | _dashed())
    (y0, x0), (y1, x1) = field.low, field.high
    figure.add_trace(outline(x0 - 0.5, y0 - 0.5, x1 - x0 + 1, y1 - y0 + 1, WORSE))
    ends = _ends(left, right, width), _ends(top, bottom, height)
    figure.update_xaxes(visible=False, range=ends[0], constrain="domain")
    figure.update_yaxes(visible=False, range=ends[1][::-1], scaleanchor="x", constrain="domain")
    return figure


def _key(field: ReceptiveField, effective: EffectiveField | None) -> str:
    size = " x ".join("?" if n is None else str(n) for n in field.size)
    inside = " x ".join(map(str, field.clipped))
    names, colours = [f"field {size}", f"inside the image {inside}"], [RUNS[1], WORSE]
    if effective is not None:
        names.append(f"effective field: {effective.size:.0f} pixels across")
        colours.append(SEQUENTIAL[3])
    return colour_key(names, colours)


def _side(field: ReceptiveField, axis: int) -> tuple[float, float]:
    """First and last edge of the field along one axis, in the padding too."""
    size, jump, offset = field.size[axis], field.jump[axis], field.offset[axis]
    if size is None or jump is None or offset is None or jump != int(jump):
        return field.low[axis] - 0.5, field.high[axis] + 0.5
    first = offset + field.unit[axis] * jump
    return first - 0.5, first + size - 0.5


def _ends(low: float, high: float, size: int) -> list[float]:
    return [min(low, -0.5) - 0.5, max(high, size - 0.5) + 0.5]


def _dashed() -> dict[str, Any]:
    return {"line": {"color": RUNS[1], "width": 2, "dash": "dot"}}


def _picture(image: np.ndarray | None, height: int, width: int) -> dict[str, Any]:
    grey = np.full((height, width), 0.5) if image is None else np.asarray(image, dtype=float)
    if grey.ndim == 3:
        grey = grey.mean(axis=2)
    return {
        "type": "heatmap",
        "z": grey.tolist(),
        "colorscale": [(0, "#000000"), (1, "#ffffff")]
        if image is not None
        else [(0, SUNK), (1, SUNK)],
        "showscale": False,
        "hoverinfo": "skip",
        "opacity": 1 if image is None else 0.55,
    }


def _glow(mass: np.ndarray) -> dict[str, Any]:
    shown = np.sqrt(mass)  # the tails matter and would be invisible
    return {
        "type": "heatmap",
        "z": np.where(shown > 0.02, shown, np.nan).round(4).tolist(),
        "colorscale": [(0, CARD), (0.3, SEQUENTIAL[2]), (1, SEQUENTIAL[4])],
        "opacity": 0.75,
        "showscale": False,
        "hovertemplate": "row %{y}, column %{x}: root of gradient mass %{z:.3f}<extra></extra>",
    }
