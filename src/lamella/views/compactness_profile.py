"""Compactness profile: how often the m-th nearest neighbour has another class."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from lamella.plots.curves import series_colours, with_band
from lamella.plots.figure import Figure
from lamella.plots.panels import Axis, Panel
from lamella.registry import view
from lamella.results import Curve

FEW, RANKS, SHOWN = 4, 60, 200  # series and ranks that are drawn as they are; ranks drawn of more


@view(record="curve", many="optional")
def compactness_profile(
    curve: Curve | Mapping[str, Curve],
    *,
    first: int | None = None,
    log: bool = False,
    smooth: int | None = None,
    baselines: Sequence[str] = (),
    title: str = "",
) -> Figure:
    """The share of points whose m-th neighbour has another class, in percent, against m.

    One curve shows its classes, with "all" in ink above them; several, by name of run or layer,
    show the first series of each. `first` shows only the first ranks, `log` puts m on a
    logarithmic axis; `baselines` (raw input, untrained, shuffled) are grey and dashed. Each value
    is the mean over `smooth` ranks around it: by default 1, but a thirtieth of the ranks where
    more than four series would tangle.

    Source: Vorontsov 2004, Combinatorial substantiation of learning algorithms.
    """
    one = isinstance(curve, Curve)
    series = {n: _row(curve, at) for at, n in enumerate(curve.series)} if one else {
        name: _row(each, 0) for name, each in curve.items()
    }  # fmt: skip
    series = {n: tuple(None if p is None else p[:first] for p in s) for n, s in series.items()}
    ranks = max((len(parts[0]) for parts in series.values() if parts[0] is not None), default=0)
    tangled = len(series) > FEW and ranks > RANKS
    window = smooth or (max(3, ranks // 30) | 1 if tangled else 1)
    lively = [name for name in series if not (one and name == "all")]
    palette = "classes" if one else None
    colours = dict(zip(lively, series_colours(lively, palette, baselines), strict=True))
    marks = []
    for name in sorted(series, key=lambda each: each not in colours):  # "all" comes last, on top
        x, *values = (None if p is None else smoothed(p, window) for p in series[name])
        thick = 2.8 if name not in colours else 1.3 if tangled else 2
        style = {"colour": colours.get(name, "ink"), "label": name, "end": name, "width": thick}
        parts = [None if v is None else 100 * v for v in values]
        marks += with_band(x, *parts, dash="dash" if name in baselines else "", **style)
    note = f"each value the mean over {window} ranks" if window > 1 else ""
    y = Axis("neighbours of another class, %", zero=True)
    x_axis = Axis("rank m of the neighbour", log=log)
    name = title or (curve.title if one else "")
    return Figure((Panel(tuple(marks), x_axis, y, height=320 if tangled else 300),), name, note)


def _row(curve: Curve, at: int) -> tuple:
    bands = (None if b is None else b[at] for b in (curve.low, curve.high))
    return (np.asarray(curve.x, float), curve.y[at], *bands)


def smoothed(values: np.ndarray, window: int) -> np.ndarray:
    """Means over windows that shrink at both ends, at no more than 200 places.

    >>> smoothed(np.array([0.0, 3.0, 6.0, 9.0]), 3).tolist()
    [0.0, 3.0, 6.0, 9.0]
    """
    half, count = window // 2, len(values)
    total = np.concatenate([[0.0], np.cumsum(values)])
    at = np.arange(count)
    reach = np.minimum(half, np.minimum(at, count - 1 - at))
    means = (total[at + reach + 1] - total[at - reach]) / (2 * reach + 1)
    places = np.unique(np.linspace(0, count - 1, min(count, SHOWN)).round().astype(int))
    return (means if window > 1 else values)[places if window > 1 else slice(None)]
