"""Whether two sets of numbers differ: train against test, one run against another, cell by cell."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product

import numpy as np
from jaxtyping import Float
from numpy.typing import ArrayLike

from lamella.checks import as_array
from lamella.errors import bad_input
from lamella.geometry.row import row
from lamella.results import Table
from lamella.seeds import numpy_generator

EXACT = 14  # up to so many pairs all 2^n signs are tried


def paired_permutation(
    first: ArrayLike, second: ArrayLike, *, draws: int = 10_000, seed: int = 0
) -> Table:
    """Whether paired numbers differ in the mean, for instance train and test over seeds or cells.

    The p-value is the share of the ways to swap numbers within pairs whose mean difference is at
    least as far from 0: all of them up to 14 pairs, else `draws` random ones, the observed way
    counted among them. Columns: difference (mean of first - second), p, pairs.

    >>> paired_permutation([1.0, 2.0, 3.0], [0.0, 1.0, 1.0]).columns["p"].tolist()
    [0.25]

    Source: Fisher 1935, The design of experiments, section 21.
    """
    one, two = _pairs(first, second, "paired_permutation()")
    differences = one - two
    observed = abs(differences.sum())
    if len(differences) <= EXACT:
        signs = np.array(list(product((1.0, -1.0), repeat=len(differences))))
    else:
        generator = numpy_generator(seed, "permutation")
        signs = generator.choice((1.0, -1.0), size=(draws, len(differences)))
        signs[0] = 1.0
    slack = 1e-12 * np.abs(differences).sum()
    p = float((np.abs(signs @ differences) >= observed - slack).mean())
    return row(difference=float(differences.mean()), p=p, pairs=len(differences))


def mcnemar(first: ArrayLike, second: ArrayLike) -> Table:
    """Whether two runs err on the same samples equally often, by the exact test.

    `first` and `second` are wrong shares in [0, 1] of the same samples, of shape (samples,) or
    (seeds, samples); seeds are paired and their discordant samples pooled. A sample counts as
    wrong above one half. Columns: only_first and only_second (samples wrong in one only), p, and
    difference (share wrong in first - second).

    >>> mcnemar([1, 1, 1, 1, 1, 0], [0, 0, 0, 0, 0, 0]).columns["p"].tolist()
    [0.0625]

    Source: McNemar 1947, Note on the sampling error of the difference between correlated
    proportions or percentages (its exact form).
    """
    from scipy.stats import binomtest

    one, two = (side > 0.5 for side in _pairs(first, second, "mcnemar()"))
    only_first, only_second = int((one & ~two).sum()), int((two & ~one).sum())
    discordant = only_first + only_second
    p = float(binomtest(only_first, discordant).pvalue) if discordant else 1.0
    return row(
        only_first=only_first,
        only_second=only_second,
        difference=(only_first - only_second) / one.size,
        p=p,
    )


def holm(p: ArrayLike) -> Float[np.ndarray, " tests"]:
    """P-values corrected for their number: the chance of any false alarm stays below the level.

    >>> holm([0.01, 0.04, 0.03]).round(3).tolist()
    [0.03, 0.06, 0.06]

    Source: Holm 1979, A simple sequentially rejective multiple test procedure.
    """
    values = as_array(p).astype(np.float64).reshape(-1)
    order = np.argsort(values, kind="stable")
    steps = values[order] * np.arange(len(values), 0, -1)
    corrected = np.empty_like(values)
    corrected[order] = np.minimum(np.maximum.accumulate(steps), 1.0)
    return corrected


def contrast_cells(
    first: Mapping[tuple[str, int], ArrayLike], second: Mapping[tuple[str, int], ArrayLike]
) -> Table:
    """McNemar at each (layer, epoch) that both have, corrected for the number of cells.

    The values are what `mcnemar` takes: wrong shares of the same samples, one row for each seed.
    Columns: layer, epoch, only_first, only_second, difference, p, p_holm.
    """
    cells = [cell for cell in first if cell in second]
    if not cells:
        raise bad_input(
            "contrast_cells()",
            wanted="cells in common",
            got=f"{len(first)} and {len(second)} without one",
            do="Measure the same layers and epochs of both runs",
        )
    found = [mcnemar(first[cell], second[cell]).columns for cell in cells]
    columns = {name: np.concatenate([columns[name] for columns in found]) for name in found[0]}
    layers, epochs = zip(*cells, strict=True)
    return Table(
        {"layer": np.array(layers), "epoch": np.array(epochs), **columns}
        | {"p_holm": holm(columns["p"])}
    )


def _pairs(first: ArrayLike, second: ArrayLike, where: str):
    one, two = (np.asarray(as_array(side), dtype=np.float64) for side in (first, second))
    if one.shape != two.shape or not one.size:
        raise bad_input(
            where,
            wanted="two arrays of the same shape, not empty",
            got=f"{one.shape} and {two.shape}",
            do="Pair them by sample, cell or seed",
        )
    if not (np.isfinite(one).all() and np.isfinite(two).all()):
        raise bad_input(where, wanted="finite numbers", got="NaN or infinity", do="Drop the pair")
    return one, two
