"""What the study found, in words with the numbers behind them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from lamella.narrative.slices import INPUT
from lamella.store import Run
from lamella.story import Cell, Sentence
from lamella.studies.rectangles.numbers import (
    Done,
    bars,
    by_key,
    enough,
    f1_value,
    geometry,
    over_epochs,
)
from lamella.studies.rectangles.sizes import SHORT

ALL = "FreeAll"
CCV, RATIO = "CCV error", "within / between"
PIXELS, UNTRAINED = "pixels", "untrained"
FACTORS = {"OnlyColor": "colour", "OnlyH": "height", "OnlyX": "position"}


def cells(done: Sequence[Done], split: str) -> list[dict[str, Any]]:
    """Geometry and homology of the pixels, each untrained and each trained layer, once each."""
    rows: dict[tuple[str, str, str], dict[str, Any]] = {}
    for (net, loss), ones in by_key(done).items():
        runs = [one.run for one in ones]
        first, last = runs[0].epochs[0], runs[0].epochs[-1]
        for layer in runs[0].layers:
            for row in (
                {"net": "", "loss": PIXELS, "layer": "", "place": (INPUT, last)},
                {"net": net, "loss": UNTRAINED, "layer": layer, "place": (layer, first)},
                {"net": net, "loss": loss, "layer": layer, "place": (layer, last)},
            ):
                key, place = (row["net"], row["loss"], row["layer"]), row.pop("place")
                if key not in rows:
                    numbers = _numbers(runs, place[0], place[1], split)
                    rows[key] = row | numbers
    return sorted(rows.values(), key=lambda row: row["loss"] not in (PIXELS, UNTRAINED))


def _numbers(runs: Sequence[Run], layer: str, epoch: int, split: str) -> dict[str, float]:
    return geometry(runs, layer, epoch, split) | bars(runs[0], layer, epoch, split)


def baselines(
    rows: Sequence[Mapping[str, Any]], row: Mapping[str, Any]
) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """The pixels and the same layer untrained, to compare a trained layer with."""
    untrained = (row["net"], UNTRAINED, row["layer"])
    return next(r for r in rows if r["loss"] == PIXELS), next(
        r for r in rows if (r["net"], r["loss"], r["layer"]) == untrained
    )


def trained(rows: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The rows of trained layers."""
    return [row for row in rows if row["loss"] not in (PIXELS, UNTRAINED)]


def name_of(row: Mapping[str, Any]) -> str:
    """A layer in short: NN1 Dice, latent."""
    return f"{SHORT[row['net']]} {SHORT[row['loss']]}, {row['layer']}"


def main_split(done: Sequence[Done]) -> str:
    """FreeAll where it was studied, else the first variant."""
    variants = done[0].launch.variants
    return ALL if ALL in variants else variants[0]


def verdict(done: Sequence[Done]) -> Sentence:
    """Whether the latent space is compact, and in which net and with which loss most.

    Judged by complete cross-validation of the 1-NN rule, which is the compactness profile in one
    number, over the one-factor variants and where all factors are free.
    """
    variants = done[0].launch.variants
    single = [v for v in variants if v != ALL]
    parts, numbers, cell = [], {}, None
    for words, chosen in (("one factor", single), ("all factors", [ALL])):
        if not set(chosen) <= set(variants) or not chosen:
            continue
        best, mine, pixels, untrained = most_compact(done, chosen)
        least = min(pixels, untrained)
        answer = "yes" if mine < 0.5 * least else "in part" if mine < 0.9 * least else "no"
        parts.append(
            f"with {words} free {answer}: an error of {100 * mine:.2f} % in the most compact space "
            f"({name_of(best)}), {100 * pixels:.2f} % in the pixels, {100 * untrained:.2f} % in "
            "the same layer untrained"
        )
        numbers[words] = {"trained": mine, "pixels": pixels, "untrained": untrained}
        place = (best["net"], best["layer"], done[0].run.epochs[-1], chosen[0])
        cell = cell or Cell(*place, "complete_cross_validation")
    text = f"Is the latent space compact? By complete cross-validation, {'; '.join(parts)}."
    return Sentence(text, numbers, cell)


