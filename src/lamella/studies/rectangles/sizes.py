"""How large the study is, small enough to watch or in full, and how long it takes."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

from lamella.checks import check_choice, check_range
from lamella.data.rectangles.scenes import Scene
from lamella.registry import models

NETS = ("conv_autoencoder", "small_unet", "separable_unet")
LOSSES = ("dice", "weighted_cross_entropy", "focal")
SHORT = {  # names for tables and ends of lines
    "conv_autoencoder": "NN1",
    "small_unet": "NN2",
    "separable_unet": "NN3",
    "dice": "Dice",
    "weighted_cross_entropy": "CE",
    "focal": "focal",
}


@dataclass(frozen=True)
class Sizes:
    """Images, epochs, and images of each class in the latent spaces.

    `probe` are recorded for each factor variant, `latent` go into F1 and pictures. F1 after UMAP
    is for the layer `latent` alone unless `umap_everywhere`.
    """

    launches: int = 1
    train_size: int = 10_000
    test_size: int = 2_000
    nadam_epochs: int = 7
    sgd_epochs: int = 1
    batch_size: int = 96
    probe: int = 150
    latent: int = 300
    dimensions: tuple[int, ...] = (2, 4, 8, 16, 32, 64, 128, 256)
    umap_dimensions: tuple[int, ...] = (2, 16)
    umap_everywhere: bool = False

    def __post_init__(self) -> None:
        for item in fields(self):
            value = getattr(self, item.name)
            least = 0 if item.name in ("sgd_epochs", "umap_everywhere") else 1
            if isinstance(value, int):
                check_range(value, "rectangles study", item.name, low=least)
        check_range(self.latent, "rectangles study", "latent", low=4)
        check_range(self.probe, "rectangles study", "probe", low=4)

    @property
    def epochs(self) -> int:
        """Epochs of both stages."""
        return self.nadam_epochs + self.sgd_epochs


SMALL = Sizes()
FULL = Sizes(
    launches=5,
    train_size=200_000,
    test_size=15_000,
    nadam_epochs=25,
    sgd_epochs=50,
    batch_size=2048,
    probe=150,
    latent=5_000,
    dimensions=(2, 4, 8, 16, 32, 64, 128, 256, 512, 1024),
    umap_dimensions=(2, 4, 8, 16, 32, 64, 128, 256, 512, 1024),
    umap_everywhere=True,
)


def choose_sizes(full: bool, asked: dict[str, Any]) -> Sizes:
    """The small or the full sizes with what was asked for in their place."""
    return replace(FULL if full else SMALL, **{k: v for k, v in asked.items() if v is not None})


def names(text: str, known: Sequence[str], kind: str) -> tuple[str, ...]:
    """Names from a list such as "a,b" ("all" for every one), each known or UnknownName.

    >>> names("dice, focal", LOSSES, "loss")
    ('dice', 'focal')
    """
    if text.strip() == "all":
        return tuple(known)
    return tuple(check_choice(part.strip(), known, kind) for part in text.split(","))


@dataclass(frozen=True)
class Estimate:
    """Seconds that trainings and latent spaces will take, and images a second of each net."""

    training: float
    latent: float
    speed: dict[str, float]

    @property
    def words(self) -> str:
        """One sentence for whoever waits."""
        speeds = ", ".join(f"{net} {speed:,.0f} images/s" for net, speed in self.speed.items())
        return (
            f"On this machine about {duration(self.training + self.latent)}: training "
            f"{duration(self.training)} ({speeds}), latent spaces {duration(self.latent)}."
        )


def duration(seconds: float) -> str:
    """Seconds, minutes or hours, whichever reads best.

    >>> duration(42), duration(600), duration(40_000)
    ('42 s', '10 min', '11 h')
    """
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.0f} h"


def estimate(
    nets: Sequence[str],
    losses: Sequence[str],
    variants: Sequence[str],
    sizes: Sizes,
    bfloat16: bool,
    jobs: int,
) -> Estimate:
    """From two steps of each net and one perceptron, timed now."""
    speed = {net: images_per_second(net, bfloat16) for net in nets}
    images = sizes.epochs * (sizes.train_size + sizes.test_size / 3)
    one = {net: images / speed[net] for net in nets}
    training = sum(one.values()) * len(losses) * sizes.launches
    cells = sum(len(models.facts(net)["latent"]) for net in nets) * len(losses) * len(variants)
    cell = perceptron_seconds(sizes, perceptron_unit()) + picture_seconds(sizes) / sizes.launches
    return Estimate(training, cells * cell * sizes.launches / jobs, speed)


def images_per_second(net: str, bfloat16: bool, batch: int = 128) -> float:
    """The speed of the fastest of five training steps; the first ones warm up."""
    import torch

    from lamella.training.segmentation import Plan, Stage, step_through
    from lamella.training.segmentation_feed import make_feed
    from lamella.training.segmentation_losses import dice

    network = models[net]((3, 64, 64), 4).to(memory_format=torch.channels_last)
    feed = make_feed(Scene(), batch)
    plan = Plan(network, feed, feed, dice, batch, True, bfloat16, 0)
    stage = Stage("nadam", 1, 2e-3)
    optimiser = stage.make(network)
    generator = torch.Generator().manual_seed(0)
    seconds = []
    for step in range(7):
        start = time.perf_counter()
        step_through(plan, stage, optimiser, 1, step, generator)
        seconds.append(time.perf_counter() - start)
    return batch / min(seconds[2:])


def perceptron_unit() -> float:
    """Seconds of a perceptron's 200 epochs over 64 features, for each point, timed now."""
    import numpy as np

    from lamella.measures.separability.perceptron_f1 import fit_predict

    generator = np.random.default_rng(0)
    points, labels = generator.normal(size=(600, 64)), generator.integers(0, 3, 600)
    start = time.perf_counter()
    fit_predict(points, labels, epochs=20)
    return (time.perf_counter() - start) * 10 / 600


def perceptron_seconds(sizes: Sizes, unit: float) -> float:
    """About the time of the F1 curves of one latent space: perceptrons, UMAP and PCA."""
    count = 3 * sizes.latent
    widths = [1 + d / 128 for d in (*sizes.dimensions, *sizes.umap_dimensions, 2048)]
    umap = sum(2e-3 * count * (1 + d / 64) for d in sizes.umap_dimensions)
    pca = 2e-9 * min(count, 2048) ** 3
    return 0.4 * unit * count * sum(widths) + umap + pca


def picture_seconds(sizes: Sizes) -> float:
    """About the time of t-SNE and UMAP of one latent space."""
    return 4.0 * min(3 * sizes.latent, 450) / 450
