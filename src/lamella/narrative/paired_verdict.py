"""Where two nets differ: their wrong neighbours compared sample by sample, seed by seed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from lamella.narrative.slices import values
from lamella.store import Run
from lamella.story import Cell, Sentence
from lamella.subject.clouds import chosen, cloud_of
from lamella.subject.neighbours import company
from lamella.subject.subject import Subject, data_of

LEVEL = 0.01
RULE = (
    "At the last epoch, one of the {split} samples is wrong in a layer if its nearest neighbour "
    "there is of another class. Layer by layer, the samples wrong in one net only are counted "
    "against those wrong in the other only, summed over {seeds} on the same samples (exact "
    "binomial test, McNemar 1947). A layer counts if p times the {layers} tested "
    f"(Bonferroni) is below {LEVEL} and every seed leans the same way; named is the first layer "
    "from which on all count. {points} samples of each seed are compared; the shares are those of "
    "all samples, the mean over seeds, where they were measured."
)


@dataclass(frozen=True)
class Difference:
    """One layer: samples wrong in the first net only and in the second only, over all seeds."""

    layer: str
    shares: tuple[float, float]
    only: tuple[int, int]
    agreed: bool
    p: float
    measured: tuple[float, float] | None = None  # the shares of all samples, where measured

    @property
    def told(self) -> tuple[float, float] | None:
        """The measured shares, where they lean as the paired samples do."""
        lean = self.shares[0] - self.shares[1]
        fits = self.measured and (self.measured[0] - self.measured[1]) * lean >= 0
        return self.measured if fits else None

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
    probes = pairs[0][0].info["probes"]
    split = "test" if "test" in probes else next(iter(probes)) if len(probes) == 1 else "all"
    count = len(_flags(subject, pairs[0][0], layers[-1]))
    rule = RULE.format(
        split=split, seeds=_few(len(pairs), "seed"), layers=_few(len(layers), "layer"), points=count
    )
    measured = _measured(nets, split)
    found = [replace(one, measured=measured.get(one.layer)) for one in found]
    return _said(list(nets), found, pairs, split, count), rule


def _few(count: int, noun: str) -> str:
    return f"{count} {noun}" + "s" * (count != 1)


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


def _measured(nets: Mapping[str, Sequence[Run]], split: str) -> dict[str, tuple[float, float]]:
    """The shares that the page's cube shows: of all samples, the mean over seeds, last epoch."""
    stored = [set(run.results()["measure"]) for runs in nets.values() for run in runs]
    if not all("neighbour_error" in names for names in stored):
        return {}
    shares = []
    for runs in nets.values():
        layers, _, cube = values(runs, "neighbour_error", split)
        shares.append(dict(zip(layers, cube.mean(axis=0)[:, -1] / 100, strict=True)))
    both = {name: (shares[0][name], shares[1][name]) for name in shares[0] if name in shares[1]}
    return {name: pair for name, pair in both.items() if np.isfinite(pair).all()}


def _said(
    names: Sequence[str],
    found: Sequence[Difference],
    pairs: Sequence[tuple[Run, Run]],
    split: str,
    count: int,
) -> Sentence:
    last, start = pairs[0][0].epochs[-1], _stays(found)
    here = found[-1 if start is None else start]
    shares = here.told or here.shares
    kind = "samples" if split == "all" else f"{split} samples"
    samples = f"the {kind}" if here.told else f"{count} {kind}"
    numbers = _numbers(names, here, count * len(pairs))
    if start is None:
        text = (
            f"No layer from which on one net stays worse: at {here.layer}, {shares[0]:.1%} of "
            f"{samples} in {names[0]} and {shares[1]:.1%} in {names[1]} lie nearest to another "
            "class."
        )
        return Sentence(text.replace("%", " %"), numbers, _cell(names[0], here, last, split))
    worse = here.worse or 0
    where = f"from {here.layer} on" if start < len(found) - 1 else f"at {here.layer}"
    text = (
        f"{names[worse]} mixes the classes more {where}: there {shares[worse]:.1%} "
        f"of {samples} lie nearest to another class, against "
        f"{shares[1 - worse]:.1%} in {names[1 - worse]}."
    )
    return Sentence(text.replace("%", " %"), numbers, _cell(names[worse], here, last, split))


def _stays(found: Sequence[Difference]) -> int | None:
    """The first layer from which on all layers count against the same net."""
    end = found[-1].worse
    if end is None:
        return None
    unlike = [at for at, each in enumerate(found) if each.worse != end]
    return unlike[-1] + 1 if unlike else 0


def _numbers(names: Sequence[str], found: Difference, compared: int) -> dict:
    return {
        f"wrong in {names[0]} only": found.only[0],
        f"wrong in {names[1]} only": found.only[1],
        "samples compared": compared,
        "p, corrected": found.p,
    }


def _cell(net: str, found: Difference, epoch: int, split: str) -> Cell:
    return Cell(net, found.layer, epoch, None if split == "all" else split, "neighbour_error")
