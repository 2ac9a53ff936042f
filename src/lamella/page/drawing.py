"""Pictures as what the report's script can draw: plotly's JSON, rounded and deflated."""

from __future__ import annotations

import base64
import json
import math
import zlib
from dataclasses import dataclass
from typing import Any

import numpy as np

from lamella.registry import view
from lamella.story import Picture


@dataclass(frozen=True)
class Drawing:
    """A figure for the page: its deflated JSON, its height in pixels, whether it needs WebGL."""

    packed: str
    height: int
    deep: bool


def draw(picture: Picture, digits: int = 5) -> Drawing:
    """The picture by its view, without the template that all figures share."""
    figure = view[picture.view](picture.record, **picture.arguments)
    layout = figure.layout.to_plotly_json()
    layout.pop("template", None)
    data = [trace.to_plotly_json() for trace in figure.data]
    deep = any(trace["type"].endswith("3d") for trace in data)
    text = json.dumps(
        rounded({"data": data, "layout": layout}, digits),
        allow_nan=False,
        separators=(",", ":"),
        ensure_ascii=False,
    )
    return Drawing(pack_text(text), int(layout.get("height") or 400), deep)


def rounded(value: Any, digits: int) -> Any:
    """Plain lists and numbers of `digits` significant digits; what is not finite becomes null.

    >>> rounded({"x": np.array([1.23456789, np.nan]), "n": 7}, 4)
    {'x': [1.235, None], 'n': 7}
    """
    if isinstance(value, dict):
        return {str(name): rounded(v, digits) for name, v in value.items()}
    if isinstance(value, list | tuple):
        return [rounded(v, digits) for v in value]
    if isinstance(value, np.ndarray):
        return rounded(value.tolist(), digits)
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float):
        return _short(value, digits)
    return value


def _short(value: float, digits: int) -> float | int | None:
    short = float(f"{value:.{digits}g}")
    if not math.isfinite(short):
        return None
    return int(short) if short.is_integer() and abs(short) < 1e15 else short


def pack_text(text: str) -> str:
    """Text deflated (zlib) and in base64, which the browser undoes by `DecompressionStream`."""
    return base64.b64encode(zlib.compress(text.encode(), 9)).decode()


def template_json() -> str:
    """The template that all figures share, once for the whole page."""
    from lamella.views.style import template

    return json.dumps(rounded(template().to_plotly_json(), 5))
