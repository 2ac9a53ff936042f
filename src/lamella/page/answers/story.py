"""`story`: what a study says of the runs, its sentences with their cells, its figures."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence
from typing import Any

from lamella.errors import RunError
from lamella.page.figures import picture_facts
from lamella.page.records import BITS
from lamella.page.text import flat, number
from lamella.story import Cell, Sentence
from lamella.subject.subject import Subject


def story(subject: Subject, *, bits: int = BITS) -> dict[str, Any]:
    """The story of the runs as facts; numbers of its figures have `bits` significant bits."""
    told = subject.story
    if told is None:
        raise RunError("nothing has been told about these runs yet.")
    return {
        "title": told.title,
        "verdict": sentence_facts(told.verdict, subject.nets),
        "rule": str(told.facts.get("rule", "")),
        "sections": [
            {
                "title": section.title,
                "sentences": [sentence_facts(s, subject.nets) for s in section.sentences],
                "pictures": [picture_facts(picture, bits) for picture in section.pictures],
            }
            for section in told.sections
        ],
        "facts": [[name, number(value)] for name, value in flat(told.facts)],
    }


def sentence_facts(sentence: Sentence, nets: Iterable[str] = ()) -> dict[str, Any]:
    """A sentence with its numbers as texts, and the cell that shows it."""
    return {
        "text": sentence.text,
        "numbers": [[name, number(value)] for name, value in flat(sentence.numbers)],
        "cell": None if sentence.cell is None else cell_facts(sentence.cell, list(nets)),
    }


def cell_facts(cell: Cell, nets: Sequence[str]) -> dict[str, Any]:
    """A cell with the name of its net on the page, where a study calls it shorter.

    >>> cell_facts(Cell("unet", "latent"), ["unet, dice", "unet, cross"])["run"]
    'unet, dice'
    """
    run = cell.run
    if run is not None and run not in nets:
        longer = [net for net in nets if net.startswith((f"{run}, ", f"{run}/"))]
        run = longer[0] if longer else run
    return {**dataclasses.asdict(cell), "run": run}
