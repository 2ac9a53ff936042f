"""What became of the neighbours of a cloud's samples: in the layer, and in its picture."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

NEIGHBOURS = 15
BLOCK = 512  # rows of the distance matrix in memory at once
TIED = 1e-6  # squared distances that differ by less, relative to the cloud's size, are equal


@dataclass(frozen=True, eq=False)
class Company:
    """For each sample its neighbours in the layer, and how many of them are of other classes.

    `near` holds the nearest 15 (samples x 15), `mixed` the share of them with another label,
    `wrong` whether the nearest of its own split has another label; where several are equally
    near, whether most of them have.
    """

    near: np.ndarray
    mixed: np.ndarray
    wrong: np.ndarray


def company(cloud: np.ndarray, label: np.ndarray, split: np.ndarray) -> Company:
    """The company of each sample of a cloud (samples x features)."""
    count = min(NEIGHBOURS, max(len(cloud) - 1, 0))
    near, wrong = np.zeros((len(cloud), count), np.int32), np.zeros(len(cloud), bool)
    scale = float((cloud.astype(np.float64) ** 2).sum(axis=1).mean()) or 1.0
    for at, squared in blocks(cloud):
        near[at] = nearest(squared, count)
        other = split[None, :] != split[at, None]
        wrong[at] = _mostly_other(np.where(other, np.inf, squared), label, label[at], TIED * scale)
    other_class = label[near] != label[:, None]
    mixed = other_class.mean(axis=1) if count else np.zeros(len(cloud))
    return Company(near, mixed, wrong & (label >= 0))


def kept_and_trust(cloud: np.ndarray, picture: np.ndarray, near: np.ndarray) -> tuple[float, float]:
    """The mean share of neighbours kept in the picture, and its trustworthiness.

    Trustworthiness as in Venna and Kaski 2001, Neighborhood preservation in nonlinear projection
    methods; a neighbour's rank is one more than the number of samples nearer than it.
    """
    count, k = near.shape
    if count < 4 or k >= count / 2:
        return float("nan"), float("nan")
    shared = penalty = 0.0
    pictured = zip(blocks(cloud), blocks(picture.astype(np.float32)), strict=True)
    for (at, squared), (_, flat) in pictured:
        shown = nearest(flat, k)
        shared += _shared(near[at], shown, count)
        penalty += _penalty(squared, shown, k)
    norm = count * k * (2 * count - 3 * k - 1) / 2
    return shared / (count * k), 1 - penalty / norm


def blocks(cloud: np.ndarray):
    """Slices of rows and their squared distances to all rows; infinite to themselves."""
    centred = cloud - cloud.mean(axis=0)
    lengths = np.einsum("ij,ij->i", centred, centred)
    for start in range(0, len(cloud), BLOCK):
        at = slice(start, min(start + BLOCK, len(cloud)))
        squared = lengths[at, None] + lengths[None, :] - 2 * centred[at] @ centred.T
        np.maximum(squared, 0, out=squared)
        squared[np.arange(at.stop - start), np.arange(start, at.stop)] = np.inf
        yield at, squared


def nearest(squared: np.ndarray, count: int) -> np.ndarray:
    """The columns of the `count` least values of each row, in no order."""
    if count >= squared.shape[1] - 1:
        return np.argsort(squared, axis=1)[:, :count]
    return np.argpartition(squared, count, axis=1)[:, :count]


def _mostly_other(
    squared: np.ndarray, label: np.ndarray, own: np.ndarray, slack: float
) -> np.ndarray:
    least = squared.min(axis=1, keepdims=True)
    tied = squared <= least + slack
    other = tied & (label[None, :] != own[:, None])
    return np.isfinite(least[:, 0]) & (other.sum(axis=1) * 2 > tied.sum(axis=1))


def _shared(near: np.ndarray, shown: np.ndarray, count: int) -> float:
    held = np.zeros((len(near), count), bool)
    np.put_along_axis(held, near, True, axis=1)
    return float(np.take_along_axis(held, shown, axis=1).sum())


def _penalty(squared: np.ndarray, shown: np.ndarray, k: int) -> float:
    """How far beyond the k nearest the shown neighbours are in the cloud, summed."""
    lengths = np.sort(squared, axis=1)
    far = np.take_along_axis(squared, shown, axis=1)
    ranks = np.array([np.searchsorted(row, f) for row, f in zip(lengths, far, strict=True)]) + 1
    return float(np.maximum(ranks - k, 0).sum())
