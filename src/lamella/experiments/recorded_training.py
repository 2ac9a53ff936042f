"""Training one net of a study while its run is recorded; resumable at any point."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lamella.data.dataset import Dataset
from lamella.errors import RunError
from lamella.registry import models
from lamella.store import Run, open_run

FEWEST = 20  # samples of a split: from fewer, nothing can be said of classes and their neighbours


@dataclass(frozen=True)
class ExistingRuns:
    """What to do with runs that are there already."""

    resume: bool = False
    overwrite: bool = False


def train_recorded(
    path: Path,
    net: str,
    data: Dataset,
    *,
    seed: int,
    epochs: int,
    options: Mapping[str, Any] | None = None,
    training: Mapping[str, Any] | None = None,
    layers: Sequence[str] | str = "*",
    moments: Any = None,
    probe: int = 1000,
    study: Mapping[str, Any] | None = None,
    kept: ExistingRuns = ExistingRuns(),
    show: bool | None = None,
    threads: int | None = None,
    **recording: Any,
) -> Run:
    """The finished run of the registered model `net` on `data`, recorded at `path`.

    `options` go to the model, `training` to `lamella.train`, `recording` to `lamella.record`;
    all are kept in the run. With `kept.resume` a finished run of the same facts is taken as it
    is, and one that was stopped goes on from its checkpoint. Raises RunError when a run is there
    and neither resume nor overwrite was asked for, or when its facts differ. `threads` are
    Torch's while training: one is the fastest for nets of a few thousand weights.
    """
    facts = {
        **(study or {}),
        "net": net,
        "data": data.name,
        "data_arguments": data.arguments,
        "epochs": epochs,
        "options": dict(options or {}),
        "training": dict(training or {}),
    }
    if (found := finished_run(path, facts, kept)) is not None:
        return found

    import lamella

    probes = {
        name: (split.inputs, split.labels, split.ids)
        for name, split in (
            ("train", data.train.take(probe, seed=0)),
            ("test", data.test.take(probe, seed=0)),
        )
    }
    network = models[net](data.input_shape, data.classes, seed=seed, **(options or {}))
    with (
        torch_threads(threads),
        lamella.record(
            path,
            network,
            probes,
            layers=layers,
            moments=moments,
            class_names=data.class_names,
            name=f"{net}, seed {seed}",
            seed=seed,
            study=facts,
            overwrite=kept.overwrite,
            resume=kept.resume,
            **recording,
        ) as recorder,
    ):
        steps = lamella.train(
            network,
            data,
            epochs=epochs,
            seed=seed,
            checkpoint=path / "checkpoint.safetensors",
            resume=kept.resume and (path / "checkpoint.safetensors").exists(),
            **(training or {}),
        )
        from lamella.training import progress

        for epoch in progress(steps, epochs, f"{net}, seed {seed}", show=show):
            recorder.epoch(epoch=epoch.epoch, **epoch.scalars())
    return open_run(path)


def finished_run(path: Path, facts: Mapping[str, Any], kept: ExistingRuns) -> Run | None:
    """The run at `path` where it can be taken as it is; None where there is work to do."""
    if kept.overwrite or not (path / "run.json").exists():
        return None
    if not kept.resume:
        raise RunError(
            f"{path} holds a run already. Go on with --resume, replace it with --overwrite, or "
            "choose another --out."
        )
    run = open_run(path)
    differing = _differences(run.info.get("study", {}), facts)
    if differing:
        raise RunError(
            f"{path} was recorded with other arguments ({', '.join(differing)}). Use --overwrite, "
            "or choose another --out."
        )
    return run if run.finished else None


def _differences(stored: Mapping[str, Any], wanted: Mapping[str, Any]) -> list[str]:
    """Names of the facts that differ once both went through JSON."""
    import json

    plain = json.loads(json.dumps(dict(wanted), default=str))
    return sorted(key for key in plain if stored.get(key) != plain[key])


@contextmanager
def torch_threads(count: int | None) -> Iterator[None]:
    """Let Torch use `count` threads within an operation for a while; None changes nothing."""
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(count or before)
    try:
        yield
    finally:
        torch.set_num_threads(before)


def recording_share(runs: Sequence[Run]) -> float:
    """Seconds of recording as a share of what the loops would have taken without it, all runs."""
    recording = [run.cost["seconds"] for run in runs]
    without = [run.cost["seconds"] / run.cost["share"] for run in runs]
    return sum(recording) / sum(without)
