"""From the distances of a cloud to its bars: which sweep to run, and how to read its findings."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from jaxtyping import Float, Float32

from lamella.homology.budget import exhausted
from lamella.homology.components import merge_bars, spanning_merges
from lamella.homology.distances.cloud import Cloud
from lamella.homology.filtration.edges import length_bits
from lamella.homology.kernels import announce
from lamella.homology.loops.cycles import cycles_at_birth
from lamella.homology.loops.sweep import NO_MEMORY_LEFT, NO_WORK_LEFT, sweep
from lamella.homology.other_fields.gudhi_bridge import gudhi_bars
from lamella.homology.voids.sweep import sweep_with_voids

Bars = list[Float[np.ndarray, "bars 2"]]


class Found(NamedTuple):
    """Bars of each dimension, the cycles of those of H1 if asked for, and all births in H1."""

    bars: Bars
    cycles: list[tuple[int, ...]]
    born: int


def findings_of(
    cloud: Cloud,
    max_dimension: int,
    *,
    max_scale: float | None,
    field: int,
    memory_limit: int,
    work_limit: int,
    representatives: bool,
) -> Found:
    """The bars of a cloud up to a dimension, in the units of its points."""
    limit = last_length(cloud, max_scale)
    if field != 2 or max_dimension > 2:
        bars = gudhi_bars(
            cloud.matrix,
            max_dimension,
            max_scale=float(limit),
            field=field,
            work=work_limit,
            memory=memory_limit,
        )
        bars[0] = merge_bars(cloud.matrix, spanning_merges(cloud.matrix, limit))
        return Found([rows * cloud.scale for rows in bars], [], sum(map(len, bars[1:])))
    if max_dimension == 0 or len(cloud.matrix) < 4:
        merges = spanning_merges(cloud.matrix, limit)
        empty = [np.empty((0, 2))] * max_dimension
        return Found([merge_bars(cloud.matrix, merges) * cloud.scale, *empty], [], 0)
    arguments = (cloud.matrix, length_bits(limit), work_limit, memory_limit)
    if max_dimension == 1:
        announce(sweep, "H1")
        swept, voids = sweep(*arguments), None
    else:
        announce(sweep_with_voids, "H2")
        swept, voids = sweep_with_voids(*arguments)
    check_finished(swept, cloud, limit, work_limit, memory_limit)
    return read_findings(cloud, swept, voids, representatives)


def last_length(cloud: Cloud, max_scale: float | None) -> Any:
    """The greatest length worth sweeping: behind it everything is a cone, or was not asked for.

    From the enclosing radius on some point is joined to all others (Henselman, Ghrist 2016,
    Matroid filtrations and computational persistent homology, section on cones).
    """
    radius = cloud.farthest.min()
    if not np.isfinite(radius):
        radius = np.float32(cloud.diameter / cloud.scale)
    if max_scale is None or max_scale / cloud.scale >= radius:
        return radius
    limit = np.float32(max(max_scale, 0.0) / cloud.scale)
    return np.nextafter(limit, np.float32(0)) if limit > max_scale / cloud.scale else limit


def check_finished(swept, cloud: Cloud, limit: np.float32, work: int, memory: int) -> None:
    """Raise BudgetError when a sweep stopped early."""
    reached = float(np.int32(max(swept.last, 0)).view(np.float32)) * cloud.scale
    whole = float(limit) * cloud.scale
    if swept.state == NO_WORK_LEFT:
        raise exhausted("work", f"work={work:.3g} steps", reached, whole)
    if swept.state == NO_MEMORY_LEFT:
        raise exhausted("memory", f"{memory / 1e6:,.0f} MB for what grows", reached, whole)


def read_findings(cloud: Cloud, swept, voids, representatives: bool) -> Found:
    """Bars from the pairs of vertices that a sweep found."""
    loops, births = bars_of(cloud.matrix, swept)
    bars = [merge_bars(cloud.matrix, swept.merges), loops]
    if voids is not None:
        bars.append(bars_of(cloud.matrix, voids)[0])
    cycles = cycles_at_birth(cloud.matrix, cloud.kept, births) if representatives else []
    if cycles:
        cycles = [()] * len(bars[0]) + cycles + [()] * sum(map(len, bars[2:]))
    born = len(swept.births) + len(swept.open)
    return Found([rows * cloud.scale for rows in bars], cycles, born)


def bars_of(
    matrix: Float32[np.ndarray, "kept kept"], swept
) -> tuple[Float[np.ndarray, "bars 2"], np.ndarray]:
    """Bars longer than zero, sorted by birth, infinite ones too; and their birth edges."""
    births = np.concatenate([swept.births, swept.open])
    death = np.concatenate([lengths(matrix, swept.deaths), np.full(len(swept.open), np.inf)])
    bars = np.column_stack([lengths(matrix, births), death])
    order = np.lexsort((bars[:, 1], bars[:, 0]))
    order = order[bars[order, 1] > bars[order, 0]]
    return bars[order], births[order]


def lengths(matrix: Float32[np.ndarray, "kept kept"], pairs: np.ndarray) -> np.ndarray:
    """The lengths of edges given as pairs."""
    return matrix[pairs >> 16, pairs & 0xFFFF].astype(np.float64)
