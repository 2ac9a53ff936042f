"""Words and numbers on figures: cell texts, labels at the ends of lines, ranges of axes."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from lamella.plots.style import SMALL, SOFT, plain

if TYPE_CHECKING:
    from plotly.graph_objects import Figure


def short(value: float) -> str:
    """A number in at most about five characters, with a real minus sign.

    >>> [short(v) for v in (0.0123, 4.56, 43.2, 1234.0, 56789.0, 0.00012, -0.5, float("nan"))]
    ['0.012', '4.6', '43', '1234', '57k', '1e-4', '−0.50', 'n/a']
    """
    if not math.isfinite(value):
        return "n/a" if math.isnan(value) else "∞" if value > 0 else "−∞"
    size = abs(value)
    if size == 0:
        text = "0"
    elif size < 0.001:
        text = f"{value:.0e}".replace("e-0", "e-")
    elif size < 9999.5:
        text = f"{value:.{max(0, 1 - math.floor(math.log10(size)))}f}"
    else:
        power = 6 if size >= 999_500 else 3
        text = f"{value / 10**power:.{0 if size >= 9.95 * 10**power else 1}f}{'kM'[power == 6]}"
    return text.replace("-", "−") if "e-" not in text else text


def cell_texts(values: np.ndarray) -> np.ndarray:
    """One text per cell, with as many decimals as the largest value of the matrix allows.

    >>> cell_texts(np.array([[0.98, 0.5], [0.0, float("nan")]])).tolist()
    [['0.98', '0.50'], ['0.00', 'n/a']]
    >>> cell_texts(np.array([43.2, 4.26, 1.0])).tolist()
    ['43', '4.3', '1.0']
    """
    finite = np.abs(values[np.isfinite(values)])
    most = finite.max(initial=0)
    if most == 0 or most >= 9999.5 or most < 0.01:
        return np.vectorize(short, otypes=[object])(values)
    if np.all(finite == np.round(finite)):
        return np.vectorize(_decimals(0, 0), otypes=[object])(values)
    decimals = 2 if most < 1.0005 else 1 if most < 100 else 0
    if most < 0.0995:
        decimals = 3
    return np.vectorize(_decimals(decimals, 0 if most >= 9.95 else decimals), otypes=[object])(
        values
    )


def _decimals(below_ten: int, above: int):
    def text(value: float) -> str:
        if not math.isfinite(value):
            return short(value)
        shown = f"{value:.{above if abs(value) >= 9.95 else below_ten}f}"
        return shown.replace("-", "−" if float(shown) else "")

    return text


def clipped(name: str, most: int = 24) -> str:
    """A long name with its middle left out.

    >>> clipped("encoder.layer.11.output.dense", 15)
    'encoder…t.dense'
    """
    if len(name) <= most:
        return name
    head = (most - 1) // 2
    return name[:head] + "…" + name[len(name) - (most - 1 - head) :]


def distinct(names: Sequence[str], most: int = 24) -> list[str]:
    """Long names clipped so that they stay apart: what all share at both ends goes first.

    >>> distinct(["encoder.layers.0.attention.output", "encoder.layers.1.attention.output"], 15)
    ['…0…', '…1…']
    """
    short = [clipped(name, most) for name in names]
    if len(set(short)) == len(set(names)):
        return short
    head = _shared(list(names))
    tail = _shared([name[head:][::-1] for name in names])
    middles = [name[head : len(name) - tail] for name in names]
    return [clipped("…" * (head > 0) + part + "…" * (tail > 0), most) for part in middles]


def _shared(names: list[str]) -> int:
    """How many characters all names begin with."""
    first, last = min(names), max(names)  # in order, so that these two differ first
    ends = min(len(first), len(last))
    return next((at for at in range(ends) if first[at] != last[at]), ends)


def counted(count: int, noun: str) -> str:
    """A number and its noun.

    >>> counted(1, "point"), counted(2000, "point")
    ('1 point', '2,000 points')
    """
    return f"{count:,} {noun}{'s' * (count != 1)}"


def text_width(text: str, size: int = SMALL) -> int:
    """About how many pixels a text is wide."""
    return math.ceil(0.58 * size * len(text))


def every(count: int, room: float, widest: float) -> int:
    """Show each n-th of `count` labels so that they fit into `room` pixels.

    >>> every(8, 400, 20), every(100, 400, 20)
    (1, 5)
    """
    if count * widest <= room:
        return 1
    least = math.ceil(count * widest / room)
    return next(n for n in (2, 5, 10, 20, 25, 50, 100, 200, 500, 10**9) if n >= least)


def spread(positions: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """Positions moved as little as possible so that neighbours are `gap` apart.

    Pools neighbours that are too near at their mean (isotonic regression), then keeps to
    [low, high].

    >>> spread([10, 12, 40], 14, 0, 100)
    [4.0, 18.0, 40.0]
    """
    order = np.argsort(positions, kind="stable")
    blocks: list[list[float]] = []  # mean of what was wanted, members
    for rank, index in enumerate(order):
        blocks.append([float(positions[index]) - rank * gap, 1])
        while len(blocks) > 1 and blocks[-2][0] > blocks[-1][0]:
            mean, size = blocks.pop()
            blocks[-1] = [
                (blocks[-1][0] * blocks[-1][1] + mean * size) / (blocks[-1][1] + size),
                blocks[-1][1] + size,
            ]
    starts = [mean for mean, size in blocks for _ in range(int(size))]
    top = high - gap * (len(starts) - 1)
    placed = [0.0] * len(starts)
    for rank, index in enumerate(order):
        placed[index] = max(low, min(starts[rank], top)) + rank * gap
    return placed


def padded(values: np.ndarray, *, log: bool = False, zero: bool = False) -> list[float]:
    """The range of an axis in plotly's units (logarithms if `log`), 4 % wider than its values.

    >>> padded(np.array([0.0, 10.0]))
    [-0.4, 10.4]
    """
    values = np.asarray(values, float).ravel()
    values = values[np.isfinite(values) & ((values > 0) | (not log))]
    if not len(values):
        return [-1.0, 0.0] if log else [0.0, 1.0]
    low, high = float(values.min()), float(values.max())
    if log:
        low, high = math.log10(low), math.log10(high)
    elif zero:
        low, high = min(low, 0.0), max(high, 0.0)
    room = 0.04 * (high - low) or (0.1 if log else 0.05 * abs(high) or 0.5)
    bottom = 0.0 if zero and not log and low == 0 else low - room
    return [bottom, high + room]


def log_ticks(span: Sequence[float]) -> dict[str, Any]:
    """Ticks of a logarithmic axis as plain numbers: 1, 3, 10 or, over a decade, 1, 2, 5, 10.

    >>> log_ticks([-0.1, 1.6])["ticktext"]
    ['1', '3', '10', '30']
    """
    decades = range(math.floor(span[0]), math.ceil(span[1]) + 1)
    steps = (1, 2, 5) if span[1] - span[0] < 1.3 else (1, 3) if span[1] - span[0] < 3.5 else (1,)
    values = [step * 10.0**decade for decade in decades for step in steps]
    shown = [v for v in values if span[0] <= math.log10(v) <= span[1]]
    return {"tickvals": shown, "ticktext": [f"{v:g}" for v in shown]}


def end_labels(
    figure: Figure,
    labels: Sequence[tuple[float, str, str]],
    span: Sequence[float],
    *,
    log: bool = False,
    axis: str = "",
    share: float = 1,
) -> None:
    """Write (value, text, colour) beside the right end of a plot, without overlap.

    `span` is the range of the y axis in plotly's units; `axis` is the number of the subplot (""
    for the first, "2", ...), `share` the part of the figure's height that it takes.
    """
    height = share * plot_height(figure)
    shown = [item for item in labels if math.isfinite(item[0]) and (item[0] > 0 or not log)]
    if not shown:
        return
    levels = [math.log10(value) if log else value for value, _, _ in shown]
    pixels = [height * (level - span[0]) / (span[1] - span[0]) for level in levels]
    for at, place, (_, text, colour) in zip(
        pixels, spread(pixels, 15, 0, height), shown, strict=True
    ):
        figure.add_annotation(
            x=1,
            xref=f"x{axis} domain",
            y=at / height,
            yref=f"y{axis} domain",
            yshift=place - at,
            xshift=6,
            text=plain(text),
            font={"color": colour, "size": SMALL},
            showarrow=False,
            xanchor="left",
            yanchor="middle",
            align="left",
        )


def corner_note(
    figure: Figure, text: str, *, axis: str = "", x: float = 0, y: float = 1, colour: str = SOFT
) -> None:
    """A small grey note inside the plot; `x` and `y` in [0, 1] choose the corner."""
    figure.add_annotation(
        x=x,
        y=y,
        xref=f"x{axis} domain",
        yref=f"y{axis} domain",
        xanchor="left" if x < 0.5 else "right" if x > 0.5 else "center",
        yanchor="top" if y > 0.5 else "bottom" if y < 0.5 else "middle",
        xshift=6 if x < 0.5 else -6 if x > 0.5 else 0,
        text=text,
        showarrow=False,
        align="left" if x < 0.5 else "right",
        font={"size": SMALL, "color": colour},
    )


def last_finite(values: np.ndarray) -> float:
    """The last value that is a number, or NaN."""
    finite = np.asarray(values, float)
    finite = finite[np.isfinite(finite)]
    return float(finite[-1]) if len(finite) else math.nan


def plot_height(figure: Figure) -> float:
    """The height in pixels between the margins of a figure."""
    layout: Any = figure.layout
    return layout.height - layout.margin.t - layout.margin.b
