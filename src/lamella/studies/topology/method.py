"""What the topology study tells of its data and method, and of every net in a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from lamella.data.dataset import Dataset
from lamella.results import Table
from lamella.story import Picture, Section, Sentence
from lamella.studies.topology.curves import Nets
from lamella.studies.topology.data import Source


def method_section(
    nets: Nets,
    titles: Mapping[str, str],
    data: Dataset,
    source: Source,
    points: int,
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
            f"Trained on {len(data.train):,} points, measured on {points:,} of them, "
            f"{source.choice}; k = {source.neighbours} nearest neighbours, the point itself "
            "counted, hop distance at most 2, the same at every layer. Points that a layer maps "
            f"onto each other count once. {source.note}".rstrip()
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
            "the input, but unscaled the first layer of tanh saturates and alone removes most "
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


def pair(numbers: Sequence[int] | np.ndarray) -> str:
    """The first two Betti numbers as people write them."""
    return f"({int(numbers[0])}, {int(numbers[1])})"
