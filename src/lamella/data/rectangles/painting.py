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
    made once and copied. Sizes are constants of the compiled code, and a rectangle is laid over a
    whole row, one array after the other, in loops without a branch: so they become vectors.
    """
    channels = classes + 1
    place = np.uint8 if width < 256 else np.uint16  # x - first wraps to above `wide` left of it
    bits = np.uint8 if classes < 8 else np.uint32

    @numba.njit(nogil=True, cache=True)
    def paint(parameters, order, half_sizes, image, mask, full_mask, label):
        x0, x1 = np.empty(classes, np.int64), np.empty(classes, np.int64)
        y0, y1 = np.empty(classes, np.int64), np.empty(classes, np.int64)
        red, green = np.empty(width, np.uint8), np.empty(width, np.uint8)
        blue, visible = np.empty(width, np.uint8), np.empty(width, np.uint8)
        covered = np.empty(width, bits)
        colours = np.empty(3 * width, np.uint8)
        one_hot = np.empty(channels * width, np.uint8)
        many_hot = np.empty(channels * width, np.uint8)
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
                red[:] = 0
                green[:] = 0
                blue[:] = 0
                visible[:] = classes
                covered[:] = 0
                for j in range(classes):
                    c = order[n, j]
                    if c < 0 or y >= y1[c]:
                        continue
                    if y < y0[c]:
                        end = min(end, y0[c])
                        continue
                    end = min(end, y1[c])
                    r = np.uint8(parameters[n, c, 0])
                    g = np.uint8(parameters[n, c, 1])
                    b = np.uint8(parameters[n, c, 2])
                    bit, number = bits(1 << c), np.uint8(c)
                    first, wide = place(x0[c]), place(max(0, x1[c] - x0[c]))
                    for x in range(width):
                        red[x] = r if place(place(x) - first) < wide else red[x]
                    for x in range(width):
                        green[x] = g if place(place(x) - first) < wide else green[x]
                    for x in range(width):
                        blue[x] = b if place(place(x) - first) < wide else blue[x]
                    for x in range(width):
                        visible[x] = number if place(place(x) - first) < wide else visible[x]
                    for x in range(width):
                        covered[x] |= bit if place(place(x) - first) < wide else bits(0)
                if with_image:
                    for x in range(width):
                        colours[3 * x] = red[x]
                        colours[3 * x + 1] = green[x]
                        colours[3 * x + 2] = blue[x]
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
