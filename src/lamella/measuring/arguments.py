"""Arguments of measures, checked before anything is computed: their names, and their types."""

from __future__ import annotations

import ast
import types
import typing
from collections.abc import Mapping, Sequence
from numbers import Integral, Real
from typing import Any

from lamella.checks import check_choice
from lamella.errors import bad_input
from lamella.measuring.plan import HOMOLOGY, complete, reads_diagrams
from lamella.registry import measures as registry

WORDS = {int: "a whole number", float: "a number", bool: "true or false", str: "text"}


def check_arguments(
    measures: tuple[str, ...], arguments: Mapping[str, Any] | None
) -> Mapping[str, Mapping[str, Any]]:
    """`arguments` as measure -> argument -> value.

    Raises UnknownName for a measure that was not chosen, or an argument that it does not have;
    `homology` may have some where a chosen measure reads its diagrams. Raises InputError for a
    value of another type than the measure's signature says.
    """
    needed = (HOMOLOGY,) if any(map(reads_diagrams, measures)) else ()
    for name, given in (arguments or {}).items():
        check_choice(name, (*measures, *needed), "chosen measure")
        if not isinstance(given, Mapping):
            raise bad_input(
                "measure()",
                wanted="arguments as {measure: {argument: value}}",
                got=f"{name}: {given!r}",
                do="Nest them",
            )
        complete(name, given)
        for argument, value in given.items():
            check_type(name, argument, value)
    return arguments or {}


def check_type(name: str, argument: str, value: Any) -> None:
    """InputError where a value is not of the type that the measure's signature says."""
    hint = hint_of(name, argument)
    if not fits(value, hint):
        raise bad_input(
            f"measure {name!r}",
            wanted=f"{argument} as {in_words(hint)}",
            got=repr(value),
            do="Correct it",
        )


def hint_of(name: str, argument: str) -> Any:
    """The type of an argument; Any where the signature does not say, or says it unreadably."""
    function = registry[name]
    hint = getattr(function, "__annotations__", {}).get(argument, Any)
    return type_in(ast.parse(hint, mode="eval").body) if isinstance(hint, str) else hint


def type_in(node: ast.expr) -> Any:
    """The type that an annotation spells, from those in WORDS; Any where it spells another.

    >>> type_in(ast.parse("Sequence[int] | None", mode="eval").body)
    collections.abc.Sequence[int] | None
    """
    if isinstance(node, ast.Constant) and node.value is None:
        return None
    if isinstance(node, ast.Name):
        return next((kind for kind in WORDS if kind.__name__ == node.id), Any)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
        return type_in(node.left) | type_in(node.right)
    if isinstance(node, ast.Subscript) and ast.unparse(node.value) == "Sequence":
        return Sequence[type_in(node.slice)]
    return Any


def fits(value: Any, hint: Any) -> bool:
    """Whether a value is of a type; of types that are not known here, every value is.

    >>> fits(2, float), fits("two", int), fits(True, int), fits([1, 2], Sequence[int] | None)
    (True, False, False, True)
    """
    if hint is bool or hint is str:
        return isinstance(value, hint)
    if hint in (int, float):
        number = Integral if hint is int else Real
        return isinstance(value, number) and not isinstance(value, bool)
    if hint is None or hint is type(None):
        return value is None
    parts = typing.get_args(hint)
    if isinstance(hint, types.UnionType) or typing.get_origin(hint) is typing.Union:
        return any(fits(value, part) for part in parts)
    if typing.get_origin(hint) is Sequence:
        several = isinstance(value, Sequence) and not isinstance(value, str)
        return several and all(fits(item, parts[0]) for item in value)
    return True


def in_words(hint: Any) -> str:
    """A type as people say it.

    >>> in_words(int | None), in_words(Sequence[str])
    ('a whole number or null', 'a list, each text')
    """
    if hint is None or hint is type(None):
        return "null"
    parts = typing.get_args(hint)
    if typing.get_origin(hint) is Sequence:
        return f"a list, each {in_words(parts[0])}"
    return " or ".join(map(in_words, parts)) if parts else WORDS.get(hint, str(hint))
