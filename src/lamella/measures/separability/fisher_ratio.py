"""The Fisher ratio: scatter between classes over scatter within."""

from __future__ import annotations

import numpy as np

from lamella.arrays import Labels, Points
from lamella.checks import check_labels, check_points
from lamella.geometry.neighbours import centre, class_means
from lamella.geometry.row import row
from lamella.registry import measures
from lamella.results import Table


@measures.register(value="ratio", unit="", better="high", default=True)
def fisher_ratio(points: Points, labels: Labels) -> Table:
    """Scatter of the class means over scatter of the points around them.

    Definition: tr(Sb) / tr(Sw), with Sb = sum over classes of size (class mean - mean) (...)^T
    and Sw = sum over points of (point - its class mean) (...)^T.

    >>> fisher_ratio([[0.0], [2.0], [4.0], [6.0]], [0, 0, 1, 1]).columns["ratio"].tolist()
    [4.0]

    Range: 0 (class means coincide) to infinity (each class is one point). Identical points
    have 0.

    Cost: a few passes over the points.

    Misleads: sees means only: two rings around one centre have 0 and are perfectly separate.

    Source: Fisher 1936, The use of multiple measurements in taxonomic problems; Fukunaga 1990,
    Introduction to statistical pattern recognition, section 10.2.
    """
    array = check_points(points, "fisher_ratio()", least=2)
    classes = check_labels(labels, len(array), "fisher_ratio()", classes=2)
    cloud = centre(array)
    means = class_means(cloud, classes)
    between = float(np.bincount(classes) @ (means**2).sum(axis=1))
    within = float(((cloud - means[classes]) ** 2).sum())
    if within == 0:
        return row(ratio=np.inf if between > 0 else 0.0)
    return row(ratio=between / within)
