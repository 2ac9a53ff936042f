"""Records in a few lines, as they stand at the prompt."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

SHOWN = 6  # of anything: columns, rows, names


def number(value: object) -> str:
    """A value in at most four digits, if it is a number.

    >>> number(0.123456), number(12), number(np.float32("inf")), number("fc1")
    ('0.1235', '12', 'inf', 'fc1')
    """
    return f"{value:.4g}" if isinstance(value, float | np.floating) else str(value)


def listed(items: Iterable[object]) -> str:
    """The first items with commas, and how many more there are.

    >>> listed(range(9))
    '0, 1, 2, 3, 4, 5 and 3 more'
    """
    texts = [number(item) for item in items]
    more = f" and {len(texts) - SHOWN:,} more" if len(texts) > SHOWN else ""
    return ", ".join(texts[:SHOWN]) + more


def headed(kind: str, title: str, lines: Iterable[str]) -> str:
    """A first line with the title, and the others indented.

    >>> print(headed("Table", "errors", ["error: 0.25"]))
    Table 'errors'
      error: 0.25
    """
    return "\n  ".join([f"{kind} {title!r}" if title else kind, *lines])


def range_of(values: np.ndarray) -> str:
    """The least and the greatest of some numbers; of names, the first.

    >>> range_of(np.array([0.5, np.nan, 2.0]))
    '0.5 to 2'
    """
    if values.dtype.kind not in "fiub":
        return listed(values)
    finite = values[np.isfinite(values)]
    return f"{number(finite.min())} to {number(finite.max())}" if finite.size else "no number"
