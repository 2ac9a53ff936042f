"""Pictures of clouds in two and three dimensions, and how they align."""

from lamella.embeddings.align import align
from lamella.embeddings.evolution import embed_run
from lamella.embeddings.pca import pca
from lamella.embeddings.quality import neighbours_kept, trustworthiness
from lamella.embeddings.tsne import tsne
from lamella.embeddings.umap import umap

__all__ = [
    "align",
    "embed_run",
    "neighbours_kept",
    "pca",
    "trustworthiness",
    "tsne",
    "umap",
]


def __dir__() -> list[str]:
    return __all__
