"""What must hold before two nets are worth comparing, checked and said plainly."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

ACCEPTABLE = 0.02  # a mean test error that counts as solving the task
STUCK = 5.0  # the other net must err at least this many times as often
OVERFITTING = 0.02  # a test error this far above the training error counts as overfitting


@dataclass(frozen=True)
class Trained:
    """One net over its seeds: widths from input to output, final errors in [0, 1], epochs."""

    widths: tuple[int, ...]
    train_error: tuple[float, ...]
    test_error: tuple[float, ...]
    epochs: int


def check_premise(good: Trained, bad: Trained) -> tuple[bool, str]:
    """Whether one net learns what its twin of equal depth cannot, and why (or why not).

    The good net brings its test error down to `ACCEPTABLE` without overfitting; the other stays
    at least `STUCK` times as high; both are of equal depth and trained equally long; the bottleneck
    is 3 to 4 times narrower than the input (or the nearest whole number of units to that) and more
    than one unit.

    >>> wide = Trained((12, 48, 48, 2), (0.001,), (0.009,), 50)
    >>> narrow = Trained((12, 3, 12, 2), (0.06,), (0.07,), 50)
    >>> check_premise(wide, narrow)[0]
    True
    """
    conditions = [
        _solves(good),
        _does_not_overfit(good),
        _stays_stuck(good, bad),
        _same_depth(good, bad),
        _same_length(good, bad),
        _narrow_enough(bad),
    ]
    failed = [why for holds, why in conditions if not holds]
    return not failed, "; ".join(failed or [why for _, why in conditions])


Condition = tuple[bool, str]


def _solves(good: Trained) -> Condition:
    error = float(np.mean(good.test_error))
    holds = error <= ACCEPTABLE
    verb = "comes down to" if holds else f"stays above {percent(ACCEPTABLE, 0)} at"
    return holds, f"the good net's mean test error {verb} {percent(error)}"


def _does_not_overfit(good: Trained) -> Condition:
    gap = float(np.mean(good.test_error) - np.mean(good.train_error))
    holds = gap <= OVERFITTING
    return holds, f"its test error is {percent(gap)} above its training error" + (
        "" if holds else ", which is overfitting"
    )


def _stays_stuck(good: Trained, bad: Trained) -> Condition:
    high, low = float(np.mean(bad.test_error)), float(np.mean(good.test_error))
    holds = high >= STUCK * low and high > 0
    times = f"{high / low:.1f} times" if low > 0 else "without limit above"
    return holds, f"the other net's is {percent(high)}, {times} the good one's" + (
        "" if holds else f" and not {STUCK:g} times"
    )


def _same_depth(good: Trained, bad: Trained) -> Condition:
    a, b = len(good.widths) - 1, len(bad.widths) - 1
    return a == b, f"both have {a} layers of weights" if a == b else f"depths differ: {a} and {b}"


def _same_length(good: Trained, bad: Trained) -> Condition:
    a, b = good.epochs, bad.epochs
    return a == b, f"both trained for {a} epochs" if a == b else f"epochs differ: {a} and {b}"


def _narrow_enough(bad: Trained) -> Condition:
    inputs, narrowest = bad.widths[0], min(bad.widths[1:-1])
    holds = narrowest > 1 and _near_a_third(inputs, narrowest)
    shares = f"the bottleneck has {narrowest} units for {inputs} inputs"
    return holds, shares if holds else f"{shares}, not 3 to 4 times fewer and more than one"


def _near_a_third(inputs: int, narrowest: int) -> bool:
    low, high = int(inputs // 4), int(-(-inputs // 3))
    return max(low, 2) <= narrowest <= max(high, 2)


def percent(share: float, digits: int = 2) -> str:
    """A share in percent.

    >>> percent(0.0123)
    '1.23 %'
    """
    return f"{100 * share:.{digits}f} %"
