"""What keeps synthesised images natural: penalties, and corrections between steps."""

from __future__ import annotations

import torch
from jaxtyping import Float
from torch import Tensor
from torch.nn import functional as F

Batch = Float[Tensor, "batch channels height width"]


def total_variation(images: Batch) -> Float[Tensor, " batch"]:
    """The mean over pixels of the squared difference to the right and to the lower neighbour.

    Source: Mahendran and Vedaldi (2015), Understanding deep image representations by inverting
    them, with beta = 2.

    >>> total_variation(torch.tensor([[[[0.0, 1.0], [0.0, 3.0]]]]))
    tensor([3.5000])
    """
    down = (images[:, :, 1:] - images[:, :, :-1]).square().sum(dim=(1, 2, 3))
    across = (images[:, :, :, 1:] - images[:, :, :, :-1]).square().sum(dim=(1, 2, 3))
    return (down + across) / images[0].numel()


def blurred(images: Batch, deviation: float) -> Batch:
    """Images behind a Gaussian of `deviation` pixels, ends repeated."""
    if deviation <= 0:
        return images
    reach = max(1, int(3 * deviation + 0.5))
    place = torch.arange(-reach, reach + 1, dtype=images.dtype, device=images.device)
    kernel = torch.exp(-(place**2) / (2 * deviation**2))
    kernel = (kernel / kernel.sum()).view(1, 1, -1)
    channels = images.shape[1]
    wide = F.pad(images, (reach,) * 4, mode="replicate")
    across = F.conv2d(wide, kernel[:, :, None].expand(channels, 1, 1, -1), groups=channels)
    return F.conv2d(across, kernel[..., None].expand(channels, 1, -1, 1), groups=channels)


def without_small(images: Batch, share: float) -> Batch:
    """Images in which the `share` of pixels with the smallest norm over channels is zero.

    Source: Yosinski et al. (2015), Understanding neural networks through deep visualization.
    """
    norms = images.square().sum(dim=1, keepdim=True)
    least = torch.quantile(norms.flatten(1), share, dim=1).view(-1, 1, 1, 1)
    return images * (norms >= least)


def jittered(images: Batch, most: int, generator: torch.Generator) -> Batch:
    """Images moved by up to `most` pixels each way, round the ends."""
    if most <= 0:
        return images
    move = torch.randint(-most, most + 1, (2,), generator=generator).tolist()
    return torch.roll(images, move, dims=(2, 3))
