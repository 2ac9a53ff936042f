"""From the distances of a cloud to its bars: which sweep to run, and how to read its findings."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from jaxtyping import Float, Float32, Int

from lamella.errors import bad_input
from lamella.homology.budget import exhausted
from lamella.homology.components import merge_bars, merge_edges, spanning_merges
from lamella.homology.distances.cloud import Cloud
from lamella.homology.filtration.edges import length_bits
from lamella.homology.kernels import announce
from lamella.homology.loops.cycles import cycles_at_birth
from lamella.homology.loops.sweep import NO_MEMORY_LEFT, NO_WORK_LEFT, sweep
from lamella.homology.other_fields.gudhi_bridge import gudhi_bars
from lamella.homology.voids.sweep import sweep_with_voids

NEVER = -1  # the edge of a death that does not come
Bars = list[Float[np.ndarray, "bars 2"]]


class Found(NamedTuple):
    """Bars of each dimension, what was asked of them beside, and the number of births in H1."""

    bars: Bars
    cycles: list[tuple[int, ...]]  # of the bars of H1, () for others; empty if not asked for
    edges: Int[np.ndarray, "bars 4"] | None  # of birth and death, if asked for
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
    edges: bool,
) -> Found:
    """The bars of a cloud up to a dimension, in the units of its points."""
    limit = last_length(cloud, max_scale)
    if field != 2 or max_dimension > 2:
        if edges:
            raise bad_input(
                "homology()",
                wanted="edges of bars over Z/2 up to H2",
                got=f"field={field}, max_dimension={max_dimension}",
                do="Leave out edges",
            )
        bars = gudhi_bars(
            cloud.matrix,
            max_dimension,
            max_scale=float(limit),
            field=field,
            work=work_limit,
            memory=memory_limit,
        )
        bars[0] = merge_bars(cloud.matrix, spanning_merges(cloud.matrix, limit))
        return Found([rows * cloud.scale for rows in bars], [], None, sum(map(len, bars[1:])))
    if max_dimension == 0 or len(cloud.matrix) < 4:
        merges = spanning_merges(cloud.matrix, limit)
        bars = [merge_bars(cloud.matrix, merges) * cloud.scale]
        ends = cloud_edges(cloud, [merge_edges(cloud.matrix, merges)]) if edges else None
        return Found(bars + [np.empty((0, 2))] * max_dimension, [], ends, 0)
    arguments = (cloud.matrix, length_bits(limit), work_limit, memory_limit)
    if max_dimension == 1:
        announce(sweep, "H1")
        swept, voids = sweep(*arguments), None
    else:
        announce(sweep_with_voids, "H2")
        swept, voids = sweep_with_voids(*arguments)
    check_finished(swept, cloud, limit, work_limit, memory_limit)
    return read_findings(cloud, swept, voids, representatives, edges)


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


def read_findings(cloud: Cloud, swept, voids, representatives: bool, edges: bool) -> Found:
    """Bars from the pairs of vertices that a sweep found."""
    pairs = [pairs_of_bars(cloud.matrix, each) for each in (swept, voids) if each is not None]
    bars = [merge_bars(cloud.matrix, swept.merges), *(bars_of(cloud.matrix, *p) for p in pairs)]
    cycles = cycles_at_birth(cloud.matrix, cloud.kept, pairs[0][0]) if representatives else []
    if cycles:
        cycles = [()] * len(bars[0]) + cycles + [()] * sum(map(len, bars[2:]))
    ends = None
    if edges:
        merges = merge_edges(cloud.matrix, swept.merges)
        ends = cloud_edges(cloud, [merges, *(edges_of(*p) for p in pairs)])
    born = len(swept.births) + len(swept.open)
    return Found([rows * cloud.scale for rows in bars], cycles, ends, born)


def pairs_of_bars(
    matrix: Float32[np.ndarray, "kept kept"], swept
) -> tuple[Int[np.ndarray, " bars"], Int[np.ndarray, " bars"]]:
    """The edges of birth and death of the bars longer than zero, sorted; NEVER for no death."""
    births = np.concatenate([swept.births, swept.open])
    deaths = np.concatenate([swept.deaths, np.full(len(swept.open), NEVER)])
    bars = bars_of(matrix, births, deaths)
    order = np.lexsort((bars[:, 1], bars[:, 0]))
    order = order[bars[order, 1] > bars[order, 0]]
    return births[order], deaths[order]


def bars_of(
    matrix: Float32[np.ndarray, "kept kept"],
    births: Int[np.ndarray, " bars"],
    deaths: Int[np.ndarray, " bars"],
) -> Float[np.ndarray, "bars 2"]:
    """The lengths of the edges of birth and death, infinity for NEVER."""
    ends = np.where(deaths == NEVER, np.inf, lengths(matrix, np.maximum(deaths, 0)))
    return np.column_stack([lengths(matrix, births), ends])


def edges_of(
    births: Int[np.ndarray, " bars"], deaths: Int[np.ndarray, " bars"]
) -> Int[np.ndarray, "bars 4"]:
    """The four vertices of each bar."""
    return np.column_stack(
        [births >> 16, births & 0xFFFF, deaths >> 16, np.where(deaths < 0, NEVER, deaths & 0xFFFF)]
    )


def cloud_edges(
    cloud: Cloud, edges: list[Int[np.ndarray, "bars 4"]]
) -> Int[np.ndarray, "all_bars 4"]:
    """Edges of all dimensions in indices of the points."""
    vertices = np.concatenate(edges)
    return np.where(vertices < 0, NEVER, cloud.kept[vertices])


def lengths(matrix: Float32[np.ndarray, "kept kept"], pairs: np.ndarray) -> np.ndarray:
    """The lengths of edges given as pairs."""
    return matrix[pairs >> 16, pairs & 0xFFFF].astype(np.float64)
