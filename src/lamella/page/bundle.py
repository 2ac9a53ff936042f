"""The answers that a report carries: as many as fit, reduced in a stated order."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any

from lamella.errors import RunError
from lamella.page import pack
from lamella.page.answers import answer
from lamella.page.answers.cell import cell
from lamella.page.answers.story import story
from lamella.page.contents import paths
from lamella.page.facts import rows_of
from lamella.page.reply import path_of
from lamella.page.report_levels import LEVELS, ReportLevel, left_out
from lamella.subject.subject import Subject

THREADS = 2
OVERHEAD = 60  # bytes that a path takes in the list of places, deflated not at all


@dataclass(frozen=True)
class Bundle:
    """Packs one after the other in one zlib stream, and where each begins and how long it is."""

    data: bytes
    places: dict[str, tuple[int, int]]


def bundle(subject: Subject, most: int, *, tsne: bool = False, budget_mb: float = 0) -> Bundle:
    """The fullest bundle of at most `most` bytes; if none is, the smallest of all."""
    made: dict[Any, tuple[bytes, int]] = {}
    found = Bundle(b"", {})
    for at in range(len(LEVELS)):
        level = replace(LEVELS[at], tsne=LEVELS[at].tsne and tsne)
        told = {"left_out": left_out(level, subject), "budget_mb": budget_mb}
        packs = packs_of(subject, level, told, made)
        if sum(size for _, size in packs.values()) > 2.5 * most and at < len(LEVELS) - 1:
            continue
        found = joined({path: data for path, (data, _) in packs.items()})
        if len(found.data) + OVERHEAD * len(found.places) <= most:
            return found
    return found


def packs_of(
    subject: Subject,
    level: ReportLevel,
    told: Mapping[str, Any],
    made: dict[Any, tuple[bytes, int]],
) -> dict[str, tuple[bytes, int]]:
    """The packs of a level by path, each with its deflated size; what another made stays."""
    lesser = replace(subject, points=min(subject.points, level.points))
    wanted = list(paths(lesser, level))
    keys = {parts: key_of(parts, level) for parts in wanted}
    new = {key: parts for parts, key in keys.items() if key not in made}

    def make(parts: tuple[str, ...]) -> tuple[bytes, int]:
        data = pack.write(reduced(lesser, level, parts, told))
        return data, len(zlib.compress(data, 6))

    with ThreadPoolExecutor(THREADS) as pool:
        made.update(zip(new, pool.map(make, new.values()), strict=True))
    return {path_of(*parts): made[keys[parts]] for parts in wanted}


def key_of(parts: tuple[str, ...], level: ReportLevel) -> Any:
    """What a pack depends on beside its path."""
    family = parts[0]
    if family == "index":
        return parts, level
    if family in ("cell", "story"):
        return parts, level.bits, level.bars, level.pictures if family == "story" else None
    return parts, level.points if family in ("samples", "cloud", "predictions", "maps") else None


def reduced(
    subject: Subject, level: ReportLevel, parts: tuple[str, ...], told: Mapping[str, Any]
) -> Mapping[str, Any]:
    """An answer with as many bits and bars as the level allows."""
    options: dict[str, Any] = {"bits": level.bits, "longest": level.bars}
    if parts[0] == "index":
        found = answer(subject, parts)
        if "missing" in found:
            raise RunError(str(found["missing"]))
        kept = ["pca", "tsne"] if level.tsne else ["pca"]
        nets = [{**n, "methods": [m for m in n["methods"] if m in kept]} for n in found["nets"]]
        return {**found, "nets": nets, **told}
    if parts[0] == "story":
        return with_pictures(story(subject, bits=level.bits), level.pictures)
    if parts[0] == "cell":
        _, net, seed, layer, epoch, split = parts
        return without_samples(cell(subject, net, int(seed), layer, int(epoch), split, **options))
    found = answer(subject, parts)
    if parts[0] == "cloud" and "points" in found:
        return {**found, "points": coarse(found["points"], level.step)}
    return found


def without_samples(found: dict[str, Any]) -> dict[str, Any]:
    """A cell without its tables of one row a sample, which are most of its bytes."""
    kept = {n: f for n, f in found["figures"].items() if rows_of(n) != "samples"}
    return {**found, "figures": kept}


def coarse(points: Any, step: int) -> Any:
    """Coordinates rounded to multiples of `step`, which deflate better."""
    return ((points.astype("i4") + step // 2) // step * step).clip(-32767, 32767).astype("i2")


def with_pictures(told: dict[str, Any], most: int) -> dict[str, Any]:
    """A story whose pictures of more than `most` bytes are replaced by a word about it."""

    def kept(picture: dict[str, Any]) -> dict[str, Any]:
        if len(zlib.compress(pack.write(picture), 1)) <= most:
            return picture
        bare = {name: picture[name] for name in ("view", "caption")}
        return {**bare, "missing": "left out to keep the report small"}

    sections = [{**s, "pictures": [kept(p) for p in s["pictures"]]} for s in told["sections"]]
    return {**told, "sections": sections}


def joined(packs: Mapping[str, bytes]) -> Bundle:
    """Packs as one stream; each begins on a multiple of 8 bytes."""
    stream, places, at = zlib.compressobj(9), {}, 0
    parts = []
    for path, data in packs.items():
        padded = data + bytes(-len(data) % pack.ALIGN)
        places[path] = (at, len(data))
        at += len(padded)
        parts.append(stream.compress(padded))
    return Bundle(b"".join([*parts, stream.flush()]), places)
