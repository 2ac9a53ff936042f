"""What the study of two nets tells: its sections, sentences and pictures."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from lamella.data.dataset import Dataset
from lamella.narrative.embedding_grids import embedding_grids, last_clouds
from lamella.narrative.findings import say_generalisation, say_loss, say_separation, say_spread
from lamella.narrative.lost_samples import Loss, find_losses, first_lost_layer, losses_table
from lamella.narrative.slices import (
    Runs,
    diagrams_of,
    distance_table,
    learning_table,
    plane,
    through_layers,
)
from lamella.registry import measures
from lamella.results import Table
from lamella.story import Picture, Section, Sentence, Story
from lamella.studies.spheres.premise import Trained

SPLITS = ("train", "test", "both")
NUMBERS = (
    "neighbour_error",
    "class_distances",
    "betti_numbers",
    "total_persistence",
    "persistent_entropy",
    "longest_bar",
)


def spheres_story(
    nets: Mapping[str, Runs],
    data: Dataset,
    trained: Mapping[str, Trained],
    premise: tuple[bool, str],
    *,
    tsne: bool,
    seconds: float,
) -> Story:
    """The story of a good net and its twin with a bottleneck, over all their seeds."""
    good, bad = nets
    losses = find_losses(nets[good], nets[bad])
    sections = [
        _premise(nets, trained, premise),
        _analysis(nets, losses),
        _evolution(nets, tsne),
        _topology(nets, data),
        *(_cube(nets, split) for split in SPLITS),
        _splits(nets),
    ]
    return Story(
        title=f"Two nets on {data.name}: what happens to the data between the layers",
        verdict=_verdict(good, bad, losses, trained, premise[0]),
        sections=tuple(sections),
        facts=_facts(nets, data, seconds),
    )


def _verdict(
    good: str, bad: str, losses: list[Loss], trained: Mapping[str, Trained], holds: bool
) -> Sentence:
    errors = {net: 100 * float(np.mean(facts.test_error)) for net, facts in trained.items()}
    ends = f"{errors[bad]:.1f} % test error against {errors[good]:.1f} %"
    if not holds:
        text = f"The premise does not hold for these arguments: {bad} ends with {ends}."
        return Sentence(text, errors)
    layer = first_lost_layer(losses, max(loss.epoch for loss in losses))
    if layer is None:
        text = (
            f"The {bad} net ends with {ends}, but no layer can be named where it loses the classes."
        )
        return Sentence(text, errors)
    return Sentence(f"The {bad} net loses the classes at {layer} and ends with {ends}.", errors)


def _premise(
    nets: Mapping[str, Runs], trained: Mapping[str, Trained], premise: tuple[bool, str]
) -> Section:
    holds, why = premise
    words = "The premise holds" if holds else "The premise does NOT hold; read on with care"
    sentences = [Sentence(f"{words}: {why}.")]
    for net, facts in trained.items():
        shape = " - ".join(map(str, facts.widths))
        train, test = (100 * np.asarray(e) for e in (facts.train_error, facts.test_error))
        sentences.append(
            Sentence(
                f"The {net} net ({shape}) errs on {train.mean():.2f} % of train and "
                f"{test.mean():.2f} % of test after {facts.epochs} epochs, over {len(test)} "
                f"seed{'s' * (len(test) > 1)}.",
                {"train_error": facts.train_error, "test_error": facts.test_error},
            )
        )
    picture = Picture(
        "training_curves",
        {net: learning_table(runs) for net, runs in nets.items()},
        "Error and loss while training.",
    )
    return Section("Training", tuple(sentences), (picture,))


def _analysis(nets: Mapping[str, Runs], losses: list[Loss]) -> Section:
    good, bad = nets
    last = losses_table([loss for loss in losses if loss.epoch == max(x.epoch for x in losses)])
    sentences = [
        *say_separation(good, nets[good]),
        *say_separation(bad, nets[bad]),
        *say_loss(good, bad, losses),
        *say_spread(nets, NUMBERS),
    ]
    error = through_layers(nets, "neighbour_error", nets[good][0].epochs[-1], ("test",))
    pictures = (
        Picture(
            "lines",
            error,
            "1-NN error from layer to layer at the last epoch, test.",
            {"zero": True},
        ),
        Picture("table", last, "Samples that one net alone confuses at the last epoch, by layer."),
    )
    return Section("Analysis", tuple(sentences), pictures)


def _evolution(nets: Mapping[str, Runs], tsne: bool) -> Section:
    methods = ("pca", "tsne") if tsne else ("pca",)
    pictures = embedding_grids(nets, methods)
    sentence = Sentence(
        "The same test samples in every cell, each picture turned by orthogonal Procrustes onto "
        "the next epoch and the layer before; the first net of each kind."
    )
    pictures += last_clouds(nets)
    return Section("How the data moves", (sentence,), pictures)


def _topology(nets: Mapping[str, Runs], data: Dataset) -> Section:
    pictures = [picture for net, runs in nets.items() for picture in _bars(net, runs)]
    words = "Bottleneck and Wasserstein distance of the diagrams, first net, in units of the mean"
    pictures.append(Picture("table", _diagram_distances(nets), f"{words} distance of each layer."))
    return Section("Persistent homology", (_true_betti(data),), tuple(pictures))


def _bars(net: str, runs: Runs) -> list[Picture]:
    """Barcodes before and after training, diagrams and Betti curves of the first net of a kind."""
    run = runs[0]
    pictures = []
    for epoch in (run.epochs[0], run.epochs[-1]):
        bars = {k: d.normalised() for k, d in diagrams_of(run, epoch, "test").items()}
        caption = f"{net}, epoch {epoch}, test: the longest bars, in each layer's mean distance."
        pictures.append(Picture("barcodes", bars, caption))
    both = diagrams_of(run, run.epochs[-1], "both")
    for layer in (run.layers[0], run.layers[-1]):
        words = f"{net}, {layer}, epoch {run.epochs[-1]}, train and test"
        pictures.append(Picture("birth_death", both[layer], f"{words}: every bar."))
        curves = both[layer].normalised()
        pictures.append(Picture("betti_curves", curves, f"{words}: features alive at each scale."))
    return pictures


def _diagram_distances(nets: Mapping[str, Runs]) -> Table:
    """Train against test within each net, and the nets against each other on test."""

    def bars(net: str, split: str):
        return diagrams_of(nets[net][0], nets[net][0].epochs[-1], split)

    pairs = {f"{net}: train, test": (bars(net, "train"), bars(net, "test")) for net in nets}
    good, bad = nets
    return distance_table(
        {**pairs, f"{good}, {bad}: test": (bars(good, "test"), bars(bad, "test"))}
    )


def _true_betti(data: Dataset) -> Sentence:
    if not data.betti:
        return Sentence(f"The true Betti numbers of {data.name} are not known.")
    named = {data.class_names[k] if isinstance(k, int) else k: v for k, v in data.betti.items()}
    said = "; ".join(f"{name} {value}" for name, value in named.items())
    return Sentence(f"True Betti numbers (b0, b1, b2) of the data: {said}.", named)


def _cube(nets: Mapping[str, Runs], split: str) -> Section:
    pictures = tuple(
        Picture(
            "comparison",
            {net: plane(runs, name, split) for net, runs in nets.items()},
            f"{measures.card(name).summary} Split {split}, mean over seeds.",
            {"better": measures.facts(name).get("better")},
        )
        for name in NUMBERS
    )
    return Section(f"The cube: layer by epoch, {split}", (), pictures)


def _splits(nets: Mapping[str, Runs]) -> Section:
    pictures = tuple(
        Picture(
            "lines",
            through_layers({net: runs}, name, runs[0].epochs[-1], SPLITS),
            f"{net}: {name.replace('_', ' ')} on train, test and both at the last epoch.",
        )
        for net, runs in nets.items()
        for name in ("neighbour_error", "class_distances", "total_persistence")
    )
    sentences = say_generalisation(nets, ("neighbour_error", "class_distances"))
    return Section("Train against test against both", tuple(sentences), pictures)


def _facts(nets: Mapping[str, Runs], data: Dataset, seconds: float) -> dict:
    info = next(iter(nets.values()))[0].info
    return {
        "data": data.arguments,
        "training": {k: v for k, v in info["study"].items() if k not in ("net", "data_arguments")},
        "seeds": {net: [run.info["seed"] for run in runs] for net, runs in nets.items()},
        "recorded epochs": list(next(iter(nets.values()))[0].epochs),
        "versions": info["versions"],
        "hardware": info["hardware"],
        "seconds": round(seconds, 1),
    }
