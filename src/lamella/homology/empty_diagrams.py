"""Why a diagram has no loops or voids, in one line."""

from __future__ import annotations


def why_empty(
    found: int, max_dimension: int, points: int, kept: int, born: int, max_scale: float | None
) -> str:
    """The reason why nothing above H0 was found; empty if something was, or was not asked for.

    >>> why_empty(0, 1, 5, 1, 0, None)
    'all 5 points are identical'
    """
    if found or max_dimension < 1:
        return ""
    if points > 1 and kept == 1:
        return f"all {points} points are identical"
    if kept < 4:
        return f"{kept} distinct point{'s' * (kept > 1)} cannot hold a loop; 4 are needed"
    scale = "" if max_scale is None else f" below max_scale={max_scale:g}"
    if born:
        return f"every loop dies at the length of its birth (ties){scale}"
    return f"no edge gives birth to a loop{scale}"
