"""How a network is built, computed and initialised."""

from __future__ import annotations

from importlib import import_module
from typing import Any

_HOMES = {
    "layer_table": "layer_table",
    "receptive_field": "receptive_field",
    "effective_receptive_field": "effective_receptive_field",
    "output_size": "convolution_arithmetic",
    "arithmetic": "convolution_arithmetic",
    "sliding_kernel": "sliding_kernel",
    "kernel": "kernels",
    "apply_kernel": "kernels",
    "pad": "paddings",
    "compare_convolutions": "convolution_kinds",
    "pool": "pooling",
    "shift_test": "pooling",
    "activation": "activations",
    "compare_activations": "activations",
    "robust_loss": "robust_loss",
    "adaptive_loss": "robust_loss",
    "initialise": "initialisation",
    "signal_depth": "signal_depth",
    "backpropagation": "backpropagation",
    "gradient_depth": "backpropagation",
}


def __dir__() -> list[str]:
    return sorted(_HOMES)


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(f"lamella.anatomy.{_HOMES[name]}"), name)
    raise AttributeError(f"module 'lamella.anatomy' has no attribute {name!r}")
