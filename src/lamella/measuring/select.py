"""Which measures, layers, epochs and splits a person means."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

from lamella.errors import bad_input, unknown_name
from lamella.registry import measures as registry

if TYPE_CHECKING:
    from lamella.store import Run

Names = str | Iterable[str] | None


def chosen_measures(names: Names) -> tuple[str, ...]:
    """The registered measures that match names or globs; None stands for the default ones.

    Raises UnknownName, with the nearest names, for a pattern that matches nothing.
    """
    known = list(registry)
    if names is None:
        return tuple(n for n in known if registry.facts(n).get("default"))
    return matching(names, known, "measure")


def chosen_layers(run: Run, patterns: Names) -> tuple[str, ...]:
    """The recorded layers that match, in order of execution, with the baseline `input` first."""
    return matching(patterns, ["input", *(x for x in run.layers if x != "input")], "layer")


def chosen_epochs(run: Run, epochs: Iterable[int | str] | int | str | None) -> tuple[int, ...]:
    """The recorded epochs asked for; `first` and `last` are names of two of them."""
    known = tuple(run.epochs)
    if not known:
        raise bad_input(
            "measure()",
            wanted="a run with a recorded epoch",
            got=f"none in {run.path}",
            do="Record one first",
        )
    asked = [epochs] if isinstance(epochs, int) else named(epochs)
    if asked is None:
        return known
    return tuple(sorted({_epoch(e, known) for e in asked}))


def chosen_splits(run: Run, splits: Names) -> tuple[str, ...]:
    """The splits asked for, by default all of the run, their union `both` among them."""
    return matching(splits, list(run.splits), "split")


def matching(patterns: Names, known: Sequence[str], kind: str) -> tuple[str, ...]:
    """The known names that match any of the patterns, in the order of the known.

    >>> matching(["fc*", "head"], ["fc1", "act1", "fc2", "head"], "layer")
    ('fc1', 'fc2', 'head')
    """
    wanted = named(patterns)
    if wanted is None:
        return tuple(known)
    for pattern in wanted:
        if not any(fnmatchcase(name, pattern) for name in known):
            raise unknown_name(kind, pattern, known)
    return tuple(n for n in known if any(fnmatchcase(n, pattern) for pattern in wanted))


def named(asked: Any) -> list | None:
    """What was asked for as a list; None where that is everything: nothing, `*` or `all`."""
    wanted = ["all"] if asked is None else [asked] if isinstance(asked, str) else list(asked)
    return None if {"*", "all"} & set(wanted) else wanted


def _epoch(asked: Any, known: tuple[int, ...]) -> int:
    named = {"first": known[0], "last": known[-1]}
    text = str(asked)
    epoch = named[text] if text in named else int(text) if text.isdecimal() else None
    if epoch not in known:
        raise bad_input(
            "measure()",
            wanted=f"recorded epochs ({', '.join(map(str, known[:12]))})",
            got=text,
            do="Choose among them, or `first` and `last`",
        )
    return epoch
