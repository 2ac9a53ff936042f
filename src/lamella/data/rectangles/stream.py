"""Images of rectangles from their parameters: one block, or as many as wanted one after another."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from jaxtyping import Int, UInt8

from lamella.checks import check_range
from lamella.data.rectangles.scenes import CHUNK, Scene, draw_chunk, draw_scenes
from lamella.errors import BudgetError, bad_input

BUDGET_MB = 1000
TILE = 16  # images that a core's second cache holds, with what Python needs between two tiles


@dataclass(frozen=True, eq=False)
class Rectangles:
    """Images with their masks and the numbers they were painted from.

    `mask` is one-hot: the visible class of each pixel, the last channel is the background.
    `full_mask` has each rectangle whole, before occlusion; its last channel is where none is.
    `parameters` are R, G, B, l, h, x, y of each class, `order` the classes from bottom to top.
    """

    image: UInt8[np.ndarray, "images height width 3"]
    mask: UInt8[np.ndarray, "images height width channels"]
    full_mask: UInt8[np.ndarray, "images height width channels"]
    parameters: Int[np.ndarray, "images classes 7"]
    order: Int[np.ndarray, "images classes"]

    def __len__(self) -> int:
        return len(self.parameters)

    @property
    def label(self) -> UInt8[np.ndarray, "images height width"]:
        """The visible class of each pixel; the background has the highest number."""
        return self.mask.argmax(axis=-1).astype(np.uint8)


FIELDS = ("image", "mask", "full_mask", "parameters", "order")


def generate(
    count: int, *, scene: Scene | None = None, seed: int = 0, start: int = 0
) -> Rectangles:
    """`count` images in memory, from image `start` of the seed on.

    BudgetError when they would need more than 1 GB: take them from `stream` or write them with
    `write_rectangles`.

    >>> made = generate(2, seed=3)
    >>> made.image.shape, made.mask.shape, made.parameters.shape, made.order.shape
    ((2, 64, 64, 3), (2, 64, 64, 4), (2, 3, 7), (2, 3))
    """
    scene = scene or Scene()
    check_count(count)
    need = count * image_bytes(scene) / 1e6
    if need > BUDGET_MB:
        raise BudgetError(
            f"{count} images need {need:.0f} MB at once, more than {BUDGET_MB} MB. Take them from "
            f"stream() block by block, or write them with write_rectangles()."
        )
    parameters, order = draw_scenes(scene, start, start + count, seed)
    return paint(parameters, order, image_size=scene.image_size, half_sizes=scene.half_sizes)


def stream(
    count: int, *, scene: Scene | None = None, seed: int = 0, start: int = 0, reuse: bool = False
) -> Iterator[Rectangles]:
    """The same images as `generate`, in blocks of at most 256, in constant memory for any count.

    Blocks are painted ahead, one by each core. With `reuse` they share a few canvases, which is
    several times faster: be done with a block before asking for the next.
    """
    scene = scene or Scene()
    check_count(count)
    workers = os.cpu_count() or 1
    canvases = [empty(CHUNK, scene.classes, scene.image_size) for _ in range(workers + 1)] * reuse
    with ThreadPoolExecutor(workers) as pool:
        ahead: deque[Future[Rectangles]] = deque()
        for chunk in range(start // CHUNK, (start + count - 1) // CHUNK + 1):
            first = chunk * CHUNK
            part = slice(max(start - first, 0), min(start + count - first, CHUNK))
            canvas = canvases[chunk % len(canvases)] if reuse else None
            if len(ahead) == workers:
                yield ahead.popleft().result()
            ahead.append(pool.submit(paint_chunk, scene, chunk, part, seed, canvas))
        while ahead:
            yield ahead.popleft().result()


def for_each_block(
    count: int,
    call: Callable[[int, Rectangles], None],
    *,
    scene: Scene | None = None,
    seed: int = 0,
    start: int = 0,
) -> None:
    """Call `call(first, block)` on every image from `start` on, in blocks of at most 16.

    The fastest way: each core paints small blocks that stay in its cache and calls `call` in its
    own thread, so `call` must be safe in threads, in any order, and be done with a block when it
    returns. What `call` raises ends the work and is raised here.
    """
    scene = scene or Scene()
    check_count(count)
    chunks = list(range(start // CHUNK, (start + count - 1) // CHUNK + 1))
    workers = os.cpu_count() or 1
    with ThreadPoolExecutor(workers) as pool:
        under_way = [
            pool.submit(
                _paint_tiles, scene, chunks[worker::workers], seed, start, start + count, call
            )
            for worker in range(workers)
        ]
        for done in under_way:
            done.result()


def _paint_tiles(
    scene: Scene,
    chunks: list[int],
    seed: int,
    start: int,
    stop: int,
    call: Callable[[int, Rectangles], None],
) -> None:
    """The share of one worker: every tile over the one before, on one small canvas."""
    from lamella.data.rectangles.painting import painter

    size = scene.image_size
    canvas = empty(TILE, scene.classes, size)
    paint_tile = painter(size, size, scene.classes)
    whole = [canvas.image, canvas.mask, canvas.full_mask]
    flat = [array.reshape(TILE, size, -1) for array in whole]
    none = np.empty((0, size, size), np.uint8)
    for chunk in chunks:
        parameters, order = draw_chunk(scene, chunk, seed)
        first, last = max(start, chunk * CHUNK), min(stop, (chunk + 1) * CHUNK)
        for low in range(first, last, TILE):
            rows = slice(low - chunk * CHUNK, min(low + TILE, last) - chunk * CHUNK)
            here, sequence = parameters[rows], order[rows]
            paint_tile(here, sequence, scene.half_sizes, *flat, none)
            images = whole if len(here) == TILE else [array[: len(here)] for array in whole]
            call(low, Rectangles(*images, parameters=here, order=sequence))


def paint_chunk(
    scene: Scene, chunk: int, part: slice, seed: int, canvas: Rectangles | None
) -> Rectangles:
    """Some images of one random stream, painted onto `canvas` or onto new memory."""
    parameters, order = draw_chunk(scene, chunk, seed)
    made = canvas or empty(part.stop - part.start, scene.classes, scene.image_size)
    return paint_into(made, parameters[part], order[part], scene.half_sizes)


def paint(
    parameters: Int[np.ndarray, "images classes 7"],
    order: Int[np.ndarray, "images classes"],
    *,
    image_size: int = 64,
    half_sizes: bool = False,
) -> Rectangles:
    """The images of given parameters, each class painted over those before it in `order`.

    InputError for parameters or an order of another shape, or an order that is no permutation.
    """
    parameters, order = check_scenes(parameters, order)
    made = empty(len(order), order.shape[1], image_size)
    return paint_into(made, parameters, order, half_sizes)


def paint_into(
    made: Rectangles, parameters: np.ndarray, order: np.ndarray, half_sizes: bool
) -> Rectangles:
    """Paint over memory that is there; nothing is checked. Lets go of the GIL."""
    from lamella.data.rectangles.painting import painter

    count, size = len(order), made.image.shape[1]
    whole = [made.image, made.mask, made.full_mask]
    parts = [array[:count] for array in whole] if count < len(made) else whole
    flat = [array.reshape(count, size, -1) for array in parts]
    none = np.empty((0, size, size), np.uint8)
    painter(size, size, order.shape[1])(parameters, order, half_sizes, *flat, none)
    image, mask, full_mask = parts
    return Rectangles(image, mask, full_mask, parameters, order)


def paint_labels(
    parameters: Int[np.ndarray, "images classes 7"],
    order: Int[np.ndarray, "images classes"],
    *,
    image_size: int = 64,
    half_sizes: bool = False,
) -> tuple[UInt8[np.ndarray, "images height width 3"], UInt8[np.ndarray, "images height width"]]:
    """Only the images and the visible class of each pixel: what training needs."""
    from lamella.data.rectangles.painting import painter

    parameters, order = check_scenes(parameters, order)
    image = np.empty((len(order), image_size, image_size, 3), np.uint8)
    label = np.empty((len(order), image_size, image_size), np.uint8)
    none = np.empty((0, image_size, 1), np.uint8)
    flat = image.reshape(len(order), image_size, -1)
    compiled = painter(image_size, image_size, order.shape[1])
    compiled(parameters, order, half_sizes, flat, none, none, label)
    return image, label


def empty(count: int, classes: int, size: int) -> Rectangles:
    """Memory for `count` images."""
    return Rectangles(
        np.empty((count, size, size, 3), np.uint8),
        np.empty((count, size, size, classes + 1), np.uint8),
        np.empty((count, size, size, classes + 1), np.uint8),
        np.empty((count, classes, 7), np.int32),
        np.empty((count, classes), np.int32),
    )


def image_bytes(scene: Scene) -> int:
    """The bytes of one image with its masks and parameters: 45,152 at the defaults."""
    pixels = scene.image_size**2
    return pixels * (3 + 2 * (scene.classes + 1)) + 4 * scene.classes * 8


def check_count(count: int) -> None:
    """Raise InputError for a count below 1."""
    check_range(count, "rectangles()", "a count", low=1)


def check_scenes(parameters: np.ndarray, order: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Parameters and order as contiguous int32, or InputError."""
    parameters = np.ascontiguousarray(parameters, np.int32)
    order = np.ascontiguousarray(order, np.int32)
    if parameters.ndim != 3 or parameters.shape[2] != 7 or parameters.shape[:2] != order.shape:
        raise bad_input(
            "paint()",
            wanted="parameters of shape images x classes x 7 and an order of images x classes",
            got=f"{parameters.shape} and {order.shape}",
            do="Pass R, G, B, l, h, x, y of each class",
        )
    if parameters.size and parameters[..., :5].min() < 0:
        raise bad_input(
            "paint()",
            wanted="colours and lengths of at least 0",
            got="negative ones",
            do="Mend them",
        )
    classes = order.shape[1]
    drawn = np.sort(order, axis=1)
    twice = (np.diff(drawn, axis=1) == 0) & (drawn[:, 1:] >= 0)
    wrong = ((order < -1) | (order >= classes)).any(axis=1) | twice.any(axis=1)
    if wrong.any():
        raise bad_input(
            "paint()",
            wanted=f"orders that name each of {classes} classes once (-1: left out)",
            got=f"{order[wrong.argmax()].tolist()}",
            do="Pass permutations",
        )
    return parameters, order
