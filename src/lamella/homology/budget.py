"""How much memory and work a diagram may take, and the errors when it is too much."""

from __future__ import annotations

from math import isqrt

from lamella.errors import BudgetError, InputError, bad_input

MOST_POINTS = {0: 65_535, 1: 65_535, 2: 32_767}  # what the packing of edges and lunes can hold
BYTES_PER_PAIR = {0: 4.3, 1: 4.3, 2: 14.5}  # matrix, rows of bits; and ranks, roots, edges for H2
GROWING = 0.25  # share of the memory that is left for what grows with the work


def estimate_mb(points: int, max_dimension: int, features: int = 0) -> float:
    """Megabytes that a diagram of so many points will take at least.

    >>> round(estimate_mb(4000, 1))
    69
    """
    pairs = BYTES_PER_PAIR.get(max_dimension, 40.0) * points**2
    return (pairs + 8.0 * points * features) / 1e6


def check_size(points: int, max_dimension: int, features: int, memory_mb: float) -> None:
    """Raise before memory is taken that is not there; the message says what would fit."""
    most = MOST_POINTS.get(max_dimension, 65_535)
    if points > most:
        raise too_many(points, most, f"the engine's limit for H{max_dimension}")
    needed = estimate_mb(points, max_dimension, features)
    if needed > memory_mb:
        pair = BYTES_PER_PAIR.get(max_dimension, 40.0)
        fit = (isqrt(int(features**2 * 64 + 4e6 * memory_mb * pair)) - 8 * features) / (2 * pair)
        why = f"{needed:,.0f} MB are needed and memory_mb is {memory_mb:,.0f}"
        raise BudgetError(
            f"homology() wants at most {int(fit):,} points here, got {points:,}: {why}. "
            f"Pass landmarks={min(2000, int(fit))}, or a larger memory_mb."
        )


def too_many(points: int, most: int, why: str) -> InputError:
    """An InputError for more points than the engine can number."""
    return bad_input(
        "homology()",
        wanted=f"at most {most:,} points ({why})",
        got=f"{points:,}",
        do="Pass landmarks=2000",
    )


def exhausted(what: str, budget: str, reached: float, whole: float) -> BudgetError:
    """A BudgetError that says how far the sweep came and what to try."""
    return BudgetError(
        f"homology() ran out of {what} ({budget}) at edge length {reached:.4g} of {whole:.4g}. "
        f"Pass landmarks=500, max_scale={reached:.3g}, or a larger budget."
    )
