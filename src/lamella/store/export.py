"""A run in the formats of other programs."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from lamella.checks import check_choice
from lamella.errors import RunError, missing_extra, unknown_name
from lamella.results import Embedding
from lamella.store.opening import check_inside
from lamella.store.run import INPUT, Run

if TYPE_CHECKING:
    import pandas

Cell = tuple[str, int, str]
Writer = Callable[["pandas.DataFrame", Path], Path]


def export_run(
    run: Run,
    out: Path,
    format: str,
    *,
    layers: str = "*",
    epochs: tuple[int, ...] | None = None,
    splits: tuple[str, ...] | None = None,
    activations: bool = False,
) -> list[Path]:
    """Write a run to the folder `out`; returns the files.

    "csv" and "parquet": scalars, health and one table per measure, and with `activations` one
    table per cell (id, label, then one column per feature). "projector": tensors and metadata as
    TSV with the config of TensorBoard's embedding projector. "atlas": one Parquet table of all
    measured embeddings (id, label, layer, epoch, split, x, y) for Embedding Atlas.
    `layers` is a glob; `epochs` and `splits` default to all, for the projector to the last epoch.

    Raises UnknownName for a format, layer or split, MissingExtra where Parquet needs pyarrow, and
    RunError where a link would lead a file out of `out`, or `out` out of a run that holds it.
    """
    check_choice(format, FORMATS, "export format")
    if out.absolute().is_relative_to(run.path.absolute()):
        check_inside(out, run.path)
    if format == "projector":
        cells = list(chosen_cells(run, layers, epochs or run.epochs[-1:], splits))
        return write_projector(run, out, cells)
    if format == "atlas":
        return write_atlas(run, out)
    cells = list(chosen_cells(run, layers, epochs or run.epochs, splits)) if activations else []
    return write_tables(run, out, format, cells)


def chosen_cells(
    run: Run, layers: str, epochs: tuple[int, ...], splits: tuple[str, ...] | None
) -> Iterator[Cell]:
    """The cells of the layers that match a glob."""
    names = [name for name in (INPUT, *run.layers) if fnmatchcase(name, layers)]
    if not names:
        raise unknown_name("layer", layers, run.layers)
    for epoch in epochs:
        for layer in names:
            if layer != INPUT or epoch == epochs[0]:  # the input is the same at every epoch
                yield from ((layer, epoch, split) for split in splits or tuple(run.info["probes"]))


def write_tables(run: Run, out: Path, format: str, cells: list[Cell]) -> list[Path]:
    """Scalars, health, results and chosen activations as one table each."""
    write = WRITERS[format]

    def written(frame: pandas.DataFrame, *place: str) -> Path:
        path = out.joinpath(*place)
        check_inside(path.with_name(f"{path.name}.{format}"), out)
        return write(frame, path)

    files = [written(run.scalars(), "scalars"), written(run.health(), "health")]
    measures = list(dict.fromkeys(run.results().measure))
    for measure, name in zip(measures, different(map(file_name, measures)), strict=True):
        files.append(written(run.results(measure), "results", name))
    for cell, name in zip(cells, different(map(cell_name, cells)), strict=True):
        files.append(written(cell_frame(run, cell), "activations", name))
    return files


def cell_frame(run: Run, cell: Cell) -> pandas.DataFrame:
    """The points of a cell: id, label where there is one, and a column for each feature."""
    import pandas

    points = np.asarray(run.activations(*cell))
    points = points.reshape(len(points), -1)
    columns = [f"{cell[0]}_{k}" for k in range(points.shape[1])]
    frame = sample_frame(run, cell[2])
    return frame.join(pandas.DataFrame(points, columns=columns, index=frame.index))


def sample_frame(run: Run, split: str) -> pandas.DataFrame:
    """Id, label and class of the samples of a split."""
    import pandas

    columns = {"id": np.asarray(run.ids(split))}
    if all(run.info["probes"][probe]["labels"] for probe in run.probes(split)):
        labels = np.asarray(run.labels(split))
        names = run.class_names
        columns["label"] = labels
        known = range(len(names))
        columns["class"] = np.array([names[k] if k in known else str(k) for k in labels], str)
    return pandas.DataFrame(columns)


def write_projector(run: Run, out: Path, cells: list[Cell]) -> list[Path]:
    """TSV of the points and of the samples, and the config that names them.

    `projector_config.pbtxt` is read by `tensorboard --logdir OUT`, `projector_config.json` by the
    projector's page on its own.
    """
    if not cells:
        raise RunError(f"{run.path} has no recorded epoch to export. Record one first.")
    out.mkdir(parents=True, exist_ok=True)
    entries, files = [], []
    for cell, name in zip(cells, different(map(cell_name, cells)), strict=True):
        frame = cell_frame(run, cell)
        samples = sample_frame(run, cell[2])
        points = frame.drop(columns=list(samples))
        tensors, metadata = out / f"{name}.tsv", out / f"samples-{file_name(cell[2])}.tsv"
        check_inside(tensors, out)
        check_inside(metadata, out)
        points.to_csv(tensors, sep="\t", index=False, header=False)
        # a file with one column must not have a header
        samples.to_csv(metadata, sep="\t", index=False, header=samples.shape[1] > 1)
        entries.append(
            {
                "tensorName": f"{cell[0]}, epoch {cell[1]}, {cell[2]}",
                "tensorShape": list(points.shape),
                "tensorPath": tensors.name,
                "metadataPath": metadata.name,
            }
        )
        files += [tensors, metadata]
    page, plugin = out / "projector_config.json", out / "projector_config.pbtxt"
    check_inside(page, out)
    check_inside(plugin, out)
    page.write_text(json.dumps({"embeddings": entries}, indent=1))
    plugin.write_text("".join(map(as_pbtxt, entries)))
    return [*dict.fromkeys(files), page, plugin]


def as_pbtxt(entry: dict[str, Any]) -> str:
    """One entry of a projector config in the text form of protocol buffers."""
    names = {"tensorName": "tensor_name", "tensorPath": "tensor_path"}
    names["metadataPath"] = "metadata_path"
    fields = "".join(f"  {names[key]}: {json.dumps(entry[key])}\n" for key in names)
    return f"embeddings {{\n{fields}}}\n"


def write_atlas(run: Run, out: Path) -> list[Path]:
    """Every measured embedding, one row per point, for `embedding-atlas FILE --x x --y y`."""
    import pandas

    frames = []
    for measure, layer, epoch, split in run.results().iloc[:, :4].itertuples(index=False):
        record = run.record(measure, layer, epoch, split)
        if isinstance(record, Embedding):
            cell = {"measure": measure, "layer": layer, "epoch": epoch, "split": split}
            frames.append(record.frame().assign(**cell))
    if not frames:
        raise RunError(
            f"{run.path} has no embeddings to export. Make some first: lamella measure {run.path}"
        )
    check_inside(out / "embeddings.parquet", out)
    return [write_parquet(pandas.concat(frames, ignore_index=True), out / "embeddings")]


def write_csv(frame: pandas.DataFrame, path: Path) -> Path:
    """A frame as CSV."""
    path = path.with_name(f"{path.name}.csv")
    path.parent.mkdir(parents=True, exist_ok=True)
    frame.to_csv(path, index=False)
    return path


def write_parquet(frame: pandas.DataFrame, path: Path) -> Path:
    """A frame as Parquet."""
    try:
        import pyarrow  # noqa: F401  # pyright: ignore[reportMissingImports]
    except ImportError:
        raise missing_extra("pyarrow", "parquet", "Parquet export") from None
    path = path.with_name(f"{path.name}.parquet")
    path.parent.mkdir(parents=True, exist_ok=True)
    frame.to_parquet(path, index=False)
    return path


def cell_name(cell: Cell) -> str:
    """The name of a cell's file.

    >>> cell_name(("block/relu#2", 7, "train"))
    'block-relu-2-000007-train'
    """
    layer, epoch, split = cell
    return f"{file_name(layer)}-{epoch:06d}-{file_name(split)}"


def file_name(text: str) -> str:
    """A text as the name of a file: at most 100 letters, digits, dots, dashes, underscores."""
    return re.sub(r"[^\w.-]+", "-", text)[:100]


def different(names: Iterable[str]) -> list[str]:
    """The same names, those that were there before with a number, so that no file is lost.

    >>> different(["a", "b", "a"])
    ['a', 'b', 'a-2']
    """
    taken: list[str] = []
    for name in names:
        number, new = 1, name
        while new.casefold() in map(str.casefold, taken):
            number += 1
            new = f"{name}-{number}"
        taken.append(new)
    return taken


WRITERS: dict[str, Writer] = {"csv": write_csv, "parquet": write_parquet}
FORMATS = (*WRITERS, "projector", "atlas")
