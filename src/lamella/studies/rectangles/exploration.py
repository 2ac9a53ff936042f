"""The data of the rectangles, explored: where rectangles lie, what they cover, what is hidden."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Float, Int, UInt8

from lamella.data.rectangles.scenes import Scene
from lamella.data.rectangles.stream import generate, stream
from lamella.results import Images, Table
from lamella.story import Picture, Section, Sentence, Story


@dataclass(frozen=True, eq=False)
class Counts:
    """One sample in numbers: its parameters, and pixels of each class and the background.

    `visible` is after occlusion and `full` before, summed over the images.
    """

    parameters: Int[np.ndarray, "images classes 7"]
    visible: Float[np.ndarray, " channels"]
    full: Float[np.ndarray, " channels"]
    pixels: int

    def areas(self) -> Float[np.ndarray, " channels"]:
        """Visible pixels of each class and the background as a share of all pixels."""
        return self.visible / (self.pixels * len(self.parameters))

    def occluded(self) -> Float[np.ndarray, " classes"]:
        """(full - visible) / full of each class."""
        return ((self.full - self.visible) / np.maximum(self.full, 1))[:-1]


def count_pixels(
    count: int, scene: Scene, seed: int = 0, tick: Callable[[int], None] = lambda done: None
) -> Counts:
    """Count the pixels of `count` images, block by block."""
    channels = scene.classes + 1
    visible, full, parameters, done = np.zeros(channels), np.zeros(channels), [], 0
    for block in stream(count, scene=scene, seed=seed, reuse=True):
        for total, masks in ((visible, block.mask), (full, block.full_mask)):
            by_place = masks.reshape(len(block), -1).sum(axis=0, dtype=np.uint32)
            total += by_place.reshape(-1, channels).sum(axis=0)
        parameters.append(block.parameters)
        done += len(block)
        tick(done)
    return Counts(np.concatenate(parameters), visible, full, scene.image_size**2)


def explore(
    count: int, scene: Scene, seed: int = 0, tick: Callable[[int], None] = lambda done: None
) -> tuple[Section, dict[str, dict[str, list[float]]]]:
    """Two samples side by side, free and wholly inside, as a section and as numbers."""
    samples = {
        "free": count_pixels(count, replace(scene, inside=False), seed, tick),
        "inside": count_pixels(
            count, replace(scene, inside=True), seed, lambda done: tick(count + done)
        ),
    }
    return Section(
        "The data", tuple(_say(samples, count)), tuple(_pictures(samples, scene, seed))
    ), {
        name: {"areas": one.areas().tolist(), "occluded": one.occluded().tolist()}
        for name, one in samples.items()
    }


def _say(samples: dict[str, Counts], count: int) -> list[Sentence]:
    found = []
    for name, one in samples.items():
        areas, hidden = one.areas(), one.occluded()
        found.append(
            Sentence(
                f"{name}: a class covers {areas[:-1].mean():.1%} of an image and the background "
                f"{areas[-1]:.1%}; {hidden.mean():.1%} of a rectangle is hidden by others "
                f"({count:,} images).",
                {
                    "area": dict(
                        zip(_with_background(areas), areas.round(4).tolist(), strict=True)
                    ),
                    "hidden": dict(zip(_names(hidden), hidden.round(4).tolist(), strict=True)),
                },
            )
        )
    return found


def _names(values: np.ndarray) -> list[str]:
    return [f"class {k + 1}" for k in range(len(values))]


def _with_background(values: np.ndarray) -> list[str]:
    return [*_names(values[:-1]), "background"]


def _pictures(samples: dict[str, Counts], scene: Scene, seed: int) -> list[Picture]:
    words = "Free rectangles may leave the image; those inside have x ± l and y ± h in it."
    found = [
        Picture(
            "histogram",
            _column(samples, place, title),
            f"{title[0].upper()}{title[1:]}. {words}"
            if not number
            else f"{title[0].upper()}{title[1:]}.",
            {"value": title, "group": "sample", "bins": scene.image_size, "palette": "runs"},
        )
        for number, (place, title) in enumerate(((5, "centre x, pixels"), (3, "length l, pixels")))
    ]
    found.append(Picture("table", _areas(samples), "Areas and occluded shares of each class."))
    for inside in (False, True):
        made = generate(6, scene=replace(scene, inside=inside), seed=seed)
        images = np.concatenate([made.image, paint_labels(made.mask), paint_labels(made.full_mask)])
        kind = "wholly inside" if inside else "free"
        text = (
            f"Six images ({kind}), their visible masks, and the whole rectangles over each other."
        )
        found.append(Picture("image_grid", Images(images, columns=6), text))
    return found


def _column(samples: dict[str, Counts], place: int, title: str) -> Table:
    """One parameter of every rectangle of both samples, at most 60,000 of each."""
    columns = [one.parameters[:, :, place].ravel()[:60_000] for one in samples.values()]
    names = np.repeat(list(samples), [len(c) for c in columns])
    return Table({title: np.concatenate(columns), "sample": names})


def _areas(samples: dict[str, Counts]) -> Table:
    rows = {"sample": [], "class": [], "area, %": [], "whole, %": [], "occluded, %": []}
    for name, one in samples.items():
        total = one.pixels * len(one.parameters)
        hidden = [*one.occluded(), np.nan]
        for k in range(len(one.visible)):
            called = "background" if k == len(one.visible) - 1 else f"class {k + 1}"
            line = (
                name,
                called,
                100 * one.visible[k] / total,
                100 * one.full[k] / total,
                100 * hidden[k],
            )
            for column, value in zip(rows.values(), line, strict=True):
                column.append(value)
    return Table({name: np.array(column) for name, column in rows.items()})


COLOURS = np.array(
    [[0, 114, 178], [224, 142, 0], [0, 158, 115], [204, 121, 167], [213, 94, 0]], np.float64
)


def paint_labels(mask: UInt8[np.ndarray, "images height width channels"]) -> np.ndarray:
    """A mask as colours: that of the class, a mixture where several lie, paper where none does."""
    classes = mask.shape[-1] - 1
    colours = COLOURS[np.arange(classes) % len(COLOURS)]
    covered = mask[..., :-1].astype(float)
    total = covered.sum(axis=-1, keepdims=True)
    mixed = covered @ colours / np.maximum(total, 1)
    return np.where(total > 0, mixed, 240).astype(np.uint8)


def exploration_story(count: int, scene: Scene, seed: int, section: Section) -> Story:
    """The exploration as a report of its own."""
    verdict = Sentence(
        f"Two samples of {count:,} images of {scene.classes} rectangles, delta {scene.delta}: "
        "where the rectangles lie, how much of an image each class covers, and how much of it is "
        "hidden."
    )
    facts = {"count": count, "seed": seed, "classes": scene.classes, "delta": scene.delta}
    facts |= {"image size": scene.image_size, "half sizes": scene.half_sizes}
    return Story("Rectangles: the data", verdict, (section,), facts)
