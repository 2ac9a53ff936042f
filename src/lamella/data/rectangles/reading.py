"""Rectangles from disk: whole, in part, or block by block."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from lamella.checks import check_choice, check_range
from lamella.data.rectangles.stream import FIELDS, Rectangles
from lamella.errors import InputError, bad_input, missing_extra

SUFFIXES = {".safetensors": "safetensors", ".hdf5": "hdf5", ".h5": "hdf5"}


@dataclass(frozen=True)
class Shard:
    """One file of a data set and how many images it has."""

    path: Path
    count: int


def find_shards(path: Path | str) -> list[Shard]:
    """The files behind `path`, each checked to be whole.

    InputError for a file that is not there, that is truncated (by how many bytes), or that is not
    of this format.
    """
    path = Path(path)
    kind = kind_of(path)
    names = [path]
    if kind == "safetensors" and not path.exists() and index_path(path).exists():
        names = [path.parent / n for n in json.loads(index_path(path).read_text())["shards"]]
    elif kind == "hdf5" and path.exists():
        names = [path.parent / n for n in read_attribute(path, "shards")] or [path]
    return [Shard(name, read_facts(name)["count"]) for name in names]


def read_rectangles(path: Path | str, start: int = 0, stop: int | None = None) -> Rectangles:
    """Images start to stop of a file or its shards; only those are read."""
    shards = find_shards(path)
    total = sum(shard.count for shard in shards)
    stop = total if stop is None else min(stop, total)
    check_range(start, "read_rectangles()", "start", low=0, high=max(total - 1, 0))
    parts, first = [], 0
    for shard in shards:
        low, high = max(start - first, 0), min(stop - first, shard.count)
        if low < high:
            parts.append(read_part(shard.path, low, high))
        first += shard.count
    return Rectangles(**{n: np.concatenate([p[n] for p in parts]) for n in FIELDS})


def iterate_rectangles(path: Path | str, block: int = 1024) -> Iterator[Rectangles]:
    """All images of a file or its shards, block by block."""
    for shard in find_shards(path):
        for start in range(0, shard.count, block):
            yield Rectangles(**read_part(shard.path, start, min(start + block, shard.count)))


def read_part(path: Path, start: int, stop: int) -> dict[str, np.ndarray]:
    """Some images of one file."""
    if kind_of(path) == "hdf5":
        with import_h5py().File(path, "r") as file:
            return {name: file[name][start:stop] for name in FIELDS}
    from safetensors import safe_open

    with safe_open(str(path), framework="np") as file:
        return {name: file.get_slice(name)[start:stop] for name in FIELDS}


def read_facts(path: Path) -> dict[str, Any]:
    """What a shard says about itself, after a check that it is whole."""
    if not path.exists():
        raise InputError(f"{path} is not there. Write it: lamella data rectangles --out {path}.")
    if kind_of(path) == "hdf5":
        names = ("rectangles", "scene", "seed", "start", "count")
        facts = {name: read_attribute(path, name) for name in names}
        if not facts["count"]:
            raise InputError(f"{path} was not written by write_rectangles(). Pass another file.")
        return facts
    with open(path, "rb") as file:
        length = int.from_bytes(file.read(8), "little")
        text = file.read(length) if length < 10**7 else b""
    size = path.stat().st_size
    try:
        header = json.loads(text)
        facts = {k: json.loads(v) for k, v in header.pop("__metadata__").items()}
        wanted = 8 + length + max(tensor["data_offsets"][1] for tensor in header.values())
    except (ValueError, KeyError) as error:
        raise truncated(path, f"{size} bytes without a whole header") from error
    if size != wanted:
        raise truncated(path, f"{size:,} of {wanted:,} bytes")
    return facts


def read_attribute(path: Path, name: str) -> Any:
    """An attribute of an HDF5 file as plain values; [] where there is none."""
    try:
        with import_h5py().File(path, "r") as file:
            return json.loads(str(file.attrs.get(name, "[]")))
    except OSError as error:
        raise truncated(path, str(error)) from error


def truncated(path: Path, got: str) -> InputError:
    """The error for a shard that was cut off."""
    return bad_input(
        "read_rectangles()",
        wanted=f"the whole of the shard {path.name}",
        got=got,
        do="It is truncated or damaged: delete it and run the same lamella data command again",
    )


def kind_of(path: Path) -> str:
    """The format by the suffix of the file."""
    return SUFFIXES[check_choice(path.suffix, SUFFIXES, "file format (by suffix)")]


def index_path(path: Path) -> Path:
    """The list of the shards of a safetensors data set."""
    return path.with_name(path.name + ".index.json")


def import_h5py() -> Any:
    """h5py, or MissingExtra with its pip line."""
    try:
        import h5py
    except ImportError as error:
        raise missing_extra("h5py", "hdf5", "the HDF5 format") from error
    return h5py
