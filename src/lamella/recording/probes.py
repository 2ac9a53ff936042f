"""Probes: the fixed samples whose way through the network is recorded."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

from lamella.checks import as_array
from lamella.errors import InputError, bad_input

RESERVED = ("both", "input")


@dataclass(frozen=True, eq=False)
class Probe:
    """Samples as the model wants them, their classes (or None) and their ids."""

    inputs: torch.Tensor
    labels: np.ndarray | None
    ids: np.ndarray

    def __len__(self) -> int:
        return len(self.inputs)

    def array(self) -> np.ndarray:
        """The inputs as an array; bfloat16, which NumPy lacks, as float32."""
        half = self.inputs.dtype == torch.bfloat16
        return (self.inputs.float() if half else self.inputs).numpy()

    def summary(self) -> dict[str, Any]:
        """What run.json says of a probe."""
        digest = hashlib.sha256(self.array().tobytes() + self.ids.tobytes())
        return {
            "samples": len(self),
            "shape": list(self.inputs.shape[1:]),
            "labels": self.labels is not None,
            "fingerprint": digest.hexdigest()[:16],
        }


def check_probes(probes: Any, dtype: torch.dtype) -> dict[str, Probe]:
    """Probes by name from (inputs, labels), (inputs, labels, ids), or things with such fields.

    Floating inputs become `dtype`, that of the model. Raises InputError for a probe that is
    empty, has NaN or infinity, or whose labels or ids are not one per sample.
    """
    if not isinstance(probes, Mapping) or not probes:
        raise bad_input(
            "record()",
            wanted="probes by name, as {'train': (inputs, labels), ...}",
            got=type(probes).__name__ if probes else "none",
            do="Pass at least one",
        )
    checked, first = {}, 0
    for name, probe in probes.items():
        check_name(name)
        checked[name] = check_probe(name, probe, dtype, first)
        first += len(checked[name])
    return checked


def check_name(name: Any) -> None:
    """A probe's name becomes the name of a file and of a split."""
    if not isinstance(name, str) or not re.fullmatch(r"\w[\w.-]*", name) or name in RESERVED:
        raise bad_input(
            "record()",
            wanted=f"probe names of letters, digits, . _ - other than {' and '.join(RESERVED)}",
            got=repr(name),
            do="Rename it",
        )


def check_probe(name: str, probe: Any, dtype: torch.dtype, first: int) -> Probe:
    """One probe; ids count on from `first` unless they are given."""
    where = f"record(), probe {name!r},"
    inputs, labels, ids = parts(where, probe)
    inputs = as_inputs(where, inputs, dtype)
    if ids is None:
        ids = np.arange(first, first + len(inputs))
    labels = None if labels is None else as_whole(where, "labels", labels, len(inputs))
    return Probe(inputs, labels, as_whole(where, "ids", ids, len(inputs)))


def parts(where: str, probe: Any) -> tuple[Any, Any, Any]:
    """Inputs, labels and ids of a tuple or of a split of a data set."""
    if hasattr(probe, "inputs"):
        return probe.inputs, getattr(probe, "labels", None), getattr(probe, "ids", None)
    if is_dataset(probe):
        return (*stacked(where, probe), None)
    if isinstance(probe, tuple | list) and len(probe) in (2, 3):
        if all(isinstance(item, tuple | list) and len(item) == 2 for item in probe):
            raise bad_input(
                where,
                wanted="(inputs, labels)",
                got="a list of pairs of one sample and its label",
                do="Stack them: all inputs first, then all labels",
            )
        inputs, labels, ids = (*probe, None)[:3]
        return inputs, labels, ids
    if isinstance(probe, np.ndarray | torch.Tensor):
        return probe, None, None
    raise bad_input(
        where,
        wanted="(inputs, labels) or (inputs, labels, ids)",
        got=type(probe).__name__,
        do="Pass a tuple, or a Dataset of pairs",
    )


