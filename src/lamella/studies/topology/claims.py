"""What the Betti numbers through the layers say about the claims of Naitzat, Zhitnikov and Lim."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any

import numpy as np
from jaxtyping import Float, Int

from lamella.seeds import numpy_generator
from lamella.store import Run

MEASURE = "hop_betti_numbers"
MOST_SPLITS = 20_000  # up to so many all are tried in the permutation test


@dataclass(frozen=True, eq=False)
class Net:
    """One trained net: `betti` is layers x classes x dimensions, from the input to the output.

    `untrained` is the same before training, where the net errs on a share `start_error`.
    """

    kind: str
    layers: tuple[str, ...]
    betti: Int[np.ndarray, "layers classes dimensions"]
    untrained: Int[np.ndarray, "layers classes dimensions"]
    epochs: int
    start_error: float

    @property
    def totals(self) -> Int[np.ndarray, " layers"]:
        """The sum of all Betti numbers of all classes, layer by layer."""
        return self.betti.sum(axis=(1, 2))

    @property
    def halving(self) -> float:
        """How many layers it takes until the sum is at most half that of the input, for good.

        Between two layers, linearly; infinity where it never is.
        """
        return halving_layer(self.totals)


@dataclass(frozen=True)
class Claim:
    """A claim of the paper, whether it holds here, and the sentence that says so with numbers."""

    name: str
    holds: bool
    text: str
    numbers: dict[str, Any] = field(default_factory=dict)


def read_net(run: Run, kind: str) -> Net:
    """The measured Betti numbers of a run at its first and last epoch."""
    frame = run.results(MEASURE)
    frame = frame.loc[(frame["class"] != "all") & (frame["split"] == "train")]
    layers = ("input", *run.layers)
    columns = [name for name in frame if name.startswith("betti")]

    def cube(epoch: int) -> np.ndarray:
        rows = frame.loc[frame["epoch"] == epoch]
        of_layer = [rows.loc[rows["layer"] == layer, columns] for layer in layers]
        return np.stack([found.to_numpy(int) for found in of_layer])

    first, last = run.epochs[0], run.epochs[-1]
    start_error = 1 - float(run.scalars()["train_accuracy"].iloc[0])
    return Net(kind, layers, cube(last), cube(first), last, start_error)


def halving_layer(totals: Int[np.ndarray, " layers"]) -> float:
    """Where totals fall to half of the first for good, with a fraction between layers.

    >>> halving_layer(np.array([20, 16, 12, 8, 2]))
    2.5
    """
    half = totals[0] / 2
    above = np.flatnonzero(totals > half)
    last = int(above[-1])
    if last == len(totals) - 1:
        return float("inf")
    return last + float((totals[last] - half) / (totals[last] - totals[last + 1]))


def check_claims(nets: Mapping[str, Sequence[Net]], titles: Mapping[str, str]) -> list[Claim]:
    """The claims, over the deep nets of each activation, and the shallow ones for the last."""
    deep = {kind: nets[kind] for kind in ("leaky_relu", "relu", "tanh") if nets.get(kind)}
    found = [claim_output(deep, titles), claim_fall(deep, titles)]
    if nets.get("relu") and nets.get("tanh"):
        found.append(claim_relu_first(nets["relu"], nets["tanh"]))
    if nets.get("relu") and nets.get("relu_shallow"):
        found.append(claim_shallow(nets["relu"], nets["relu_shallow"]))
    return found


def claim_output(nets: Mapping[str, Sequence[Net]], titles: Mapping[str, str]) -> Claim:
    """At the output each class is one piece without holes."""
    exact = {k: [is_trivial(n.betti[-1]) for n in found] for k, found in nets.items()}
    hits, count = sum(map(sum, exact.values())), sum(map(len, exact.values()))
    left = float(np.mean([n.totals[-1] for found in nets.values() for n in found]))
    classes = next(iter(nets.values()))[0].betti.shape[1]
    each = ", ".join(f"{titles[k]} {sum(e)} of {len(e)}" for k, e in exact.items())
    holds = hits >= count / 2
    return Claim(
        "one piece per class at the output",
        holds,
        f"Claim 1, at the output each class has Betti numbers (1, 0), "
        f"{'holds for' if holds else 'fails: it holds only for'} {hits} of {count} nets ({each}); "
        f"the sum over classes is {left:.1f} there, where {classes} is the least possible.",
        {"nets": count, "exact": hits, "mean_sum_at_output": left},
    )


def claim_fall(nets: Mapping[str, Sequence[Net]], titles: Mapping[str, str]) -> Claim:
    """The sum of Betti numbers falls with depth."""
    ranks = {k: [rank_correlation(n.totals) for n in found] for k, found in nets.items()}
    every = [n.totals for found in nets.values() for n in found]
    rises = float(np.mean([np.mean(np.diff(t) > 0) for t in every]))
    start, middle, end = (
        float(np.mean([t[at(len(t))] for t in every])) for at in (lambda n: 0, half, lambda n: -1)
    )
    worst = max(max(r) for r in ranks.values())
    holds = worst < 0 and end < start
    each = ", ".join(f"{titles[k]} {minus(float(np.mean(r)))}" for k, r in ranks.items())
    verb = "holds" if holds else "fails"
    return Claim(
        "the sum of Betti numbers falls with depth",
        holds,
        f"Claim 2, the sum of Betti numbers falls with depth, {verb}: from "
        f"{start:.1f} at the input to {middle:.1f} in the middle and {end:.1f} at the output; its "
        f"rank correlation with depth is {each} (least marked in any net: {minus(worst)}). It does "
        f"not fall at every step: {rises:.0%} of the steps rise.",
        {"rank_correlation": ranks, "input": start, "output": end, "steps_that_rise": rises},
    )


def claim_relu_first(relu: Sequence[Net], tanh: Sequence[Net]) -> Claim:
    """ReLU halves the sum in earlier layers than tanh."""
    one, two = (np.array([n.halving for n in found]) for found in (relu, tanh))
    p = permutation_p(one, two)
    holds = bool(one.mean() < two.mean())
    sure = f"exact permutation test, p = {p:.3g}" if p < 0.05 else f"within chance: p = {p:.2g}"
    return Claim(
        "ReLU halves the sum in earlier layers than tanh",
        holds and p < 0.05,
        f"Claim 3, ReLU halves the sum of Betti numbers in earlier layers than tanh, "
        f"{'holds' if holds and p < 0.05 else 'is not shown' if holds else 'fails'}: after "
        f"{one.mean():.1f} layers on average ({one.min():.1f} to {one.max():.1f}; n = {len(one)}) "
        f"against {two.mean():.1f} ({two.min():.1f} to {two.max():.1f}; n = {len(two)}); {sure}.",
        {"relu": one.tolist(), "tanh": two.tolist(), "p": p},
    )


def claim_shallow(deep: Sequence[Net], shallow: Sequence[Net]) -> Claim:
    """Shallow nets change the topology in their last layers."""
    one, two = (np.array([late_share(n.totals) for n in found]) for found in (deep, shallow))
    p = permutation_p(one, two)
    holds = bool(two.mean() > one.mean() and two.mean() > 0.5 and p < 0.05)
    layers = (len(shallow[0].totals) - 2, len(deep[0].totals) - 2)
    return Claim(
        "shallow nets change topology in their last layers",
        holds,
        f"Claim 4, shallow nets change the topology in their last layers, "
        f"{'holds' if holds else 'is not shown'}: with {layers[0]} hidden layers of ReLU "
        f"{two.mean():.0%} of the fall lies in the second half of the net, with {layers[1]} "
        f"{one.mean():.0%} (exact permutation test, p = {p:.3g}).",
        {"deep": one.tolist(), "shallow": two.tolist(), "p": p},
    )


def minus(number: float) -> str:
    """Two decimals, with a proper minus sign.

    >>> minus(-0.5)
    '−0.50'
    """
    return f"{number:.2f}".replace("-", "−")


def is_trivial(betti: Int[np.ndarray, "classes dimensions"]) -> bool:
    """Whether each class is one component without holes."""
    return bool((betti[:, 0] == 1).all() and (betti[:, 1:] == 0).all())


def half(count: int) -> int:
    """The middle of `count` layers."""
    return count // 2


def late_share(totals: Int[np.ndarray, " layers"]) -> float:
    """How much of the whole fall happens in the second half of the layers.

    >>> late_share(np.array([20, 18, 12, 2, 2]))
    0.5555555555555556
    """
    middle = np.interp((len(totals) - 1) / 2, np.arange(len(totals)), totals)
    return float((middle - totals[-1]) / max(totals[0] - totals[-1], 1))


def rank_correlation(totals: Int[np.ndarray, " layers"]) -> float:
    """Spearman's rank correlation of the sum with depth; 0 where it never changes."""
    from scipy.stats import spearmanr

    if (totals == totals[0]).all():
        return 0.0
    found: Any = spearmanr(np.arange(len(totals)), totals)
    return float(found.statistic)


def permutation_p(one: Float[np.ndarray, " first"], two: Float[np.ndarray, " second"]) -> float:
    """How often means of two random groups differ as much as these two: two-sided, exact if small.

    Source: Fisher 1935, The design of experiments, section 21.
    """
    values, count = np.concatenate([one, two]), len(one)
    values = np.where(np.isfinite(values), values, 2 * np.nanmax(values[np.isfinite(values)]))
    groups = list(_groups(len(values), count))
    sums = values[np.array(groups)].sum(axis=1)
    means = sums / count - (values.sum() - sums) / (len(values) - count)
    return float((np.abs(means) >= abs(means[0]) - 1e-12).mean())


def _groups(total: int, count: int):
    """Ways to choose the first group, the observed one first."""
    from math import comb

    if comb(total, count) <= MOST_SPLITS:
        yield from combinations(range(total), count)
        return
    generator = numpy_generator(0, "topology permutation")
    yield tuple(range(count))
    for _ in range(MOST_SPLITS - 1):
        yield tuple(generator.permutation(total)[:count])
