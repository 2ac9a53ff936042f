"""Style transfer: the content of one image in the texture of another."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor, nn

from lamella.lens.batches import as_sample
from lamella.lens.descent import descend
from lamella.lens.layer_calls import check_layers
from lamella.lens.looking import looking
from lamella.lens.passes import layer_outputs
from lamella.lens.pictures import Pixels, photographs, side_by_side
from lamella.lens.regularisers import total_variation
from lamella.lens.texture import gram_error, grams
from lamella.results import Images


def style_transfer(
    model: nn.Module,
    content: Any,
    style: Any,
    *,
    content_layer: str,
    style_layers: Sequence[str],
    pixels: Pixels | None = None,
    **options: Any,
) -> Images:
    """Content, style and the image that has both; content and style of equal size."""
    found = transfer(
        model,
        content,
        style,
        content_layer=content_layer,
        style_layers=style_layers,
        pixels=pixels,
        **options,
    )
    parts = [np.asarray(x, np.float32).reshape(1, *np.shape(x)[-3:]) for x in (content, style)]
    records = [
        photographs(p, pixels, [w]) for p, w in zip(parts, ("content", "style"), strict=True)
    ]
    records.append(photographs(found[None], pixels, ["both"]))
    return side_by_side(records, columns=3, title="Style transfer")


def transfer(
    model: nn.Module,
    content: Any,
    style: Any,
    *,
    content_layer: str,
    style_layers: Sequence[str],
    style_weight: float = 1.0,
    variation: float = 0.001,
    steps: int = 300,
    rate: float = 0.05,
    pixels: Pixels | None = None,
) -> Float[np.ndarray, "channels height width"]:
    """From the content image, descend its relative error in one layer + the style's Gram error.

    The two images may differ in size as far as the layers allow.

    Source: Gatys, Ecker, Bethge (2016), Image style transfer using convolutional neural networks.
    """
    with looking(model, "style_transfer()") as net:
        given, look = (as_sample(net, x, "style_transfer()") for x in (content, style))
        wanted = check_layers(net, given, [content_layer, *style_layers])
        of_style = {name: wanted[name] for name in style_layers}
        with torch.no_grad():
            kept = layer_outputs(net, given, {content_layer: wanted[content_layer]})[content_layer]
            goal = grams(layer_outputs(net, look, of_style))
        size = kept.square().sum().clamp(min=1e-12)

        def loss(x: Tensor) -> Tensor:
            outputs = layer_outputs(net, x, wanted)
            apart = (outputs[content_layer] - kept).square().sum() / size
            error = gram_error(grams({name: outputs[name] for name in style_layers}), goal)
            return apart + style_weight * error + variation * total_variation(x).sum()

        found, _ = descend(given, loss, steps=steps, rate=rate, pixels=pixels)
    return found[0].cpu().numpy()
