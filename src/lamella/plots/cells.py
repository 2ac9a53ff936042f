"""The grid of coloured cells that heat maps, similarity and confusion matrices share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from lamella.plots.labels import cell_texts, distinct, every, text_width
from lamella.plots.style import (
    FAINT,
    LINE,
    ON_DARK,
    ON_LIGHT,
    SMALL,
    SOFT,
    SUNK,
    plain,
    scale_of,
)
from lamella.results import Matrix

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

COLOUR_BAR = 64  # pixels right of the cells


def row_height(rows: int) -> int:
    """Pixels of a row: high enough for numbers as long as the figure fits a screen."""
    return 28 if rows <= 14 else 20 if rows <= 30 else max(6, 600 // rows)


def label_room(names: tuple[str, ...], most: int = 24) -> int:
    """Pixels that the row labels need, and the name of the columns above them."""
    return 18 + max((text_width(name) for name in distinct(names, most)), default=20)


def draw_cells(
    figure: Figure,
    matrix: Matrix,
    *,
    stops: tuple[str, ...],
    low: float,
    high: float,
    width: float,
    height: float,
    texts: np.ndarray | None = None,
    colours: np.ndarray | None = None,
    log: bool = False,
    axis: str = "",
    bar: dict[str, Any] | None = None,
) -> None:
    """Fill one subplot with a matrix: colour by value, number in each cell, n/a cells striped.

    `colours` (default: the values) is what the colour shows, from `low` to `high`, and `width`
    and `height` are the subplot's pixels. Cells too small for numbers go without.
    """
    shown = matrix.values if colours is None else colours
    shown = _logarithm(shown) if log else shown
    ends = tuple(_logarithm(np.array([low, high]))) if log else (low, high)
    rows, columns = matrix.values.shape
    figure.add_heatmap(
        z=[[None if not np.isfinite(v) else float(v) for v in row] for row in shown],
        x=list(range(columns)),
        y=list(range(rows)),
        customdata=[
            [[plain(r), plain(c), float(v)] for c, v in zip(matrix.columns, line, strict=True)]
            for r, line in zip(matrix.rows, matrix.values, strict=True)
        ],
        hovertemplate=_hover(matrix),
        hoverongaps=False,
        zmin=ends[0],
        zmax=ends[1],
        colorscale=scale_of(stops),
        xgap=1 if columns <= 120 else 0,
        ygap=1 if rows <= 90 else 0,
        showscale=bar is not None,
        colorbar=bar,
        xaxis=f"x{axis}",
        yaxis=f"y{axis}",
        name=plain(matrix.value_label),
    )
    _stripe_missing(figure, matrix, axis)
    texts = cell_texts(matrix.values) if texts is None else texts
    if width / max(columns, 1) >= room_for(texts) and height / max(rows, 1) >= 15:
        _write_numbers(figure, texts, shown, stops, ends, axis)
    _label_axes(figure, matrix, width, height, axis)


def room_for(texts: np.ndarray) -> float:
    """Pixels a cell must be wide so that each of the texts fits."""
    return 4 + 6.2 * max((len(str(t)) for t in texts.ravel()), default=1)


def ink_on(value: float, low: float, high: float, stops: tuple[str, ...]) -> str:
    """The text colour, dark or light, that contrasts more with the colour of a value."""
    if not np.isfinite(value):
        return FAINT
    luminance = _luminance(_colour_at((value - low) / ((high - low) or 1), stops))
    return ON_LIGHT if (luminance + 0.05) ** 2 > 0.0567 else ON_DARK


def colour_bar(label: str, low: float, high: float, log: bool = False) -> dict[str, Any]:
    """A thin bar at the right, with its ends and middle as ticks."""
    bar: dict[str, Any] = {
        "thickness": 10,
        "outlinewidth": 0,
        "len": 1,
        "lenmode": "fraction",
        "xpad": 10,
        "ypad": 0,
        "tickfont": {"size": 11, "color": SOFT},
        "ticklen": 3,
        "nticks": 5,
        "title": {"text": plain(label), "font": {"size": 11, "color": SOFT}, "side": "right"},
    }
    if log:
        first, last = _logarithm(np.array([low, high]))
        values = np.linspace(first, last, 4)
        bar |= {"tickvals": values.tolist(), "ticktext": [f"{10**v:.2g}" for v in values]}
    return bar


def limits(values: np.ndarray, *, log: bool = False) -> tuple[float, float]:
    """The range of a colour scale; it starts at 0 where that wastes less than half of it."""
    finite = values[np.isfinite(values) & ((values > 0) | (not log))]
    if not len(finite):
        return 0.0, 1.0
    low, high = float(finite.min()), float(finite.max())
    if not log and 0 < low < 0.5 * high:
        low = 0.0
    return (low, high) if low < high else (low - 0.5 * abs(low or 1), high + 0.5 * abs(high or 1))


def _logarithm(values: np.ndarray) -> np.ndarray:
    return np.log10(np.where(values > 0, values, np.nan))


def _hover(matrix: Matrix) -> str:
    row, column = plain(matrix.row_label or "row"), plain(matrix.column_label or "column")
    value = plain(matrix.value_label or "value")
    return (
        f"{row} %{{customdata[0]}}, {column} %{{customdata[1]}}<br>"
        f"{value}: %{{customdata[2]:.4g}}<extra></extra>"
    )


def _stripe_missing(figure: Figure, matrix: Matrix, axis: str) -> None:
    rows, columns = np.nonzero(~np.isfinite(matrix.values))
    if not len(rows):
        return
    figure.add_bar(
        x=columns.tolist(),
        y=[0.94] * len(rows),
        base=(rows - 0.47).tolist(),
        width=0.94,
        marker={
            "color": SUNK,
            "line": {"width": 0},
            "pattern": {"shape": "/", "fgcolor": LINE, "bgcolor": SUNK, "size": 6, "solidity": 0.2},
        },
        hovertemplate="not available<extra></extra>",
        xaxis=f"x{axis}",
        yaxis=f"y{axis}",
        name="n/a",
    )


def _write_numbers(
    figure: Figure,
    texts: np.ndarray,
    shown: np.ndarray,
    stops: tuple[str, ...],
    ends: tuple[float, float],
    axis: str,
) -> None:
    rows, columns = shown.shape
    figure.add_scatter(
        x=np.tile(np.arange(columns), rows).tolist(),
        y=np.repeat(np.arange(rows), columns).tolist(),
        mode="text",
        text=[str(t) for t in texts.ravel()],
        textfont={"size": 11, "color": [ink_on(v, *ends, stops) for v in shown.ravel()]},
        hoverinfo="skip",
        xaxis=f"x{axis}",
        yaxis=f"y{axis}",
        name="numbers",
    )


def _label_axes(figure: Figure, matrix: Matrix, width: float, height: float, axis: str) -> None:
    rows, columns = matrix.values.shape
    widest = max((text_width(c) for c in distinct(matrix.columns, 12)), default=10) + 6
    steep = widest > 44 and columns * widest > width
    step = every(columns, width, 18 if steep else widest)
    figure.update_layout(
        {
            f"xaxis{axis}": {
                "side": "top",
                "showgrid": False,
                "showline": False,
                "ticks": "",
                "range": [-0.5, columns - 0.5],
                "tickvals": list(range(0, columns, step)),
                "ticktext": [plain(c) for c in distinct(matrix.columns, 12)[::step]],
                "tickangle": -60 if steep else 0,
                "fixedrange": True,
            },
            f"yaxis{axis}": {
                "showgrid": False,
                "showline": False,
                "ticks": "outside",
                "tickcolor": "rgba(0, 0, 0, 0)",
                "range": [rows - 0.5, -0.5],
                "tickvals": list(range(0, rows, every(rows, height, 15))),
                "ticktext": [plain(r) for r in distinct(matrix.rows)[:: every(rows, height, 15)]],
                "fixedrange": True,
            },
            "barmode": "overlay",
        }
    )


def name_columns(figure: Figure, name: str, axis: str = "") -> None:
    """Write what the columns are left of their labels, above the row labels."""
    figure.add_annotation(
        x=0,
        xref=f"x{axis} domain",
        xanchor="right",
        xshift=-9,
        y=1,
        yref=f"y{axis} domain",
        yanchor="bottom",
        yshift=1,
        text=plain(name),
        showarrow=False,
        font={"size": SMALL, "color": FAINT},
    )


def header_room(matrix: Matrix, width: float) -> int:
    """Pixels above the cells for the column labels and the name of the columns."""
    widest = max((text_width(c) for c in distinct(matrix.columns, 12)), default=10) + 6
    steep = widest > 44 and len(matrix.columns) * widest > width
    return 12 + (int(0.87 * widest) if steep else 18)


def _colour_at(share: float, stops: tuple[str, ...]) -> np.ndarray:
    place = float(np.clip(share, 0, 1)) * (len(stops) - 1)
    at = min(int(place), len(stops) - 2)
    first, second = (
        np.array([int(stop[i : i + 2], 16) for i in (1, 3, 5)]) for stop in stops[at : at + 2]
    )
    return first + (place - at) * (second - first)


def _luminance(rgb: np.ndarray) -> float:
    """Relative luminance of WCAG 2."""
    share = rgb / 255
    linear = np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)
    return float(linear @ [0.2126, 0.7152, 0.0722])
