"""What a dense net and LeNet-5 make of handwritten digits, layer by layer."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

from lamella.registry import datasets, studies

LAYERS = {
    "mnist_dense": ("act1", "act2", "head"),
    "lenet5": ("pool1", "pool2", "act3", "act4", "head"),
}
RATES = {"mnist_dense": 2e-3, "lenet5": 4e-3}


@studies.register
def mnist(
    *,
    out: Annotated[Path, "folder for the runs and the report"] = Path("runs/mnist"),
    data: Annotated[Path | None, "folder with mnist/; else LAMELLA_DATA, cache, network"] = None,
    nets: Annotated[list[str] | None, "mnist_dense, lenet5 or both"] = None,
    seeds: Annotated[int, "how many seeds to train of each net"] = 2,
    epochs: Annotated[int, "epochs of training"] = 6,
    batch_size: Annotated[int, "samples in a step"] = 128,
    dropout: Annotated[float, "share of units dropped in training"] = 0.0,
    weight_decay: Annotated[float, "weight decay of Adam"] = 0.0,
    augment: Annotated[list[str] | None, "random changes of training images: crop"] = None,
    train_size: Annotated[int, "training images"] = 60_000,
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
    """Train a dense net and LeNet-5 on MNIST and look at what their layers do to the digits.

    Learning curves, errors, nearest neighbours, embeddings with thumbnails, the image grid and
    the geometry of the layers go into `report.html`.
    """
    from lamella.checks import check_choice
    from lamella.experiments.images.study import Net, study_images
    from lamella.experiments.recorded_training import ExistingRuns

    training = {
        "schedule": "one_cycle",
        "batch_size": batch_size,
        "weight_decay": weight_decay,
        "augment": tuple(augment or ()),
        "train_sample": 10_000,
    }
    chosen = [check_choice(net, LAYERS, "network of this study") for net in nets or LAYERS]
    return study_images(
        "mnist",
        datasets["mnist"](train_size=train_size, test_size=test_size, data=data),
        {
            net: Net(LAYERS[net], {"dropout": dropout}, {"learning_rate": RATES[net], **training})
            for net in chosen
        },
        out=out,
        epochs=epochs,
        seeds=seeds,
        seed=seed,
        probe=probe,
        methods=embeddings or ("pca", "tsne"),
        embedded=layers or (),
        jobs=jobs,
        kept=ExistingRuns(resume, overwrite),
        progress=progress,
    )
