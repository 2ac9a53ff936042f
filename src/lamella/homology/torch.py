"""Persistence diagrams through which gradients flow to the points, in Torch."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor

from lamella.errors import bad_input
from lamella.homology.persistence import homology

DIFFERENTIABLE = ("euclidean", "precomputed")


def diagrams(
    points: Float[Tensor, "points features"],
    max_dimension: int = 1,
    *,
    metric: str = "euclidean",
    **options: Any,
) -> list[Float[Tensor, "bars 2"]]:
    """The bars of each dimension 0 ... `max_dimension`, differentiable by the points.

    Birth and death are the lengths of the edges that cause them, taken anew by Torch in the
    dtype and on the device of the points. The pairing is that of `lamella.homology.homology`,
    which gets `options` (`max_scale`, `landmarks`, ...); it is constant where no two edges
    are of equal length. Components are born at zero; what never dies has death infinity,
    without a gradient. `metric` is "euclidean", or "precomputed" for a matrix of distances,
    whose entries then get the gradient.

    >>> points = torch.tensor([[0.0, 0.0], [0.0, 3.0]], requires_grad=True)
    >>> diagrams(points, 0)[0][0, 1].backward()
    >>> points.grad.tolist()
    [[0.0, -1.0], [0.0, 1.0]]

    Source: Carriere, Chazal, Glisse, Ike, Kannan, Umeda 2021, Optimizing persistent homology
    based functions, section 3.
    """
    if metric not in DIFFERENTIABLE:
        raise bad_input(
            "diagrams()",
            wanted=f"a metric of {', '.join(DIFFERENTIABLE)}",
            got=repr(metric),
            do="Pass a matrix of distances with metric='precomputed'",
        )
    found = homology(points, max_dimension, metric=metric, edges=True, **options)
    if metric == "euclidean":
        points = points.flatten(1)
    return [
        bars_along(points, np.asarray(found.edges)[found.dimension == dimension], metric)
        for dimension in range(max_dimension + 1)
    ]


def bars_along(
    points: Float[Tensor, "points features"], edges: np.ndarray, metric: str
) -> Float[Tensor, "bars 2"]:
    """Births and deaths as the lengths of edges."""
    born, ends = (torch.as_tensor(e, device=points.device) for e in (edges[:, :2], edges[:, 2:]))
    never = ends[:, 0] < 0
    births, deaths = (lengths_of(points, e, metric) for e in (born, ends.clamp(min=0)))
    deaths = torch.where(never, torch.full_like(deaths, torch.inf), deaths)
    return torch.stack([births, deaths], dim=1)


def lengths_of(
    points: Float[Tensor, "points features"], edges: Tensor, metric: str
) -> Float[Tensor, " edges"]:
    """The lengths of edges; zero, without a gradient, from a point to itself."""
    if metric == "precomputed":
        return points[edges[:, 0], edges[:, 1]]
    return torch.linalg.vector_norm(points[edges[:, 0]] - points[edges[:, 1]], dim=1)
