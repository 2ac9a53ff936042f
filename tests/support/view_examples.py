"""One small example per view: the record and the arguments that the contract tests draw.

Other files named `*_examples.py` beside this one are found too (`found`); they import `example`.
"""

import importlib
from pathlib import Path

import numpy as np

from lamella.registry import measures
from lamella.results import Curve, Diagrams, Embedding, Images, Matrix, Table
from lamella.views.measure_card import card_table

LAYERS = ("input", "fc1", "act1", "fc2", "act2", "fc3", "head")
EPOCHS = (0, 1, 2, 4, 8, 16, 32, 50)
CLASSES = ("micro", "circle", "rectangle", "triangle")
EXAMPLES = {}


def example(function):
    """Register `function() -> (record, arguments)` as the example of the view of its name."""
    EXAMPLES[function.__name__] = function
    return function


def found():
    """The examples of all files beside this one, by the name of their view."""
    for path in sorted(Path(__file__).parent.glob("*_examples.py")):
        importlib.import_module(f"support.{path.stem}")
    return EXAMPLES


def random(seed=0):
    return np.random.default_rng(seed)


def some_diagrams(seed=0, points=200, **facts):
    rng = random(seed)
    deaths = np.append(rng.gamma(6, 0.1, points - 1), np.inf)
    births = rng.uniform(0.5, 1.0, 60)
    loops = births + rng.exponential(0.05, 60)
    loops[0] = births[0] + 0.9
    return Diagrams(
        np.concatenate([np.zeros(points), births, [1.1]]),
        np.concatenate([deaths, loops, [1.3]]),
        np.repeat([0, 1, 2], [points, 60, 1]),
        points=points,
        diameter=4.0,
        mean_distance=1.5,
        **facts,
    )


def some_matrix(seed=0, worst=0.4, missing=False, **names):
    rng = random(seed)
    decay = np.exp(-np.arange(len(EPOCHS)) / 2) * worst
    values = decay + 0.1 * rng.random((len(LAYERS), len(EPOCHS))) + 0.005
    if missing:
        values[2, :3] = np.nan
    facts = {"row_label": "layer", "column_label": "epoch", "value_label": "1-NN error"}
    return Matrix(values, LAYERS, EPOCHS, **{**facts, **names})


def some_embedding(seed=0, points=400, dimensions=2, classes=2, apart=3.0, **facts):
    rng = random(seed)
    labels = np.arange(points) % classes
    centres = random(7).normal(size=(classes, dimensions)) * apart
    names = tuple(f"radius {1 - 0.3 * c:g}" for c in range(classes))
    known = {"method": "PCA", "axes": tuple(f"PC {k + 1} (31%)" for k in range(dimensions))}
    known |= {"trustworthiness": 0.93, "neighbours_kept": 0.44, "class_names": names}
    known |= {"ids": np.arange(points)}
    return Embedding(
        centres[labels] + rng.normal(size=(points, dimensions)), labels, **{**known, **facts}
    )


def some_training(seed=0, floor=0.06, seeds=3):
    rng = random(seed)
    epochs = np.tile(np.arange(51), seeds)
    error = 0.5 * np.exp(-epochs / 3) + floor * (1 + 0.2 * rng.random(len(epochs)))
    columns = {"epoch": epochs, "seed": np.repeat(np.arange(seeds), 51)}
    columns |= {"test_accuracy": 1 - error, "train_accuracy": 1 - 0.8 * error}
    return Table({**columns, "test_loss": 2 * error, "train_loss": 1.5 * error})


@example
def barcode():
    return some_diagrams(threshold=0.2), {"title": "fc2, epoch 40"}


@example
def birth_death():
    return some_diagrams(threshold=0.2, bound=0.06), {"title": "fc2, epoch 40"}


@example
def betti_curves():
    return some_diagrams(), {}


@example
def heat_map():
    return some_matrix(missing=True), {"better": "low"}


@example
def cloud():
    return some_embedding(), {"title": "wide, fc2, epoch 40, test"}


@example
def embedding_evolution():
    grid = [
        some_embedding(layer, apart=0.3 * epoch * layer, points=300)
        for layer in range(4)
        for epoch in range(len(EPOCHS))
    ]
    grid[5] = Embedding(np.zeros((0, 2)))
    return grid, {"layers": LAYERS[:4], "epochs": EPOCHS, "title": "wide, test"}


@example
def training_curves():
    return {"wide": some_training(floor=0.008), "bottleneck": some_training(1)}, {}


@example
def comparison():
    return {"wide": some_matrix(), "bottleneck": some_matrix(1, 0.6)}, {"better": "low"}


