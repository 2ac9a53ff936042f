"""One small example per view: the record and the arguments that the contract tests draw."""

import numpy as np

from lamella.results import Curve, Diagrams, Embedding, Matrix, Table

LAYERS = ("input", "fc1", "act1", "fc2", "act2", "fc3", "head")
EPOCHS = (0, 1, 2, 4, 8, 16, 32, 50)
EXAMPLES = {}


def example(function):
    """Register `function() -> (record, arguments)` as the example of the view of its name."""
    EXAMPLES[function.__name__] = function
    return function


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