def most_compact(
    done: Sequence[Done], variants: Sequence[str]
) -> tuple[Mapping[str, Any], float, float, float]:
    """The trained layer of the least mean error, that error, the pixels' and the untrained one."""
    rows = mean_cells(done, variants)
    best = min(trained(rows), key=lambda row: row[CCV])
    pixels, untrained = baselines(rows, best)
    return best, best[CCV], pixels[CCV], untrained[CCV]


def say_compactness(done: Sequence[Done]) -> list[Sentence]:
    """Layer by layer, all factors free and one: distances, error and dimension by training."""
    variants, last = done[0].launch.variants, done[0].run.epochs[-1]
    groups = {"FreeAll": [ALL], "One factor": [v for v in variants if v != ALL]}
    found = []
    for words, chosen in groups.items():
        if not chosen or not set(chosen) <= set(variants):
            continue
        rows = mean_cells(done, chosen)
        for row in trained(rows):
            pixels, before = baselines(rows, row)
            change = "shrink" if row[RATIO] < before[RATIO] else "grow"
            found.append(
                Sentence(
                    f"{words}, {name_of(row)}: by training, distances within a class {change} from "
                    f"{before[RATIO]:.3f} to {row[RATIO]:.3f} of those between classes (pixels "
                    f"{pixels[RATIO]:.3f}), the error goes from {100 * before[CCV]:.2f} % to "
                    f"{100 * row[CCV]:.2f} % (pixels {100 * pixels[CCV]:.2f} %), the dimension "
                    f"from {before['dimension']:.1f} to {row['dimension']:.1f} (pixels "
                    f"{pixels['dimension']:.1f}).",
                    {},
                    Cell(row["net"], row["layer"], last, chosen[0], "class_distances"),
                )
            )
    return found


def mean_cells(done: Sequence[Done], variants: Sequence[str]) -> list[dict[str, Any]]:
    """The rows of `cells` with their numbers averaged over variants."""
    planes = [cells(done, variant) for variant in variants]
    found = []
    for same in zip(*planes, strict=True):  # every variant has its rows in one order
        first = same[0]
        mean = {
            k: float(np.mean([r[k] for r in same]))
            for k, v in first.items()
            if not isinstance(v, str)
        }
        found.append(first | mean)
    return found


def spreads(done: Sequence[Done]) -> dict[tuple[str, str, str], dict[str, float]]:
    """Within / between by factor for each (net, loss, layer), trained."""
    found: dict[tuple[str, str, str], dict[str, float]] = {}
    for variant in done[0].launch.variants:
        for row in trained(cells(done, variant)):
            place = (row["net"], row["loss"], row["layer"])
            found.setdefault(place, {})[variant] = row[RATIO]
    return found


def say_factors(done: Sequence[Done]) -> list[Sentence]:
    """Which single factor spreads the classes most, relative to their distance."""
    found, winners = [], []
    for (net, loss, layer), by_factor in spreads(done).items():
        single = {v: r for v, r in by_factor.items() if v in FACTORS}
        if len(single) < 2:
            continue
        order = sorted(single, key=lambda v: single[v], reverse=True)
        winners.append(order[0])
        found.append(
            Sentence(
                f"{SHORT[net]} {SHORT[loss]}, {layer}: {FACTORS[order[0]]} spreads the classes "
                f"most (within / between {single[order[0]]:.3f}), {FACTORS[order[-1]]} least "
                f"({single[order[-1]]:.3f}).",
                {FACTORS[v]: single[v] for v in order},
                Cell(net, layer, done[0].run.epochs[-1], order[0], "class_distances"),
            )
        )
    if winners:
        most = max(set(winners), key=winners.count)
        text = (
            f"{FACTORS[most].capitalize()} spreads the latent classes most in "
            f"{winners.count(most)} of {len(winners)} latent spaces."
        )
        found.insert(0, Sentence(text))
    return found


