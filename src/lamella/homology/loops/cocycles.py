"""Cocycles of loops over Z/p: persistent cohomology in H1, edge by edge.

A living class is a cocycle, a number on each directed edge, that adds up to zero around every
triangle. When the edge ij comes, a vertex k of its lune says what the cocycle is there:
f(ij) = f(ik) + f(kj), and all vertices of one component of the lune say the same. Where another
component says something else of a class, no value fits: the youngest such class dies, and
multiples of it mend the others (de Silva, Morozov, Vejdemo-Johansson 2011, Dualities in
persistent (co)homology, section 2.2; with lunes instead of triangles as in `filtration.lunes`).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from jaxtyping import Int

from lamella.errors import BudgetError, bad_input
from lamella.homology.arrays import CocycleValues, Counts, Edges, Flags, Graph, Matrix, Vertices
from lamella.homology.filtration.edges import edges_between, length_bits, vertices_of
from lamella.homology.filtration.graph import component, connect, empty_graph
from lamella.homology.filtration.lunes import (
    Scratch,
    first_vertex,
    is_joined_by,
    lune_components,
    scratch_for,
)
from lamella.homology.filtration.storage import grown
from lamella.homology.kernels import kernel

UNLIMITED = 1 << 60
BORN, PRIME = 0, 1  # places in Classes.count
NO_SLOT = -2  # a class was born and there is no room for its cocycle
LARGEST_PRIME = 32_749  # that the values have room for


class Classes(NamedTuple):
    """The living classes of H1, each in a slot, and the complex so far."""

    values: CocycleValues
    born: Vertices  # the edge of birth of each slot
    age: Vertices  # the number of its birth, a later one for a younger class
    alive: Flags
    graph: Graph
    parents: Vertices
    scratch: Scratch
    count: Counts  # classes born so far, and p


class LoopCocycle(NamedTuple):
    """A class of H1: the pairs of its edges of birth and death (-1 for none), and its values."""

    birth: int
    death: int
    values: Int[np.ndarray, "points points"]  # when it dies, antisymmetric modulo p


def loop_cocycles(
    matrix: Matrix, limit: np.float32, prime: int, memory: float
) -> Iterator[LoopCocycle]:
    """Each class of H1 with a cocycle, when it dies, and at last those alive at the limit.

    The values are the store's own memory, good until the next class is asked for.
    """
    check_prime(prime)
    edges = edges_between(matrix, -1, length_bits(float(limit)))
    classes = no_classes(len(matrix), 8, prime)
    position = place = 0
    while position < len(edges):
        position, place, slot = next_death(edges, position, place, classes)
        if slot == NO_SLOT:
            room = 2 * len(classes.born)
            check_room(room, len(matrix), memory)
            classes = with_slots(classes, room)
        elif slot >= 0:
            pair = int(edges[position] & 0xFFFFFFFF)
            yield LoopCocycle(int(classes.born[slot]), pair, classes.values[slot])
            kill(pair, place, slot, classes)
            place += 1
    for slot in np.flatnonzero(classes.alive):
        yield LoopCocycle(int(classes.born[slot]), -1, classes.values[slot])


def check_prime(prime: int) -> None:
    """Raise InputError for what is no prime, or too large a one."""
    if (
        prime < 2
        or prime > LARGEST_PRIME
        or any(prime % k == 0 for k in range(2, 182) if k < prime)
    ):
        raise bad_input(
            "cocycles", wanted=f"a prime up to {LARGEST_PRIME}", got=str(prime), do="Pass 47"
        )


def check_room(slots: int, points: int, memory: float) -> None:
    """BudgetError where so many cocycles take more than `memory` bytes."""
    if 2.0 * slots * points**2 > memory:
        raise BudgetError(
            f"cocycles of {points:,} points want {2.0 * slots * points**2 / 1e6:,.0f} MB for "
            f"{slots:,} loops alive at once, memory_mb allows {memory / 1e6:,.0f}. Pass fewer "
            "points (landmarks, n_perm), a scale, or a larger memory_mb."
        )


@kernel(allocates=True)
def no_classes(points: int, slots: int, prime: int):
    """Before the first edge, with room for so many classes."""
    graph = empty_graph(points)
    return Classes(
        np.zeros((slots, points, points), np.int16),
        np.zeros(slots, np.int64),
        np.zeros(slots, np.int64),
        np.zeros(slots, np.bool_),
        graph,
        np.arange(points),
        scratch_for(graph, UNLIMITED),
        np.array([0, prime]),
    )


@kernel(allocates=True)
def with_slots(classes: Classes, slots: int):
    """The same with room for more classes."""
    old, points = len(classes.born), len(classes.graph)
    values = np.zeros((slots, points, points), np.int16)
    values[:old] = classes.values
    return Classes(
        values,
        grown(classes.born, slots),
        grown(classes.age, slots),
        grown(classes.alive, slots),
        classes.graph,
        classes.parents,
        classes.scratch,
        classes.count,
    )


@kernel
def next_death(edges: Edges, position: int, place: int, classes: Classes):
    """Extend the cocycles over edges until one must die; where, by which component, and its slot.

    `place` is the component of the edge's lune to go on with, 0 for an edge not yet begun. The
    slot is -1 behind the last edge, NO_SLOT where there is none for a birth.
    """
    graph, scratch = classes.graph, classes.scratch
    while position < len(edges):
        i, j = vertices_of(edges[position])
        first = first_vertex(graph[i], graph[j])
        if first < 0:
            if not merge_or_create_class(i, j, edges[position] & 0xFFFFFFFF, classes):
                return position, 0, NO_SLOT
        else:
            if place == 0:
                extend(i, j, first, classes)
                place = 1
            if not is_joined_by(graph, i, j, first):
                components = lune_components(graph, i, j, scratch)
                while place < components:
                    slot = youngest_torn(i, j, scratch.roots[place], classes)
                    if slot >= 0:
                        return position, place, slot
                    place += 1
        connect(graph, i, j)
        position += 1
        place = 0
    return position, 0, -1


@kernel
def merge_or_create_class(i: int, j: int, pair: int, classes: Classes):
    """An edge with an empty lune merges components, or a class is born; False: no slot for it."""
    a, b = component(classes.parents, i), component(classes.parents, j)
    if a != b:
        classes.parents[a] = b
        return True
    for slot in range(len(classes.born)):
        if not classes.alive[slot]:
            classes.alive[slot] = True
            classes.born[slot] = pair
            classes.age[slot] = classes.count[BORN]
            classes.count[BORN] += 1
            classes.values[slot] = 0
            classes.values[slot, i, j] = 1
            classes.values[slot, j, i] = classes.count[PRIME] - 1
            return True
    return False


@kernel
def extend(i: int, j: int, k: int, classes: Classes):
    """Give every living cocycle its value at ij by way of k."""
    prime = classes.count[PRIME]
    for slot in range(len(classes.born)):
        if classes.alive[slot]:
            values = classes.values[slot]
            value = (np.int64(values[i, k]) + np.int64(values[k, j])) % prime
            values[i, j] = value
            values[j, i] = (prime - value) % prime


@kernel
def tear(i: int, j: int, k: int, slot: int, classes: Classes):
    """By how much a cocycle fails to add up to zero around a triangle."""
    values = classes.values[slot]
    total = np.int64(values[i, k]) + np.int64(values[k, j]) - np.int64(values[i, j])
    return total % classes.count[PRIME]


@kernel
def youngest_torn(i: int, j: int, k: int, classes: Classes):
    """The youngest class that does not add up to zero around a triangle; -1 if there is none."""
    youngest = -1
    for slot in range(len(classes.born)):
        younger = youngest < 0 or classes.age[slot] > classes.age[youngest]
        if younger and classes.alive[slot] and tear(i, j, k, slot, classes) != 0:
            youngest = slot
    return youngest


@kernel
def kill(pair: int, place: int, slot: int, classes: Classes):
    """A class dies in the triangle of an edge and a vertex of its lune; others are mended by it."""
    prime = classes.count[PRIME]
    i, j = vertices_of(pair)
    k = classes.scratch.roots[place]
    inverse = inverse_of(tear(i, j, k, slot, classes), prime)
    dying = classes.values[slot]
    classes.alive[slot] = False
    for other in range(len(classes.born)):
        if classes.alive[other]:
            factor = tear(i, j, k, other, classes) * inverse % prime
            if factor != 0:
                values = classes.values[other]
                for a in range(len(values)):
                    for b in range(len(values)):
                        values[a, b] = (values[a, b] - factor * dying[a, b]) % prime


@kernel
def inverse_of(value: int, prime: int):
    """The number whose product with a value is 1 modulo a prime (Fermat)."""
    result, power, exponent = np.int64(1), np.int64(value), prime - 2
    while exponent > 0:
        if exponent & 1:
            result = result * power % prime
        power = power * power % prime
        exponent >>= 1
    return result
