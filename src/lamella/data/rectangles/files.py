"""Rectangles on disk: safetensors or HDF5, in shards that are written whole or not at all."""

from __future__ import annotations

import errno
import json
import os
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from lamella.checks import check_range
from lamella.data.rectangles.reading import (
    import_h5py,
    index_path,
    kind_of,
    read_facts,
)
from lamella.data.rectangles.scenes import Scene
from lamella.data.rectangles.stream import (
    FIELDS,
    Rectangles,
    check_count,
    empty,
    image_bytes,
    stream,
)
from lamella.errors import BudgetError, InputError, bad_input

SHARD = 20_000
VERSION = 1


class Writer(Protocol):
    """Takes blocks of images one after another."""

    def write(self, first: int, block: Rectangles) -> None: ...

    def close(self) -> None: ...


def write_rectangles(
    path: Path | str,
    count: int,
    *,
    scene: Scene | None = None,
    seed: int = 0,
    shard: int = SHARD,
    tick: Callable[[int], None] = lambda done: None,
) -> list[Path]:
    """Write `count` images to `path` (.safetensors, .hdf5 or .h5) and return the files.

    Up to `shard` images are one file; more are files `name-00000-of-00010.suffix` beside `path`,
    which for HDF5 is a file that shows them as one, and for safetensors `path` + `.index.json`.
    Tensors and HDF5 data sets: image, mask, full_mask, parameters, order, images along the first
    axis. A shard is written under a temporary name and renamed when it is whole; those that are
    there with the same arguments are kept, so that the same call goes on after a stop. `tick` is
    called with the number of images done. BudgetError when the disk is full: it says what is
    missing.
    """
    path, scene = Path(path), scene or Scene()
    check_count(count)
    check_range(shard, "write_rectangles()", "shard", low=1)
    kind = kind_of(path)
    if path.parent and not path.parent.is_dir():
        raise bad_input(
            "write_rectangles()", wanted="a folder that exists", got=str(path.parent), do="Make it"
        )
    starts = range(0, count, shard)
    names = (
        [path]
        if len(starts) == 1
        else [shard_name(path, k, len(starts)) for k in range(len(starts))]
    )
    for number, (start, name) in enumerate(zip(starts, names, strict=True)):
        size = min(shard, count - start)
        facts = facts_of(scene, seed, start, size)
        if not is_done(name, facts):
            try:
                write_shard(name, kind, facts, scene, seed, tick)
            except OSError as error:
                raise disk_error(error, names, number, start, count, scene) from error
        tick(start + size)
    if len(names) > 1:
        write_index(path, kind, names, [min(shard, count - s) for s in starts])
    return names


def write_shard(
    name: Path,
    kind: str,
    facts: dict[str, Any],
    scene: Scene,
    seed: int,
    tick: Callable[[int], None],
) -> None:
    """One file, under a temporary name until it is whole."""
    part = name.with_name(f".{name.name}.part")
    writer = open_writer(part, kind, facts, scene)
    start, size, done = facts["start"], facts["count"], 0
    try:
        for block in stream(size, scene=scene, seed=seed, start=start, reuse=True):
            writer.write(done, block)
            done += len(block)
            tick(start + done)
        writer.close()
        os.replace(part, name)
    except BaseException:
        writer.close()
        part.unlink(missing_ok=True)
        raise


def open_writer(part: Path, kind: str, facts: dict[str, Any], scene: Scene) -> Writer:
    """The writer of one format."""
    if kind == "hdf5":
        return Hdf5Writer(part, facts, scene)
    return SafetensorsWriter(part, facts, scene)


