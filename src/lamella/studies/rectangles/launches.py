"""One launch: a net trained on rectangles with one loss, recorded on every factor variant."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from lamella.data.rectangles.scenes import Scene, latent_scene
from lamella.experiments.recorded_training import ExistingRuns, finished_run
from lamella.registry import models
from lamella.store import Run, open_run
from lamella.studies.rectangles.sizes import Sizes


@dataclass(frozen=True)
class Launch:
    """What is trained: the net, the loss, the number of the launch, and on what."""

    net: str
    loss: str
    number: int
    seed: int
    scene: Scene
    variants: tuple[str, ...]
    sizes: Sizes
    bfloat16: bool

    def path(self, out: Path) -> Path:
        """The folder of its run."""
        return out / self.net / self.loss / f"launch-{self.number}"

    @property
    def name(self) -> str:
        """A name for people."""
        return f"{self.net}, {self.loss}, launch {self.number}"

    def facts(self) -> dict[str, Any]:
        """What goes into the run and must be the same for it to be taken up again."""
        told = {k: v for k, v in asdict(self).items() if k != "scene"}
        kept = ("train_size", "test_size", "nadam_epochs", "sgd_epochs", "batch_size", "probe")
        told["sizes"] = {k: v for k, v in asdict(self.sizes).items() if k in kept}
        scene = asdict(self.scene)
        return {
            **told,
            "variants": list(self.variants),
            "scene": {**scene, "factors": list(scene["factors"])},
            "study": "rectangles",
        }


def train_launch(out: Path, launch: Launch, kept: ExistingRuns, show: bool | None) -> Run:
    """The finished run of a launch: taken as it is, gone on with, or trained from the start."""
    import lamella
    from lamella.training import progress
    from lamella.training.segmentation import train_segmentation, two_stages
    from lamella.training.segmentation_feed import make_feed

    path, sizes = launch.path(out), launch.sizes
    if (found := finished_run(path, launch.facts(), kept)) is not None:
        return found
    network = make_network(launch)
    checkpoint = path / "checkpoint.safetensors"
    with lamella.record(
        path,
        network,
        {name: probe(launch, name) for name in launch.variants},
        layers=list(latent_layers(launch.net)),
        class_names=class_names(launch.scene),
        name=launch.name,
        seed=launch.seed,
        study=launch.facts(),
        overwrite=kept.overwrite,
        resume=kept.resume,
    ) as recorder:
        epochs = train_segmentation(
            network,
            make_feed(launch.scene, sizes.train_size, seed=launch.seed),
            make_feed(launch.scene, sizes.test_size, seed=launch.seed, split="test"),
            stages=two_stages(sizes.nadam_epochs, sizes.sgd_epochs),
            loss=launch.loss,
            batch_size=sizes.batch_size,
            bfloat16=launch.bfloat16,
            seed=launch.seed,
            checkpoint=checkpoint,
            resume=kept.resume and checkpoint.exists(),
        )
        for epoch in progress(epochs, sizes.epochs, launch.name, show=show):  # type: ignore[arg-type]
            recorder.epoch(epoch=epoch.epoch, **epoch.scalars())  # type: ignore[attr-defined]
    return open_run(path)


def make_network(launch: Launch) -> Any:
    """The net before training; every loss of a launch starts from the same weights."""
    shape = (3, launch.scene.image_size, launch.scene.image_size)
    return models[launch.net](shape, launch.scene.classes + 1, seed=launch.seed)


def latent_layers(net: str) -> tuple[str, ...]:
    """The latent layers of a net, as it was registered with."""
    return models.facts(net)["latent"]


def class_names(scene: Scene) -> tuple[str, ...]:
    """class 1, class 2, ..."""
    return tuple(f"class {k + 1}" for k in range(scene.classes))


def probe(launch: Launch, variant: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Inputs, the class on top and ids of the recorded images of one variant."""
    inputs, labels = latent_images(launch.scene, variant, launch.sizes.probe)
    return inputs, labels, np.arange(len(labels))


def latent_images(scene: Scene, variant: str, each: int) -> tuple[np.ndarray, np.ndarray]:
    """The fixed test set of a variant: `each` images with every class on top, and the noise.

    It is the same for every net, loss and launch.
    """
    parts = list(latent_batches(scene, variant, each))
    return np.concatenate([x for x, _ in parts]), np.concatenate([y for _, y in parts])


def latent_batches(
    scene: Scene, variant: str, each: int, batch_size: int = 256
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """The same in batches: inputs channels first, and the class on top."""
    from lamella.training.segmentation_feed import make_feed

    feed = make_feed(latent_scene(variant, scene), each * scene.classes, split=f"latent {variant}")
    top, start = feed.top, 0
    for inputs, _ in feed.in_order(batch_size, 0):
        yield inputs.contiguous().numpy(), top[start : start + len(inputs)]
        start += len(inputs)


def activations(
    network: Any, layers: Sequence[str], scene: Scene, variant: str, each: int
) -> tuple[dict[str, np.ndarray], np.ndarray]:
    """What the layers give for the test set of a variant, one row per image, and the labels."""
    import torch

    from lamella.training.evaluation import evaluating

    found: dict[str, list[np.ndarray]] = {layer: [] for layer in layers}
    labels: list[np.ndarray] = []

    def keep(layer: str):
        return lambda _m, _i, out: found[layer].append(out.flatten(1).float().numpy().copy())

    hooks = [network.get_submodule(layer).register_forward_hook(keep(layer)) for layer in layers]
    try:
        with evaluating(network):
            for inputs, top in latent_batches(scene, variant, each):
                network(torch.from_numpy(inputs))
                labels.append(top)
    finally:
        for hook in hooks:
            hook.remove()
    return {name: np.concatenate(parts) for name, parts in found.items()}, np.concatenate(labels)
