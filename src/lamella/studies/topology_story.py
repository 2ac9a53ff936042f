"""What the topology study tells: the claims with their numbers, and Betti numbers against depth."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from lamella.datasets.dataset import Dataset
from lamella.results import Table
from lamella.story import Picture, Section, Sentence, Story
from lamella.studies.topology_claims import Claim, Net
from lamella.studies.topology_curves import UNTRAINED, Nets, banded, depth_curve, total

DEEP = ("leaky_relu", "relu", "tanh")


def tell(
    nets: Nets,
    titles: Mapping[str, str],
    claims: Sequence[Claim],
    data: Dataset,
    points: int,
    neighbours: int,
    dropped: Mapping[str, int],
    seconds: float,
) -> Story:
    """The story of the study, from the verdict to the method."""
    return Story(
        title="How layers undo the topology of nine discs",
        verdict=verdict(claims),
        sections=(
            claims_section(claims),
            depth_section(nets, titles, data),
            bottleneck_section(nets, titles),
            *([shallow_section(nets, titles)] if nets.get("relu_shallow") else []),
            method_section(nets, titles, data, points, neighbours, dropped),
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
    discs, rest = data.class_names
    deep = {kind: nets[kind] for kind in DEEP if nets.get(kind)}
    sentences = [say_depth(titles[kind], found, discs, rest) for kind, found in deep.items()]
    sentences.append(say_untrained([net for found in deep.values() for net in found]))
    pictures = (
        Picture(
            "lines",
            depth_curve(deep, titles, total, "sum of Betti numbers", untrained=True),
            "Sum of the Betti numbers of both classes from layer to layer. " + band_words(deep),
            {"palette": "classes", "zero": True, "baselines": (UNTRAINED,)},
        ),
        Picture(
            "lines",
            depth_curve(deep, titles, lambda b: b[:, 0, 0], "components"),
            f"Components (Betti number 0) of the {discs}.",
            {"palette": "classes", "zero": True},
        ),
        Picture(
            "lines",
            depth_curve(deep, titles, lambda b: b[:, 1, 1], "holes"),
            f"Holes (Betti number 1) of the {rest}.",
            {"palette": "classes", "zero": True},
        ),
    )
    return Section("Betti numbers against depth", tuple(sentences), pictures)


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


def method_section(
    nets: Nets,
    titles: Mapping[str, str],
    data: Dataset,
    points: int,
    neighbours: int,
    dropped: Mapping[str, int],
) -> Section:
    """The data, the measure, and what differs from the paper."""
    net = next(net for found in nets.values() for net in found)
    found, known = net.betti[0], data.betti or {}
    measured = "; ".join(
        f"{name} {pair(numbers)}" for name, numbers in zip(data.class_names, found, strict=True)
    )
    true = "; ".join(f"{n} {pair(known[c])}" for c, n in enumerate(data.class_names) if c in known)
    right = all(pair(f) == pair(known[c]) for c, f in enumerate(found) if c in known)
    sentences = (
        Sentence(
            f"At the input the measured Betti numbers are {measured}; the true ones are {true}."
            + ("" if right else " They DIFFER: read on with care, or change --neighbours."),
            {"measured": found.tolist()},
        ),
        Sentence(
            f"Trained on {len(data.train):,} points of the grid, measured on {points:,} of them, "
            f"every second row and column; k = {neighbours} nearest neighbours, the point itself "
            "counted, hop distance at most 2, the same at every layer. Points that a layer maps "
            "onto each other count once."
        ),
        say_scale(float(np.abs(data.train.inputs).max())),
        Sentence(
            "Only nets that fit every training point were kept; left out were "
            + (
                "; ".join(f"{titles[k]} {number}" for k, number in dropped.items() if number)
                or "none"
            )
            + ".",
            dict(dropped),
        ),
    )
    picture = Picture("table", numbers_table(nets, titles), "Every net that was kept.")
    return Section("Data and method", sentences, (picture,))


def say_scale(largest: float) -> Sentence:
    """How large the coordinates are, and why that matters."""
    if largest > 5:
        text = (
            f"Coordinates reach {largest:.3g}, where the first layer of tanh saturates and alone "
            "removes most components: do not read claim 3 from it."
        )
    else:
        text = (
            f"Coordinates were scaled to {largest:.2g} at most. This changes no hop distance at "
            "the input, but at ±10 the first layer of tanh saturates and alone removes most "
            "components; --scale 1 shows it."
        )
    return Sentence(text, {"largest": largest})


def numbers_table(nets: Nets, titles: Mapping[str, str]) -> Table:
    """One row for each net: what it is, when it halved the sum, and the sums by layer."""
    rows = [(titles[kind], net) for kind, found in nets.items() for net in found]
    return Table(
        {
            "net": np.array([title for title, _ in rows]),
            "epochs": np.array([net.epochs for _, net in rows]),
            "halved after": np.array([round(net.halving, 1) for _, net in rows]),
            "sum, input to output": np.array([" ".join(map(str, net.totals)) for _, net in rows]),
        }
    )


def say_depth(title: str, nets: Sequence[Net], discs: str, rest: str) -> Sentence:
    """Where an activation removes components and holes."""
    pieces = np.mean([n.betti[:, 0, 0] for n in nets], axis=0)
    holes = np.mean([n.betti[:, 1, 1] for n in nets], axis=0)
    middle = len(pieces) // 2
    return Sentence(
        f"{title}: the {discs} fall from {pieces[0]:.0f} components to {pieces[middle]:.1f} in the "
        f"middle and {pieces[-1]:.1f} at the output, the holes of the {rest} from {holes[0]:.0f} "
        f"to {holes[middle]:.1f} and {holes[-1]:.1f} ({count(nets)}).",
        {"components": pieces.tolist(), "holes": holes.tolist()},
    )


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


def pair(numbers: Sequence[int] | np.ndarray) -> str:
    """The first two Betti numbers as people write them."""
    return f"({int(numbers[0])}, {int(numbers[1])})"
