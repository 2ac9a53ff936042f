"""What the studies of networks on images share: train, record, measure, write the story."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lamella.checks import check_least
from lamella.data.dataset import Dataset
from lamella.experiments.images.geometry import MEASURES
from lamella.experiments.recorded_training import (
    FEWEST,
    ExistingRuns,
    recording_share,
    train_recorded,
)
from lamella.store import Run

CELLS = tuple(name for name in MEASURES if name not in ("neural_collapse", "linear_cka"))


@dataclass(frozen=True)
class Net:
    """A network of a study: how it is built, trained and which of its layers are recorded."""

    layers: tuple[str, ...]
    options: Mapping[str, Any] = field(default_factory=dict)
    training: Mapping[str, Any] = field(default_factory=dict)


def study_images(
    name: str,
    data: Dataset,
    nets: Mapping[str, Net],
    *,
    out: Path,
    epochs: int,
    seeds: int,
    seed: int,
    probe: int,
    methods: Sequence[str],
    embedded: Sequence[str],
    jobs: int | None,
    kept: ExistingRuns,
    progress: bool,
) -> dict[str, Any]:
    """Train every net over the seeds, measure the runs, write the report, return the numbers."""
    started = time.perf_counter()
    check_least(f"study {name}", 1, seeds=seeds, epochs=epochs, jobs=jobs)
    check_least(f"study {name}", FEWEST, probe=probe, test_size=len(data.test))
    runs = {
        net: [
            train_recorded(
                Path(out) / net / f"seed-{seed + number}",
                net,
                data,
                seed=seed + number,
                epochs=epochs,
                options=recipe.options,
                training=recipe.training,
                layers=recipe.layers,
                probe=probe,
                study={"study": name, "probe": probe, "steps": list(data.steps)},
                kept=kept,
                show=None if progress else False,
                reduce=("project", 512),
            )
            for number in range(seeds)
        ]
        for net, recipe in nets.items()
    }
    measure_runs([run for each in runs.values() for run in each], jobs, progress)
    report = write(runs, data, methods, embedded, Path(out), started)
    return {
        "study": name,
        "seconds": time.perf_counter() - started,
        "report": str(report),
        "recording_share": recording_share([run for each in runs.values() for run in each]),
        "nets": {net: numbers_of(each) for net, each in runs.items()},
    }


def measure_runs(runs: Sequence[Run], jobs: int | None, progress: bool) -> None:
    """Measure every cell of the runs; what was measured before is kept."""
    import lamella

    for run in runs:
        lamella.measure(run, CELLS, splits=["train", "test"], jobs=jobs, progress=progress)


def write(
    runs: Mapping[str, list[Run]],
    data: Dataset,
    methods: Sequence[str],
    embedded: Sequence[str],
    out: Path,
    started: float,
) -> Path:
    """Tell the story of the runs and write its report."""
    from lamella.experiments.images.story import images_story
    from lamella.page.report import write_report

    info = next(iter(runs.values()))[0].info
    facts = {
        "data": data.arguments,
        "preprocessing": list(data.steps),
        "training": {net: each[0].info["study"]["training"] for net, each in runs.items()},
        "seeds": {net: [run.info["seed"] for run in each] for net, each in runs.items()},
        "recorded epochs": {net: list(each[0].epochs) for net, each in runs.items()},
        "versions": info["versions"],
        "hardware": info["hardware"],
    }
    story = images_story(runs, data, methods, embedded, facts)
    story.facts["seconds"] = round(time.perf_counter() - started, 1)
    return write_report(story, out / "report.html", nets=runs)


def numbers_of(runs: Sequence[Run]) -> dict[str, Any]:
    """Accuracies (one for each seed), epochs and seconds of training of one net."""
    frames = [run.scalars() for run in runs]
    return {
        "test_accuracy": [float(frame["test_accuracy"].iloc[-1]) for frame in frames],
        "train_accuracy": [float(frame["train_accuracy"].iloc[-1]) for frame in frames],
        "epochs": int(frames[0]["epoch"].iloc[-1]),
        "seconds": [float(frame["seconds"].to_numpy().sum()) for frame in frames],
        "parameters": parameters(runs[0]),
    }


def parameters(run: Run) -> int:
    """How many trained numbers a run's network has; what batch norm counts is not trained."""
    counted = ("running_mean", "running_var", "num_batches_tracked")
    held = run.weights(run.epochs[-1]).items()
    return int(sum(w.size for name, w in held if not name.endswith(counted)))
