"""SSIM: how alike two images look."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float

from lamella.errors import bad_input


def ssim(
    one: Float[np.ndarray, "channels height width"],
    other: Float[np.ndarray, "channels height width"],
    *,
    data_range: float = 1.0,
) -> float:
    """The mean structural similarity over pixels and channels; 1 for equal images, at most 1.

    Windows are Gaussians of deviation 1.5 cut at 11 x 11 pixels, where they fit whole.

    Source: Wang, Bovik, Sheikh, Simoncelli (2004), Image quality assessment, section III-B.
    """
    from scipy.ndimage import gaussian_filter

    a, b = np.asarray(one, np.float64), np.asarray(other, np.float64)
    if a.shape != b.shape or a.ndim != 3 or min(a.shape[1:]) < 11:
        raise bad_input(
            "ssim()",
            wanted="two images of channels x height x width, 11 x 11 pixels or more",
            got=f"{a.shape} and {b.shape}",
            do="Enlarge or align them",
        )

    def mean(values: np.ndarray) -> np.ndarray:
        wide = gaussian_filter(values, (0, 1.5, 1.5), truncate=5 / 1.5)
        return wide[:, 5:-5, 5:-5]

    low, contrast = (0.01 * data_range) ** 2, (0.03 * data_range) ** 2
    x, y = mean(a), mean(b)
    xx, yy, xy = mean(a * a) - x * x, mean(b * b) - y * y, mean(a * b) - x * y
    light = (2 * x * y + low) / (x * x + y * y + low)
    structure = (2 * xy + contrast) / (xx + yy + contrast)
    return float((light * structure).mean())
