"""Painting rectangles into arrays; loaded on first use because it imports numba."""

from __future__ import annotations

import functools
from collections.abc import Callable

import numba
import numpy as np


@functools.cache
def painter(width: int, height: int, classes: int) -> Callable[..., None]:
    """A compiled function that paints scenes of one image size and number of classes.

    Its arrays are parameters, order, half_sizes, then image (n, height, 3 width), mask and
    full_mask (n, height, (classes + 1) width) and label (n, height, width), uint8; an array of
    length 0 is left out. Rows between two edges of rectangles are equal, so each distinct row is
    made once and copied. Sizes are constants of the compiled code, which is what makes it fast.
    """
    channels = classes + 1

    @numba.njit(nogil=True, cache=True)
    def paint(parameters, order, half_sizes, image, mask, full_mask, label):
        x0, x1 = np.empty(classes, np.int64), np.empty(classes, np.int64)
        y0, y1 = np.empty(classes, np.int64), np.empty(classes, np.int64)
        colours, visible = np.empty(3 * width, np.uint8), np.empty(width, np.uint8)
        covered = np.empty(width, np.uint32)
        one_hot, many_hot = (
            np.empty(channels * width, np.uint8),
            np.empty(channels * width, np.uint8),
        )
        with_image, with_mask, with_label = len(image) > 0, len(mask) > 0, len(label) > 0
        for n in range(len(parameters)):
            for c in range(classes):
                reach_x, reach_y = parameters[n, c, 3], parameters[n, c, 4]
                if not half_sizes:
                    reach_x, reach_y = reach_x // 2, reach_y // 2
                x0[c] = max(0, parameters[n, c, 5] - reach_x)
                x1[c] = min(width, parameters[n, c, 5] + reach_x + 1)
                y0[c] = max(0, parameters[n, c, 6] - reach_y)
                y1[c] = min(height, parameters[n, c, 6] + reach_y + 1)
            y = 0
            while y < height:
                end = height
                for x in range(3 * width):
                    colours[x] = 0
                for x in range(width):
                    visible[x] = classes
                for x in range(width):
                    covered[x] = 0
                for j in range(classes):
                    c = order[n, j]
                    if c < 0 or y >= y1[c]:
                        continue
                    if y < y0[c]:
                        end = min(end, y0[c])
                        continue
                    end = min(end, y1[c])
                    red = np.uint8(parameters[n, c, 0])
                    green = np.uint8(parameters[n, c, 1])
                    blue = np.uint8(parameters[n, c, 2])
                    for x in range(x0[c], x1[c]):
                        colours[3 * x] = red
                        colours[3 * x + 1] = green
                        colours[3 * x + 2] = blue
                    bit, number = np.uint32(1 << c), np.uint8(c)
                    for x in range(x0[c], x1[c]):
                        visible[x] = number
                    for x in range(x0[c], x1[c]):
                        covered[x] |= bit
                if with_image:
                    for row in range(y, end):
                        for i in range(3 * width):
                            image[n, row, i] = colours[i]
                if with_mask:
                    for x in range(width):
                        for k in range(channels):
                            one_hot[x * channels + k] = visible[x] == k
                        for k in range(classes):
                            many_hot[x * channels + k] = (covered[x] >> k) & 1
                        many_hot[x * channels + classes] = covered[x] == 0
                    for row in range(y, end):
                        for i in range(channels * width):
                            mask[n, row, i] = one_hot[i]
                        for i in range(channels * width):
                            full_mask[n, row, i] = many_hot[i]
                if with_label:
                    for row in range(y, end):
                        for i in range(width):
                            label[n, row, i] = visible[i]
                y = end

    return paint