def is_dataset(probe: Any) -> bool:
    """Whether a probe is a data set of Torch that can be counted and indexed."""
    known = isinstance(probe, torch.utils.data.Dataset)
    return known and hasattr(probe, "__len__") and hasattr(probe, "__getitem__")


def stacked(where: str, samples: Any) -> tuple[Any, Any]:
    """Inputs and labels of a data set whose items are (input, label), or inputs alone."""
    items = [samples[at] for at in range(len(samples))]
    pairs = [item if isinstance(item, tuple | list) else (item,) for item in items]
    try:
        parts = zip(*pairs, strict=True)
        columns = [torch.stack([torch.as_tensor(each) for each in part]) for part in parts]
    except (RuntimeError, TypeError, ValueError) as error:
        raise bad_input(
            where,
            wanted="a Dataset of inputs of one shape, each with its label",
            got=" ".join(str(error).split())[:80],
            do="Bring them to one shape, or pass (inputs, labels)",
        ) from error
    if len(columns) not in (1, 2):
        raise bad_input(
            where,
            wanted="a Dataset of (input, label)",
            got=f"{len(columns)} parts in each item",
            do="Pass (inputs, labels)",
        )
    return columns[0], columns[1] if len(columns) == 2 else None


def check_class_names(names: Any, probes: Mapping[str, Probe]) -> None:
    """Raise InputError for names that are not different, or fewer than the classes of a probe."""
    names = list(map(str, names))
    if len(set(names)) < len(names):
        twice = max(names, key=names.count)
        raise bad_input(
            "record()", wanted="class_names that differ", got=f"{twice!r} twice", do="Rename one"
        )
    for name, probe in probes.items():
        if names and probe.labels is not None and probe.labels.max(initial=0) >= len(names):
            raise bad_input(
                "record()",
                wanted=f"a name for each class, up to {probe.labels.max()} in probe {name!r}",
                got=f"{len(names)} class_names",
                do="Name every class, in the order of their numbers",
            )


def as_inputs(where: str, inputs: Any, dtype: torch.dtype) -> torch.Tensor:
    """A copy of the inputs on the CPU, finite and at least one."""
    if isinstance(inputs, torch.Tensor):
        tensor = inputs.detach().to("cpu", copy=True).contiguous()
    else:
        array = np.array(as_array(inputs, where))
        if array.dtype.kind not in "fiub":
            raise bad_input(where, wanted="numbers", got=str(array.dtype), do="Convert them")
        tensor = torch.from_numpy(array)
    if tensor.ndim == 0 or len(tensor) == 0:
        raise bad_input(
            where, wanted="at least one sample", got="none", do="Leave it out, or fill it"
        )
    if tensor.is_floating_point():
        check_finite(where, tensor)
        tensor = tensor.to(dtype)
    return tensor


def check_finite(where: str, tensor: torch.Tensor) -> None:
    """Raise InputError that counts the samples with NaN or infinity."""
    bad = (~torch.isfinite(tensor.reshape(len(tensor), -1)).all(dim=1)).nonzero().flatten()
    if len(bad):
        kind = "NaN" if torch.isnan(tensor[bad]).any() else "infinity"
        raise bad_input(
            where,
            wanted="finite samples",
            got=f"{kind} in {len(bad)} of {len(tensor)} (first: sample {int(bad[0])})",
            do="Drop or repair them",
        )


def as_whole(where: str, what: str, values: Any, count: int) -> np.ndarray:
    """Labels or ids as int64, one per sample."""
    array = as_array(values)
    if array.ndim > 1 and array.shape[1:] == (1,) * (array.ndim - 1):
        array = array.reshape(-1)
    if array.shape != (count,):
        raise bad_input(
            where, wanted=f"{count} {what}, one per sample", got=str(array.shape), do="Align them"
        )
    try:
        whole = array.astype(np.int64)
        if (whole == array).all():
            return whole
    except (TypeError, ValueError, InputError):
        pass
    raise bad_input(
        where, wanted=f"whole numbers as {what}", got=f"{array.dtype}", do="Number the classes"
    )