def say_f1(done: Sequence[Done], pixels: Done) -> list[Sentence]:
    """Linear separability: F1 at few dimensions and the dimension that suffices."""
    found, split = [], main_split(done)
    for (net, _), ones in by_key(done).items():
        for layer in ones[0].run.layers:
            parts, numbers = [], {}
            for variant in ones[0].launch.variants:
                needed = [enough(one.f1, variant, layer) for one in ones]
                here = max(needed)
                parts.append(f"{variant} {here:.0f}" if np.isfinite(here) else f"{variant} none")
                numbers[variant] = {
                    "F1 at 16": f1_value(ones[0].f1, variant, layer, 16),
                    "pixels": f1_value(pixels.f1, variant, PIXELS, 16),
                }
            found.append(
                Sentence(
                    f"{ones[0].short}, {layer}: dimensions after PCA at which the micro F1 reaches "
                    f".99 in every launch: {', '.join(parts)}.",
                    numbers,
                    Cell(net, layer, ones[0].run.epochs[-1], split, "perceptron_f1"),
                )
            )
    return found


def say_topology(done: Sequence[Done]) -> list[Sentence]:
    """H0 and H1 of the latent space against the pixels and the untrained net."""
    split, found = main_split(done), []
    rows = cells(done, split)
    for row in trained(rows):
        pixels, before = baselines(rows, row)
        found.append(
            Sentence(
                f"{name_of(row)}, {split}: in units of the mean distance, the H0 bars sum to "
                f"{row['H0 sum']:.1f} (untrained {before['H0 sum']:.1f}, pixels "
                f"{pixels['H0 sum']:.1f}), H1 to {row['H1 sum']:.2f} ({before['H1 sum']:.2f}, "
                f"{pixels['H1 sum']:.2f}); the longest H1 bar is {row['H1 longest']:.3f} "
                f"({before['H1 longest']:.3f}, {pixels['H1 longest']:.3f}).",
                {},
                Cell(row["net"], row["layer"], done[0].run.epochs[-1], split, "homology"),
            )
        )
    return found


def say_epochs(done: Sequence[Done]) -> list[Sentence]:
    """When the latent classes form: the first epoch with nine tenths of the whole fall."""
    found, split = [], main_split(done)
    for (net, _), ones in by_key(done).items():
        for layer in ones[0].run.layers:
            epochs, cube = over_epochs([one.run for one in ones], RATIO, layer, split)
            line = cube.mean(axis=0)
            if line[-1] >= line[0]:
                text = f"{ones[0].short}, {layer}: the ratio does not fall while training."
            else:
                near = line <= line[0] - 0.9 * (line[0] - line[-1])
                when = epochs[int(near.argmax())]
                text = (
                    f"{ones[0].short}, {layer}: nine tenths of the fall of within / between are "
                    f"reached at epoch {when} of {epochs[-1]}."
                )
            numbers = dict(zip((f"epoch {e}" for e in epochs), line.round(4).tolist(), strict=True))
            found.append(Sentence(text, numbers, Cell(net, layer, epochs[-1], split)))
    return found


def ceiling(done: Sequence[Done]) -> Sentence:
    """How often the class on top cannot be told from a FreeAll image at all."""
    from lamella.data.rectangles.scenes import latent_scene
    from lamella.data.rectangles.stream import generate

    made = generate(1500, scene=latent_scene(ALL, done[0].launch.scene), seed=7)
    top = np.take_along_axis(made.full_mask, made.order[:, None, None, -1:], axis=3)[..., 0]
    below = made.full_mask[..., :-1].sum(axis=3) - top
    alone = ~((top > 0) & (below > 0)).any(axis=(1, 2))
    share = float(alone.mean())
    return Sentence(
        f"In {share:.0%} of the FreeAll images the rectangle on top touches no other, so nothing "
        "in the image tells which class is on top: no space can be wholly compact there. In the "
        "one-factor variants the two rectangles below lie still in the middle, the one on top "
        "carries the factor, and the class can be told from nearly every image.",
        {"undecidable": share},
    )
