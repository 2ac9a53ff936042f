"""What one unit sees, drawn on the user's own image."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float

from lamella.anatomy.effective_fields import EffectiveField
from lamella.anatomy.receptive_fields import ReceptiveField
from lamella.plots.drawable import Key
from lamella.plots.figure import WIDTH, Figure
from lamella.plots.grids import outline
from lamella.plots.marks import Band, Cells, Mark, Pictures
from lamella.plots.panels import Axis, Panel
from lamella.plots.pixels import as_bytes
from lamella.registry import views


@views.register(record=ReceptiveField)
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
    marks: list[Mark] = [_picture(image, height, width)]
    if effective is not None:
        root = np.sqrt(effective.mass)  # the tails matter and would be invisible
        glow = np.where(root > 0.02, root, np.nan)
        marks.append(Cells(glow, 0, 1, ("card", "seq2", "seq4"), striped=False, opacity=0.75))
    (top, bottom), (left, right) = (_side(field, axis) for axis in (0, 1))
    (y0, x0), (y1, x1) = field.low, field.high
    marks.append(outline(left, top, right - left, bottom - top, "b", 2, "dot"))
    marks.append(outline(x0 - 0.5, y0 - 0.5, x1 - x0 + 1, y1 - y0 + 1, "bad"))
    x, y = _ends(left, right, width), _ends(top, bottom, height)
    tall = min(480.0, (WIDTH - 40) * (y[1] - y[0]) / (x[1] - x[0]))
    axes = Axis(range=x, hidden=True), Axis(range=y, flip=True, hidden=True)
    panel = Panel(tuple(marks), *axes, height=tall, square=True)
    return Figure(
        (panel,), title or f"{field.layer}, unit {field.unit}", key=_key(field, effective)
    )


def _key(field: ReceptiveField, effective: EffectiveField | None) -> Key:
    size = " x ".join("?" if n is None else str(n) for n in field.size)
    key = [
        (f"field {size}", "b"),
        (f"inside the image {' x '.join(map(str, field.clipped))}", "bad"),
    ]
    if effective is not None:
        key.append((f"effective field: {effective.size:.0f} pixels across", "seq3"))
    return tuple(key)


def _side(field: ReceptiveField, axis: int) -> tuple[float, float]:
    """First and last edge of the field along one axis, in the padding too."""
    size, jump, offset = field.size[axis], field.jump[axis], field.offset[axis]
    if size is None or jump is None or offset is None or jump != int(jump):
        return field.low[axis] - 0.5, field.high[axis] + 0.5
    first = offset + field.unit[axis] * jump
    return first - 0.5, first + size - 0.5


def _ends(low: float, high: float, size: int) -> tuple[float, float]:
    return min(low, -0.5) - 0.5, max(high, size - 0.5) + 0.5


def _picture(image: np.ndarray | None, height: int, width: int) -> Mark:
    """The image in grey, or a grey area of its size."""
    if image is None:
        return Band([-0.5, width - 0.5], [-0.5] * 2, [height - 0.5] * 2, "hair", 1)
    grey = np.asarray(image, float)
    grey = grey.mean(axis=2) if grey.ndim == 3 else grey
    pixels = as_bytes(grey / (255 if grey.max(initial=0) > 1 else 1))[None, ..., None]
    return Pictures(pixels, [-0.5], [-0.5], width, height, opacity=0.55)
