"""The grid of small clouds: the same samples in every layer and epoch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from lamella.embeddings import embed_run
from lamella.narrative.slices import Runs
from lamella.story import Picture

NAMES = {"pca": "PCA", "tsne": "t-SNE", "umap": "UMAP"}
COLUMNS = {"pca": 8, "tsne": 4, "umap": 4}  # the slow ones are drawn at fewer epochs


def embedding_grids(
    nets: Mapping[str, Runs], methods: Sequence[str], split: str = "test"
) -> tuple[Picture, ...]:
    """A grid for each method and net, computed side by side."""
    wanted = [(net, runs, method, split) for method in methods for net, runs in nets.items()]
    with ThreadPoolExecutor() as pool:
        return tuple(pool.map(lambda each: embedding_grid(*each), wanted))


def embedding_grid(net: str, runs: Runs, method: str, split: str = "test") -> Picture:
    """Embeddings of the first run at every layer and at most `COLUMNS` epochs, aligned."""
    run = runs[0]
    epochs = spread_out(run.epochs, COLUMNS[method])
    cells = embed_run(run, method, epochs=epochs, points=500, split=split)
    kept = np.mean([cell.neighbours_kept for cell in cells.values()])
    return Picture(
        "embedding_evolution",
        [cells[layer, epoch] for layer in run.layers for epoch in epochs],
        f"{net}: {NAMES[method]} of each layer (down) and epoch (right), {split}; on average "
        f"{kept:.0%} of the 15 nearest neighbours are kept.",
        {"layers": run.layers, "epochs": epochs},
    )


def last_clouds(nets: Mapping[str, Runs], split: str = "test") -> tuple[Picture, ...]:
    """The last hidden layer of each net at the last epoch in three dimensions."""
    pictures = []
    for net, runs in nets.items():
        layer, epoch = runs[0].layers[-2:][0], runs[0].epochs[-1]
        cells = embed_run(
            runs[0], "pca", layers=[layer], epochs=[epoch], split=split, dimensions=3, points=500
        )
        caption = f"{net}: {layer} at epoch {epoch}, {split}, its first three principal components."
        pictures.append(Picture("cloud", cells[layer, epoch], caption))
    return tuple(pictures)


def spread_out(epochs: tuple[int, ...], most: int) -> tuple[int, ...]:
    """At most `most` epochs from first to last.

    >>> spread_out((0, 1, 2, 4, 8, 16, 32, 50), 4)
    (0, 2, 16, 50)
    """
    places = np.linspace(0, len(epochs) - 1, min(most, len(epochs))).round().astype(int)
    return tuple(epochs[place] for place in places)
