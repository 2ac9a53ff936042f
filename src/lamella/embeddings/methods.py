"""The methods of embedding by name."""

from lamella.embeddings.pca import pca
from lamella.embeddings.tsne import tsne
from lamella.embeddings.umap import umap

METHODS = {"pca": pca, "tsne": tsne, "umap": umap}
