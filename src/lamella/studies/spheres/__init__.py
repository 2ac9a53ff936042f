"""How a good net and one with a bottleneck transform the data from layer to layer."""

from __future__ import annotations

import time
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import numpy as np

from lamella.checks import check_least, check_range
from lamella.experiments.recorded_training import (
    FEWEST,
    ExistingRuns,
    recording_share,
    train_recorded,
)
from lamella.registry import datasets, studies
from lamella.store import Run
from lamella.studies.spheres.premise import Trained, check_premise

NETS = ("wide", "bottleneck")
LAYERS = ("act*", "head")
MEASURES = (
    "neighbour_error",
    "wrong_neighbours",
    "class_distances",
    "homology",
    "betti_numbers",
    "total_persistence",
    "persistent_entropy",
    "longest_bar",
)


@studies.register
def spheres(
    *,
    out: Annotated[Path, "folder for the runs and the report"] = Path("runs/spheres"),
    dataset: Annotated[
        str, "data set: spheres, circle, torus, linked_rings, shells, discs, digits"
    ] = "spheres",
    seeds: Annotated[int, "how many seeds to train of each net"] = 1,
    epochs: Annotated[int, "epochs of training"] = 50,
    train_size: Annotated[int | None, "training samples; the data set's own by default"] = None,
    test_size: Annotated[int | None, "test samples; the data set's own by default"] = None,
    learning_rate: Annotated[float, "of Adam"] = 2e-3,
    batch_size: Annotated[int, "samples in a step"] = 128,
    activation: Annotated[str, "activation of both nets"] = "relu",
    probe: Annotated[int, "samples of each split that are recorded"] = 1000,
    homology_dimension: Annotated[int, "highest homology dimension: 1 or 2"] = 1,
    tsne: Annotated[bool, "embed by t-SNE beside PCA"] = True,
    seed: Annotated[
        int, "random seed of the first net; each net draws its own data and weights"
    ] = 0,
    jobs: Annotated[int | None, "workers that measure; one for each core by default"] = None,
    resume: Annotated[bool, "take or go on with runs that are there"] = False,
    overwrite: Annotated[bool, "replace runs that are there"] = False,
    progress: Annotated[bool, "show progress in a terminal"] = True,
) -> dict[str, Any]:
    """Train a good net and one with a bottleneck, and follow the data through both.

    Both nets are of equal depth. Activations of a train and a test probe are recorded at the
    doubling epochs, measured on train, test and both, and told in `report.html`. Says plainly
    when the premise (one net learns, the other does not) fails for the chosen arguments.
    """
    started = time.perf_counter()
    check_least("study spheres", 1, seeds=seeds, epochs=epochs, batch_size=batch_size, jobs=jobs)
    check_least("study spheres", FEWEST, train_size=train_size, test_size=test_size, probe=probe)
    check_range(homology_dimension, "study spheres", "homology_dimension", low=0, high=2)
    sizes = {"train_size": train_size, "test_size": test_size}
    sizes = {name: size for name, size in sizes.items() if size is not None}
    drawn = [datasets[dataset](seed=seed + number, **sizes) for number in range(seeds)]
    kept = ExistingRuns(resume, overwrite)
    facts = {"study": "spheres", "probe": probe}
    show = None if progress else False
    nets: dict[str, list[Run]] = {
        net: [
            train_recorded(
                Path(out) / net / f"seed-{seed + number}",
                net,
                data,
                seed=seed + number,
                epochs=epochs,
                options={"activation": activation},
                training={"learning_rate": learning_rate, "batch_size": batch_size},
                layers=LAYERS,
                probe=probe,
                study=facts,
                kept=kept,
                show=show,
                threads=1,
                health=False,  # norms of weights and gradients are not told here
            )
            for number, data in enumerate(drawn)
        ]
        for net in NETS
    }
    measure_runs(nets, homology_dimension, jobs, progress)
    trained = {net: _trained(runs) for net, runs in nets.items()}
    holds, why = check_premise(trained["wide"], trained["bottleneck"])
    from lamella.page.report import write_report
    from lamella.studies.spheres.story import spheres_story

    story = spheres_story(
        nets, drawn[0], trained, (holds, why), tsne=tsne, seconds=time.perf_counter() - started
    )
    report = write_report(story, Path(out) / "report.html", nets=nets)
    return {
        "study": "spheres",
        "seconds": time.perf_counter() - started,
        "report": str(report),
        "recording_share": recording_share([run for runs in nets.values() for run in runs]),
        "nets": {net: vars(facts) for net, facts in trained.items()},
        "premise": {"holds": holds, "why": why},
    }


def measure_runs(
    nets: Mapping[str, list[Run]], homology_dimension: int, jobs: int | None, progress: bool
) -> None:
    """Measure every cell of every run; what was measured before is kept."""
    import lamella

    for run in (run for runs in nets.values() for run in runs):
        lamella.measure(
            run,
            MEASURES,
            arguments={"homology": {"max_dimension": homology_dimension}},
            jobs=jobs,
            progress=progress,
        )


def _trained(runs: list[Run]) -> Trained:
    """Widths and final errors of one net over its seeds."""
    last = [run.scalars().iloc[-1] for run in runs]
    weights = [w for w in runs[0].weights(runs[0].epochs[-1]).values() if w.ndim == 2]
    return Trained(
        widths=(weights[0].shape[1], *(w.shape[0] for w in weights)),
        train_error=tuple(float(1 - row["train_accuracy"]) for row in last),
        test_error=tuple(float(1 - row["test_accuracy"]) for row in last),
        epochs=int(np.max([row["epoch"] for row in last])),
    )
