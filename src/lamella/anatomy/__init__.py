"""How a network is built, computed and initialised."""

from __future__ import annotations

from importlib import import_module
from typing import Any

_HOMES = {
    "layer_table": "layer_tables",
    "receptive_field": "receptive_fields",
    "effective_receptive_field": "effective_fields",
    "output_size": "convolution_arithmetic",
    "arithmetic": "convolution_arithmetic",
    "sliding_kernel": "sliding_kernels",
    "kernel": "kernels",
    "apply_kernel": "kernels",
    "pad": "paddings",
    "compare_convolutions": "convolution_kinds",
    "pool": "pooling",
    "shift_test": "pooling",
    "activation": "activations",
    "compare_activations": "activations",
    "robust_loss": "robust_losses",
    "adaptive_loss": "robust_losses",
    "initialise": "initialisation",
    "signal_depth": "signals",
    "backpropagate": "backpropagation",
    "gradient_depth": "backpropagation",
}


def __dir__() -> list[str]:
    return sorted(_HOMES)


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(f"lamella.anatomy.{_HOMES[name]}"), name)
    raise AttributeError(f"module 'lamella.anatomy' has no attribute {name!r}")
