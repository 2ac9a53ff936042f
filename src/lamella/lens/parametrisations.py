"""Ways to write an image in numbers that gradient ascent moves well."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor

from lamella.checks import check_choice
from lamella.errors import bad_input
from lamella.lens.pictures import Pixels


@dataclass(frozen=True, eq=False)
class Canvas:
    """Numbers to optimise, and the images that they stand for."""

    numbers: Tensor
    draw: Callable[[Tensor], Tensor]

    def images(self) -> Float[Tensor, "batch channels height width"]:
        """The images of the present numbers."""
        return self.draw(self.numbers)


def canvas(
    kind: str,
    count: int,
    shape: tuple[int, ...],
    *,
    pixels: Pixels | None = None,
    colours: Float[np.ndarray, "channels channels"] | None = None,
    spread: float = 0.01,
    generator: torch.Generator,
    like: Tensor,
) -> Canvas:
    """Random faint images: as "pixels", or in the "fourier" basis scaled by 1 / frequency.

    `colours` (see `colour_basis`) turns independent numbers into the correlated channels of
    images. With `pixels` a Fourier image is squashed into the range of pixels by a sigmoid.

    Source: Olah, Mordvintsev, Schubert (2017), Feature visualization, Distill.
    """
    check_choice(kind, ("pixels", "fourier"), "parametrisation")
    if len(shape) != 3 and kind == "fourier":
        raise bad_input(
            "canvas()",
            wanted="images of channels x height x width for 'fourier'",
            got=str(tuple(shape)),
            do="Use parametrisation='pixels' for dense inputs",
        )
    finish = _finish(pixels if kind == "fourier" else None, colours, like)
    if kind == "pixels":
        numbers = spread * torch.randn(count, *shape, generator=generator)
        return Canvas(numbers.to(like), finish)
    scale = frequency_scale(*shape[1:]).to(like)
    size = (count, shape[0], *scale.shape, 2)
    numbers = (spread * torch.randn(size, generator=generator)).to(like)

    def draw(spectrum: Tensor) -> Tensor:
        waves = torch.view_as_complex(spectrum) * scale
        return finish(torch.fft.irfft2(waves, s=shape[1:], norm="ortho"))

    return Canvas(numbers, draw)


def frequency_scale(height: int, width: int) -> Float[Tensor, "height half"]:
    """One over the frequency of every wave, so that all scales of an image move alike."""
    down, across = torch.fft.fftfreq(height), torch.fft.rfftfreq(width)
    frequency = torch.sqrt(down[:, None] ** 2 + across[None] ** 2)
    return 1 / frequency.clamp(min=1 / max(height, width)) * np.sqrt(height * width) / 16


def colour_basis(images: Any) -> Float[np.ndarray, "channels channels"]:
    """The symmetric square root of the covariance of channels, its largest singular value 1.

    Multiplied with independent numbers it gives colours as they vary together in `images`
    (batch channels height width).
    """
    flat = np.moveaxis(np.asarray(images, np.float64), 1, 0).reshape(np.shape(images)[1], -1)
    values, vectors = np.linalg.eigh(np.atleast_2d(np.cov(flat)))
    root = (vectors * np.sqrt(values.clip(0))) @ vectors.T
    return root / np.linalg.norm(root, 2).clip(1e-12)


def _finish(pixels: Pixels | None, colours: Any, like: Tensor) -> Callable[[Tensor], Tensor]:
    basis = None if colours is None else torch.as_tensor(colours).to(like)
    low, high = bounds(pixels, like)

    def finish(raw: Tensor) -> Tensor:
        mixed = raw if basis is None else torch.einsum("cd,ndhw->nchw", basis, raw)
        if low is None or high is None:
            return mixed
        return low + (high - low) * torch.sigmoid(mixed)

    return finish


def bounds(pixels: Pixels | None, like: Tensor) -> tuple[Tensor | None, Tensor | None]:
    """The inputs of black and white as tensors; None where pixels are unknown."""
    if pixels is None:
        return None, None
    low, high = pixels.bounds()
    return torch.as_tensor(low).to(like), torch.as_tensor(high).to(like)
