"""Euclidean distances: the float32 rounding of the float64 distance, as fast as BLAS allows.

|x - y|^2 = |x|^2 + |y|^2 - 2 x.y puts the work into products of matrices, which must be float64:
float32 products give wrong bars. Where x and y are so near that the sum cancels, the difference
is taken coordinate by coordinate, so that equal points are at distance zero exactly. What makes
it fast is to leave out constant columns (dead units), to fill only one triangle, block by block
while the block is in the cache, and to work the row maxima and the sum out on the way.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from jaxtyping import Float, Float32, Int

from lamella.homology.arrays import Coordinates, Flags, Lengths, Matrix, Points, Reals, Vertices
from lamella.homology.distances.cloud import Cloud, power_of_two
from lamella.homology.distances.workspace import borrowed
from lamella.homology.kernels import kernel

CANCELLED = 1e-6  # below this share of |x|^2 + |y|^2 a squared distance is taken anew
MIRROR = 32  # columns and rows mirrored at a time
WIDE = 256  # features from which on the products take most of the time


def euclidean(
    points: Float[np.ndarray, "points features"], *, drop_duplicates: bool = True
) -> Cloud:
    """Euclidean distances; the points nearest to the mean come first in the matrix.

    So the first vertex of a lune is a central one, which often covers the lune. The matrix is the
    thread's own memory, good until its next call.
    """
    rows, norms, order, scale = centred(points)
    count = len(rows)
    matrix = borrowed("matrix", (count, count), np.float32)
    farthest = np.zeros(count, np.float32)
    duplicate = np.zeros(count, np.bool_)
    total = 0.0
    step = 512 if rows.shape[1] >= WIDE else 128
    for start in range(0, count, step):
        stop = min(start + step, count)
        block = rows[start:stop]
        # the product of a block with itself is symmetric: BLAS then does half the work
        for low, others in ((start, block), (stop, rows[stop:])):
            products = borrowed("products", (len(block), len(others)), np.float64)
            np.matmul(block, others.T, out=products)
            total += fill_block(rows, norms, products, start, low, matrix, farthest, duplicate)
    mirror(matrix)
    pairs = max(1, count * (count - 1) // 2)
    whole = float(farthest.max(initial=0.0))
    if drop_duplicates and duplicate.any():
        keep = np.flatnonzero(~duplicate)
        matrix, order, farthest = kept_square(matrix, keep), order[keep], farthest[keep]
    return Cloud(matrix, scale, order, farthest, whole * scale, total / pairs * scale)


def centred(points: Float[np.ndarray, "points features"]) -> tuple[Any, ...]:
    """Points about their mean, scaled by a power of two, by distance from it; constant columns go.

    Returns the rows, their squared norms, the order of the points, and the scale.
    """
    low, high, mean = column_summary(points)
    columns = np.flatnonzero(low < high)
    mean = np.where(low < high, mean, low)
    largest = float(np.max(high[columns] - low[columns], initial=0.0))
    scale = power_of_two(largest)
    norms = squared_norms(points, mean, 1 / scale)
    order = np.argsort(norms, kind="stable")
    rows = borrowed("rows", (len(points), len(columns)), np.float64)
    gather(points, order, columns, mean, 1 / scale, rows)
    return rows, norms[order], order, scale


@kernel(allocates=True, fastmath=True)
def column_summary(points: Points):
    """Least and greatest value of each column, and the middle of both."""
    low, high = points[0].astype(np.float64), points[0].astype(np.float64)
    mean = np.zeros(points.shape[1])
    for row in points:
        for c in range(len(row)):
            low[c] = min(low[c], row[c])
            high[c] = max(high[c], row[c])
            mean[c] += row[c]
    return low, high, mean / len(points)


@kernel(allocates=True, fastmath=True)
def squared_norms(points: Points, mean: Reals, factor: float):
    """Squared norms of the centred and scaled points."""
    norms = np.zeros(len(points))
    for i in range(len(points)):
        row, total = points[i], 0.0
        for c in range(len(row)):
            value = (row[c] - mean[c]) * factor
            total += value * value
        norms[i] = total
    return norms


@kernel
def gather(
    points: Points,
    order: Vertices,
    columns: Vertices,
    mean: Reals,
    factor: float,
    rows: Coordinates,
):
    """Write the centred and scaled points in an order, of some columns."""
    for i in range(len(order)):
        row, into = points[order[i]], rows[i]
        if len(columns) == len(row):
            for c in range(len(row)):
                into[c] = (row[c] - mean[c]) * factor
            continue
        for place in range(len(columns)):
            c = columns[place]
            into[place] = (row[c] - mean[c]) * factor


@kernel
def fill_block(
    rows: Coordinates,
    norms: Reals,
    products: Coordinates,
    start: int,
    low: int,
    matrix: Matrix,
    farthest: Lengths,
    duplicate: Flags,
):
    """Distances of the rows from `start` to the columns from `low`, one triangle; their sum."""
    total = 0.0
    for i in range(start, start + len(products)):
        first = max(low, i + 1)
        stop = low + products.shape[1]
        product = products[i - start, first - low :]
        least = square(product, norms[first:stop], norms[i])
        if least <= 0:
            repair(rows, norms, product, i, first, duplicate)
        row = matrix[i, first:stop]
        total += root(product, row, farthest[first:stop])
        farthest[i] = max(farthest[i], greatest(row))
        if low == start:
            matrix[i, i] = 0
    return total


@kernel(fastmath=True)
def square(product: Reals, norms: Reals, norm: float):
    """Turn products into squared distances; the least margin over what counts as cancelled."""
    least = 1e300
    for j in range(len(product)):
        both = norm + norms[j]
        product[j] = both - 2 * product[j]
        least = min(least, product[j] - CANCELLED * both)
    return least


@kernel
def repair(rows: Coordinates, norms: Reals, squares: Reals, i: int, first: int, duplicate: Flags):
    """Take cancelled squares anew from differences; note exact duplicates."""
    for place in range(len(squares)):
        j = first + place
        if squares[place] <= CANCELLED * (norms[i] + norms[j]):
            squares[place] = squared_difference(rows[i], rows[j])
            if squares[place] == 0:
                duplicate[j] = True


@kernel(fastmath=True)
def squared_difference(x: Reals, y: Reals):
    """|x - y|^2."""
    total = 0.0
    for c in range(len(x)):
        total += (x[c] - y[c]) ** 2
    return total


@kernel(fastmath=True)
def root(squares: Reals, row: Lengths, farthest: Lengths):
    """Write the roots, rounded to float32, and raise the columns' maxima; the sum."""
    total = 0.0
    for j in range(len(row)):
        distance = np.sqrt(squares[j])
        total += distance
        row[j] = distance
        farthest[j] = max(farthest[j], row[j])
    return total


@kernel(fastmath=True)
def greatest(row: Lengths):
    """The maximum of a row, zero if it is empty."""
    value = np.float32(0)
    for j in range(len(row)):
        value = max(value, row[j])
    return value


def kept_square(matrix: Float32[np.ndarray, "n n"], keep: Int[np.ndarray, " kept"]):
    """Some rows and columns of the matrix, moved together in its own memory."""
    flat = matrix.reshape(-1)
    move_together(flat, len(matrix), keep)
    return flat[: len(keep) ** 2].reshape(len(keep), len(keep))


@kernel
def move_together(flat: Lengths, count: int, keep: Vertices):
    """Write the kept entries to the front; none is overwritten before it is read."""
    place = 0
    for i in keep:
        for j in keep:
            flat[place] = flat[i * count + j]
            place += 1


@kernel
def mirror(matrix: Matrix):
    """Copy the upper triangle to the lower one, in tiles that fit the cache."""
    count = len(matrix)
    for left in range(0, count, MIRROR):
        for top in range(0, left + 1, MIRROR):
            for j in range(left, min(left + MIRROR, count)):
                for i in range(top, min(top + MIRROR, j)):
                    matrix[j, i] = matrix[i, j]
