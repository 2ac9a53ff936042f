"""Which samples stand for a cell that has more than a measure can take."""

from __future__ import annotations

import numpy as np
from jaxtyping import Int

from lamella.errors import bad_input
from lamella.seeds import stream_seed


def stable_sample(
    labels: Int[np.ndarray, " samples"],
    ids: Int[np.ndarray, " samples"],
    budget: int,
    *,
    seed: int = 0,
) -> Int[np.ndarray, " chosen"]:
    """Sorted indices of at most `budget` samples: each class keeps its share, each id its luck.

    A sample's rank depends on its id and the seed alone, so that every layer, epoch and run shows
    the same samples, and a larger budget only adds to a smaller one.

    >>> stable_sample(np.array([0, 0, 0, 0, 1, 1]), np.arange(6), 3).shape
    (3,)
    """
    if len(labels) <= budget:
        return np.arange(len(labels))
    ranks = id_ranks(ids, seed)
    values, counts = np.unique(labels, return_counts=True)
    chosen = [
        members[np.argsort(ranks[members], kind="stable")[:share]]
        for value, share in zip(values, class_shares(counts, budget), strict=True)
        for members in [np.flatnonzero(labels == value)]
    ]
    return np.sort(np.concatenate(chosen))


def check_budget(labels: np.ndarray | None, samples: int, budget: int) -> None:
    """InputError where a sample would have fewer than two of each class."""
    least = 2 * (1 if labels is None else len(np.unique(labels)))
    if budget < min(least, samples):
        raise bad_input(
            "measure()",
            wanted=f"a budget of at least {least} samples, two of each class",
            got=str(budget),
            do="Raise it, or leave it out",
        )


def id_ranks(ids: Int[np.ndarray, " samples"], seed: int) -> np.ndarray:
    """A well-mixed 64-bit number for each id (the finaliser of Steele, Lea, Flood 2014, SplitMix).

    >>> bool((id_ranks(np.array([3, 5]), 0) == id_ranks(np.array([5, 3]), 0)[::-1]).all())
    True
    """
    start = np.uint64(stream_seed(seed, "sample") & (2**64 - 1))
    mixed = np.asarray(ids).astype(np.int64).view(np.uint64) * np.uint64(0x9E3779B97F4A7C15) + start
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return mixed ^ (mixed >> np.uint64(31))


def class_shares(counts: Int[np.ndarray, " classes"], budget: int) -> Int[np.ndarray, " classes"]:
    """`budget` divided like `counts`, by the largest remainder, at least one of each class.

    >>> class_shares(np.array([90, 9, 1]), 10)
    array([8, 1, 1])
    """
    budget = max(budget, len(counts))
    exact = budget * counts / counts.sum()
    shares = np.maximum(np.floor(exact).astype(int), 1)
    most = np.argsort(shares - exact, kind="stable")[: max(budget - shares.sum(), 0)]
    shares[most] += 1
    while shares.sum() > budget:  # many classes of one
        shares[np.argmax(shares)] -= 1
    return shares
