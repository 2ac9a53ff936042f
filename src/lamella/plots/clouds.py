"""What views of embeddings share: the colours of classes, how far to trust, clouds in a grid."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from lamella.plots.figure import WIDTH, Key
from lamella.plots.marks import Dots, Line, Mark, Text
from lamella.plots.numbers import counted, fixed, percent
from lamella.plots.palette import CLASSES, class_colour
from lamella.plots.panels import Axis, Panel
from lamella.results import Embedding

SYMBOLS = ("circle", "diamond", "square", "triangle", "cross")  # after ten classes colours repeat
FILL = 0.44  # half the side of a cloud, in cells


def label_array(embedding: Embedding) -> np.ndarray:
    """The class index of each point; all 0 where there are none."""
    if embedding.labels is None:
        return np.zeros(len(embedding.points), int)
    return np.asarray(embedding.labels).astype(int)


def class_name(embedding: Embedding, index: int) -> str:
    """The name of a class, or its number."""
    names = embedding.class_names
    return names[index] if 0 <= index < len(names) else f"class {index}"


def class_key(embedding: Embedding) -> Key:
    """The classes that occur with their colours."""
    if embedding.labels is None:
        return ()
    present = np.unique(label_array(embedding)).tolist()
    return tuple((class_name(embedding, index), class_colour(index)) for index in present)


def class_dots(
    points: np.ndarray, labels: np.ndarray | None, titles: Sequence[str] = (), **style: float
) -> list[Mark]:
    """Points coloured by class, in an order that hides none; another shape for each ten classes."""
    order = np.random.default_rng(0).permutation(len(points))
    kinds = np.zeros(len(points), int) if labels is None else labels // len(CLASSES)
    found: list[Mark] = []
    for kind in np.unique(kinds).tolist():
        rows = order[kinds[order] == kind]
        places = dict(zip("xyz", points[rows].T, strict=False))
        said = tuple(titles[row] for row in rows) if titles else ()
        looks = {"colour": "soft"} if labels is None else {
            "groups": labels[rows] % len(CLASSES), "colours": CLASSES
        }  # fmt: skip
        symbol = SYMBOLS[kind % len(SYMBOLS)]
        found.append(Dots(**places, titles=said, symbol=symbol, **looks, **style))  # pyright: ignore
    return found


def gauge(embedding: Embedding) -> str:
    """What a reader must know before believing the picture, in words."""
    kept, trust = embedding.neighbours_kept, embedding.trustworthiness
    parts = [f"{percent(kept)} of neighbours kept"] * math.isfinite(kept)
    parts += [f"trustworthiness {fixed(trust, 2)}"] * math.isfinite(trust)
    return " · ".join([*parts, counted(len(embedding.points), "point")])


def thinned(embedding: Embedding, most: int) -> np.ndarray:
    """Evenly spaced indices: the same samples in every cloud of as many points."""
    count = len(embedding.points)
    return np.unique(np.linspace(0, count - 1, min(most, count)).round().astype(int))


def cloud_grid(
    clouds: dict[tuple[int, int], Embedding],
    rows: Sequence[str],
    columns: Sequence[str],
    *,
    most: int,
    by_row: bool = False,
    corner: str = "",
    below: dict[tuple[int, int], str] | None = None,
) -> Panel:
    """Small clouds by (row, column), each centred in its cell and as large as the cell allows.

    With `by_row` the clouds of a row share the scale of the largest. `below` are words under some;
    a cloud without points is marked n/a.
    """
    chosen = {cell: thinned(one, most) for cell, one in clouds.items()}
    points = {cell: _centred(one) for cell, one in clouds.items()}
    extents = {cell: np.abs(part).max(initial=0) or 1.0 for cell, part in points.items()}
    parts, labels = [np.zeros((0, 2))], [np.zeros(0, int)]
    for (row, column), part in points.items():
        others = [extents[c] for c in extents if c[0] == row]
        scale = max(others) if by_row else extents[row, column]
        fill = FILL - 0.05 * bool(below)
        placed = fill * part[chosen[row, column]] / scale * [1, -1]  # rows run down
        parts.append(placed + np.array([column, row - 0.05 * bool(below)]))
        labels.append(label_array(clouds[row, column])[chosen[row, column]])
    marks = class_dots(np.concatenate(parts), np.concatenate(labels), size=2.8, opacity=0.8)
    words = {c: "n/a" for c, one in clouds.items() if not len(one.points)}
    for cells, down in ((words, 0), (below or {}, 0.43)):
        if cells:
            x, y = zip(*((column, row + down) for row, column in cells), strict=True)
            marks.append(Text(x, y, tuple(cells.values()), size=11))
    marks += _hairlines(len(rows), len(columns))
    wide = max(len(columns), 5)  # few columns do not fill the width
    side = min(150.0, (WIDTH - 120) / wide)
    return Panel(
        tuple(marks),
        Axis(corner, (-0.5, wide - 0.5), names=tuple(columns), top=True),
        Axis("", (-0.5, len(rows) - 0.5), names=tuple(rows), flip=True),
        height=round(side * len(rows)),
        square=True,
    )


def _hairlines(rows: int, columns: int) -> list[Mark]:
    """Lines between the cells of a grid."""
    across, down = np.arange(-0.5, columns), np.arange(-0.5, rows)
    upright: list[Mark] = [Line([at, at], [-0.5, rows - 0.5], "hair", width=1) for at in across]
    return upright + [Line([-0.5, columns - 0.5], [at, at], "hair", width=1) for at in down]


def _centred(embedding: Embedding) -> np.ndarray:
    points = np.asarray(embedding.points, float)[:, :2]
    return points - (points.min(axis=0) + points.max(axis=0)) / 2 if len(points) else points
