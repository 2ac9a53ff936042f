"""The study's numbers from its runs: scores, F1, and the geometry of every cell."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from lamella.narrative.slices import INPUT, values
from lamella.results import Diagrams, Embedding, Table
from lamella.store import Run
from lamella.studies.rectangles.launches import Launch
from lamella.studies.rectangles.sizes import SHORT

GEOMETRY = (
    "class_distances",
    "twonn",
    "compactness_profile",
    "complete_cross_validation",
    "neighbour_error",
)
TOPOLOGY = ("homology",)


@dataclass(frozen=True, eq=False)
class Done:
    """A finished launch: its run, F1 rows and pictures; the untrained net's rows for launch 1."""

    launch: Launch
    run: Run
    f1: list[dict[str, Any]]
    pictures: dict[str, Embedding] = field(default_factory=dict)
    untrained: list[dict[str, Any]] = field(default_factory=list)

    @property
    def short(self) -> str:
        """Net and loss in short: NN1 Dice."""
        return f"{SHORT[self.launch.net]} {SHORT[self.launch.loss]}"

    @property
    def key(self) -> tuple[str, str]:
        """Net and loss."""
        return self.launch.net, self.launch.loss


def measure_launch(run: Run, jobs: int | None, progress: bool) -> None:
    """Geometry at every recorded epoch, H0 and H1 before and after training."""
    import lamella

    lamella.measure(run, GEOMETRY, splits=list(run.splits), jobs=jobs, progress=progress)
    ends = [run.epochs[0], run.epochs[-1]]
    lamella.measure(
        run, TOPOLOGY, epochs=ends, splits=list(run.splits), jobs=jobs, progress=progress
    )


def fingerprint(run: Run) -> str:
    """A short digest of the last recorded weights: other weights, other latent spaces."""
    digest = hashlib.sha256()
    for _, array in sorted(run.weights(run.epochs[-1]).items()):
        digest.update(np.ascontiguousarray(array).tobytes())
    return digest.hexdigest()[:16]


def scores(run: Run) -> dict[str, Any]:
    """Dice and IoU on the test images, per class and mean, and the seconds of training."""
    frame = run.scalars()
    last = frame.iloc[-1]
    found: dict[str, Any] = {}
    for name in ("dice", "iou"):
        classes = [c for c in frame.columns if c.startswith(f"{name}_")]
        found[name] = {f"class {c.split('_')[1]}": float(last[c]) for c in classes}
        found[name]["mean"] = float(last[f"mean_{name}"])
    return {**found, "seconds": float(frame["seconds"].to_numpy().sum())}


NUMBERS = {  # title: measure, column
    "1-NN error, %": ("neighbour_error", None),
    "CCV error": ("complete_cross_validation", "error"),
    "within / between": ("class_distances", "ratio"),
    "dimension": ("twonn", "dimension"),
}


def geometry(runs: Sequence[Run], layer: str, epoch: int, split: str) -> dict[str, float]:
    """The geometry of one cell by the names of `NUMBERS`, mean over launches.

    Layer "input" stands for the pixels, whatever the epoch.
    """
    found = {}
    for title, (name, column) in NUMBERS.items():
        layers, epochs, cube = values(runs, name, split, column)
        found[title] = float(cube[:, layers.index(layer), epochs.index(epoch)].mean())
    return found


def over_epochs(
    runs: Sequence[Run], title: str, layer: str, split: str
) -> tuple[list[int], np.ndarray]:
    """One number of `NUMBERS` at every recorded epoch, one row per launch."""
    name, column = NUMBERS[title]
    layers, epochs, cube = values(runs, name, split, column)
    return list(epochs), cube[:, layers.index(layer)]


def bars(run: Run, layer: str, epoch: int, split: str) -> dict[str, float]:
    """Summed length of the finite H0 and H1 bars, and H1's longest, in mean distances."""
    diagrams = diagrams_of(run, layer, epoch, split)
    if diagrams is None:
        return {"H0 sum": float("nan"), "H1 sum": float("nan"), "H1 longest": float("nan")}
    lengths = []
    for dimension in (0, 1):
        pairs = diagrams.bars(dimension)
        length = pairs[:, 1] - pairs[:, 0]
        lengths.append(length[np.isfinite(length)])
    return {
        "H0 sum": float(lengths[0].sum()),
        "H1 sum": float(lengths[1].sum()),
        "H1 longest": float(lengths[1].max(initial=0)),
    }


def diagrams_of(run: Run, layer: str, epoch: int, split: str) -> Diagrams | None:
    """The diagrams of a cell in units of its mean distance; the pixels' at whatever epoch."""
    for at in (epoch, *run.epochs) if layer == INPUT else (epoch,):
        record = run.record("homology", layer, at, split)
        if isinstance(record, Diagrams):
            return record.normalised("mean_distance")
    return None


def by_key(done: Sequence[Done]) -> dict[tuple[str, str], list[Done]]:
    """Launches by net and loss."""
    found: dict[tuple[str, str], list[Done]] = {}
    for one in done:
        found.setdefault(one.key, []).append(one)
    return found


def f1_value(
    rows: Sequence[Mapping[str, Any]],
    factor: str,
    layer: str,
    dimension: int | None,
    method: str = "pca",
) -> float:
    """The micro F1 of one curve at one dimension; None for all features."""
    for row in rows:
        full = dimension is None and row["method"] == "full"
        right = row["method"] == method and row["dimension"] == dimension
        if (
            row["class"] == "micro"
            and row["factor"] == factor
            and row["layer"] == layer
            and (full or right)
        ):
            return float(row["value"])
    return float("nan")


def enough(
    rows: Sequence[Mapping[str, Any]], factor: str, layer: str, level: float = 0.99
) -> float:
    """The least dimension after PCA whose micro F1 reaches `level`; infinity if none does."""
    reached = [
        row["dimension"]
        for row in rows
        if (row["class"], row["factor"], row["layer"]) == ("micro", factor, layer)
        and row["method"] in ("pca", "full")
        and row["value"] >= level
    ]
    return float(min(reached, default=float("inf")))


def f1_table(
    rows_by_launch: Sequence[Sequence[Mapping[str, Any]]], factor: str, layer: str
) -> Table:
    """The rows of one curve over launches, as the view f1_against_dimension wants them."""
    columns: dict[str, list] = {"class": [], "method": [], "dimension": [], "f1": [], "seed": []}
    for number, rows in enumerate(rows_by_launch):
        for row in rows:
            if row["factor"] == factor and row["layer"] == layer:
                for name, key in (
                    ("class", "class"),
                    ("method", "method"),
                    ("dimension", "dimension"),
                    ("f1", "value"),
                ):
                    columns[name].append(row[key])
                columns["seed"].append(number)
    if len(rows_by_launch) < 2:
        columns.pop("seed")
    return Table({name: np.array(values) for name, values in columns.items()})
