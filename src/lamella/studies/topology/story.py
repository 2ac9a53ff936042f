"""What the topology study tells: the claims with their numbers, and Betti numbers against depth."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from lamella.data.dataset import Dataset
from lamella.story import Picture, Section, Sentence, Story
from lamella.studies.topology.claims import Claim, Net
from lamella.studies.topology.curves import UNTRAINED, Nets, banded, depth_curve, total
from lamella.studies.topology.data import Source, many
from lamella.studies.topology.method import method_section
from lamella.studies.topology.nets import PLAIN

WORDS = (("components", "Betti number 0"), ("holes", "Betti number 1"))


def topology_story(
    nets: Nets,
    titles: Mapping[str, str],
    claims: Sequence[Claim],
    data: Dataset,
    source: Source,
    points: int,
    dropped: Mapping[str, int],
    seconds: float,
) -> Story:
    """The story of the study, from the verdict to the method."""
    return Story(
        title=f"How layers undo the topology of {source.title}",
        verdict=verdict(claims),
        sections=(
            claims_section(claims),
            depth_section(nets, titles, data),
            bottleneck_section(nets, titles),
            *([shallow_section(nets, titles)] if nets.get("relu_shallow") else []),
            method_section(nets, titles, data, source, points, dropped),
        ),
        facts={"data": data.name, **data.arguments, "seconds": round(seconds, 1)},
    )


def verdict(claims: Sequence[Claim]) -> Sentence:
    """How many claims hold, and which do not."""
    fails = [claim.name for claim in claims if not claim.holds]
    text = f"{len(claims) - len(fails)} of the {len(claims)} claims of the paper hold here"
    text += f"; not so: {'; '.join(fails)}." if fails else "."
    return Sentence(text, {claim.name: claim.holds for claim in claims})


def claims_section(claims: Sequence[Claim]) -> Section:
    """Each claim in a sentence."""
    return Section("The claims", tuple(Sentence(claim.text, claim.numbers) for claim in claims))


def depth_section(nets: Nets, titles: Mapping[str, str], data: Dataset) -> Section:
    """Betti numbers against depth, for each activation."""
    deep = {kind: nets[kind] for kind in PLAIN if nets.get(kind)}
    sentences = [say_depth(titles[kind], found, data) for kind, found in deep.items()]
    sentences.append(say_untrained([net for found in deep.values() for net in found]))
    sums = Picture(
        "lines",
        depth_curve(deep, titles, total, "sum of Betti numbers", untrained=True),
        "Sum of the Betti numbers of both classes from layer to layer. " + band_words(deep),
        {"palette": "classes", "zero": True, "baselines": (UNTRAINED,)},
    )
    pictures = (sums, *(number_picture(deep, titles, data, c, d) for c, d in many(data)))
    return Section("Betti numbers against depth", tuple(sentences), pictures)


def number_picture(
    nets: Nets, titles: Mapping[str, str], data: Dataset, c: int, dimension: int
) -> Picture:
    """One Betti number of one class against depth."""
    noun, name = WORDS[dimension]
    curve = depth_curve(nets, titles, lambda betti: betti[:, c, dimension], noun)
    caption = f"{noun.capitalize()} ({name}) of the {data.class_names[c]}."
    return Picture("lines", curve, caption, {"palette": "classes", "zero": True})


def bottleneck_section(nets: Nets, titles: Mapping[str, str]) -> Section:
    """What a layer of three units does."""
    narrow = {k: found for k, found in nets.items() if k.endswith("_bottleneck") and found}
    sentences = []
    for kind, found in narrow.items():
        plain = nets.get(kind.removesuffix("_bottleneck")) or found
        at, before = (np.mean([n.totals[i] for n in found]) for i in (5, 4))
        there = np.mean([n.totals[5] for n in plain])
        sentences.append(
            Sentence(
                f"{titles[kind]}: the sum goes from {before:.1f} before the layer of three units "
                f"to {at:.1f} in it; without a bottleneck it is {there:.1f} at that depth.",
                {"before": before, "bottleneck": at, "without": there},
            )
        )
    curve = depth_curve(narrow, titles, total, "sum of Betti numbers") if narrow else None
    caption = "Layer 5 has three units, all others 15."
    arguments = {"palette": "classes", "zero": True}
    pictures = (Picture("lines", curve, caption, arguments),) if curve else ()
    if not narrow:
        sentences = [Sentence("No net with a bottleneck fitted every point.")]
    return Section("A bottleneck", tuple(sentences), pictures)


def shallow_section(nets: Nets, titles: Mapping[str, str]) -> Section:
    """Deep and shallow nets of ReLU over the share of their depth."""
    shown = {kind: nets[kind] for kind in ("relu", "relu_shallow") if nets.get(kind)}
    steps = np.linspace(0, 1, 101)
    lines = {
        titles[kind]: np.array(
            [np.interp(steps, np.linspace(0, 1, len(n.totals)), n.totals) for n in found]
        )
        for kind, found in shown.items()
    }
    curve = banded(steps, lines, "share of the depth", "sum of Betti numbers")
    halves = {k: np.mean([n.halving / (len(n.layers) - 1) for n in f]) for k, f in shown.items()}
    text = "; ".join(f"{titles[kind]} after {share:.0%}" for kind, share in halves.items())
    sentence = Sentence(f"Share of the depth at which the sum has halved: {text}.", halves)
    picture = Picture("lines", curve, "0 is the input, 1 the output.", {"zero": True})
    return Section("Deep and shallow", (sentence,), (picture,))


def say_depth(title: str, nets: Sequence[Net], data: Dataset) -> Sentence:
    """Where an activation removes components and holes."""
    parts, numbers = [], {}
    for c, dimension in many(data):
        found = np.mean([n.betti[:, c, dimension] for n in nets], axis=0)
        noun, middle = WORDS[dimension][0], len(found) // 2
        parts.append(
            f"the {noun} of the {data.class_names[c]} fall from {found[0]:.0f} to "
            f"{found[middle]:.1f} in the middle and {found[-1]:.1f} at the output"
        )
        numbers[f"{noun} of the {data.class_names[c]}"] = found.tolist()
    return Sentence(f"{title}: {', '.join(parts)} ({count(nets)}).", numbers)


def say_untrained(nets: Sequence[Net]) -> Sentence:
    """What of the fall is there before any training."""
    before, after = (
        np.mean([b.sum(axis=(1, 2)) for b in found], axis=0)
        for found in ([n.untrained for n in nets], [n.betti for n in nets])
    )
    error = np.mean([n.start_error for n in nets])
    middle = len(before) // 2
    return Sentence(
        f"Fewer Betti numbers alone are no sign of learning: untrained nets, which err on "
        f"{error:.0%} of the points, come from {before[0]:.0f} to {before[middle]:.1f} in the "
        f"middle, {before[-2]:.1f} at the last hidden layer and {before[-1]:.1f} at the output, "
        f"trained ones to {after[middle]:.1f}, {after[-2]:.1f} and {after[-1]:.1f}.",
        {"untrained": before.tolist(), "trained": after.tolist()},
    )


def band_words(nets: Nets) -> str:
    """How many nets stand behind each line."""
    most = max(nets.values(), key=len)
    return f"Lines are means of up to {count(most)}."


def count(nets: Sequence[Net]) -> str:
    """How many nets, in words."""
    return f"{len(nets)} net{'s' * (len(nets) != 1)}"
