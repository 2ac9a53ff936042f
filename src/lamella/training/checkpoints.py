"""Checkpoints: one safetensors file, its numbers as JSON in the header, never a pickle."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load, save
from torch import Tensor, nn

from lamella.errors import TrainingError

VERSION = 1


def save_checkpoint(
    path: str | Path, model: nn.Module, optimiser: torch.optim.Optimizer, facts: dict[str, Any]
) -> None:
    """Write weights, optimiser state and `facts` (JSON) under a temporary name, sync, rename.

    Whoever stops the process at any moment finds the last whole checkpoint.
    """
    path = Path(path)
    tensors, state = flatten(model, optimiser)
    header = {"version": str(VERSION), "state": json.dumps(state), "facts": json.dumps(facts)}
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.part")
    with open(part, "wb") as file:
        file.write(save(tensors, metadata=header))
        file.flush()
        os.fsync(file.fileno())
    os.replace(part, path)


def load_checkpoint(
    path: str | Path, model: nn.Module, optimiser: torch.optim.Optimizer
) -> dict[str, Any]:
    """Put weights and optimiser state back, return the facts; TrainingError if it does not fit."""
    tensors, header = read(path)
    weights = {name[6:]: t for name, t in tensors.items() if name.startswith("model/")}
    check_keys(model, weights, path)
    model.load_state_dict(weights)
    optimiser.load_state_dict(unflatten(tensors, json.loads(header["state"])))
    return json.loads(header["facts"])


def flatten(
    model: nn.Module, optimiser: torch.optim.Optimizer
) -> tuple[dict[str, Tensor], dict[str, Any]]:
    """All tensors by name, and the rest of the optimiser's state as plain values."""
    tensors = {f"model/{n}": t.detach().cpu() for n, t in model.state_dict().items()}
    state, plain = optimiser.state_dict(), {}
    for number, values in state["state"].items():
        for name, value in values.items():
            if isinstance(value, Tensor):
                tensors[f"optimiser/{number}/{name}"] = value.detach().cpu()
            else:
                plain[f"{number}/{name}"] = value
    tensors = {name: t.clone().contiguous() for name, t in tensors.items()}
    return tensors, {"plain": plain, "groups": state["param_groups"]}


def unflatten(tensors: dict[str, Tensor], state: dict[str, Any]) -> dict[str, Any]:
    """The optimiser's state as `flatten` found it."""
    values: dict[int, dict[str, Any]] = {}
    for name, tensor in tensors.items():
        if name.startswith("optimiser/"):
            _, number, key = name.split("/", 2)
            values.setdefault(int(number), {})[key] = tensor
    for name, value in state["plain"].items():
        number, key = name.split("/", 1)
        values.setdefault(int(number), {})[key] = value
    groups = [
        {k: tuple(v) if isinstance(v, list) and k != "params" else v for k, v in group.items()}
        for group in state["groups"]
    ]
    return {"state": values, "param_groups": groups}


def read(path: str | Path) -> tuple[dict[str, Tensor], dict[str, str]]:
    """All tensors and the header of a checkpoint; TrainingError if it is none or damaged.

    The file is read once, for a training that goes on may put another in its place meanwhile.
    """
    try:
        data = Path(path).read_bytes()
        tensors = load(data)
        length = int.from_bytes(data[:8], "little")
        header = json.loads(data[8 : 8 + length]).get("__metadata__", {})
    except (OSError, SafetensorError) as error:
        raise TrainingError(
            f"the checkpoint {path} cannot be read: {error}. Train without resume=True."
        ) from error
    if int(header.get("version", 0)) != VERSION:
        raise TrainingError(
            f"the checkpoint {path} has version {header.get('version')}, this lamella reads "
            f"version {VERSION}. Train without resume=True."
        )
    return tensors, header


def check_keys(model: nn.Module, weights: dict[str, Tensor], path: str | Path) -> None:
    """Raise TrainingError that lists missing, unexpected and misshapen weights."""
    mine = {name: tuple(t.shape) for name, t in model.state_dict().items()}
    theirs = {name: tuple(t.shape) for name, t in weights.items()}
    if mine == theirs:
        return
    missing, unexpected = sorted(set(mine) - set(theirs)), sorted(set(theirs) - set(mine))
    shapes = [f"{n} {theirs[n]} for {mine[n]}" for n in mine if theirs.get(n, mine[n]) != mine[n]]
    raise TrainingError(
        f"the weights of {path} do not fit the model. Missing: {listed(missing)}. "
        f"Unexpected: {listed(unexpected)}. Of another shape: {listed(shapes)}."
    )


def listed(names: list[str]) -> str:
    """The first eight names, and how many more there are.

    >>> listed(["a", "b"]), listed([])
    ('a, b', 'none')
    """
    more = f" and {len(names) - 8} more" if len(names) > 8 else ""
    return ", ".join(names[:8]) + more or "none"
