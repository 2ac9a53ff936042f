"""The general and adaptive robust loss: one formula from L2 to Welsch."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from lamella.errors import bad_input
from lamella.results import Curve

if TYPE_CHECKING:
    from jaxtyping import Float
    from torch import Tensor

SPECIAL = {
    2.0: "L2",
    1.0: "Charbonnier (pseudo-Huber)",
    0.0: "Cauchy",
    -2.0: "Geman-McClure",
    -np.inf: "Welsch",
}


def robust_loss(
    residual: Float[Tensor, "*shape"] | Any,
    alpha: float | Tensor = 1.0,
    scale: float | Tensor = 1.0,
) -> Float[Tensor, "*shape"]:
    """Barron's loss rho(x, alpha, c) of every residual x; torch, differentiable in all three.

    alpha 2 is L2, 1 Charbonnier, 0 Cauchy, -2 Geman-McClure, minus infinity Welsch: the smaller,
    the less an outlier counts. `scale` c is the residual where the loss stops being quadratic.
    Raises InputError for a scale that is not positive.

    Source: Barron (2019), A General and Adaptive Robust Loss Function, CVPR, equations 8 and 13.

    >>> [round(float(robust_loss(1.0, a)), 5) for a in (2, 1, 0, -2, -np.inf)]
    [0.5, 0.41421, 0.40547, 0.4, 0.39347]
    """
    import torch

    x = torch.as_tensor(residual, dtype=None if hasattr(residual, "dtype") else torch.float64)
    alpha, scale = (torch.as_tensor(v, dtype=x.dtype, device=x.device) for v in (alpha, scale))
    if not bool((scale > 0).all()):
        raise bad_input(
            "robust_loss()", wanted="scale above 0", got=f"{float(scale.min())}", do="Raise it"
        )
    z = (x / scale) ** 2
    safe = torch.where(
        _near(alpha, 0) | _near(alpha, 2) | torch.isinf(alpha), torch.ones_like(alpha), alpha
    )
    distance = (safe - 2).abs()
    general = distance / safe * ((z / distance + 1) ** (safe / 2) - 1)
    loss = torch.where(_near(alpha, 2), z / 2, general)
    loss = torch.where(_near(alpha, 0), torch.log1p(z / 2), loss)
    return torch.where(torch.isneginf(alpha), -torch.expm1(-z / 2), loss)


def _near(alpha: Tensor, value: float) -> Tensor:
    """Where the formula divides by zero and its limit takes over."""
    return (alpha - value).abs() < 1e-6


def adaptive_loss(
    residual: Float[Tensor, "*shape"], alpha: Tensor, scale: Tensor
) -> Float[Tensor, "*shape"]:
    """The negative log-likelihood whose alpha can be learned: loss + log(scale Z(alpha)).

    Z is integrated numerically over |x| <= 1000 scales; alpha must lie in [0, 2], where the
    distribution exists (equation 16 of the source).
    """
    import torch

    if not bool(((alpha >= 0) & (alpha <= 2)).all()):
        raise bad_input(
            "adaptive_loss()",
            wanted="alpha in [0, 2]",
            got=f"{float(alpha.min()):g}",
            do="Clamp it",
        )
    place = torch.sinh(torch.linspace(0, 7.6, 4001, dtype=torch.float64))
    density = torch.exp(-robust_loss(place, alpha.double(), torch.ones((), dtype=torch.float64)))
    partition = 2 * torch.trapezoid(density, place)
    return robust_loss(residual, alpha, scale) + torch.log(scale * partition.to(residual.dtype))


def robust_loss_curve(
    alphas: tuple[float, ...] = (2.0, 1.0, 0.0, -2.0, -np.inf),
    scale: float = 1.0,
    *,
    gradient: bool = False,
) -> Curve:
    """The loss, or its derivative (how much a residual pulls), over residuals of -6 to 6 scales."""
    import torch

    x = torch.linspace(-6 * scale, 6 * scale, 241, dtype=torch.float64, requires_grad=True)
    lines = []
    for alpha in alphas:
        loss = robust_loss(x, alpha, scale)
        line = torch.autograd.grad(loss.sum(), x)[0] if gradient else loss
        lines.append(line.detach().numpy())
    names = tuple(
        f"alpha = {a:g}: {SPECIAL[a]}" if a in SPECIAL else f"alpha = {a:g}" for a in alphas
    )
    return Curve(
        x.detach().numpy(),
        np.stack(lines),
        names,
        x_label="residual x",
        y_label="derivative" if gradient else "loss",
        title="general robust loss (Barron 2019)",
    )
