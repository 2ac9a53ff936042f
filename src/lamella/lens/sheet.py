"""A sheet of pictures about one network: what `lamella look` shows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from lamella.checks import check_choice
from lamella.errors import bad_input, unknown_name
from lamella.lens import sheet_parts as parts
from lamella.lens.layer_calls import layer_shapes, modules_of
from lamella.lens.refusals import LensError
from lamella.lens.sheet_subject import Ask, Subject
from lamella.results import Images, Table
from lamella.story import Cell, Picture, Section, Sentence, Story

Part = Callable[[Subject, Ask], Sequence[Images | Table]]
PARTS: dict[str, Part] = {
    "filters": parts.filters_part,
    "maps": parts.maps_part,
    "top": parts.top_part,
    "neighbours": parts.neighbours_part,
    **{name: parts.attribution_part(name) for name in parts.ATTRIBUTIONS},
    "sanity": parts.sanity_part,
    "ascent": parts.ascent_part,
    "fooling": parts.fooling_part,
    "dream": parts.dream_part,
    "inversion": parts.inversion_part,
    "texture": parts.texture_part,
    "style": parts.style_part,
    "classes": parts.classes_part,
}
DEFAULT = ("filters", "maps", "top", "saliency")


def sheet(subject: Subject, ask: Ask, what: Sequence[str] = DEFAULT) -> Story:
    """One section for each technique; one that does not hold for the model says why in it.

    Raises UnknownName for another technique or layer, InputError for a unit or image that is not
    there. It is an error too when no technique at all holds.
    """
    for name in what:
        check_choice(name, PARTS, "technique")
    ask = _completed(subject, ask)
    sections, refused = [], []
    for name in what:
        try:
            sections.append(_section(name, PARTS[name](subject, ask), subject, ask))
        except LensError as error:
            refused.append(error)
            sections.append(Section(_title(name), (Sentence(f"Not shown: {error}"),)))
    if len(refused) == len(what):
        raise refused[0]
    return Story(
        f"A look into {subject.name}", _verdict(subject, what), tuple(sections), _facts(subject)
    )


def records(story: Story) -> list[tuple[str, Images | Table]]:
    """The records of a sheet, each with a name to save it under."""
    found: list[tuple[str, Any]] = []
    for section in story.sections:
        for at, picture in enumerate(section.pictures):
            name = section.title.lower().replace(" ", "-")
            found.append(
                (f"{name}-{at + 1}" if len(section.pictures) > 1 else name, picture.record)
            )
    return found


def _completed(subject: Subject, ask: Ask) -> Ask:
    if ask.layer is not None and ask.layer.partition("#")[0] not in modules_of(subject.net):
        raise unknown_name("layer", ask.layer, modules_of(subject.net))
    known = 0 if subject.images is None else len(subject.images)
    if subject.images is not None and not all(0 <= i < known for i in ask.images):
        raise bad_input(
            "lamella look", wanted=f"images below {known}", got=str(ask.images), do="Count from 0"
        )
    if ask.unit is not None and ask.layer is None:
        raise bad_input("lamella look", wanted="--layer with --unit", got="none", do="Name one")
    first = (
        np.zeros((1, *subject.shape), np.float32) if subject.images is None else subject.images[:1]
    )
    return replace(ask, layers=layer_shapes(subject.net, first))


def _section(name: str, found: Sequence[Images | Table], subject: Subject, ask: Ask) -> Section:
    pictures = []
    for record in found:
        kind = "image_grid" if isinstance(record, Images) else "table"
        pictures.append(Picture(kind, record, record.title or name))
    cell = Cell(run=subject.name, layer=ask.layer, epoch=subject.epoch)
    return Section(_title(name), (Sentence(parts.WORDS[name], cell=cell),), tuple(pictures))


def _title(name: str) -> str:
    return name.replace("_", " ").capitalize()


def _verdict(subject: Subject, what: Sequence[str]) -> Sentence:
    when = "" if subject.epoch is None else f" at epoch {subject.epoch}"
    techniques = ", ".join(_title(name).lower() for name in what)
    return Sentence(f"What the units of {subject.name}{when} see: {techniques}.")


def _facts(subject: Subject) -> dict[str, Any]:
    facts = {
        "model": type(subject.net).__name__,
        "parameters": sum(p.numel() for p in subject.net.parameters()),
        "input": list(subject.shape),
        "epoch": subject.epoch,
        "images": 0 if subject.images is None else len(subject.images),
    }
    return {name: value for name, value in facts.items() if value is not None}
