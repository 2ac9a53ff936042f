"""Rectangles: images a second against the obvious loop, and training in both memory layouts.

The peer draws image by image with cv2.rectangle, as the study's source does: one call each for
the image, the visible mask, the background and the whole rectangle of every class (extra bench).
Both sides give image, mask, full_mask and parameters; ours gives the order too. The peer has one
core, ours all: where other work takes some of them, the ratio a core is the one to read.

    python benchmarks/rectangles.py [--images 5000] [--rounds 5] [--skip-training]
"""

from __future__ import annotations

import argparse
import os
import resource
import time
from collections.abc import Callable

import numpy as np

from lamella.data.rectangles.scenes import Scene
from lamella.data.rectangles.stream import for_each_block, paint, stream

CORES = os.cpu_count() or 1
LEVELS = ((42, 127, 212), (127, 212, 42), (212, 42, 127))


def peer(count: int, inside: bool = False, delta: int = 15, size: int = 64) -> tuple:
    """The obvious loop: one image after the other, one rectangle after the other."""
    import cv2

    draw = np.random.randint
    image = np.zeros((count, size, size, 3), np.uint8)
    mask = np.zeros((count, size, size, 3), np.uint8)
    background = np.zeros((count, size, size, 3), np.uint8)
    full_mask = np.zeros((count, size, size, 4), np.uint8)
    parameters = np.zeros((count, 3, 7), np.int32)
    orders = np.zeros((count, 3), np.int32)
    for i in range(count):
        orders[i] = np.random.permutation(3)  # noqa: NPY002
        for c in orders[i]:
            x, y, length, height = (int(draw(0, size)) for _ in range(4))
            while inside and not fits(x, y, length, height, size):
                x, y, length, height = (int(draw(0, size)) for _ in range(4))
            colour = [int(draw(level - delta, level + delta + 1)) for level in LEVELS[c]]
            parameters[i, c] = [*colour, length, height, x, y]
            corners = (x - length // 2, y + height // 2), (x + length // 2, y - height // 2)
            image[i] = cv2.rectangle(image[i], *corners, colour, -1)
            mask[i] = cv2.rectangle(mask[i], *corners, [int(k == c) for k in range(3)], -1)
            background[i] = cv2.rectangle(background[i], *corners, (1, 0, 0), -1)
            one = cv2.rectangle(np.zeros((size, size), np.uint8), *corners, 1, -1)
            full_mask[i, :, :, c] = one
        full_mask[i, :, :, 3] = background[i, :, :, 0]
    mask = np.concatenate((mask, background[..., :1]), axis=-1)
    mask[..., 3] = 1 - mask[..., 3]
    full_mask[..., 3] = 1 - full_mask[..., 3]
    return image, mask, full_mask, parameters, orders


def fits(x: int, y: int, length: int, height: int, size: int) -> bool:
    """Whether a rectangle counts as inside."""
    return x + length <= size and x - length >= 0 and y + height <= size and y - height >= 0


def ours(count: int, inside: bool = False) -> None:
    """The same images block by block, each handed to a function that does nothing."""
    for_each_block(count, lambda first, block: None, scene=Scene(inside=inside))


def streamed(count: int, inside: bool = False) -> None:
    """The same images in order through one thread, as they go to disk."""
    for _ in stream(count, scene=Scene(inside=inside), reuse=True):
        pass


def seconds(call: Callable[[], object]) -> tuple[float, float]:
    """Wall and processor time of one call."""
    wall, cpu = time.perf_counter(), time.process_time()
    call()
    return time.perf_counter() - wall, time.process_time() - cpu


def check_pixels(count: int = 300) -> None:
    """The peer's images from the peer's numbers, pixel for pixel."""
    image, mask, full_mask, parameters, order = peer(count)
    made = paint(parameters, order)
    assert np.array_equal(made.image, image)
    assert np.array_equal(made.mask, mask)
    assert np.array_equal(made.full_mask, full_mask)
    print(f"pixel for pixel equal to the peer on {count} images")


def generation(images: int, rounds: int) -> None:
    """Images a second of both, in turns; the best of each."""
    ours(1000)
    for inside in (False, True):
        best = {name: [1e9, 1e9] for name in ("peer", "ours", "stream")}
        for _ in range(rounds):
            for name, call, count in (
                ("peer", lambda inside=inside: peer(images, inside), images),
                ("ours", lambda inside=inside: ours(40 * images, inside), 40 * images),
                ("stream", lambda inside=inside: streamed(40 * images, inside), 40 * images),
            ):
                used = [value / count for value in seconds(call)]
                best[name] = [min(pair) for pair in zip(best[name], used, strict=True)]
        kind = "inside" if inside else "free"
        for name, (wall, cpu) in best.items():
            print(f"{kind}, {name}: {1 / wall:,.0f} images/s, {1e6 * cpu:.2f} us of CPU an image")
        (theirs, their_cpu), (mine, my_cpu) = best["peer"], best["ours"]
        print(f"{kind}, in order: {theirs / best['stream'][0]:.0f} times as fast")
        free = f"{my_cpu / mine:.1f} of {CORES} cores that were free"
        print(f"{kind}: {theirs / mine:.0f} times as fast on the {free}")
        print(f"{kind}: {their_cpu / my_cpu:.0f} times as fast on each core")


def training(rounds: int, batch: int = 128) -> None:
    """Steps of each net in both layouts, in turns; the best of each, by processor time too."""
    import torch

    from lamella.registry import models
    from lamella.training.segmentation import Plan, Stage, step_through
    from lamella.training.segmentation_feed import make_feed
    from lamella.training.segmentation_losses import dice

    feed = make_feed(Scene(), 2 * batch)
    stage = Stage("nadam", 1, 2e-3)
    for net in ("conv_autoencoder", "small_unet", "separable_unet"):
        best = {True: [1e9, 1e9], False: [1e9, 1e9]}
        plans = {}
        for last in best:
            network = models[net]((3, 64, 64), 4)
            if last:
                network.to(memory_format=torch.channels_last)
            plans[last] = Plan(network, feed, feed, dice, batch, last, False, 0)
        for _ in range(rounds + 1):
            for last, plan in plans.items():
                optimiser = stage.make(plan.model)
                generator = torch.Generator().manual_seed(0)

                def step(plan=plan, optimiser=optimiser, generator=generator) -> None:
                    step_through(plan, stage, optimiser, 1, 0, generator)

                used = [value / len(feed) for value in seconds(step)]
                best[last] = [min(pair) for pair in zip(best[last], used, strict=True)]
        (last, last_cpu), (default, default_cpu) = best[True], best[False]
        print(
            f"{net}: channels last {1 / last:,.0f} images/s, default {1 / default:,.0f}: "
            f"{default / last:.2f} times as fast ({default_cpu / last_cpu:.2f} by CPU time)"
        )


def main() -> None:
    """Print the ratios and the peak of memory."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--images", type=int, default=5000, help="of the peer; ours makes 40 times")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--skip-training", action="store_true")
    asked = parser.parse_args()
    check_pixels()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    ours(200_000)
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"peak memory of 200,000 images: {after:.0f} MB in all, {after - before:.0f} MB more")
    generation(asked.images, asked.rounds)
    if not asked.skip_training:
        training(asked.rounds)


if __name__ == "__main__":
    main()
