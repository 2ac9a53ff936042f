"""What a convolutional network with batch normalisation makes of CIFAR-10, layer by layer."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

from lamella.registry import datasets, studies

RECIPES: dict[str, dict[str, Any]] = {
    "small": {
        "net": "cifar_convnet",
        "layers": ("pool1", "pool2", "pool3", "head"),
        "epochs": 6,
        "training": {"learning_rate": 4e-3, "batch_size": 128, "augment": ("flip",)},
    },
    "fast": {
        "net": "cifar_resnet",
        "layers": ("pair1.second.act", "stage2.act", "pair2.second.act", "pool", "head"),
        "epochs": 24,
        "training": {
            "optimiser": "sgd",
            "learning_rate": 0.2,
            "batch_size": 512,
            "loss": "smoothed",
            "augment": ("flip", "crop"),
            "weight_decay": 5e-4,
        },
    },
}


@studies.register
def cifar10(
    *,
    out: Annotated[Path, "folder for the runs and the report"] = Path("runs/cifar10"),
    data: Annotated[Path | None, "folder with cifar-10/; else LAMELLA_DATA, cache, network"] = None,
    recipe: Annotated[str, "small (any machine) or fast (a residual net, for a GPU)"] = "small",
    seeds: Annotated[int, "how many seeds to train"] = 1,
    epochs: Annotated[int | None, "epochs of training; the recipe's by default"] = None,
    dropout: Annotated[float, "share of units dropped before the head (small)"] = 0.0,
    weight_decay: Annotated[float | None, "weight decay; the recipe's by default"] = None,
    augment: Annotated[list[str] | None, "flip, crop; the recipe's by default"] = None,
    precision: Annotated[str, "of training: auto (by the machine), float32, bfloat16"] = "auto",
    train_size: Annotated[int, "training images"] = 50_000,
    test_size: Annotated[int, "test images"] = 10_000,
    probe: Annotated[int, "samples of each split that are recorded"] = 1000,
    embeddings: Annotated[list[str] | None, "pca, tsne, umap"] = None,
    layers: Annotated[list[str] | None, "recorded layers to embed beside the last"] = None,
    seed: Annotated[int, "seed of the first net"] = 0,
    jobs: Annotated[int | None, "workers that measure; one for each core by default"] = None,
    resume: Annotated[bool, "take or go on with runs that are there"] = False,
    overwrite: Annotated[bool, "replace runs that are there"] = False,
    progress: Annotated[bool, "show progress in a terminal"] = True,
) -> dict[str, Any]:
    """Train a convolutional network on CIFAR-10 and look at what its layers do to the images.

    Learning curves, errors, nearest neighbours, embeddings with thumbnails, the image grid and
    the geometry of the layers go into `report.html`.
    """
    from lamella.checks import check_choice
    from lamella.experiments.images.study import Net, study_images
    from lamella.experiments.recorded_training import ExistingRuns
    from lamella.training.precision import wants_bfloat16

    plan = RECIPES[check_choice(recipe, RECIPES, "recipe")]
    changed = {"weight_decay": weight_decay, "augment": augment and tuple(augment)}
    training = {
        **plan["training"],
        "schedule": "one_cycle",
        "channels_last": True,
        "train_sample": 5000,
        "bfloat16": wants_bfloat16(precision),
        **{name: value for name, value in changed.items() if value is not None},
    }
    options = {"dropout": dropout} if plan["net"] == "cifar_convnet" else {}
    return study_images(
        "cifar10",
        datasets["cifar10"](train_size=train_size, test_size=test_size, data=data),
        {plan["net"]: Net(plan["layers"], options, training)},
        out=out,
        epochs=plan["epochs"] if epochs is None else epochs,
        seeds=seeds,
        seed=seed,
        probe=probe,
        methods=embeddings or ("pca", "tsne"),
        embedded=layers or (),
        jobs=jobs,
        kept=ExistingRuns(resume, overwrite),
        progress=progress,
    )