class SafetensorsWriter:
    """A safetensors file whose tensors are filled block by block.

    The format (github.com/huggingface/safetensors): 8 bytes of header length, a JSON header with
    dtype, shape and offsets of each tensor, then the tensors one behind the other. All sizes are
    known before the first image, so each block goes straight to its place.
    """

    DTYPES = {"uint8": "U8", "int32": "I32"}  # noqa: RUF012 - a constant

    def __init__(self, path: Path, facts: dict[str, Any], scene: Scene) -> None:
        header: dict[str, Any] = {"__metadata__": {k: json.dumps(v) for k, v in facts.items()}}
        self.places, at = {}, 0
        for name, (shape, dtype) in layout(scene, facts["count"]).items():
            size = int(np.prod(shape)) * dtype.itemsize
            header[name] = {
                "dtype": self.DTYPES[dtype.name],
                "shape": shape,
                "data_offsets": [at, at + size],
            }
            self.places[name] = (at, size // facts["count"])
            at += size
        text = json.dumps(header).encode()
        text += b" " * (-len(text) % 8)
        self.offset = 8 + len(text)
        self.file = open(path, "wb")  # noqa: SIM115 - closed by close()
        self.file.write(len(text).to_bytes(8, "little") + text)

    def write(self, first: int, block: Rectangles) -> None:
        for name, (at, size) in self.places.items():
            self.file.seek(self.offset + at + first * size)
            getattr(block, name).tofile(self.file)

    def close(self) -> None:
        if not self.file.closed:
            self.file.flush()
            os.fsync(self.file.fileno())
            self.file.close()


class Hdf5Writer:
    """An HDF5 file with the data sets image, mask, parameters, full_mask, and order."""

    def __init__(self, path: Path, facts: dict[str, Any], scene: Scene) -> None:
        self.file = import_h5py().File(path, "w")
        for key, value in facts.items():
            self.file.attrs[key] = json.dumps(value)
        self.sets = {
            name: self.file.create_dataset(name, shape, dtype)
            for name, (shape, dtype) in layout(scene, facts["count"]).items()
        }

    def write(self, first: int, block: Rectangles) -> None:
        for name, data in self.sets.items():
            data[first : first + len(block)] = getattr(block, name)

    def close(self) -> None:
        if self.file:
            self.file.close()


def layout(scene: Scene, count: int) -> dict[str, tuple[list[int], np.dtype]]:
    """Shape and dtype of each tensor of `count` images."""
    one = empty(1, scene.classes, scene.image_size)
    return {n: ([count, *getattr(one, n).shape[1:]], getattr(one, n).dtype) for n in FIELDS}


def facts_of(scene: Scene, seed: int, start: int, count: int) -> dict[str, Any]:
    """What a shard is made of; equal facts mean equal images."""
    told = {k: list(v) if isinstance(v, tuple) else v for k, v in asdict(scene).items()}
    return {"rectangles": VERSION, "scene": told, "seed": seed, "start": start, "count": count}


def write_index(path: Path, kind: str, names: list[Path], counts: list[int]) -> None:
    """The file that joins the shards."""
    if kind == "hdf5":
        return _write_virtual(path, names, counts)
    index = {"count": sum(counts), "shards": [n.name for n in names], "counts": counts}
    index_path(path).write_text(json.dumps(index, indent=1) + "\n")


def _write_virtual(path: Path, names: list[Path], counts: list[int]) -> None:
    h5py = import_h5py()
    with h5py.File(names[0], "r") as first, h5py.File(path, "w") as file:
        for field in FIELDS:
            shape, dtype = first[field].shape[1:], first[field].dtype
            joined = h5py.VirtualLayout((sum(counts), *shape), dtype)
            at = 0
            for name, count in zip(names, counts, strict=True):
                joined[at : at + count] = h5py.VirtualSource(name.name, field, (count, *shape))
                at += count
            file.create_virtual_dataset(field, joined)
        file.attrs["shards"] = json.dumps([name.name for name in names])


def is_done(path: Path, facts: dict[str, Any]) -> bool:
    """Whether a file with exactly these images is there."""
    try:
        return path.exists() and read_facts(path) == facts
    except InputError:
        return False


def disk_error(
    error: OSError, names: list[Path], number: int, start: int, count: int, scene: Scene
) -> Exception:
    """What is complete and what is missing after a write failed."""
    missing = ", ".join(n.name for n in names[number : number + 3])
    more = f" and {len(names) - number - 3} more" if len(names) - number > 3 else ""
    need = (count - start) * image_bytes(scene) / 1e9
    full = error.errno in (errno.ENOSPC, errno.EDQUOT) or "No space left" in str(error)
    why = "the disk is full" if full else f"writing failed ({error})"
    return BudgetError(
        f"{why}: {number} of {len(names)} files are complete and stay (images 0 to {start - 1}), "
        f"missing are {missing}{more} (images {start} to {count - 1}). Free {need:.1f} GB and run "
        "the same command again; it goes on from there."
        if number
        else f"{why}: none of {len(names)} files is complete (missing: {missing}{more}). "
        f"Free {need:.1f} GB and run the same command again."
    )


def shard_name(path: Path, number: int, of: int) -> Path:
    """The name of one shard.

    >>> shard_name(Path("r.hdf5"), 2, 10).name
    'r-00002-of-00010.hdf5'
    """
    return path.with_name(f"{path.stem}-{number:05d}-of-{of:05d}{path.suffix}")
