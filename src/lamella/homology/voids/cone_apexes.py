"""Cone apexes: a vertex of a lune that is joined to all others makes the lune a cone.

A cone has no homology, so while a void is alive nearly every edge is settled by finding one. The
apex of the last edge between the same vertex and the same part of the cloud is tried first. The
search is exact within its few steps: an apex must be joined to every vertex that the last
candidate missed, so the candidates left are narrowed by one missed vertex at a time.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from lamella.homology.arrays import Bits, Edges, Graph, Guesses, Matrix, Vertices
from lamella.homology.bits import ZERO, has, lowest
from lamella.homology.distances.farthest import lower_to
from lamella.homology.filtration.edges import vertices_of
from lamella.homology.filtration.graph import connect
from lamella.homology.filtration.lunes import (
    EMPTY,
    NO_MORE,
    OVER_BUDGET,
    Scratch,
    covers,
    first_vertex,
    lune_components,
    reaches,
)
from lamella.homology.kernels import kernel

TRIES = 8
PARTS = 32  # of the cloud, only a key for guesses
NOT_A_CONE = 1
DISCONNECTED = 2


class ConeApexes(NamedTuple):
    """Guesses by vertex and part of the cloud, and the candidates of the search under way."""

    part: Vertices
    guess: Guesses
    candidates: Bits


@kernel(allocates=True)
def no_cone_apexes(matrix: Matrix, words: int):
    """No guesses yet; parts by farthest-point sampling."""
    points = len(matrix)
    part = np.zeros(points, np.int64)
    distance = matrix[0].copy()
    for label in range(1, min(PARTS, points)):
        centre = np.argmax(distance)
        part[matrix[centre] < distance] = label
        lower_to(distance, matrix[centre])
    return ConeApexes(part, np.full((points, PARTS), -1, np.int32), np.empty(words, np.uint64))


@kernel
def next_critical_edge_for_voids(
    graph: Graph, edges: Edges, start: int, with_voids: bool, apexes: ConeApexes, scratch: Scratch
):
    """Add edges until one comes whose lune is no cone; where it is, a code, and the best apex.

    Without a void alive only an empty or a DISCONNECTED lune counts; with one, EMPTY or
    NOT_A_CONE. NO_MORE behind the last edge, or OVER_BUDGET.
    """
    for position in range(start, len(edges)):
        i, j = vertices_of(edges[position])
        if not guessed(graph, i, j, apexes):
            first = first_vertex(graph[i], graph[j])
            if first < 0:
                return position, EMPTY, first
            if covers(graph[i], graph[j], graph[first]):
                remember_cone_apex(i, j, first, apexes)
            elif with_voids:
                found, apex = search_cone_apex(graph, i, j, first, apexes.candidates)
                if not found:
                    return position, NOT_A_CONE, apex
                remember_cone_apex(i, j, apex, apexes)
            elif not reaches(graph, graph[i], graph[j], graph[first]):
                if lune_components(graph, i, j, scratch) > 1:
                    return position, DISCONNECTED, first
                if scratch.spent[0] > scratch.spent[1]:
                    return position, OVER_BUDGET, first
        connect(graph, i, j)
    return len(edges), NO_MORE, -1


@kernel
def guessed(graph: Graph, i: int, j: int, apexes: ConeApexes):
    """Whether a remembered apex is one of this lune too."""
    k = np.int64(apexes.guess[i, apexes.part[j]])
    if is_cone_apex(graph, i, j, k):
        return True
    other = np.int64(apexes.guess[j, apexes.part[i]])
    return other != k and is_cone_apex(graph, i, j, other)


@kernel
def is_cone_apex(graph: Graph, i: int, j: int, k: int):
    """Whether k is in the lune of i and j and joined to all of it."""
    if k < 0 or not has(graph[i], k) or not has(graph[j], k):
        return False
    return covers(graph[i], graph[j], graph[k])


@kernel
def remember_cone_apex(i: int, j: int, apex: int, apexes: ConeApexes):
    """Guess this apex for edges between the same parts."""
    apexes.guess[i, apexes.part[j]] = apex
    apexes.guess[j, apexes.part[i]] = apex


@kernel
def search_cone_apex(graph: Graph, i: int, j: int, first: int, candidates: Bits):
    """Whether an apex was found, and it or else the candidate that misses the fewest words."""
    for w in range(len(candidates)):
        candidates[w] = graph[i, w] & graph[j, w]
    apex = best = first
    fewest = len(candidates) + 1
    for _ in range(TRIES):
        missed_words, missed = count_missed(graph[i], graph[j], graph[apex])
        if missed_words == 0:
            return True, apex
        if missed_words < fewest:
            best, fewest = apex, missed_words
        for w in range(len(candidates)):
            candidates[w] &= graph[missed, w]
        apex = first_vertex(candidates, candidates)
        if apex < 0:
            break
    return False, best


@kernel
def count_missed(row_i: Bits, row_j: Bits, row_k: Bits):
    """How many words of the lune k does not cover, and the first vertex it misses."""
    words, missed = 0, -1
    for w in range(len(row_i)):
        left = row_i[w] & row_j[w] & ~row_k[w]
        if left != ZERO:
            words += 1
            if missed < 0:
                missed = w * 64 + lowest(left)
    return words, missed
