"""Where data sets, models, measures, views and studies find each other.

A registry is both a decorator and a mapping. One new file in its package is all that a new
thing needs; an installed package offers its own through an entry point of the same group.

    from lamella.registry import measure

    @measure(value="dimension")
    def intrinsic_dimension(points): ...

    measure["intrinsic_dimension"](points)
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import wraps
from importlib.metadata import entry_points
from typing import Any

from lamella.errors import LamellaError, bad_input, unknown_name


@dataclass(frozen=True)
class Card:
    """What a person should know about a registered thing, read from its docstring."""

    name: str
    summary: str
    sections: dict[str, str]


class Registry(Mapping[str, Callable[..., Any]]):
    """Functions by name, found on first look-up in one package and its entry points."""

    def __init__(self, kind: str, package: str) -> None:
        self.kind, self.package = kind, package
        self._functions: dict[str, Callable[..., Any]] = {}
        self._facts: dict[str, dict[str, Any]] = {}
        self._loaded = False

    def __call__(self, function: Callable[..., Any] | None = None, /, **facts: Any):
        """Register a function under its own name; keyword arguments are facts about it."""
        if function is None:
            return lambda decorated: self(decorated, **facts)
        known = self._functions.get(function.__name__)
        if known is not None and known.__module__ != function.__module__:
            raise LamellaError(
                f"two files register the {self.kind} {function.__name__!r}: "
                f"{known.__module__} and {function.__module__}. Rename one."
            )
        if "record" in facts:
            function = _checked(function, facts["record"], facts.get("many", False))
        self._functions[function.__name__] = function
        self._facts[function.__name__] = facts
        return function

    def __getitem__(self, name: str) -> Callable[..., Any]:
        self._load()
        if name not in self._functions:
            raise unknown_name(self.kind, name, self._functions)
        return self._functions[name]

    def __iter__(self) -> Iterator[str]:
        self._load()
        return iter(sorted(self._functions))

    def __len__(self) -> int:
        self._load()
        return len(self._functions)

    def __contains__(self, name: object) -> bool:  # Mapping's own would expect a plain KeyError
        self._load()
        return name in self._functions

    def facts(self, name: str) -> dict[str, Any]:
        """The keyword arguments that `name` was registered with."""
        self[name]
        return self._facts[name]

    def card(self, name: str) -> Card:
        """The docstring of `name` as its first sentence and its titled paragraphs."""
        return read_card(name, inspect.getdoc(self[name]) or "")

    def _load(self) -> None:
        if self._loaded:
            return
        self._loaded = True
        package = importlib.import_module(self.package)
        for module in pkgutil.walk_packages(package.__path__, self.package + "."):
            importlib.import_module(module.name)
        for point in entry_points(group=self.package):
            point.load()


def _checked(function: Callable[..., Any], record: Any, many: bool | str) -> Callable[..., Any]:
    """The function behind a check of its first argument.

    `record` is the kind that is wanted ("table", as the record's class is called), a class, or
    several of these; `many` says that a mapping by name or a list of them comes, or that it may
    ("optional").
    """
    wanted = record if isinstance(record, tuple) else (record,)

    @wraps(function)
    def checked(given: Any, *arguments: Any, **options: Any) -> Any:
        several = isinstance(given, Mapping | Sequence) and not isinstance(given, str)
        parts = (
            list(given.values() if isinstance(given, Mapping) else given) if several else [given]
        )
        known = all(any(_is_a(part, kind) for kind in wanted) for part in parts)
        if not known or (several and not many) or (many is True and not several):
            raise _wrong_record(function.__name__, given, wanted, many)
        return function(given, *arguments, **options)

    return checked


def _is_a(value: Any, kind: type | str) -> bool:
    """Whether a value is a record of a kind; kinds that are names are those of classes."""
    if isinstance(kind, type):
        return isinstance(value, kind)
    return any(parent.__name__.lower() == kind for parent in type(value).__mro__)


def _wrong_record(name: str, given: Any, wanted: tuple, many: bool | str) -> LamellaError:
    kinds = " or ".join(k if isinstance(k, str) else k.__name__ for k in wanted)
    named = f"{kinds} records by name, as a mapping" if many else kinds
    return bad_input(
        f"{name}()",
        wanted=f"{kinds}, or {named}" if many == "optional" else named,
        got="None" if given is None else _told(given),
        do="Measure or load such a record and pass it first",
    )


def _told(given: Any) -> str:
    """The type of an argument, and of what is in it."""
    if isinstance(given, Mapping | list | tuple):
        parts = list(given.values() if isinstance(given, Mapping) else given)
        inside = ", ".join(dict.fromkeys(type(part).__name__ for part in parts))
        return f"{type(given).__name__} of {inside or 'nothing'}"
    return type(given).__name__


def read_card(name: str, docstring: str) -> Card:
    """Split a docstring into its summary and its paragraphs titled `Word: text`.

    >>> read_card("gdv", "Separability.\\n\\nRange: -1 to 0.").sections
    {'Range': '-1 to 0.'}
    """
    paragraphs = [" ".join(p.split()) for p in docstring.split("\n\n") if p.strip()]
    titled = (p.partition(": ") for p in paragraphs[1:])
    sections = {title: text for title, colon, text in titled if colon and len(title) < 20}
    return Card(name, paragraphs[0] if paragraphs else "", sections)


dataset = Registry("data set", "lamella.datasets")
model = Registry("model", "lamella.models")
measure = Registry("measure", "lamella.measures")
view = Registry("view", "lamella.views")
study = Registry("study", "lamella.studies")
