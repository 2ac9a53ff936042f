"""The page's answers: what may be asked, by path, and the function that answers it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from lamella.errors import LamellaError, unknown_name
from lamella.page.answers.cell import cell
from lamella.page.answers.cloud import cloud
from lamella.page.answers.cube import cube
from lamella.page.answers.index import index
from lamella.page.answers.network import attribution, field, network
from lamella.page.answers.predictions import predictions
from lamella.page.answers.samples import samples
from lamella.page.answers.story import story
from lamella.page.answers.training import training
from lamella.page.answers.units import filters, maps, patches
from lamella.page.answers.vines import vines
from lamella.subject.subject import Subject


@dataclass(frozen=True)
class Family:
    """One kind of answer: its function and the types of the path's parts behind its name.

    `fixed` says that the answer follows from recorded activations alone, which never change.
    """

    function: Callable[..., Mapping[str, Any]]
    parts: tuple[type, ...] = ()
    fixed: bool = False


FAMILIES: dict[str, Family] = {
    "index": Family(index),
    "samples": Family(samples, (str,), fixed=True),
    "cube": Family(cube, (str, str)),
    "cloud": Family(cloud, (str, int, str, str, int), fixed=True),
    "cell": Family(cell, (str, int, str, int, str)),
    "training": Family(training, (str,)),
    "predictions": Family(predictions, (str, int, int), fixed=True),
    "vines": Family(vines, (str, int, str, str, int)),
    "filters": Family(filters, (str, int, str, int), fixed=True),
    "maps": Family(maps, (str, int, str, int, int), fixed=True),
    "patches": Family(patches, (str, int, str, int), fixed=True),
    "field": Family(field, (str, str), fixed=True),
    "attribution": Family(attribution, (str, int, int, int, str), fixed=True),
    "network": Family(network, (str,), fixed=True),
    "story": Family(story),
}


def answer(subject: Subject, parts: tuple[str, ...]) -> Mapping[str, Any]:
    """The answer to a path given as its parts; `{"missing": reason}` where there is none."""
    try:
        family = family_of(parts)
        return family.function(subject, *arguments(family, parts))
    except LamellaError as error:
        return {"missing": str(error)}


def family_of(parts: tuple[str, ...]) -> Family:
    """The family that a path belongs to; UnknownName for another."""
    if not parts or parts[0] not in FAMILIES:
        raise unknown_name("answer", parts[0] if parts else "", FAMILIES)
    return FAMILIES[parts[0]]


def arguments(family: Family, parts: tuple[str, ...]) -> list[Any]:
    """The parts of a path behind its name in their types."""
    given = parts[1:]
    if len(given) != len(family.parts) or not all(map(_fits, given, family.parts)):
        wanted = "/".join([parts[0], *(f"<{kind.__name__}>" for kind in family.parts)])
        raise unknown_name("answer", "/".join(parts), [wanted])
    return [kind(part) for kind, part in zip(family.parts, given, strict=True)]


def _fits(part: str, kind: type) -> bool:
    return kind is not int or part.removeprefix("-").isdecimal()
