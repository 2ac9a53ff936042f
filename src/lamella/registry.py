"""Where data sets, models, measures, views and studies find each other.

A registry is a mapping from names to functions, and a shelf shows them as attributes of the
package that holds them. One new file in its package is all that a new thing needs; an installed
package offers its own through an entry point of the same group.

    from lamella.registry import measures

    @measures.register(value="dimension")
    def intrinsic_dimension(points): ...

    measures["intrinsic_dimension"](points)
    lamella.measures.intrinsic_dimension(points)
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import wraps
from importlib.metadata import entry_points
from types import ModuleType
from typing import Any, TypeVar, cast, overload

from lamella.errors import LamellaError, bad_input, unknown_name

F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True)
class Card:
    """What a person should know about a registered thing, read from its docstring."""

    name: str
    summary: str
    sections: dict[str, str]

    def __repr__(self) -> str:
        told = "".join(f"\n  {title}: {text}" for title, text in self.sections.items())
        return f"{self.name}: {self.summary}{told}"


class Registry(Mapping[str, Callable[..., Any]]):
    """Functions by name, found on first look-up in one package and its entry points."""

    def __init__(self, kind: str, package: str) -> None:
        self.kind, self.package = kind, package
        self._functions: dict[str, Callable[..., Any]] = {}
        self._facts: dict[str, dict[str, Any]] = {}
        self._loaded = False

    @overload
    def register(self, function: F, /) -> F: ...
    @overload
    def register(self, /, **facts: Any) -> Callable[[F], F]: ...
    def register(self, function: F | None = None, /, **facts: Any) -> F | Callable[[F], F]:
        """Register a function under its own name; keyword arguments are facts about it."""
        if function is None:
            return lambda decorated: self._add(decorated, facts)
        return self._add(function, facts)

    def _add(self, function: F, facts: dict[str, Any]) -> F:
        known = self._functions.get(function.__name__)
        if known is not None and known.__module__ != function.__module__:
            raise LamellaError(
                f"two files register the {self.kind} {function.__name__!r}: "
                f"{known.__module__} and {function.__module__}. Rename one."
            )
        if "record" in facts:
            function = cast(F, _checked(function, facts["record"], facts.get("many", False)))
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

    def __repr__(self) -> str:
        return f"{self.kind}: {', '.join(self)}"

    def facts(self, name: str) -> dict[str, Any]:
        """The keyword arguments that `name` was registered with."""
        self[name]
        return self._facts[name]

    def card(self, name: str) -> Card:
        """The docstring of `name` as its first sentence and its titled paragraphs."""
        return read_card(name, inspect.getdoc(self[name]) or "")

    def registered(self, name: str) -> Callable[..., Any] | None:
        """The function of that name if its file was imported already; nothing is loaded."""
        return self._functions.get(name)

    def _load(self) -> None:
        if self._loaded:
            return
        self._loaded = True
        package = importlib.import_module(self.package)
        for module in pkgutil.walk_packages(package.__path__, self.package + "."):
            importlib.import_module(module.name)
        for point in entry_points(group=self.package):
            point.load()


class Shelf(ModuleType):
    """A package whose attributes are the functions of its registry, found on first look.

    A file has the name of its function, and Python binds an imported file on its package: here the
    name always means the function.
    """

    _registry: Registry

    def __getattr__(self, name: str) -> Any:
        if not name.startswith("_") and name in self._registry:
            return self._registry[name]
        raise AttributeError(
            f"{self.__name__} has no {self._registry.kind} {name!r}", name=name, obj=self
        )

    def __setattr__(self, name: str, value: Any) -> None:
        if isinstance(value, ModuleType):
            value = self._registry.registered(name) or value
        super().__setattr__(name, value)

    def __dir__(self) -> list[str]:
        return list(self._registry)

    @property
    def __all__(self) -> list[str]:
        """What `from lamella.measures import *` brings."""
        return list(self._registry)


def make_shelf(registry: Registry) -> None:
    """Make the package of a registry, which calls this in its `__init__`, a shelf."""
    package = sys.modules[registry.package]
    package.__dict__["_registry"] = registry
    package.__class__ = Shelf


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


datasets = Registry("data set", "lamella.datasets")
models = Registry("model", "lamella.models")
measures = Registry("measure", "lamella.measures")
views = Registry("view", "lamella.views")
studies = Registry("study", "lamella.studies")
REGISTRIES = (datasets, models, measures, views, studies)
