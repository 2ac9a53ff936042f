"""The sections of the report on compactness, on H0 and H1, and on how the spaces form."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from lamella.narrative.slices import INPUT
from lamella.results import Curve, Table
from lamella.story import Picture, Section
from lamella.studies.rectangles import findings
from lamella.studies.rectangles.numbers import (
    NUMBERS,
    Done,
    by_key,
    diagrams_of,
    over_epochs,
)
from lamella.studies.rectangles.sizes import SHORT


def compactness_section(done: Sequence[Done]) -> Section:
    split = findings.main_split(done)
    rows: dict[str, list[Any]] = {}
    for variant in done[0].launch.variants:
        for row in findings.cells(done, variant):
            line = {"factors": variant, "net": SHORT.get(row["net"], ""), "layer": row["layer"]}
            line["training"] = SHORT.get(row["loss"], row["loss"])
            line |= {name: row[name] for name in NUMBERS}
            for name, value in line.items():
                rows.setdefault(name, []).append(value)
    table = Table({name: np.array(column) for name, column in rows.items()})
    profiles = {}
    last = done[0].run.epochs[-1]
    for ones in by_key(done).values():
        profiles |= {
            f"{ones[0].short}, {layer}": _profile(ones[0], layer, last, split)
            for layer in ones[0].run.layers
        }
    for one in done:
        if one.untrained:
            layer = one.run.layers[0]
            profiles[f"{SHORT[one.launch.net]} untrained"] = _profile(
                one, layer, one.run.epochs[0], split
            )
    profiles["pixels"] = _profile(done[0], INPUT, last, split)
    baselines = tuple(n for n in profiles if n == "pixels" or n.endswith("untrained"))
    pictures = (
        Picture(
            "compactness_profile",
            profiles,
            f"Compactness profile, {split}: share of m-th neighbours with another class on top.",
            {"baselines": baselines},
        ),
        Picture(
            "table",
            table,
            "Geometry of every space, mean over launches: 1-NN and complete cross-validation "
            "error, distances within over between classes, intrinsic dimension (TwoNN).",
        ),
    )
    return Section("Compactness", tuple(findings.say_compactness(done)), pictures)


def _profile(one: Done, layer: str, epoch: int, split: str) -> Any:
    for at in (epoch, *one.run.epochs):
        record = one.run.record("compactness_profile", layer, at, split)
        if isinstance(record, Curve):
            return record
    raise LookupError(f"no compactness profile of {layer}, {split}")


def topology_section(done: Sequence[Done]) -> Section:
    split, pictures = findings.main_split(done), []
    for ones in by_key(done).values():
        run = ones[0].run
        places = [("pixels", INPUT, run.epochs[-1])]
        for layer in run.layers:
            places += [
                (f"{layer}, untrained", layer, run.epochs[0]),
                (f"{layer}, trained", layer, run.epochs[-1]),
            ]
        found = {title: diagrams_of(run, layer, epoch, split) for title, layer, epoch in places}
        found = {title: d for title, d in found.items() if d is not None}
        pictures.append(
            Picture(
                "barcodes",
                found,
                f"{ones[0].short}, {split}: the longest H0 and H1 bars, in mean distances.",
                {"across": 3},
            )
        )
    return Section("H0 and H1", tuple(findings.say_topology(done)), tuple(pictures))


def formation_section(done: Sequence[Done]) -> Section:
    split, pictures = findings.main_split(done), []
    for title in NUMBERS:
        series: dict[str, np.ndarray] = {}
        epochs: list[int] = []
        for ones in by_key(done).values():
            for layer in ones[0].run.layers:
                epochs, cube = over_epochs([one.run for one in ones], title, layer, split)
                series[f"{ones[0].short}, {layer}"] = cube.mean(axis=0)
        _, cube = over_epochs([done[0].run], title, INPUT, split)
        series["pixels"] = cube.mean(axis=0)
        curve = Curve(
            np.array(epochs), np.array(list(series.values())), tuple(series), "epoch", title
        )
        pictures.append(
            Picture(
                "lines",
                curve,
                f"{title} of the latent spaces over epochs, {split}.",
                {"baselines": ("pixels",), "palette": "classes"},
            )
        )
    return Section("How they form", tuple(findings.say_epochs(done)), tuple(pictures))
