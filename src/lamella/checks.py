"""Checks on what comes in, each with lamella's one formula of error."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

import numpy as np
from jaxtyping import Float, Int
from numpy.typing import ArrayLike

from lamella.errors import bad_input, unknown_name


def as_array(values: Any, where: str = "lamella") -> np.ndarray:
    """A NumPy array of an array, a list or a Torch tensor on any device: the one conversion.

    bfloat16, which NumPy lacks, becomes float32, and another byte order this machine's. Raises
    InputError for masked arrays with masked values, sparse and nested ones, lists of unlike
    lengths, and what else is no array.
    """
    if isinstance(values, np.ma.MaskedArray) and np.ma.is_masked(values):
        count = int(np.ma.getmaskarray(values).sum())
        raise bad_input(
            where, wanted="values without a mask", got=f"{count} masked", do="Fill or drop them"
        )
    if type(values).__module__.startswith("scipy.sparse"):
        raise bad_input(
            where, wanted="a dense array", got="a sparse one", do="Convert it with .toarray()"
        )
    try:
        array = np.asarray(from_torch(values) if hasattr(values, "detach") else values)
    except Exception as error:  # lists, tensors and foreign arrays each fail in their own way
        raise bad_input(
            where,
            wanted="an array of numbers",
            got=f"{type(values).__name__} ({' '.join(str(error).split())[:80]})",
            do="Convert it to one dense array",
        ) from error
    return array if array.dtype.isnative else array.astype(array.dtype.newbyteorder("="))


def as_numbers(values: Any, where: str) -> np.ndarray:
    """The same as float64; InputError for what holds no real numbers."""
    array = as_array(values, where)
    if array.dtype.kind not in "fiub":
        raise bad_input(
            where, wanted="real numbers", got=f"{array.dtype} of shape {array.shape}", do="Convert"
        )
    return array.astype(np.float64)


def from_torch(tensor: Any) -> np.ndarray:
    """A tensor as NumPy has it; its bfloat16 and float8 as float32."""
    tensor = tensor.detach()
    small = tensor.is_floating_point() and tensor.element_size() <= 2
    if small and str(tensor.dtype) != "torch.float16":
        tensor = tensor.float()
    return tensor.cpu().resolve_conj().resolve_neg().numpy()


def check_points(
    points: ArrayLike, where: str, *, least: int = 1, dtype: type | None = None
) -> Float[np.ndarray, "points features"]:
    """Points as a finite floating matrix; more axes than two are flattened behind the first.

    Half precision and integers become float64; float32 and float64 stay unless `dtype` says so.
    Raises InputError for a wrong rank, fewer than `least` points, NaN or infinity.
    """
    array = as_array(points, where)
    if array.ndim < 2 or array.dtype.kind not in "fiub":
        raise bad_input(
            where,
            wanted="numbers of shape points x features",
            got=f"{array.dtype} of shape {array.shape}",
            do="Pass one row per point",
        )
    array = array.reshape(len(array), math.prod(array.shape[1:]))
    if array.shape[1] == 0:
        raise bad_input(where, wanted="points with features", got="none", do="Record wider layers")
    if len(array) < least:
        raise bad_input(
            where,
            wanted=f"at least {least} point{'s' * (least > 1)}",
            got=f"{len(array)}",
            do="Record a larger probe",
        )
    if array.dtype not in (np.float32, np.float64):
        array = array.astype(np.float64)
    check_finite(array, where)
    return array if dtype is None else array.astype(dtype, copy=False)


def check_finite(array: Float[np.ndarray, "points features"], where: str) -> None:
    """Raise InputError that counts and names the rows with NaN or infinity."""
    with np.errstate(invalid="ignore", over="ignore"):
        if np.isfinite(array.sum()):  # one pass without a temporary; only suspects pay for more
            return
    bad = np.flatnonzero(~np.isfinite(array).all(axis=1))
    if len(bad):
        kind = "NaN" if np.isnan(array[bad]).any() else "infinity"
        raise bad_input(
            where,
            wanted="finite points",
            got=f"{kind} in {len(bad)} of {len(array)} rows (first: row {bad[0]})",
            do="Drop or repair them",
        )


def check_labels(
    labels: ArrayLike, count: int, where: str, *, classes: int = 1
) -> Int[np.ndarray, " points"]:
    """Labels as class indices 0, 1, ... in sorted order of their values.

    Raises InputError for another length than `count` or fewer than `classes` classes.
    """
    array = as_array(labels, where).reshape(-1)
    if len(array) != count:
        raise bad_input(
            where, wanted=f"{count} labels, one per point", got=f"{len(array)}", do="Align them"
        )
    try:
        values, indices = np.unique(array, return_inverse=True)
    except TypeError as error:
        raise bad_input(
            where, wanted="labels of one kind", got=str(error)[:80], do="Number the classes"
        ) from error
    if len(values) < classes:
        raise bad_input(
            where,
            wanted=f"labels of at least {classes} classes",
            got=f"{len(values)} ({', '.join(map(str, values[:3]))})",
            do="Record a probe that has them",
        )
    return indices.astype(np.int64)


def check_choice(name: str, choices: Iterable[str], kind: str) -> str:
    """`name` if it is one of the choices, else UnknownName with the nearest ones."""
    choices = list(choices)
    if name not in choices:
        raise unknown_name(kind, name, choices)
    return name


def check_least(where: str, least: int, **counts: int | None) -> None:
    """InputError for the first count below `least`; those that are None are left to their default.

    >>> check_least("study spheres", 1, seeds=2, jobs=None)
    """
    for name, count in counts.items():
        if count is not None and not count >= least:
            raise bad_input(
                where, wanted=f"{name} of at least {least}", got=str(count), do="Raise it"
            )


def check_range(
    value: float, where: str, what: str, *, low: float = -np.inf, high: float = np.inf
) -> float:
    """`value` if it lies within [low, high], else InputError."""
    if not low <= value <= high:
        raise bad_input(
            where, wanted=f"{what} in [{low:g}, {high:g}]", got=f"{value:g}", do="Change it"
        )
    return value
