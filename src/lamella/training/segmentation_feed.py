"""Batches of rectangles painted as they are needed: the memory holds scenes, never images."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Float, Int, UInt8
from torch import Tensor

from lamella.data.rectangles.scenes import Scene, draw_scenes
from lamella.data.rectangles.stream import paint_labels
from lamella.seeds import stream_seed, torch_generator

NOISE = 5.0


@dataclass(frozen=True, eq=False)
class SceneFeed:
    """Scenes by their parameters and order, 96 bytes an image; 200,000 take 19 MB."""

    scene: Scene
    parameters: Int[np.ndarray, "images classes 7"]
    order: Int[np.ndarray, "images classes"]
    noise: float = NOISE

    def __len__(self) -> int:
        return len(self.order)

    @property
    def top(self) -> Int[np.ndarray, " images"]:
        """The class on top of each image."""
        return self.order[:, -1].astype(np.int64)

    def take(
        self, rows: np.ndarray | slice, generator: torch.Generator
    ) -> tuple[Float[Tensor, "batch 3 height width"], UInt8[Tensor, "batch height width"]]:
        """Inputs as the network gets them, channels last in memory, and the class of each pixel."""
        image, label = paint_labels(
            self.parameters[rows],
            self.order[rows],
            image_size=self.scene.image_size,
            half_sizes=self.scene.half_sizes,
        )
        inputs = normalise(torch.from_numpy(image), self.scene, self.noise, generator)
        return inputs.permute(0, 3, 1, 2), torch.from_numpy(label)

    def in_order(self, batch_size: int, seed: int) -> Iterator[tuple[Tensor, Tensor]]:
        """All images in their order, in batches, with the same noise each time."""
        generator = torch_generator(seed, "noise of the test images")
        for start in range(0, len(self), batch_size):
            yield self.take(slice(start, start + batch_size), generator)

    def shuffled(
        self, batch_size: int, generator: torch.Generator
    ) -> Iterator[tuple[Tensor, Tensor]]:
        """All images in a new order, in batches, with new noise."""
        order = torch.randperm(len(self), generator=generator).numpy()
        for start in range(0, len(self), batch_size):
            yield self.take(order[start : start + batch_size], generator)


def make_feed(
    scene: Scene, count: int, *, seed: int = 0, split: str = "train", noise: float = NOISE
) -> SceneFeed:
    """`count` scenes of one split; the splits come from different streams of the seed."""
    parameters, order = draw_scenes(scene, 0, count, split_seed(seed, split))
    return SceneFeed(scene, parameters, order, noise)


def split_seed(seed: int, split: str) -> int:
    """The seed of the images of one split."""
    return stream_seed(seed, f"rectangles {split}") % 2**31


def normalise(
    image: UInt8[Tensor, "batch height width 3"],
    scene: Scene,
    noise: float,
    generator: torch.Generator,
) -> Float[Tensor, "batch height width 3"]:
    """Noise uniform in [0, noise) added, then divided by the greatest value that can occur.

    The seed divides by the greatest value that did occur in all images, which is the same to one
    part in a thousand; ours is known before the last image is.
    """
    greatest = float(scene.levels().max()) + scene.delta + noise
    values = image.float()
    if noise:
        values += torch.rand(values.shape, generator=generator) * noise
    return values.div_(greatest)
