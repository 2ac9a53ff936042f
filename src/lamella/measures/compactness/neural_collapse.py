"""Neural collapse: do classes shrink to the corners of a simplex that the classifier mirrors."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float

from lamella.arrays import Labels, Points
from lamella.checks import as_array, check_labels, check_points
from lamella.errors import bad_input
from lamella.geometry.neighbours import centre, class_means
from lamella.geometry.row import row
from lamella.registry import measures
from lamella.results import Table

RCOND = 1e-8  # of the pseudo-inverse of the scatter between classes


@measures.register(value="nc1", unit="", better="low", default=True)
def neural_collapse(
    points: Points,
    labels: Labels,
    weight: Float[np.ndarray, "classes features"] | None = None,
    bias: Float[np.ndarray, " classes"] | None = None,
) -> Table:
    """The four signs of neural collapse of a layer, and of the classifier behind it.

    Definition: with M the class means less their mean, Sw the mean scatter of points around their
    class mean and Sb that of the class means: nc1 = tr(Sw Sb^+) / classes. nc2_norms = std / mean
    of the lengths of M's rows; nc2_angles = mean |cos + 1 / (classes - 1)| over pairs of rows.
    nc3 = ||W / ||W|| - M / ||M|| ||^2. nc4 = share of points to which the classifier and the
    nearest class mean give different classes. nc3 and nc4 need `weight` with a row for each class
    and a column for each feature, row k being that of label k; elsewhere they are NaN.

    >>> corners = np.repeat(np.eye(3), 2, axis=0)
    >>> table = neural_collapse(corners, [0, 0, 1, 1, 2, 2], 3 * np.eye(3) - 1)
    >>> {name: abs(round(float(column[0]), 9)) for name, column in table.columns.items()}
    {'nc1': 0.0, 'nc2_norms': 0.0, 'nc2_angles': 0.0, 'nc3': 0.0, 'nc4': 0.0}

    Range: all 0 at collapse; nc1 and nc2_norms without upper bound, nc3 up to 4, nc4 up to 1.

    Cost: a few passes over the points.

    Misleads: nc1 falls wherever classes move apart, long before the end of training that the
    theory speaks of; with fewer features than classes - 1 the simplex cannot be reached.

    Source: Papyan, Han, Donoho 2020, Prevalence of neural collapse during the terminal phase of
    deep learning training.
    """
    array = check_points(points, "neural_collapse()", least=2)
    classes = check_labels(labels, len(array), "neural_collapse()", classes=2)
    cloud = centre(array)
    means = class_means(cloud, classes)
    centred = means - means.mean(axis=0)
    norms = np.linalg.norm(centred, axis=1)
    if not norms.all():
        raise bad_input(
            "neural_collapse()",
            wanted="class means away from their mean",
            got=f"{int((norms == 0).sum())} of {len(norms)} that coincide with it",
            do="Look at an epoch or layer where the classes differ",
        )
    weight, bias = _fitting(weight, bias, array, np.unique(as_array(labels)))
    return row(
        nc1=_variability(cloud - means[classes], centred),
        nc2_norms=float(norms.std() / norms.mean()),
        nc2_angles=_angle_error(centred / norms[:, None]),
        nc3=_duality(weight, centred) if weight is not None else np.nan,
        nc4=_disagreement(array, weight, bias, cloud, means) if weight is not None else np.nan,
    )


def _variability(residuals, centred) -> float:
    """tr(Sw Sb^+) / C through the few directions that Sb has."""
    _, sizes, directions = np.linalg.svd(centred, full_matrices=False)
    kept = sizes**2 > RCOND * sizes[0] ** 2
    along = residuals @ directions[kept].T
    # Sb^+ = C V S^-2 V^T; its C cancels with the 1 / C of the definition.
    return float(((along / sizes[kept]) ** 2).sum() / len(residuals))


def _angle_error(unit) -> float:
    cosines = (unit @ unit.T)[np.triu_indices(len(unit), 1)]
    return float(np.abs(cosines + 1 / (len(unit) - 1)).mean())


def _duality(weight, centred) -> float:
    return float(((weight / np.linalg.norm(weight) - centred / np.linalg.norm(centred)) ** 2).sum())


def _disagreement(array, weight, bias, cloud, means) -> float:
    nearest = (
        (cloud**2).sum(axis=1)[:, None] - 2 * cloud @ means.T + (means**2).sum(axis=1)
    ).argmin(axis=1)
    return float(((array @ weight.T + bias).argmax(axis=1) != nearest).mean())


def _fitting(weight, bias, array, values):
    """The classifier's rows for the classes that are there; None where it does not fit."""
    if weight is None:
        return None, None
    weight = np.asarray(as_array(weight), dtype=np.float64)
    whole = values.dtype.kind in "iub" and values[0] >= 0 and values[-1] < len(weight)
    if weight.ndim != 2 or weight.shape[1] != array.shape[1] or not whole or not weight.any():
        return None, None
    bias = np.zeros(len(weight)) if bias is None else np.asarray(as_array(bias), np.float64)
    rows = values.astype(np.int64)  # labels may be True and False
    return weight[rows], bias[rows]
