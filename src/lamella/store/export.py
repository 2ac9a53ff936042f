"""A run in the formats of other programs."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from lamella.checks import check_choice
from lamella.errors import RunError, missing_extra, unknown_name
from lamella.results import Embedding
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

    Raises UnknownName for a format, layer or split, MissingExtra where Parquet needs pyarrow.
    """
    check_choice(format, FORMATS, "export format")
    if format == "projector":
        cells = list(chosen_cells(run, layers, epochs or run.epochs[-1:], splits))
        return write_projector(run, out, cells)
    if format == "atlas":
        return write_atlas(run, out)
    write = WRITERS[format]
    cells = list(chosen_cells(run, layers, epochs or run.epochs, splits)) if activations else []
    return write_tables(run, out, write, cells)


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


def write_tables(run: Run, out: Path, write: Writer, cells: list[Cell]) -> list[Path]:
    """Scalars, health, results and chosen activations as one table each."""
    files = [write(run.scalars(), out / "scalars"), write(run.health(), out / "health")]
    for measure in dict.fromkeys(run.results().measure):
        files.append(write(run.results(measure), out / "results" / file_name(measure)))
    for cell in cells:
        files.append(write(cell_frame(run, cell), out / "activations" / cell_name(cell)))
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
        columns["class"] = np.array([names[k] if k < len(names) else str(k) for k in labels])
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
    for cell in cells:
        name, frame = cell_name(cell), cell_frame(run, cell)
        samples = sample_frame(run, cell[2])
        points = frame.drop(columns=list(samples))
        tensors, metadata = out / f"{name}.tsv", out / f"samples-{cell[2]}.tsv"
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
    return f"{file_name(layer)}-{epoch:06d}-{split}"


def file_name(text: str) -> str:
    """A text as the name of a file: letters, digits, dots, dashes, underscores."""
    return re.sub(r"[^\w.-]+", "-", text)


WRITERS: dict[str, Writer] = {"csv": write_csv, "parquet": write_parquet}
FORMATS = (*WRITERS, "projector", "atlas")
