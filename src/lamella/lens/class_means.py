"""Class geometry in pictures: the mean image and the mean maps of every class."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from jaxtyping import Float
from torch import nn

from lamella.checks import check_labels
from lamella.errors import bad_input
from lamella.lens.activation_maps import enlarged
from lamella.lens.grad_cam import check_maps
from lamella.lens.maximal_patches import numbered
from lamella.lens.passes import activations
from lamella.lens.pictures import Pixels, photographs, stretched
from lamella.results import Images


def class_images(
    images: Any,
    labels: Any,
    *,
    class_names: Sequence[str] = (),
    pixels: Pixels | None = None,
) -> Images:
    """The mean image of every class."""
    means, names = class_means(np.asarray(images, np.float64), labels, class_names)
    shown = photographs(means, pixels)
    return Images(shown.pixels, names, scale=shown.scale, title="Mean image of each class")


def class_maps(
    model: nn.Module,
    images: Any,
    labels: Any,
    layer: str,
    *,
    channels: Sequence[int] | None = None,
    class_names: Sequence[str] = (),
    batch_size: int = 250,
) -> Images:
    """A row for each class: the mean activation map of every channel (or of some), on one scale."""
    total, counts = None, None
    array, indices = np.asarray(images), check_labels(labels, len(images), "class_maps()")
    for first, part in numbered(array, batch_size):
        output = activations(model, part, layer, batch_size=batch_size)
        check_maps(output, layer, "class_maps()")
        chosen = list(range(output.shape[1]) if channels is None else channels)
        one_hot = np.eye(indices.max() + 1)[indices[first : first + len(part)]]
        sums = np.einsum("nk,nchw->kchw", one_hot, output[:, chosen].double().numpy())
        total = sums if total is None else total + sums
        counts = one_hot.sum(axis=0) if counts is None else counts + one_hot.sum(axis=0)
    if total is None or counts is None:
        raise bad_input("class_maps()", wanted="images", got="none", do="Pass some")
    means = total / counts[:, None, None, None]
    names = _names(labels, class_names)
    channels = list(range(means.shape[1]) if channels is None else channels)
    captions = [f"{name} [{c}]" for name in names for c in channels]
    shown = enlarged(means.reshape(-1, *means.shape[2:]), array.shape[-2:])
    title = f"Mean activation maps of {layer}"
    return stretched(shown, captions, columns=len(channels), title=title)


def class_means(
    values: Float[np.ndarray, "samples ..."], labels: Any, class_names: Sequence[str] = ()
) -> tuple[Float[np.ndarray, "classes ..."], tuple[str, ...]]:
    """The mean of every class, and the names of the classes.

    >>> class_means(np.array([[1.0], [3.0], [5.0]]), [0, 0, 1])[0].tolist()
    [[2.0], [5.0]]
    """
    indices = check_labels(labels, len(values), "class_means()")
    means = [values[indices == k].mean(axis=0) for k in range(indices.max() + 1)]
    return np.array(means), _names(labels, class_names)


def _names(labels: Any, class_names: Sequence[str]) -> tuple[str, ...]:
    present = np.unique(np.asarray(labels))
    return tuple(str(class_names[k] if class_names else k) for k in present)
