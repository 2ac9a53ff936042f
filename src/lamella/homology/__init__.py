"""Exact persistent homology of point clouds: H0, H1 and H2 of the Vietoris-Rips filtration."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lamella.homology.circles import circular_coordinates
    from lamella.homology.distances.metrics import pairwise_distances
    from lamella.homology.drop_in import ripser
    from lamella.homology.landmarks import farthest_points, stratified_sample
    from lamella.homology.noise import confidence
    from lamella.homology.persistence import homology, homology_many
    from lamella.homology.transformers.curves import BettiCurve, Entropy, Landscape, Silhouette
    from lamella.homology.transformers.images import HeatKernel, PersistenceImage
    from lamella.homology.transformers.vietoris_rips import VietorisRips
    from lamella.homology.warming import warm_up

# Loaded on first use: the engine imports numba, which takes longer than all the rest of lamella.
_HOMES = {
    "homology": "persistence",
    "homology_many": "persistence",
    "circular_coordinates": "circles",
    "confidence": "noise",
    "farthest_points": "landmarks",
    "stratified_sample": "landmarks",
    "pairwise_distances": "distances.metrics",
    "ripser": "drop_in",
    "warm_up": "warming",
    "BettiCurve": "transformers.curves",
    "Entropy": "transformers.curves",
    "HeatKernel": "transformers.images",
    "Landscape": "transformers.curves",
    "PersistenceImage": "transformers.images",
    "Silhouette": "transformers.curves",
    "VietorisRips": "transformers.vietoris_rips",
}

__all__ = [
    "BettiCurve",
    "Entropy",
    "HeatKernel",
    "Landscape",
    "PersistenceImage",
    "Silhouette",
    "VietorisRips",
    "circular_coordinates",
    "confidence",
    "farthest_points",
    "homology",
    "homology_many",
    "pairwise_distances",
    "ripser",
    "stratified_sample",
    "warm_up",
]


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(f"lamella.homology.{_HOMES[name]}"), name)
    raise AttributeError(f"module 'lamella.homology' has no attribute {name!r}")


def __dir__() -> list[str]:
    return __all__
