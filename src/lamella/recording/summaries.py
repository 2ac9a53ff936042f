"""What run.json says about the model, the versions and the machine."""

from __future__ import annotations

import hashlib
import os
import platform
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import torch
from torch import nn

from lamella.recording.modules import unwrap

PACKAGES = ("lamella", "torch", "numpy", "safetensors")
LONGEST = 20_000  # characters of the model's own description


def model_summary(model: nn.Module) -> dict[str, Any]:
    """Class, size and architecture of a model; the same however long it was trained."""
    bare = unwrap(model)
    shapes = [f"{name} {tuple(p.shape)} {p.dtype}" for name, p in bare.named_parameters()]
    return {
        "class": type(bare).__name__,
        "parameters": sum(p.numel() for p in bare.parameters()),
        "fingerprint": hashlib.sha256("\n".join(shapes).encode()).hexdigest()[:16],
    }


def weights_fingerprint(model: nn.Module) -> str:
    """A hash of all parameters and buffers, bit by bit."""
    digest = hashlib.sha256()
    for name, tensor in unwrap(model).state_dict().items():
        digest.update(name.encode())
        if isinstance(tensor, torch.Tensor):
            for part in strided(tensor.detach().cpu()):
                flat = part.contiguous().reshape(-1)
                digest.update(flat.view(torch.uint8).numpy().data)
    return digest.hexdigest()[:16]


def strided(tensor: torch.Tensor) -> tuple[torch.Tensor, ...]:
    """A tensor as plain ones: itself, or the parts that a sparse or quantised one consists of."""
    if tensor.is_quantized:
        return (tensor.int_repr(),)
    if tensor.layout == torch.sparse_coo:
        whole = tensor.coalesce()
        return whole.indices(), whole.values()
    return (tensor if tensor.layout == torch.strided else tensor.to_dense(),)


def description(model: nn.Module) -> str:
    """The model as torch prints it, cut where it is very long."""
    return repr(unwrap(model))[:LONGEST]


@cache
def versions() -> dict[str, str]:
    """The versions that matter for repeating a run."""
    found = {"python": platform.python_version()}
    for package in PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:  # run from a plain source tree
            continue
    return found


def hardware(device: torch.device) -> dict[str, Any]:
    """The machine in a few words, without asking another process."""
    found = {
        "system": os.name if os.name == "nt" else os.uname().sysname,
        "machine": os.uname().machine if os.name != "nt" else "",
        "cores": os.cpu_count(),
        "device": str(device),
    }
    if device.type == "cuda":
        found["gpu"] = torch.cuda.get_device_name(device)
    return found
