"""At which epochs activations are recorded."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from lamella.errors import bad_input
from lamella.store.arguments import as_epoch


@dataclass(frozen=True)
class Schedule:
    """A rule that says whether an epoch is due, and whether the last one always is."""

    due: Callable[[int], bool]
    text: str
    last: bool = True

    def __repr__(self) -> str:
        return self.text


def every(n: int) -> Schedule:
    """Epochs 0, n, 2n, ... and the last.

    >>> [epoch for epoch in range(10) if every(4).due(epoch)]
    [0, 4, 8]
    """
    n = as_epoch(n, "every()")
    if n < 1:
        raise bad_input("every()", wanted="a whole number from 1", got=f"{n}", do="Change it")
    return Schedule(lambda epoch: epoch % n == 0, f"every({n})")


def doubling() -> Schedule:
    """Epochs 0, 1, 2, 4, 8, ... and the last: most where most happens.

    >>> [epoch for epoch in range(20) if doubling().due(epoch)]
    [0, 1, 2, 4, 8, 16]
    """
    return Schedule(lambda epoch: epoch & (epoch - 1) == 0 if epoch else True, "doubling()")


def at(epochs: Iterable[int]) -> Schedule:
    """Exactly these epochs.

    >>> at([0, 5, 10])
    at([0, 5, 10])
    """
    chosen = sorted({as_epoch(epoch, "at()") for epoch in epochs})
    if not chosen or chosen[0] < 0:
        raise bad_input("at()", wanted="epochs from 0", got=f"{chosen}", do="Name at least one")
    return Schedule(frozenset(chosen).__contains__, f"at({chosen})", last=False)


def as_schedule(schedule: Any) -> Any:
    """A schedule as it is; a list of epochs as `at` of them."""
    if callable(getattr(schedule, "due", None)):
        return schedule
    if isinstance(schedule, Iterable) and not isinstance(schedule, str):
        return at(schedule)
    raise bad_input(
        "record()",
        wanted="moments such as every(5), doubling() or [0, 5, 10]",
        got=repr(schedule),
        do="Pass one of them",
    )
