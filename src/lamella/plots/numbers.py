"""Numbers as a figure writes them: halves go up, minus signs are minus signs, one rule everywhere.

The page's own panels write numbers with `core/words.js`; a test holds both to the same texts.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import numpy as np


def fixed(value: float, decimals: int) -> str:
    """A number with that many decimals; a half is rounded away from zero.

    >>> fixed(42.5, 0), fixed(-16.5, 0), fixed(0.125, 2), fixed(-0.001, 2)
    ('43', '−17', '0.13', '0.00')
    """
    if not math.isfinite(value):
        return "n/a" if math.isnan(value) else "∞" if value > 0 else "−∞"
    exact = Decimal(float(value)).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    return f"{abs(exact) if exact == 0 else exact}".replace("-", "−")


def short(value: float) -> str:
    """A number in at most about five characters.

    >>> [short(v) for v in (0.0123, 4.56, 43.2, 1234.0, 56789.0, 0.00012, -0.5, float("nan"))]
    ['0.012', '4.6', '43', '1234', '57k', '1e-4', '−0.50', 'n/a']
    """
    size = abs(value)
    if size == 0 or not math.isfinite(value):
        return fixed(value, 0)
    if size < 0.001:
        return f"{value:.0e}".replace("e-0", "e-").replace("-", "−", int(value < 0))
    if size < 9999.5:
        return fixed(value, max(0, 1 - math.floor(math.log10(1.005 * size))))
    power = 6 if size >= 999_500 else 3
    return fixed(value / 10**power, int(size < 9.95 * 10**power)) + "kM"[power == 6]


def cell_texts(values: np.ndarray) -> np.ndarray:
    """One text per cell, with as many decimals as the largest value of the matrix allows.

    >>> cell_texts(np.array([[0.98, 0.5], [0.0, float("nan")]])).tolist()
    [['0.98', '0.50'], ['0.00', 'n/a']]
    >>> cell_texts(np.array([43.2, 4.26, 1.0])).tolist()
    ['43', '4.3', '1.0']
    """
    finite = np.abs(values[np.isfinite(values)])
    most = finite.max(initial=0)
    if most == 0 or most >= 9999.5 or most < 0.01:
        return _each(short, values)
    few = 0 if np.all(finite == np.round(finite)) else 3 if most < 0.0995 else 1
    few = 2 if few == 1 and most < 1.0005 else few
    most_digits = 0 if most >= 9.95 else few
    return _each(lambda v: fixed(v, most_digits if abs(v) >= 9.95 else few), values)


def _each(text: Callable[[float], str], values: np.ndarray) -> np.ndarray:
    return np.array([text(v) for v in values.ravel().tolist()], object).reshape(values.shape)


def signed(texts: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Texts of differences: a plus before what is more than nothing."""
    none = np.isin(texts, ("0", "0.0", "0.00", "0.000", "n/a"))
    return np.where((np.nan_to_num(values) > 0) & ~none, "+" + texts.astype(object), texts)


def percent(share: float) -> str:
    """A share in percent, with one decimal where it is not whole.

    >>> percent(0.425), percent(1.0), percent(0.0), percent(0.44)
    ('42.5 %', '100 %', '0 %', '44.0 %')
    """
    value = 100 * share
    return f"{fixed(value, int(0 < abs(value) < 99.95))} %"


def counted(count: int, noun: str) -> str:
    """A number and its noun.

    >>> counted(1, "point"), counted(2000, "point")
    ('1 point', '2,000 points')
    """
    return f"{count:,} {noun}{'s' * (count != 1)}"


def plain_text(value: Any) -> str:
    """A value of a table as text, numbers with four significant digits.

    >>> plain_text(np.float64(0.123456)), plain_text(np.int64(12)), plain_text("fc1")
    ('0.1235', '12', 'fc1')
    """
    if isinstance(value, float | np.floating):
        return "n/a" if np.isnan(value) else f"{value:.4g}".replace("-", "−", int(value < 0))
    return str(value)
