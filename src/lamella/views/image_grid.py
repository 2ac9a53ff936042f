"""Image grid: pictures with captions, pixels kept sharp."""

from __future__ import annotations

import base64
import math
from typing import TYPE_CHECKING, Any

import numpy as np

from lamella.plots.labels import clipped, corner_note, short
from lamella.plots.png import png
from lamella.plots.style import SOFT, WIDTH, new_figure, plain
from lamella.registry import views
from lamella.results import Images

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

GAP, CAPTION = 8, 18  # pixels between pictures and for a caption


@views.register(record="images")
def image_grid(images: Images, *, title: str = "") -> Figure:
    """The pictures row by row, each with its caption below, enlarged without smoothing.

    `images.columns` pictures stand in a line; 0 chooses. Where the record has a scale, the note
    says which values are black and white.
    """
    count, tall, wide, _ = images.pixels.shape
    across = min(images.columns or _columns(count), max(count, 1))
    side = min(160.0, (WIDTH - 24 - (across - 1) * GAP) / across)
    high = side * tall / max(wide, 1)
    step = high + GAP + (CAPTION if any(images.captions) else 0)
    lines = math.ceil(count / across) or 1
    figure = new_figure(
        title or images.title,
        _note(images),
        height=lines * step,
        left=12,
        right=12,
        top=6,
        bottom=4,
    )
    places = [divmod(at, across) for at in range(count)]
    corners = [(column * (side + GAP), line * step) for line, column in places]
    # All at once: plotly looks through those that are there each time one is added.
    figure.update_layout(
        images=[_picture(images.pixels[at], x, y, side, high) for at, (x, y) in enumerate(corners)],
        annotations=[
            *figure.layout["annotations"],
            *(
                _caption(text, x, y + high, side)
                for text, (x, y) in zip(images.captions, corners, strict=False)
            ),
        ],
    )
    _hover(figure, images, [(x + side / 2, y + high / 2) for x, y in corners])
    figure.update_xaxes(visible=False, range=[0, WIDTH - 24], fixedrange=True)
    figure.update_yaxes(visible=False, range=[lines * step, 0], fixedrange=True)
    figure.update_yaxes(scaleanchor="x", constrain="domain", constraintoward="top")
    if not count:
        corner_note(figure, "no pictures", x=0.5, y=0.5)
    return figure


def data_uri(pixels: np.ndarray) -> str:
    """Pixels of shape height x width x 1 or 3, uint8, as a PNG in a data: URI."""
    return "data:image/png;base64," + base64.b64encode(png(pixels)).decode()


def enlarged(pixels: np.ndarray, side: float) -> np.ndarray:
    """As bytes, each pixel repeated so that a browser has nothing to smooth."""
    if pixels.dtype != np.uint8:
        pixels = np.round(255 * np.clip(np.nan_to_num(pixels), 0, 1)).astype(np.uint8)
    times = max(1, math.ceil(2 * side / pixels.shape[1])) if pixels.shape[1] < side else 1
    return pixels.repeat(times, axis=0).repeat(times, axis=1)


def _columns(count: int) -> int:
    return max(1, min(8, count if count <= 8 else math.ceil(math.sqrt(1.6 * count))))


def _note(images: Images) -> str:
    if images.scale is None:
        return ""
    low, high = images.scale
    return f"black is {short(low)}, white is {short(high)}"


def _hover(figure: Figure, images: Images, middles: list[tuple[float, float]]) -> None:
    captions = images.captions or [f"picture {at + 1}" for at in range(len(middles))]
    figure.add_scatter(
        x=[x for x, _ in middles],
        y=[y for _, y in middles],
        mode="markers",
        marker={"size": 30, "opacity": 0},
        text=[plain(caption) for caption in captions],
        hovertemplate="%{text}<extra></extra>",
        name="pictures",
    )


def _picture(pixels: np.ndarray, x: float, y: float, side: float, high: float) -> dict[str, Any]:
    return {
        "source": data_uri(enlarged(pixels, side)),
        "x": x,
        "y": y,
        "sizex": side,
        "sizey": high,
        "xref": "x",
        "yref": "y",
        "xanchor": "left",
        "yanchor": "top",
        "sizing": "stretch",
        "layer": "below",
    }


def _caption(text: str, x: float, y: float, side: float) -> dict[str, Any]:
    return {
        "x": x,
        "y": y,
        "xanchor": "left",
        "yanchor": "top",
        "text": plain(clipped(text, max(4, int(side / 6.6)))),
        "showarrow": False,
        "borderpad": 1,
        "font": {"size": 11, "color": SOFT},
    }
