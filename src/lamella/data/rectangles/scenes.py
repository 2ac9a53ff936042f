"""Scenes of coloured rectangles as numbers: colour, lengths, centre and drawing order."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise, permutations

import numpy as np
from jaxtyping import Int

from lamella.checks import check_choice, check_range
from lamella.errors import bad_input
from lamella.seeds import stream_seed

FACTORS = ("colour", "l", "h", "x", "y")
VARIANTS = {
    "FreeAll": FACTORS,
    "OnlyColor": ("colour",),
    "OnlyH": ("h",),
    "OnlyL": ("l",),
    "OnlyX": ("x",),
    "OnlyY": ("y",),
    "FreeColorAndH": ("colour", "h"),
    "FreeColorAndX": ("colour", "x"),
    "FreeColorAndHL": ("colour", "h", "l"),
    "FreeColorAndXY": ("colour", "x", "y"),
}
CHUNK = 256  # scenes per random stream: image i is the same for every count and block


@dataclass(frozen=True)
class Scene:
    """What is drawn at random, and between which bounds.

    Each image has one rectangle of every class. Lengths `l` (along x) and `h` (along y) and the
    centre (x, y) are whole numbers uniform in [0, image_size), colours uniform in the class range
    level ± delta, the drawing order a random permutation. A rectangle covers x - l//2 ... x + l//2
    as the seed draws it; with `half_sizes` it covers x - l ... x + l. `inside` keeps only those
    with x ± l and y ± h in [0, image_size] (the "selected" variant). Factors that are not
    in `factors` are fixed: centre in the middle, lengths 10 of 64, colour at the class level.

    `top` puts one class on top: its index, or "each" for class i mod classes in image i.
    `moving="top"` fixes every factor of the rectangles below the one on top; `beneath=False`
    leaves them out.

    >>> Scene(delta=15).levels()[0].tolist()
    [42, 127, 212]
    """

    classes: int = 3
    image_size: int = 64
    delta: int = 15
    inside: bool = False
    factors: tuple[str, ...] = FACTORS
    half_sizes: bool = False
    top: int | str | None = None
    moving: str = "all"
    beneath: bool = True

    def __post_init__(self) -> None:
        check_range(self.classes, "rectangles()", "classes", low=1, high=31)
        check_range(self.image_size, "rectangles()", "image_size", low=4, high=4096)
        check_range(self.delta, "rectangles()", "delta", low=0)
        check_choice(self.moving, ("all", "top"), "choice of moving rectangles")
        for factor in self.factors:
            check_choice(factor, FACTORS, "factor")
        if self.top is not None and self.top != "each":
            check_range(int(self.top), "rectangles()", "top", low=0, high=self.classes - 1)
        if self.top is None and (self.moving == "top" or not self.beneath):
            raise bad_input(
                "rectangles()",
                wanted="a class on top",
                got="top=None with moving='top' or beneath=False",
                do="Pass top='each' or a class index",
            )
        check_colours(self)

    @lru_cache(maxsize=64)  # noqa: B019 - scenes are few, small and frozen
    def levels(self) -> Int[np.ndarray, "classes 3"]:
        """The middle colour of each class: every channel takes each level once over the classes."""
        steps = ((np.arange(self.classes) + 0.5) * 255 / self.classes).astype(np.int32)
        turned = np.arange(self.classes)[:, None] + np.arange(3)
        return steps[turned % self.classes]

    def fixed(self) -> tuple[int, int]:
        """The length and the centre of what is not free: 10 and 32 in images of 64."""
        return max(1, 10 * self.image_size // 64), self.image_size // 2


def factors_of(name: str) -> tuple[str, ...]:
    """The free factors of a variant such as "OnlyH", or of a list such as "colour,h".

    >>> factors_of("OnlyH"), factors_of("colour,x")
    (('h',), ('colour', 'x'))
    """
    if name in VARIANTS:
        return VARIANTS[name]
    parts = tuple(part.strip() for part in name.split(","))
    return tuple(check_choice(part, [*FACTORS, *VARIANTS], "factor") for part in parts)


def latent_scene(variant: str, scene: Scene | None = None) -> Scene:
    """The scene of a latent study: each class in turn on top, which alone carries the factors.

    In FreeAll all rectangles are free; in every other variant those below keep the fixed values,
    so that a class has exactly the named degrees of freedom.
    """
    factors = factors_of(variant)
    moving = "all" if factors == FACTORS else "top"
    return replace(scene or Scene(), factors=factors, top="each", moving=moving)


def check_colours(scene: Scene) -> None:
    """Raise InputError that names the class ranges that overlap or leave [0, 255]."""
    levels = scene.levels()
    complaints = []
    for channel, name in enumerate("RGB"):
        low, high = levels[:, channel] - scene.delta, levels[:, channel] + scene.delta
        complaints += [
            f"{name} of class {c + 1} is [{low[c]}, {high[c]}], outside [0, 255]"
            for c in range(scene.classes)
            if low[c] < 0 or high[c] > 255
        ]
        order = np.argsort(low, kind="stable")
        complaints += [
            f"{name} of classes {a + 1} and {b + 1} overlap in [{low[b]}, {high[a]}]"
            for a, b in pairwise(order)
            if low[b] <= high[a]
        ]
    if complaints:
        most = largest_delta(scene.classes)
        raise bad_input(
            "rectangles()",
            wanted="class colours that lie in [0, 255] and do not overlap",
            got=f"delta={scene.delta}: {'; '.join(complaints[:4])}",
            do=f"Use a delta of at most {most} for {scene.classes} classes",
        )


def largest_delta(classes: int) -> int:
    """The largest delta that keeps the ranges of this many classes apart.

    >>> largest_delta(3)
    42
    """
    steps = ((np.arange(classes) + 0.5) * 255 / classes).astype(int)
    gaps = (np.diff(steps) - 1) // 2
    return int(min([steps[0], 255 - steps[-1], *gaps]))


def draw_scenes(
    scene: Scene, start: int, stop: int, seed: int = 0
) -> tuple[Int[np.ndarray, "images classes 7"], Int[np.ndarray, "images classes"]]:
    """Parameters (R, G, B, l, h, x, y) of each class and the drawing order of images start..stop.

    Class `order[i, -1]` lies on top of image i; -1 stands for a rectangle that is left out.
    """
    parts = []
    for chunk in range(start // CHUNK, max(stop - 1, start) // CHUNK + 1):
        parameters, order = draw_chunk(scene, chunk, seed)
        here = slice(max(start - chunk * CHUNK, 0), stop - chunk * CHUNK)
        parts.append((parameters[here], order[here]))
    if len(parts) == 1:
        return parts[0]
    return np.concatenate([p for p, _ in parts]), np.concatenate([o for _, o in parts])


@lru_cache(maxsize=64)
def image_seed(seed: int) -> int:
    """The seed of all random streams of a seed."""
    return stream_seed(seed, "rectangles")


def draw_chunk(scene: Scene, chunk: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """The scenes of one random stream, all at once."""
    generator = np.random.default_rng([image_seed(seed), chunk])
    classes = scene.classes
    parameters = np.empty((CHUNK, classes, 7), np.int32)
    shift = generator.integers(-scene.delta, scene.delta + 1, (CHUNK, classes, 3), np.int32)
    free = "colour" in scene.factors
    np.add(scene.levels(), shift if free else np.int32(0), out=parameters[..., :3])
    for axis, (length, centre) in enumerate((("l", "x"), ("h", "y"))):
        pairs = feasible(scene, length, centre)
        chosen = pairs.take(generator.integers(0, len(pairs), (CHUNK, classes), np.int32), axis=0)
        parameters[..., 3 + axis], parameters[..., 5 + axis] = chosen[..., 0], chosen[..., 1]
    order = draw_orders(generator, classes)
    if scene.top is not None:
        parameters, order = put_on_top(scene, parameters, order, chunk * CHUNK)
    return parameters, order


@lru_cache(maxsize=64)
def feasible(scene: Scene, length: str, centre: str) -> Int[np.ndarray, "pairs 2"]:
    """All pairs of length and centre along one axis that the scene allows, each equally likely.

    Drawing one of them has the distribution of drawing again until one is allowed.
    """
    fixed_length, fixed_centre = scene.fixed()
    every = np.arange(scene.image_size, dtype=np.int32)
    lengths = every if length in scene.factors else every[fixed_length : fixed_length + 1]
    centres = every if centre in scene.factors else every[fixed_centre : fixed_centre + 1]
    pairs = np.stack(np.meshgrid(lengths, centres, indexing="ij"), axis=-1).reshape(-1, 2)
    if scene.inside:
        reach, middle = pairs[:, 0], pairs[:, 1]
        pairs = pairs[(middle + reach <= scene.image_size) & (middle - reach >= 0)]
    return pairs


def draw_orders(generator: np.random.Generator, classes: int) -> Int[np.ndarray, "images classes"]:
    """A random permutation of the classes for each image of a chunk."""
    if classes <= 6:
        every = all_orders(classes)
        return every.take(generator.integers(0, len(every), CHUNK), axis=0)
    return np.argsort(generator.random((CHUNK, classes)), axis=1).astype(np.int32)


@lru_cache(maxsize=8)
def all_orders(classes: int) -> Int[np.ndarray, "orders classes"]:
    """Every permutation of the classes."""
    return np.array(list(permutations(range(classes))), np.int32)


def put_on_top(
    scene: Scene, parameters: np.ndarray, order: np.ndarray, first: int
) -> tuple[np.ndarray, np.ndarray]:
    """The same scenes with the wanted class drawn last."""
    rows = np.arange(len(order))
    top = (rows + first) % scene.classes if scene.top == "each" else np.full(len(order), scene.top)
    if scene.moving == "top":
        order = np.tile(np.arange(scene.classes, dtype=np.int32), (len(order), 1))
        moving = parameters[rows, top].copy()
        length, centre = scene.fixed()
        parameters[..., :3] = scene.levels()
        parameters[..., 3:5], parameters[..., 5:] = length, centre
        parameters[rows, top] = moving
    last = np.argsort(order == top[:, None], axis=1, kind="stable")
    order = np.take_along_axis(order, last, axis=1)
    if not scene.beneath:
        order[:, :-1] = -1
    return parameters, order
