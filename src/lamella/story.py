"""What a study has to say: sections of sentences with their numbers, and of figures.

A story holds records and the names of views, never a drawing, so that the report, the live page
and a notebook tell the same story each in its own way.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from lamella.results import Record


@dataclass(frozen=True)
class Cell:
    """A place in the cube that a sentence points to; None where it does not matter."""

    run: str | None = None
    layer: str | None = None
    epoch: int | None = None
    split: str | None = None
    measure: str | None = None


@dataclass(frozen=True)
class Sentence:
    """One finding in plain words; `numbers` are the values behind it, `cell` shows it."""

    text: str
    numbers: dict[str, Any] = field(default_factory=dict)
    cell: Cell | None = None


@dataclass(frozen=True)
class Picture:
    """One figure: a record (or several, by name), the view that draws it and its arguments."""

    view: str
    record: Record | Mapping[str, Record] | Sequence[Record]
    caption: str = ""
    arguments: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Section:
    """A titled part of a story."""

    title: str
    sentences: tuple[Sentence, ...] = ()
    pictures: tuple[Picture, ...] = ()


@dataclass(frozen=True)
class Story:
    """A study's report before it is drawn. `verdict` is its answer in one sentence."""

    title: str
    verdict: Sentence
    sections: tuple[Section, ...] = ()
    facts: dict[str, Any] = field(default_factory=dict)
