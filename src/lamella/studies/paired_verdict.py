"""Where two nets differ: their wrong neighbours compared sample by sample, seed by seed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from lamella.page.clouds import chosen, cloud_of
from lamella.page.neighbours import company
from lamella.page.subject import Subject, data_of
from lamella.store import Run
from lamella.story import Cell, Sentence

LEVEL = 0.01
RULE = (
    "At the last epoch, one of the {split} samples is wrong in a layer if its nearest neighbour "
    "there is of another class. Layer by layer, the samples wrong in one net only are counted "
    "against those wrong in the other only, summed over {seeds} seeds on the same samples (exact "
    "binomial test, McNemar 1947). A layer counts if p times the {layers} layers tested "
    f"(Bonferroni) is below {LEVEL} and every seed leans the same way; named is the first layer "
    "from which on all count. Up to {points} samples of each seed."
)


@dataclass(frozen=True)
class Difference:
    """One layer: samples wrong in the first net only and in the second only, over all seeds."""

    layer: str
    shares: tuple[float, float]
    only: tuple[int, int]
    agreed: bool
    p: float

    @property
    def worse(self) -> int | None:
        """Which net is worse, if the difference counts."""
        counts = self.agreed and self.p < LEVEL and self.only[0] != self.only[1]
        return int(self.only[1] > self.only[0]) if counts else None


def paired_verdict(nets: Mapping[str, Sequence[Run]]) -> tuple[Sentence, str] | None:
    """What two nets differ in, and the rule; None unless they are two, comparable and labelled."""
    pairs = comparable(nets)
    layers = (
        [n for n in pairs[0][0].layers if all(n in b.layers for _, b in pairs)] if pairs else []
    )
    if not layers:
        return None
    subject = Subject({net: tuple(runs) for net, runs in nets.items()})
    found = [difference(subject, pairs, layer, len(layers)) for layer in layers]
    split = "test" if "test" in pairs[0][0].info["probes"] else "all"
    count = len(_flags(subject, pairs[0][0], layers[-1]))
    rule = RULE.format(split=split, seeds=len(pairs), layers=len(layers), points=count)
    return _said(list(nets), found, pairs, f"{count} {split} samples".replace(" all", "")), rule


def comparable(nets: Mapping[str, Sequence[Run]]) -> list[tuple[Run, Run]]:
    """Runs of two nets with the same labelled samples, seed by seed."""
    if len(nets) != 2:
        return []
    pairs = list(zip(*nets.values(), strict=False))
    return [
        (a, b)
        for a, b in pairs
        if a.epochs and b.epochs and data_of(a) == data_of(b) and len(a.class_names) > 1
    ]


def difference(
    subject: Subject, pairs: Sequence[tuple[Run, Run]], layer: str, tests: int
) -> Difference:
    """How the wrong samples of a layer differ between two nets; p is corrected for the tests."""
    from scipy.stats import binomtest

    flags = [tuple(_flags(subject, run, layer) for run in pair) for pair in pairs]
    only = np.array([[(a & ~b).sum(), (b & ~a).sum()] for a, b in flags])
    total = only.sum(axis=0)
    leaning = np.sign(only[:, 0] - only[:, 1])
    agreed = bool((leaning >= 0).all() or (leaning <= 0).all())
    tested = binomtest(int(total[0]), int(total.sum())).pvalue if total.sum() else 1.0
    p = min(1.0, float(tested) * tests)  # type: ignore[arg-type]
    shares = tuple(float(np.mean([f[k].mean() for f in flags])) for k in (0, 1))
    return Difference(layer, (shares[0], shares[1]), (int(total[0]), int(total[1])), agreed, p)


def _flags(subject: Subject, run: Run, layer: str) -> np.ndarray:
    """Which samples of the test probe are wrong; of all, where there is none."""
    found = chosen(subject, run)
    test = found.split == 1 if (found.split == 1).any() else np.ones(len(found.split), bool)
    cloud = cloud_of(subject, run, layer, run.epochs[-1])[test]
    return company(cloud, found.label[test], found.split[test]).wrong


def _said(
    names: Sequence[str],
    found: Sequence[Difference],
    pairs: Sequence[tuple[Run, Run]],
    samples: str,
) -> Sentence:
    last = pairs[0][0].epochs[-1]
    start = _stays(found)
    if start is None:
        end = found[-1]
        text = (
            f"No layer from which on one net stays worse: at {end.layer}, {end.shares[0]:.1%} of "
            f"{names[0]} and {end.shares[1]:.1%} of {names[1]} lie nearest to another class."
        )
        return Sentence(text.replace("%", " %"), _numbers(names, end), _cell(names[0], end, last))
    worse = found[start].worse or 0
    here, better = found[start], names[1 - worse]
    where = f"from {here.layer} on" if start < len(found) - 1 else f"at {here.layer}"
    text = (
        f"{names[worse]} mixes the classes more {where}: there {here.shares[worse]:.1%} "
        f"of {samples} lie nearest to another class, against "
        f"{here.shares[1 - worse]:.1%} in {better}."
    )
    return Sentence(text.replace("%", " %"), _numbers(names, here), _cell(names[worse], here, last))


def _stays(found: Sequence[Difference]) -> int | None:
    """The first layer from which on all layers count against the same net."""
    end = found[-1].worse
    if end is None:
        return None
    unlike = [at for at, each in enumerate(found) if each.worse != end]
    return unlike[-1] + 1 if unlike else 0


def _numbers(names: Sequence[str], found: Difference) -> dict:
    return {
        f"wrong in {names[0]} only": found.only[0],
        f"wrong in {names[1]} only": found.only[1],
        "p, corrected": found.p,
    }


def _cell(net: str, found: Difference, epoch: int) -> Cell:
    return Cell(net, found.layer, epoch, "test", "neighbour_error")
