"""Small drawings of one kind side by side: the grid that several figures of anatomy share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lamella.plots.style import SMALL, SOFT, plain

if TYPE_CHECKING:
    from plotly.graph_objects import Figure


def panel_grid(
    figure: Figure, rows: int, columns: int, *, gap: float = 0.02, lift: float = 0.06
) -> None:
    """Axes x1.., y1.. in reading order, `gap` apart, with room above each for a title."""
    wide, high = 1 / columns, 1 / rows
    for at in range(rows * columns):
        row, column = divmod(at, columns)
        left, top = column * wide, 1 - row * high
        name = axis_name(at)
        figure.update_layout(
            {
                f"xaxis{name}": {
                    "domain": [left + gap / 2, left + wide - gap / 2],
                    "anchor": f"y{name}",
                    "tickfont": {"size": SMALL - 2},
                    "showgrid": False,
                },
                f"yaxis{name}": {
                    "domain": [top - high + lift / 2, top - lift],
                    "anchor": f"x{name}",
                    "tickfont": {"size": SMALL - 2},
                    "showgrid": False,
                },
            }
        )


def axis_name(at: int) -> str:
    """Plotly's suffix of the axes of panel `at`, counted from 0.

    >>> axis_name(0), axis_name(3)
    ('', '4')
    """
    return "" if at == 0 else str(at + 1)


def axes(at: int) -> dict[str, Any]:
    """The axes of panel `at` for a trace."""
    return {"xaxis": f"x{axis_name(at)}", "yaxis": f"y{axis_name(at)}"}


def panel_title(figure: Figure, at: int, text: str) -> None:
    """A small title above a panel, at its left."""
    name = axis_name(at)
    figure.add_annotation(
        text=plain(text),
        xref=f"x{name} domain",
        yref=f"y{name} domain",
        x=0,
        y=1,
        xanchor="left",
        yanchor="bottom",
        showarrow=False,
        font={"size": SMALL, "color": SOFT},
    )
