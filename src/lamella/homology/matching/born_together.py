"""Matching bars that are all born together, as those of H0 are: points on a line.

Bars that match each other do so in the order of their lengths, since the cost of a pair is a
convex function of the difference of two numbers. So the best matching is that of two sorted
sequences where either may skip, found like an edit distance (Wagner, Fischer 1974, The
string-to-string correction problem).
"""

from __future__ import annotations

import numpy as np
from jaxtyping import Float, Int

from lamella.homology.arrays import MatchedPairs, MatchSteps, Reals
from lamella.homology.kernels import kernel

SKIP_FIRST, SKIP_SECOND, MATCH = 0, 1, 2


def match_born_together(
    first: Float[np.ndarray, " bars"], second: Float[np.ndarray, " others"], order: float
) -> tuple[Int[np.ndarray, "pairs 2"], float]:
    """Pairs of half lengths that match best, by position, and what they save over the diagonal.

    A pair saves a^order + b^order - |2a - 2b|^order.
    """
    places = [np.argsort(-halves, kind="stable") for halves in (first, second)]
    one, two = (h[p].astype(np.float64) for h, p in zip((first, second), places, strict=True))
    steps = np.empty((len(one), len(two)), np.uint8)
    saved = fill_steps(one, two, one**order, two**order, order, np.zeros(len(two) + 1), steps)
    pairs = np.empty((min(steps.shape), 2), np.int64)
    pairs = pairs[: walk_back(steps, pairs)][::-1]
    return np.column_stack([places[0][pairs[:, 0]], places[1][pairs[:, 1]]]), float(saved)


@kernel
def fill_steps(
    one: Reals,
    two: Reals,
    one_alone: Reals,
    two_alone: Reals,
    order: float,
    saved: Reals,
    steps: MatchSteps,
):
    """The step that is best at each pair of places, and what all of them save.

    `saved[j]` holds the best of the bars so far against the first j of the others.
    """
    for i in range(len(one)):
        corner = 0.0
        for j in range(len(two)):
            above = saved[j + 1]
            best, step = above, SKIP_FIRST
            if saved[j] > best:
                best, step = saved[j], SKIP_SECOND
            apart = 2.0 * abs(one[i] - two[j])
            if apart < one[i] + two[j]:  # else nothing is saved at any order
                cost = apart if order == 1.0 else apart**order
                matched = corner + one_alone[i] + two_alone[j] - cost
                if matched > best:
                    best, step = matched, MATCH
            corner = above
            saved[j + 1] = best
            steps[i, j] = step
    return saved[len(two)]


@kernel
def walk_back(steps: MatchSteps, pairs: MatchedPairs):
    """The pairs that the steps match, last first; how many they are."""
    i, j, count = steps.shape[0] - 1, steps.shape[1] - 1, 0
    while i >= 0 and j >= 0:
        step = steps[i, j]
        if step == MATCH:
            pairs[count, 0], pairs[count, 1] = i, j
            count += 1
        i -= step != SKIP_SECOND
        j -= step != SKIP_FIRST
    return count
