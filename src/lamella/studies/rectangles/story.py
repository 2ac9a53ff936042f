"""The study's report: tables, pictures, and the analysis in words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from lamella.results import Curve, Table
from lamella.story import Picture, Section, Sentence, Story
from lamella.studies.rectangles import findings
from lamella.studies.rectangles.exploration import explore
from lamella.studies.rectangles.geometry_sections import (
    compactness_section,
    formation_section,
    topology_section,
)
from lamella.studies.rectangles.latents import PERPLEXITY, has_umap
from lamella.studies.rectangles.numbers import (
    Done,
    by_key,
    f1_table,
    scores,
)
from lamella.studies.rectangles.sizes import SHORT

METHOD_NAMES = {"pca": "PCA", "umap": "UMAP", "tsne": "t-SNE"}


def rectangles_story(done: Sequence[Done], pixels: Done, seconds: float) -> tuple[Story, list[str]]:
    """The whole story, and its findings as plain sentences."""
    data, _ = explore(4000, done[0].launch.scene)
    sections = (
        _segmentation(done),
        _pictures(done, pixels),
        _separability(done, pixels),
        compactness_section(done),
        Section("Which factor spreads the classes", tuple(findings.say_factors(done)), ()),
        topology_section(done),
        formation_section(done),
        data,
    )
    verdict = findings.verdict(done)
    story = Story(
        "Rectangles: the latent space of networks that segment",
        verdict,
        sections,
        _facts(done, seconds),
    )
    analysis = [verdict.text, *(s.text for section in sections[1:-1] for s in section.sentences)]
    return story, analysis


def _segmentation(done: Sequence[Done]) -> Section:
    rows: dict[str, list[Any]] = {}
    for (net, loss), ones in by_key(done).items():
        found = [scores(one.run) for one in ones]
        line: dict[str, Any] = {"net": SHORT[net], "loss": SHORT[loss]}
        for name in found[0]["dice"]:
            line[f"Dice {name}"] = np.mean([f["dice"][name] for f in found])
        line["IoU mean"] = np.mean([f["iou"]["mean"] for f in found])
        means = [f["dice"]["mean"] for f in found]
        line["Dice spread"] = max(means) - min(means) if len(means) > 1 else np.nan
        line["seconds"] = np.mean([f["seconds"] for f in found])
        for name, value in line.items():
            rows.setdefault(name, []).append(value)
    table = Table({name: np.array(column) for name, column in rows.items()})
    best = int(np.argmax(rows["Dice mean"]))
    sentence = Sentence(
        f"{rows['net'][best]} with {rows['loss'][best]} segments best: mean Dice "
        f"{rows['Dice mean'][best]:.3f} over the classes on the test images. The segmentation is "
        "only the vehicle; the question is the latent space. NN1 is conv_autoencoder, NN2 "
        "small_unet, NN3 separable_unet; CE is the weighted cross-entropy.",
        {
            f"{n}, {loss}": d
            for n, loss, d in zip(rows["net"], rows["loss"], rows["Dice mean"], strict=True)
        },
    )
    pictures = (
        Picture(
            "table",
            table,
            "Dice and IoU over all test pixels, mean over launches; spread is greatest less least.",
        ),
        Picture(
            "lines",
            _learning(done),
            "Mean Dice of the test images while training (launch 1).",
            {"palette": "classes"},
        ),
    )
    return Section("Segmentation", (sentence,), pictures)


def _learning(done: Sequence[Done]) -> Curve:
    ones = {key: found[0] for key, found in by_key(done).items()}
    frames = {one.short: one.run.scalars() for one in ones.values()}
    epochs = next(iter(frames.values()))["epoch"].to_numpy()
    y = np.array([frame["mean_dice"].to_numpy() for frame in frames.values()])
    return Curve(epochs, y, tuple(frames), "epoch", "mean Dice")


def _pictures(done: Sequence[Done], pixels: Done) -> Section:
    sentences = [findings.ceiling(done)] if findings.ALL in done[0].launch.variants else []
    if not has_umap():
        sentences.append(
            Sentence(
                "UMAP is not installed, so its pictures and curves are missing: "
                "pip install 'lamella[umap]'."
            )
        )
    found = [
        Picture(
            "rectangles_latents",
            _grid(one.pictures, layer),
            f"{one.short}, {layer}: the class on top, by method (down) and "
            f"factor variant (right). t-SNE with perplexity {PERPLEXITY}.",
        )
        for one in done
        if one.pictures
        for layer in one.run.layers
    ]
    found.append(
        Picture(
            "rectangles_latents", _grid(pixels.pictures, "pixels"), "The same images as pixels."
        )
    )
    return Section("The latent spaces in pictures", tuple(sentences), tuple(found))


def _grid(pictures: dict[str, Any], layer: str) -> dict[str, Any]:
    found = {}
    for key, embedding in pictures.items():
        method, of_layer, variant = key.split(" | ")
        if of_layer == layer:
            found[f"{METHOD_NAMES[method]} | {variant}"] = embedding
    order = [f"{m} | " for m in METHOD_NAMES.values()]
    return dict(
        sorted(found.items(), key=lambda item: [item[0].startswith(o) for o in order], reverse=True)
    )


def _separability(done: Sequence[Done], pixels: Done) -> Section:
    split = findings.main_split(done)
    pictures = []
    for ones in by_key(done).values():
        for layer in ones[0].run.layers:
            table = f1_table([one.f1 for one in ones], split, layer)
            pictures.append(
                Picture(
                    "f1_against_dimension",
                    table,
                    f"{ones[0].short}, {layer}, {split}: F1 of one-vs-all perceptrons.",
                )
            )
    pictures += [
        Picture(
            "lines",
            _micro(done, pixels, variant),
            f"{variant}: micro F1 against dimension after PCA; pixels dashed.",
            {"baselines": ("pixels",), "log_x": True, "palette": "classes"},
        )
        for variant in done[0].launch.variants
    ]
    note = Sentence(
        "Perceptrons are fitted and scored on the same images on purpose: F1 measures linear "
        "separability, not generalisation. With as many dimensions as images any labels separate; "
        f"here there are {3 * done[0].launch.sizes.latent:,} images in a space."
    )
    return Section("Linear separability", (note, *findings.say_f1(done, pixels)), tuple(pictures))


def _micro(done: Sequence[Done], pixels: Done, variant: str) -> Curve:
    dimensions = list(done[0].launch.sizes.dimensions)
    series: dict[str, list[float]] = {}
    for ones in by_key(done).values():
        for layer in ones[0].run.layers:
            lines = [
                [findings.f1_value(one.f1, variant, layer, d) for d in dimensions] for one in ones
            ]
            series[f"{ones[0].short}, {layer}"] = np.mean(lines, axis=0).tolist()
    for one in done:
        for layer in one.run.layers if one.untrained else ():
            series[f"{SHORT[one.launch.net]} untrained, {layer}"] = [
                findings.f1_value(one.untrained, variant, layer, d) for d in dimensions
            ]
    series["pixels"] = [findings.f1_value(pixels.f1, variant, "pixels", d) for d in dimensions]
    return Curve(
        np.array(dimensions),
        np.array(list(series.values())),
        tuple(series),
        "dimension after PCA",
        "micro F1",
    )


def _facts(done: Sequence[Done], seconds: float) -> dict[str, Any]:
    info, launch = done[0].run.info, done[0].launch
    return {
        "scene": launch.facts()["scene"],
        "sizes": launch.facts()["sizes"] | {"latent": launch.sizes.latent},
        "bfloat16": launch.bfloat16,
        "seeds": sorted({one.launch.seed for one in done}),
        "recorded epochs": list(done[0].run.epochs),
        "versions": info["versions"],
        "hardware": info["hardware"],
        "seconds": round(seconds, 1),
    }
