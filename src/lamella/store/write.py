"""Writing the arrays of a run: probes, activations, weights."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import numpy as np

from lamella.store.files import Opener, whole_file, whole_files
from lamella.store.layout import activation_path, probe_path, weight_path
from lamella.store.tensors import tensor_file, write_tensors


def write_probe(
    path: Path | str,
    probe: str,
    inputs: np.ndarray,
    labels: np.ndarray | None = None,
    ids: np.ndarray | None = None,
) -> int:
    """Write the samples of a probe; returns the bytes written."""
    arrays = {"inputs": inputs}
    if labels is not None:
        arrays["labels"] = np.asarray(labels)
    arrays["ids"] = np.arange(len(inputs)) if ids is None else np.asarray(ids)
    return write_tensors(probe_path(Path(path), probe), arrays)


def write_probes(path: Path | str, probes: Mapping[str, tuple[Any, Any, Any]]) -> None:
    """Write the inputs, labels (or None) and ids of all probes; they appear together."""
    with whole_files() as opener:
        for name, (inputs, labels, ids) in probes.items():
            labelled = {} if labels is None else {"labels": np.asarray(labels)}
            arrays = {"inputs": inputs, **labelled, "ids": np.asarray(ids)}
            write_tensors(probe_path(Path(path), name), arrays, opener)


def write_activations(
    path: Path | str, epoch: int, probe: str, arrays: Mapping[str, np.ndarray]
) -> int:
    """Write one array (samples first) per layer; returns the bytes written."""
    return write_tensors(activation_path(Path(path), epoch, probe), arrays)


def activation_file(
    path: Path | str,
    epoch: int,
    probe: str,
    shapes: Mapping[str, tuple[str, tuple[int, ...]]],
    opener: Opener = whole_file,
) -> AbstractContextManager[Callable[[str, int, np.ndarray], None]]:
    """The same file written batch by batch: gives `put(layer, first_row, rows)`.

    With the function that `whole_files()` yields as `opener`, several files appear together.
    """
    return tensor_file(activation_path(Path(path), epoch, probe), shapes, opener)


def write_weights(
    path: Path | str,
    epoch: int,
    arrays: Mapping[str, np.ndarray],
    opener: Opener = whole_file,
) -> int:
    """Write the parameters and buffers of a model; returns the bytes written."""
    return write_tensors(weight_path(Path(path), epoch), arrays, opener)
