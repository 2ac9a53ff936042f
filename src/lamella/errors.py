"""Every error a person can meet: what was wanted, what came, what to do."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

NEAR = 0.55  # likeness of names worth a hint: fc22 is as near to fc1, and fr not to ru


class LamellaError(Exception):
    """The parent of all errors that lamella raises on purpose."""


class InputError(LamellaError, ValueError):
    """An argument does not have the shape, range or content that was wanted."""


class UnknownName(LamellaError, KeyError):
    """A name that nothing is registered or recorded under."""

    def __str__(self) -> str:  # KeyError would show the repr of the message
        return str(self.args[0]) if self.args else ""


class MissingExtra(LamellaError, ImportError):
    """A package that an optional part needs is not installed."""


class RunError(LamellaError):
    """A run folder cannot be created, opened, read or resumed."""


class RecordingError(LamellaError):
    """Recording could not do what was asked; raised only in strict mode or before training."""


class TrainingError(LamellaError):
    """Training cannot go on, for instance because the loss is not finite."""


class BudgetError(LamellaError):
    """A computation would exceed, or has used up, its budget of memory, work or disk."""


class LamellaWarning(UserWarning):
    """It runs, but perhaps not as it was meant; the text says what else to pass."""


def message(where: str, wanted: str, got: str, do: str) -> str:
    """The one formula of lamella's error messages.

    >>> message("homology()", "points without NaN", "NaN in 3 of 500 rows", "Drop or repair them")
    'homology() wants points without NaN, got NaN in 3 of 500 rows. Drop or repair them.'
    """
    return f"{where} wants {wanted}, got {got}. {do}."


def bad_input(where: str, *, wanted: str, got: str, do: str) -> InputError:
    """An `InputError` worded by the formula of `message`."""
    return InputError(message(where, wanted, got, do))


def unknown_name(kind: str, name: str, known: Iterable[str]) -> UnknownName:
    """An `UnknownName` that shows the names near it, or all where none is near.

    >>> print(unknown_name("layer", "fc22", ["fc1", "fc2", "head"]))
    no layer is called 'fc22'. Nearest: fc2, fc1.
    >>> print(unknown_name("language", "fr", ["en", "ru"]))
    no language is called 'fr'. Known: en, ru.
    """
    known = sorted(known)
    near = get_close_matches(name, known, n=3, cutoff=NEAR)
    if near:
        hint = f"Nearest: {', '.join(near)}."
    else:
        hint = f"Known: {', '.join(known[:12]) or 'none'}{', ...' if len(known) > 12 else '.'}"
    return UnknownName(f"no {kind} is called {name!r}. {hint}")


def missing_extra(package: str, extra: str, purpose: str) -> MissingExtra:
    """A `MissingExtra` with the pip line that mends it."""
    return MissingExtra(
        f"{purpose} needs the package {package!r}. Install it: pip install 'lamella[{extra}]'"
    )
