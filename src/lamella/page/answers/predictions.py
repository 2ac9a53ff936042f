"""`predictions/<net>/<seed>/<epoch>`: what the network answers, and how sure."""

from __future__ import annotations

from typing import Any

import numpy as np

from lamella.errors import RunError
from lamella.page.answers.cloud import check_cell
from lamella.page.figures import drawn
from lamella.results import Matrix
from lamella.store import Run
from lamella.subject.clouds import check_comparable, chosen
from lamella.subject.subject import Subject


def predictions(subject: Subject, net: str, seed: int, epoch: int) -> dict[str, Any]:
    """Answers for the samples of the clouds, and the confusion of each whole split.

    `p_true` is the probability of the true class, `entropy` that of the answer over its greatest,
    both x 255. Rows of `confusion` are true classes, columns answers; `figures` draw it.
    """
    run = subject.run(net, seed)
    layer, classes = logits_layer(run)
    check_cell(run, layer, epoch)
    check_comparable(subject, net, run)
    rows = chosen(subject, run).rows
    chances, confusion = [], {}
    for probe, at in rows.items():
        found = probabilities(np.asarray(run.activations(layer, epoch, probe)))
        chances.append(found[at])
        confusion[probe] = confused(_labels(run, probe), found.argmax(axis=1), classes)
    if "both" in run.splits:
        confusion["both"] = confusion["train"] + confusion["test"]
    names = tuple(map(str, run.class_names))
    figures = {
        split: drawn("confusion_matrix", Matrix(counts, names, names), {})
        for split, counts in confusion.items()
    }
    found = told(np.concatenate(chances), chosen(subject, run).label)
    return {**found, "confusion": confusion, "figures": figures}


def logits_layer(run: Run) -> tuple[str, int]:
    """The last layer if it gives one number for each class; RunError where it does not."""
    classes = len(run.class_names)
    last = run.info["layers"][-1] if run.info["layers"] else {}
    if classes < 2 or list(last.get("stored", ())) != [classes] or last["shape"] != last["stored"]:
        raise RunError(
            f"the last recorded layer of {run.name} does not give one number for each class, "
            "so there are no answers to show. Record the classifier's layer as it is."
        )
    return last["name"], classes


def probabilities(logits: np.ndarray) -> np.ndarray:
    """The softmax of logits, or they themselves where they are probabilities already."""
    logits = np.nan_to_num(np.asarray(logits, np.float64))
    if logits.min(initial=0) >= 0 and np.allclose(logits.sum(axis=1), 1, atol=1e-3):
        return logits
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


def told(chances: np.ndarray, label: np.ndarray) -> dict[str, np.ndarray]:
    """The answer, the probability of the true class and the entropy of each sample."""
    known = (label >= 0) & (label < chances.shape[1])
    of_true = chances[np.arange(len(label)), np.where(known, label, 0)]
    spread = -(chances * np.log(np.maximum(chances, 1e-12))).sum(axis=1) / np.log(chances.shape[1])
    return {
        "predicted": chances.argmax(axis=1).astype(np.int32),
        "p_true": as_bytes(np.where(known, of_true, 0)),
        "entropy": as_bytes(spread),
    }


def confused(label: np.ndarray, predicted: np.ndarray, classes: int) -> np.ndarray:
    """How often each class got each answer.

    >>> confused(np.array([0, 0, 1]), np.array([0, 1, 1]), 2).tolist()
    [[1, 1], [0, 1]]
    """
    known = (label >= 0) & (label < classes)
    cells = np.bincount(label[known] * classes + predicted[known], minlength=classes**2)
    return cells.reshape(classes, classes).astype(np.int32)


def as_bytes(shares: np.ndarray) -> np.ndarray:
    """Shares from 0 to 1 as 0 to 255."""
    return np.round(np.clip(shares, 0, 1) * 255).astype(np.uint8)


def _labels(run: Run, probe: str) -> np.ndarray:
    if run.info["probes"][probe].get("labels"):
        labels = np.asarray(run.labels(probe))
        if labels.ndim == 1 and labels.dtype.kind in "iu":
            return labels.astype(np.int64)
    return np.full(len(run.ids(probe)), -1)
