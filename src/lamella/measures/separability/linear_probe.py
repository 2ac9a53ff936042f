"""A linear probe: what a linear classifier reads from a layer, on points it has not seen."""

from __future__ import annotations

import numpy as np
from jaxtyping import Int

from lamella.arrays import Labels, Points
from lamella.checks import check_labels, check_points, check_range
from lamella.errors import bad_input
from lamella.geometry.row import row
from lamella.registry import measures
from lamella.results import Table
from lamella.seeds import numpy_generator


@measures.register(value="accuracy", unit="", better="high", default=False)
def linear_probe(
    points: Points,
    labels: Labels,
    *,
    test_share: float = 0.3,
    strength: float = 1.0,
    seed: int = 0,
) -> Table:
    """Accuracy of a linear classifier trained on a part of the points and tested on the rest.

    Definition: multinomial logistic regression with an L2 penalty (inverse `strength` C of
    scikit-learn) on features standardised by the training part; `test_share` of each class is
    held out by `seed`. Columns: accuracy on the held-out points, train_accuracy, and chance, the
    share of the largest class among the held-out ones.

    >>> linear_probe([[0.0], [1.0], [0.5], [4.0], [5.0], [4.5]], [0, 0, 0, 1, 1, 1]).columns[
    ...     "accuracy"].tolist()
    [1.0]

    Range: chance to 1.

    Cost: a fraction of a second for 1,000 points x 512 features.

    Misleads: a few held-out points make it coarse; it depends on what the probe can reach, not on
    what the network uses.

    Source: Alain, Bengio 2016, Understanding intermediate layers using linear classifier probes.
    """
    array = check_points(points, "linear_probe()", least=4, dtype=np.float64)
    classes = check_labels(labels, len(array), "linear_probe()", classes=2)
    check_range(test_share, "linear_probe()", "a test share", low=0.01, high=0.99)
    test = held_out(classes, test_share, seed)
    mean, spread = array[~test].mean(axis=0), array[~test].std(axis=0)
    inputs = (array - mean) / np.where(spread > 0, spread, 1.0)

    from sklearn.linear_model import LogisticRegression

    probe = LogisticRegression(C=strength, max_iter=2000).fit(inputs[~test], classes[~test])
    right = probe.predict(inputs) == classes
    return row(
        accuracy=float(right[test].mean()),
        train_accuracy=float(right[~test].mean()),
        chance=float(np.bincount(classes[test]).max() / test.sum()),
    )


def held_out(labels: Int[np.ndarray, " points"], share: float, seed: int = 0) -> np.ndarray:
    """Which points are held out: `share` of each class, but never all of one."""
    generator = numpy_generator(seed, "held-out")
    test = np.zeros(len(labels), dtype=bool)
    for c in range(int(labels.max()) + 1):
        members = generator.permutation(np.flatnonzero(labels == c))
        test[members[: min(round(share * len(members)), len(members) - 1)]] = True
    if not test.any():
        raise bad_input(
            "linear_probe()",
            wanted="a class of at least 2 points to hold some out",
            got=f"{len(labels)} points in {labels.max() + 1} classes",
            do="Record a larger probe",
        )
    return test
