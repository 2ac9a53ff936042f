"""Activation maps: what every channel of a layer sees in one sample."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from jaxtyping import Float
from torch import nn

from lamella.errors import bad_input
from lamella.lens.batches import as_sample
from lamella.lens.fields import fields
from lamella.lens.grad_cam import check_maps
from lamella.lens.passes import activations
from lamella.lens.pictures import Pixels, photographs, stretched
from lamella.results import Images

if TYPE_CHECKING:
    from lamella.store import Run

FRAME = (0.0, 0.95, 1.0)  # the colour of the receptive field's frame


def activation_maps(
    model: nn.Module,
    image: Any,
    layer: str,
    *,
    channels: Sequence[int] | None = None,
    each: bool = False,
    at_image_scale: bool = True,
) -> Images:
    """The map of every channel (or of some) for one sample, on one scale (or one `each`).

    Maps are enlarged to the size of the image without smoothing. A dense layer is one row of its
    units.
    """
    maps = channel_maps(model, image, layer)
    chosen = list(range(len(maps)) if channels is None else channels)
    size = np.shape(image)[-2:] if at_image_scale and np.ndim(image) > 2 else maps.shape[1:]
    shown = enlarged(maps[chosen], size)
    captions = [f"{layer}[{c}]" for c in chosen] if len(maps) > 1 else [layer]
    return stretched(shown, captions, each=each, title=f"Activation maps of {layer}")


def channel_maps(
    model: nn.Module, image: Any, layer: str
) -> Float[np.ndarray, "channels rows columns"]:
    """What a layer gives for one sample: its maps; the units of a dense layer as one map."""
    output = activations(model, as_sample(model, image, "activation_maps()"), layer)[0]
    array = output.double().numpy()
    if array.ndim == 1:
        return array[None, None]
    check_maps(output[None], layer, "activation_maps()")
    return array


def maps_over_epochs(
    run: Run,
    image: Any,
    layer: str,
    *,
    channels: Sequence[int] = tuple(range(8)),
    epochs: Sequence[int] | None = None,
    model: str | nn.Module | None = None,
) -> Images:
    """How maps form: a row for each epoch, some channels in it, on one scale."""
    from lamella.lens.networks import network_of, recorded_epochs

    rows = list(recorded_epochs(run) if epochs is None else epochs)
    maps = [channel_maps(network_of(run, epoch, model=model), image, layer) for epoch in rows]
    chosen = [c for c in channels if c < len(maps[0])]
    captions = [
        f"[{c}]" if k else f"{epoch}: [{c}]" for epoch in rows for k, c in enumerate(chosen)
    ]
    shown = enlarged(np.concatenate([m[chosen] for m in maps]), np.shape(image)[-2:])
    return stretched(
        shown, captions, columns=len(chosen), title=f"Activation maps of {layer} over epochs"
    )


def field_on_image(
    model: nn.Module,
    image: Any,
    layer: str,
    place: tuple[int, int],
    *,
    pixels: Pixels | None = None,
) -> Images:
    """The image with a frame around all that the units at one place (row, column) depend on.

    Enlarged to at least 128 pixels; the frame is two of them thick, just inside the field.
    """
    sample = as_sample(model, image, "field_on_image()").cpu()
    found = fields(model, tuple(sample.shape[1:]), layer)
    rows, columns = found.top.shape
    if not (0 <= place[0] < rows and 0 <= place[1] < columns):
        raise bad_input(
            "field_on_image()",
            wanted=f"a place inside the {rows} x {columns} map of {layer!r}",
            got=str(place),
            do="Count from 0",
        )
    box = found.box(*place)
    shown = photographs(sample, pixels).pixels
    times = max(1, -(-128 // min(shown.shape[1:3])))
    big = np.repeat(shown.repeat(times, axis=1).repeat(times, axis=2), 3 // shown.shape[-1], axis=3)
    framed = frame(big[0], *(slice(s.start * times, s.stop * times) for s in box))
    caption = f"{layer} at {place}: rows {_span(box[0])}, columns {_span(box[1])}"
    return Images(framed[None].astype(np.float32), (caption,), title="Receptive field")


def frame(picture: Float[np.ndarray, "h w 3"], rows: slice, columns: slice) -> np.ndarray:
    """A copy with a frame on the border pixels of a box."""
    framed = picture.copy()
    if rows.stop <= rows.start or columns.stop <= columns.start:
        return framed
    top, left = rows.start, columns.start
    framed[top : top + 2, columns] = framed[rows.stop - 2 : rows.stop, columns] = FRAME
    framed[rows, left : left + 2] = framed[rows, columns.stop - 2 : columns.stop] = FRAME
    return framed


def enlarged(
    maps: Float[np.ndarray, "n rows columns"], size: Sequence[int]
) -> Float[np.ndarray, "n height width"]:
    """Maps at another size, each pixel the nearest of the map's.

    >>> enlarged(np.array([[[1.0, 2.0]]]), (2, 4))[0].tolist()
    [[1.0, 1.0, 2.0, 2.0], [1.0, 1.0, 2.0, 2.0]]
    """
    height, width = size
    if maps.shape[1] == 1 and maps.shape[2] > width:
        return maps  # one row of units
    rows = np.arange(height) * maps.shape[1] // height
    columns = np.arange(width) * maps.shape[2] // width
    return maps[:, rows][:, :, columns]


def _span(part: slice) -> str:
    return f"{part.start}..{part.stop - 1}" if part.stop > part.start else "none"
