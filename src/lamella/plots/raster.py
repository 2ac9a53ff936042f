"""Many small pictures on one transparent raster, so that a thousand stay one image."""

from __future__ import annotations

import base64
import struct
import zlib
from typing import TYPE_CHECKING

import numpy as np
from jaxtyping import UInt8

from lamella.plots.style import class_colour
from lamella.results import Images

if TYPE_CHECKING:
    from plotly.graph_objects import Figure


def as_tiles(
    images: Images, side: int, labels: np.ndarray | None = None
) -> UInt8[np.ndarray, "images side side 4"]:
    """Each picture as RGBA of side x side pixels, nearest pixel, framed in its class's colour."""
    pixels = images.pixels
    if pixels.dtype != np.uint8:
        pixels = np.round(255 * np.clip(np.nan_to_num(pixels), 0, 1)).astype(np.uint8)
    frame = 0 if labels is None else max(1, side // 14)
    inner = side - 2 * frame
    rows = (np.arange(inner) * pixels.shape[1]) // inner
    columns = (np.arange(inner) * pixels.shape[2]) // inner
    small = pixels[:, rows][:, :, columns]
    tiles = np.full((len(pixels), side, side, 4), 255, np.uint8)
    if labels is not None:
        colours = [_rgb(class_colour(int(label))) for label in labels]
        tiles[..., :3] = np.asarray(colours, np.uint8).reshape(-1, 1, 1, 3)
    tiles[:, frame : frame + inner, frame : frame + inner, :3] = small  # grey repeats over RGB
    return tiles


def paste(
    tiles: UInt8[np.ndarray, "images side side 4"],
    corners: np.ndarray,
    shape: tuple[int, int],
) -> UInt8[np.ndarray, "height width 4"]:
    """Tiles on a transparent canvas, each with its upper left corner at (row, column)."""
    canvas = np.zeros((*shape, 4), np.uint8)
    side = tiles.shape[1]
    for tile, (row, column) in zip(tiles, corners, strict=True):
        canvas[row : row + side, column : column + side] = tile
    return canvas


def raster_uri(pixels: UInt8[np.ndarray, "height width 4"]) -> str:
    """RGBA pixels as a PNG (ISO/IEC 15948) in a data: URI."""
    height, width, _ = pixels.shape
    lines = np.ascontiguousarray(pixels).reshape(height, width * 4)
    raw = np.concatenate([np.zeros((height, 1), np.uint8), lines], axis=1).tobytes()
    header = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    data = b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        for kind, body in ((b"IHDR", header), (b"IDAT", zlib.compress(raw, 9)), (b"IEND", b""))
    )
    return "data:image/png;base64," + base64.b64encode(data).decode()


def place(figure: Figure, pixels: UInt8[np.ndarray, "height width 4"]) -> None:
    """The raster as the whole plot of a figure whose axes count its pixels."""
    height, width, _ = pixels.shape
    figure.add_layout_image(
        source=raster_uri(pixels),
        x=0,
        y=0,
        sizex=width,
        sizey=height,
        xref="x",
        yref="y",
        xanchor="left",
        yanchor="top",
        sizing="stretch",
        layer="below",
    )
    figure.update_xaxes(visible=False, range=[0, width], fixedrange=True, constrain="domain")
    figure.update_yaxes(visible=False, range=[height, 0], fixedrange=True, constrain="domain")
    figure.update_xaxes(constraintoward="left")
    figure.update_yaxes(scaleanchor="x", constraintoward="top")


def _rgb(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)
