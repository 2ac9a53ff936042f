"""`story`: what a study says of the runs, its sentences with their cells, its figures' records."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from lamella.errors import RunError
from lamella.page.records import record_facts
from lamella.page.subject import Subject
from lamella.page.text import flat, number
from lamella.results import Record
from lamella.story import Picture, Sentence


def story(subject: Subject, **options: Any) -> dict[str, Any]:
    """The story of the runs as facts; options are those of `record_facts`."""
    told = subject.story
    if told is None:
        raise RunError("nothing has been told about these runs yet.")
    return {
        "title": told.title,
        "verdict": sentence_facts(told.verdict),
        "rule": str(told.facts.get("rule", "")),
        "sections": [
            {
                "title": section.title,
                "sentences": [sentence_facts(sentence) for sentence in section.sentences],
                "pictures": [picture_facts(picture, options) for picture in section.pictures],
            }
            for section in told.sections
        ],
        "facts": [[name, number(value)] for name, value in flat(told.facts)],
    }


def sentence_facts(sentence: Sentence) -> dict[str, Any]:
    """A sentence with its numbers as texts, and the cell that shows it."""
    cell = sentence.cell
    return {
        "text": sentence.text,
        "numbers": [[name, number(value)] for name, value in flat(sentence.numbers)],
        "cell": None if cell is None else dataclasses.asdict(cell),
    }


def picture_facts(picture: Picture, options: Mapping[str, Any]) -> dict[str, Any]:
    """A figure: its view, its caption, and the record or the named records that it draws."""
    facts = {"view": picture.view, "caption": picture.caption, "arguments": picture.arguments}
    return {**facts, **records_facts(picture.record, options)}


def records_facts(record: Any, options: Mapping[str, Any]) -> dict[str, Any]:
    """`record` for one record, `records` with their names for several."""
    if isinstance(record, Record):
        return {"record": record_facts(record, **options)}
    named = record.items() if isinstance(record, Mapping) else enumerate(record)
    return {"records": [[str(name), record_facts(each, **options)] for name, each in named]}
