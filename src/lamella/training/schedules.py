"""Learning-rate schedules: factors of the learning rate, from the share of training done."""

from __future__ import annotations

from collections.abc import Callable
from math import cos, pi

from lamella.checks import check_choice

Schedule = Callable[[float], float]


def constant(done: float) -> float:
    """The learning rate as it is."""
    return 1.0


def linear(done: float) -> float:
    """Straight down to zero."""
    return 1.0 - done


def cosine(done: float) -> float:
    """Half a cosine down to zero (Loshchilov and Hutter 2017, SGDR).

    >>> round(cosine(0.5), 6)
    0.5
    """
    return (1 + cos(pi * done)) / 2


def exponential(done: float) -> float:
    """Down to a hundredth, by the same factor in each step."""
    return 0.01**done


def steps(done: float) -> float:
    """A tenth after half of the training, a hundredth after three quarters."""
    return 0.1 ** ((done >= 0.5) + (done >= 0.75))


def one_cycle(done: float) -> float:
    """Up from 1/25 in the first 30 %, then down to 1/250,000 of the learning rate, along cosines.

    Source: Smith and Topin (2018), Super-convergence; figures of Torch's OneCycleLR.

    >>> round(one_cycle(0), 6), one_cycle(0.3)
    (0.04, 1.0)
    """
    if done < 0.3:
        return between(1 / 25, 1.0, done / 0.3)
    return between(1.0, 1 / 250_000, (done - 0.3) / 0.7)


def warm_up(done: float) -> float:
    """A straight rise over the first 5 %, then half a cosine down to zero."""
    return done / 0.05 if done < 0.05 else cosine((done - 0.05) / 0.95)


def between(start: float, end: float, share: float) -> float:
    """A cosine's way from `start` to `end`."""
    return end + (start - end) * cosine(min(share, 1.0))


SCHEDULES: dict[str, Schedule] = {
    "constant": constant,
    "linear": linear,
    "cosine": cosine,
    "exponential": exponential,
    "steps": steps,
    "one_cycle": one_cycle,
    "warm_up": warm_up,
}


def find_schedule(schedule: str | Schedule | None) -> Schedule:
    """The schedule of that name, or the callable itself; constant where there is none."""
    if schedule is None:
        return constant
    if callable(schedule):
        return schedule
    return SCHEDULES[check_choice(schedule, SCHEDULES, "schedule")]
