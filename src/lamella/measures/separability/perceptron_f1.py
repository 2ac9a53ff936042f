"""F1 of one-vs-all perceptrons: how linearly separable each class is, at every dimension."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from jaxtyping import Float, Int

from lamella.arrays import Labels, Points
from lamella.checks import as_array, check_choice, check_labels, check_points
from lamella.errors import missing_extra
from lamella.geometry.principal import scores
from lamella.measures.compactness.gdv import standardise
from lamella.registry import measures
from lamella.results import Table
from lamella.seeds import numpy_generator

BATCH = 16


@measures.register(value="f1", unit="", better="high", default=True, rows="classes")
def perceptron_f1(
    points: Points,
    labels: Labels,
    *,
    dimensions: Sequence[int] = (),
    methods: Sequence[str] = ("pca",),
    epochs: int = 100,
    seed: int = 0,
) -> Table:
    """F1 of one-vs-all perceptrons, per class and micro, on all features and on few dimensions.

    Definition: one perceptron for each class on standardised features, trained in batches of 16
    until every point goes to its class or `epochs` have passed; of the weights after each epoch,
    and their means over it, the best are kept. A point goes to the class of the highest score.
    F1 = 2 TP / (2 TP + FP + FN) for each class; class "micro" pools the counts, which equals
    accuracy. It is fitted and scored on the same points on purpose: it measures linear
    separability, not generalisation. The same is done after compression to each of `dimensions`
    below the number of features by each of `methods`, "pca" and "umap" (extra umap; differs
    between machines).
    Column method is "full" without compression; the last row is the micro F1 of all features.

    >>> table = perceptron_f1([[0.0], [1.0], [4.0], [5.0]], ["a", "a", "b", "b"])
    >>> table.columns["class"].tolist(), table.columns["f1"].tolist()
    (['a', 'b', 'micro'], [1.0, 1.0, 1.0])

    Range: 0 to 1; 1 where hyperplanes separate every class from the rest.

    Cost: under a second for 1,000 points x 512 features; as much again for each dimension;
    UMAP some seconds each.

    Misleads: with at least as many features as points nearly any labels are separable; compare
    with shuffled labels.

    Source: Rosenblatt 1958, The perceptron; the best weights kept: Gallant 1990,
    Perceptron-based learning algorithms; means: Freund, Schapire 1999, Large margin
    classification using the perceptron algorithm.
    """
    array = check_points(points, "perceptron_f1()", least=2)
    classes = check_labels(labels, len(array), "perceptron_f1()", classes=2)
    names = np.array([*map(str, np.unique(as_array(labels))), "micro"])
    parts = []
    for method, dimension, cloud in _compressions(array, dimensions, methods, seed):
        predicted = fit_predict(cloud, classes, epochs=epochs, seed=seed)
        parts.append((method, dimension, f1_scores(classes, predicted)))
    return Table(
        {
            "class": np.tile(names, len(parts)),
            "method": np.repeat([method for method, _, _ in parts], len(names)),
            "dimension": np.repeat([dimension for _, dimension, _ in parts], len(names)),
            "f1": np.concatenate([f1 for _, _, f1 in parts]),
        }
    )


def fit_predict(
    points: Float[np.ndarray, "points features"],
    labels: Int[np.ndarray, " points"],
    *,
    epochs: int = 100,
    seed: int = 0,
) -> Int[np.ndarray, " points"]:
    """The class that the best of the trained perceptrons give each point."""
    cloud = standardise(points)
    if cloud.shape[1] > len(cloud):  # the rule sees inner products only: turn into fewer axes
        cloud = scores(cloud, len(cloud))
    inputs = np.column_stack([cloud, np.ones(len(points))])
    targets = 2.0 * (labels[:, None] == np.arange(labels.max() + 1)) - 1
    weights = np.zeros((inputs.shape[1], targets.shape[1]))
    generator = numpy_generator(seed, "perceptron")
    best, best_hits = np.zeros(len(labels), dtype=np.int64), -1
    for _ in range(epochs):
        mean = _train(weights, inputs, targets, generator.permutation(len(inputs)))
        outputs = (inputs @ np.hstack([weights, mean])).reshape(len(inputs), 2, -1)
        for predicted in outputs.argmax(axis=2).T:
            if (hits := int((predicted == labels).sum())) > best_hits:
                best, best_hits = predicted, hits
        if best_hits == len(labels):
            break
    return best


def _train(weights, inputs, targets, order) -> Float[np.ndarray, "features classes"]:
    """One epoch of Rosenblatt's rule, in place; the sum of the weights after each batch.

    Every wrong output moves its weights by the input. The sum points where the mean does, which
    swings less than the weights themselves when no hyperplane separates the classes.
    """
    total = np.zeros_like(weights)
    for start in range(0, len(inputs), BATCH):
        batch = order[start : start + BATCH]
        x, t = inputs[batch], targets[batch]
        wrong = (x @ weights) * t <= 0
        if wrong.any():
            weights += x.T @ (t * wrong)
        total += weights
    return total


def f1_scores(
    labels: Int[np.ndarray, " points"], predicted: Int[np.ndarray, " points"]
) -> Float[np.ndarray, " scores"]:
    """F1 of each class, then micro.

    >>> f1_scores(np.array([0, 0, 1, 1]), np.array([0, 1, 1, 1])).round(3).tolist()
    [0.667, 0.8, 0.75]
    """
    count = int(labels.max()) + 1
    right = np.bincount(labels[labels == predicted], minlength=count)
    both = np.bincount(labels, minlength=count) + np.bincount(predicted, minlength=count)
    return np.r_[2 * right / both, 2 * right.sum() / both.sum()]


def _compressions(
    points: Float[np.ndarray, "points features"],
    dimensions: Sequence[int],
    methods: Sequence[str],
    seed: int,
) -> Iterator[tuple[str, int, Float[np.ndarray, "points dimensions"]]]:
    """The points compressed by each method to each smaller dimension, then as they are."""
    for method in methods:
        check_choice(method, ("pca", "umap"), "compression")
    wanted = sorted({int(d) for d in dimensions if 1 <= d < points.shape[1]})
    for method in methods:
        whole = scores(points, max(wanted)) if method == "pca" and wanted else points
        for dimension in wanted:
            cloud = whole[:, :dimension] if method == "pca" else _umap(points, dimension, seed)
            yield method, dimension, cloud
    yield "full", points.shape[1], points


def _umap(points, dimension: int, seed: int):
    try:
        from umap import UMAP
    except ImportError as error:
        raise missing_extra("umap-learn", "umap", "compression by UMAP") from error
    count = len(points)
    reducer = UMAP(
        n_components=dimension,
        n_neighbors=min(15, count - 1),
        init="spectral" if dimension < count - 1 else "random",
        random_state=seed,
        n_jobs=1,
    )
    return np.asarray(reducer.fit_transform(points), dtype=np.float64)
