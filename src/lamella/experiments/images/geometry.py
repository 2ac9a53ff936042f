"""The geometry of a network on images: layer by layer, between layers, between seeds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from lamella.experiments.images.predictions import Predictions
from lamella.narrative.slices import INPUT, Runs, plane, through_layers, values
from lamella.registry import measures
from lamella.results import Curve, Matrix, Table
from lamella.store import Run
from lamella.story import Cell, Picture, Section, Sentence

MEASURES = (
    "twonn",
    "participation_ratio",
    "neighbour_error",
    "compactness_profile",
    "gdv",
    "neural_collapse",
    "linear_cka",
)
PROFILES = {
    "twonn": "Intrinsic dimension (TwoNN) from layer to layer",
    "neighbour_error": "1-NN error from layer to layer",
    "gdv": "Generalised discrimination value (lower: classes further apart) from layer to layer",
}


def geometry_section(nets: Mapping[str, Runs]) -> Section:
    """Measures through the layers at the last epoch, and over epochs as heat maps."""
    epochs = {net: runs[0].epochs[-1] for net, runs in nets.items()}
    pictures = [
        Picture(
            "lines",
            through_layers({net: runs}, name, epochs[net], ("train", "test")),
            f"{net}: {title} at epoch {epochs[net]}.",
        )
        for name, title in PROFILES.items()
        for net, runs in nets.items()
    ]
    pictures += [
        Picture(
            "heat_map",
            plane(runs, name, "test"),
            f"{net}: {measures.card(name).summary} Split test.",
            {"better": measures.facts(name).get("better")},
        )
        for name in ("twonn", "neighbour_error")
        for net, runs in nets.items()
    ]
    pictures += [profile_picture(net, runs[0]) for net, runs in nets.items()]
    sentences = [say_dimension(net, runs) for net, runs in nets.items()]
    sentences += [say_separation_gain(net, runs) for net, runs in nets.items()]
    return Section("Geometry through the layers", tuple(sentences), tuple(pictures))


def say_dimension(net: str, runs: Runs) -> Sentence:
    """Where the intrinsic dimension is greatest, and where it ends."""
    layers, epochs, cube = values(runs, "twonn", "test")
    last = np.nanmean(cube[:, :, -1], axis=0)
    top = int(np.nanargmax(last))
    return Sentence(
        f"{net}: the intrinsic dimension of the test images is {last[0]:.1f} at the input, "
        f"greatest at {layers[top]} ({last[top]:.1f}) and {last[-1]:.1f} at {layers[-1]}.",
        dict(zip(layers, np.round(last, 2).tolist(), strict=True)),
        Cell(net, layers[top], epochs[-1], "test", "twonn"),
    )


def say_separation_gain(net: str, runs: Runs) -> Sentence:
    """The layer that lowers the 1-NN error most."""
    layers, epochs, cube = values(runs, "neighbour_error", "test")
    last = np.nanmean(cube[:, :, -1], axis=0)
    gain = last[:-1] - last[1:]
    at = int(np.nanargmax(gain)) + 1
    return Sentence(
        f"{net}: the step to {layers[at]} separates the classes most: the 1-NN error falls from "
        f"{last[at - 1]:.1f} % to {last[at]:.1f} %; at {layers[-1]} it is {last[-1]:.1f} %.",
        dict(zip(layers, np.round(last, 2).tolist(), strict=True)),
        Cell(net, layers[at], epochs[-1], "test", "neighbour_error"),
    )


def profile_picture(net: str, run: Run) -> Picture:
    """The compactness profile of every layer at the last epoch."""
    epoch = run.epochs[-1]
    found = {
        layer: run.record("compactness_profile", layer, epoch, "test")
        for layer in (INPUT, *run.layers)
    }
    curves = {layer: curve for layer, curve in found.items() if isinstance(curve, Curve)}
    return Picture(
        "compactness_profile",
        curves,
        f"{net}: how often the m-th neighbour has another class, layer by layer, epoch {epoch}.",
    )


def similarity_section(nets: Mapping[str, Runs]) -> Section:
    """CKA between the layers of each net, and between the same layers of two seeds."""
    pictures = [
        Picture(
            "similarity_matrix",
            cka_matrix(runs[0], runs[0], f"{net}, first net"),
            f"{net}: linear CKA between layers on test, last epoch.",
        )
        for net, runs in nets.items()
    ]
    sentences = []
    for net, runs in nets.items():
        if len(runs) < 2:
            continue
        matrix = cka_matrix(runs[0], runs[1], f"{net}, two seeds")
        pictures.append(
            Picture(
                "similarity_matrix",
                matrix,
                f"{net}: linear CKA between the layers of two seeds on test, last epoch.",
            )
        )
        alike = np.diag(matrix.values)
        sentences.append(
            Sentence(
                f"{net}: two seeds agree most at {matrix.rows[int(alike.argmax())]} (CKA "
                f"{alike.max():.2f}) and least at {matrix.rows[int(alike.argmin())]} "
                f"({alike.min():.2f}).",
                dict(zip(matrix.rows, np.round(alike, 3).tolist(), strict=True)),
            )
        )
    if not sentences:
        sentences = [Sentence("One seed was trained; run with --seeds 2 to compare two by CKA.")]
    return Section("How alike layers are", tuple(sentences), tuple(pictures))


def cka_matrix(first: Run, second: Run, title: str) -> Matrix:
    """Linear CKA of each layer of one run with each layer of another, same test samples."""
    layers = first.layers
    clouds = [
        {name: run.activations(name, run.epochs[-1], "test") for name in layers}
        for run in (first, second)
    ]
    flat = [{k: v.reshape(len(v), -1) for k, v in each.items()} for each in clouds]
    numbers = [
        [float(measures["linear_cka"](flat[0][a], flat[1][b]).columns["cka"][0]) for b in layers]
        for a in layers
    ]
    return Matrix(np.array(numbers), layers, layers, "layer", "layer", "linear CKA", title)


def collapse_section(seen: Mapping[str, Mapping[str, Predictions]], weights: Mapping) -> Section:
    """Neural collapse at the end of training, on train and test, in the last hidden layer."""
    rows: dict[str, list] = {"net": [], "split": []}
    for net, splits in seen.items():
        for split, each in splits.items():
            table = measures["neural_collapse"](each.features, each.labels, *weights[net])
            rows["net"].append(net)
            rows["split"].append(split)
            for name, column in table.columns.items():
                rows.setdefault(name, []).append(float(f"{column[0]:.4g}"))
    table = Table({name: np.asarray(column) for name, column in rows.items()}, "Neural collapse")
    sentences = [say_collapse(net, rows) for net in seen]
    picture = Picture("table", table, "Neural collapse of the last hidden layer: 0 is complete.")
    return Section("Neural collapse", tuple(sentences), (picture,))


def say_collapse(net: str, rows: Mapping[str, Sequence]) -> Sentence:
    """nc1 and nc4 of a net on train and test in words."""
    at = {rows["split"][k]: k for k in range(len(rows["net"])) if rows["net"][k] == net}
    train, test = (float(rows["nc1"][at[split]]) for split in ("train", "test"))
    agree = 100 * (1 - float(rows["nc4"][at["test"]]))
    return Sentence(
        f"{net}: variation within classes against that between (nc1) is {train:.2g} on train and "
        f"{test:.2g} on test; the nearest class mean and the classifier agree on {agree:.1f} % "
        "of test.",
        {"nc1 train": train, "nc1 test": test, "agreement, %": agree},
    )


def betti_section(net: str, seen: Predictions, names: Sequence[str], points: int = 150) -> Section:
    """Betti curves of each class in the last hidden layer, one line for each class."""
    from lamella.homology import homology_many

    clouds = [
        seen.features[seen.labels == k][:points].astype(np.float64) for k in range(len(names))
    ]
    diagrams = [d.normalised("mean_distance") for d in homology_many(clouds, 1)]
    scales = np.linspace(0, 1.2, 121)
    pictures = []
    for dimension, word in ((0, "components"), (1, "loops")):
        alive = [
            [int(((b[:, 0] <= s) & (b[:, 1] > s)).sum()) for s in scales]
            for b in (d.bars(dimension) for d in diagrams)
        ]
        curve = Curve(
            scales,
            np.asarray(alive, float),
            tuple(names),
            x_label="scale, in mean distances of the class",
            y_label=f"{word} (Betti {dimension})",
        )
        pictures.append(
            Picture(
                "lines",
                curve,
                f"{net}: Betti {dimension} of each class, {points} test images each.",
            )
        )
    most = [int(max((d.bars(1)[:, 1] - d.bars(1)[:, 0]).tolist() or [0]) * 1000) for d in diagrams]
    longest = [m / 1000 for m in most]
    top = int(np.argmax(longest))
    sentence = Sentence(
        f"In the last hidden layer of {net} the longest loop of any class is that of "
        f"{names[top]}, {longest[top]:.2f} mean distances long.",
        dict(zip(names, longest, strict=True)),
    )
    return Section(f"Betti curves of the classes, {net}", (sentence,), tuple(pictures))
