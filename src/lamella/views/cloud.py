"""Cloud: the points of one cell placed in two or three dimensions, coloured by class."""

from __future__ import annotations

import numpy as np

from lamella.errors import bad_input
from lamella.plots.clouds import class_dots, class_key, class_name, gauge, label_array
from lamella.plots.figure import Figure
from lamella.plots.marks import Text
from lamella.plots.panels import Axis, Panel
from lamella.registry import views
from lamella.results import Embedding


@views.register(record="embedding")
def cloud(embedding: Embedding, *, size: float = 5, title: str = "") -> Figure:
    """The embedded points in an order that hides no class, and how far the picture can be trusted.

    The note says how many of the 15 nearest neighbours in the layer are still neighbours in the
    picture, and the trustworthiness (Venna and Kaski 2001). All axes have one scale.
    """
    points = np.asarray(embedding.points, float)
    if points.ndim != 2 or points.shape[1] not in (2, 3):
        raise bad_input(
            "cloud()",
            wanted="an embedding of shape points x 2 or 3",
            got=str(points.shape),
            do="Embed in 2 or 3 dimensions",
        )
    labels = None if embedding.labels is None else label_array(embedding)
    marks = class_dots(points, labels, _titles(embedding), size=size, opacity=0.85)
    if not len(points):
        marks.append(Text([0.5], [0.5], ("no points",), inside=True))
    x, y = (Axis(name, bare=True) for name in (*embedding.axes, "", "")[:2])
    note = " · ".join(filter(None, (embedding.method, gauge(embedding))))
    panel = Panel(tuple(marks), x, y, height=420, square=True)
    return Figure((panel,), title or embedding.title, note, class_key(embedding))


def _titles(embedding: Embedding) -> list[str]:
    count, labels = len(embedding.points), label_array(embedding)
    ids = range(count) if embedding.ids is None else embedding.ids
    if embedding.labels is None:
        return [f"#{name}" for name in ids]
    return [f"#{name} {class_name(embedding, int(c))}" for name, c in zip(ids, labels, strict=True)]