@example
def lines():
    x = np.arange(10)
    y = np.stack([np.sqrt(x), 0.5 * x, np.full(10, 1.5)])
    names = ("wide", "bottleneck", "raw input")
    curve = Curve(x, y, names, "epoch", "distance, edge length", low=y - 0.2, high=y + 0.3)
    return curve, {"baselines": ("raw input",), "title": "Mean distance between classes"}


@example
def barcodes():
    cells = {layer: some_diagrams(at, threshold=0.2) for at, layer in enumerate(LAYERS[:6])}
    cells["head"] = Diagrams([], [], [], why_empty="all points are one")
    return cells, {"title": "wide, epoch 40, test"}


@example
def compactness_profile():
    m = np.arange(1, 100)
    series = [0.1 + 0.3 * m / 100, 0.05 + 0.25 * m / 100, 0.15 + 0.35 * m / 100]
    return Curve(m, series, ("all", "radius 1", "radius 0.7")), {}


@example
def f1_against_dimension():
    dimensions = [2, 4, 8, 16, 32, 64, 128, 256, 512, 1024]
    rows = [
        (name, method, d, min(1, 0.4 + shift + (0.04 if method == "pca" else 0.055) * np.log2(d)))
        for method in ("pca", "umap")
        for shift, name in zip((0.03, 0.06, 0.0, 0.04), CLASSES, strict=True)
        for d in dimensions
    ] + [(name, "full", 2304, 1.0) for name in CLASSES]
    names = ("class", "method", "dimension", "f1")
    return Table(dict(zip(names, map(np.array, zip(*rows, strict=True)), strict=True))), {}


@example
def class_linkage():
    rng = random(3)
    centres = 2 + 3 * rng.random((10, 10))
    values = (centres + centres.T) / 2
    values[4, 9] = values[9, 4] = 1.1
    values[7, :] = values[:, 7] = np.inf
    np.fill_diagonal(values, 1)
    names = tuple(f"digit {k}" for k in range(10))
    return Matrix(values, names, names, "class", "class", "merges at (own scale)"), {}


@example
def similarity_matrix():
    x = np.arange(len(LAYERS))
    values = np.exp(-((x[:, None] - x) ** 2) / 6)
    return Matrix(values, LAYERS, LAYERS, "wide", "bottleneck", "linear CKA"), {}


@example
def vines():
    rng = random()
    rows = [
        (vine, epoch, 0.2, 0.2 + max(0.02, 0.5 / (1 + vine) + 0.05 * rng.normal()), vine % 2)
        for vine in range(14)
        for epoch in EPOCHS
        if not (vine == 3 and epoch in (2, 4))
    ]
    names = ("vine", "epoch", "birth", "death", "dimension")
    columns = dict(zip(names, map(np.array, zip(*rows, strict=True)), strict=True))
    return Table(columns), {"noise": np.linspace(0.2, 0.1, len(EPOCHS))}


@example
def health_map():
    signs = {"dead units, %": 100, "saturated units, %": 60, "gradient norm": 0.01}
    signs["update size"] = 2.0
    return {
        name: some_matrix(at, scale, value_label=name)
        for at, (name, scale) in enumerate(signs.items())
    }, {"log": ["gradient norm"]}


@example
def measure_card():
    return card_table(measures.card("class_linkage")), {}


@example
def image_grid():
    pixels = random().random((12, 5, 5, 1))
    captions = tuple(f"filter {k}, epoch 40" for k in range(12))
    return Images(pixels, captions, scale=(-0.31, 0.42), title="First-layer filters"), {}


@example
def confusion_matrix():
    counts = np.diag(np.full(10, 45.0)) + random().integers(0, 3, (10, 10))
    counts[3, 8] = 12
    names = tuple(f"digit {k}" for k in range(10))
    return Matrix(counts, names, names, "true", "predicted", "samples"), {}


@example
def table():
    columns = {"layer": np.array(LAYERS), "units": np.array([12, 48, 48, 48, 48, 48, 2])}
    return Table({**columns, "1-NN error": np.linspace(0.3, 0.0123, 7)}), {"title": "By layer"}


@example
def histogram():
    values = np.concatenate([random().normal(size=500), random(1).normal(2, 1, 300)])
    groups = np.repeat(["within", "between"], [500, 300])
    arguments = {"value": "distance", "group": "pair", "palette": "classes"}
    return Table({"distance": values, "pair": groups}), arguments


@example
def rectangles_latents():
    cells = (f"{row} | {column}" for row in ("PCA", "UMAP") for column in ("fc1", "fc2", "fc3"))
    return {cell: some_embedding(at, points=90, classes=3) for at, cell in enumerate(cells)}, {}


def some_images(count=60, size=8, channels=1, **facts):
    return Images(random(3).random((count, size, size, channels)), **facts)


@example
def mosaic():
    return some_images(60, columns=10), {"title": "a lattice"}


@example
def thumbnails():
    return some_embedding(points=60), {"images": some_images(60, channels=3)}
