"""Where everything lies in a run folder; docs/run-format.md says the same in words."""

from __future__ import annotations

import re
from pathlib import Path

VERSION = 1
FORMAT = "lamella run"
INFO, DATABASE = "run.json", "results.sqlite"
EPOCH = re.compile(r"[0-9]{6}|[1-9][0-9]{6,14}")  # as `activation_path` writes them
FOLDERS = ("probes", "activations", "weights")


def info_path(run: Path) -> Path:
    """The file that makes a folder a run."""
    return run / INFO


def database_path(run: Path) -> Path:
    """Scalars, results and problems."""
    return run / DATABASE


def probe_path(run: Path, probe: str) -> Path:
    """Inputs, labels and sample ids of one probe."""
    return run / "probes" / f"{probe}.safetensors"


def activation_path(run: Path, epoch: int, probe: str) -> Path:
    """One tensor per layer at one epoch; the name sorts as the number does."""
    return run / "activations" / f"{epoch:06d}" / f"{probe}.safetensors"


def weight_path(run: Path, epoch: int) -> Path:
    """The parameters and buffers of the model at one epoch."""
    return run / "weights" / f"{epoch:06d}.safetensors"


def epochs_in(folder: Path) -> list[int]:
    """The epochs that have a file or folder here, in order.

    >>> epochs_in(Path("no-such-folder"))
    []
    """
    if not folder.is_dir():
        return []
    stems = {entry.name.split(".")[0] for entry in folder.iterdir()}
    return sorted(int(stem) for stem in stems if EPOCH.fullmatch(stem))
