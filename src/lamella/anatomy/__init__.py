"""How a network is built, computed and initialised."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lamella.anatomy.activations import activation, compare_activations
    from lamella.anatomy.backpropagation import backpropagate, gradient_depth
    from lamella.anatomy.convolution_arithmetic import arithmetic, output_size
    from lamella.anatomy.convolution_kinds import compare_convolutions
    from lamella.anatomy.effective_fields import effective_receptive_field
    from lamella.anatomy.initialisation import initialise
    from lamella.anatomy.kernels import apply_kernel, kernel
    from lamella.anatomy.layer_tables import layer_table
    from lamella.anatomy.paddings import pad
    from lamella.anatomy.pooling import pool, shift_test
    from lamella.anatomy.receptive_fields import receptive_field
    from lamella.anatomy.robust_losses import adaptive_loss, robust_loss
    from lamella.anatomy.signals import signal_depth
    from lamella.anatomy.sliding_kernels import sliding_kernel

__all__ = [
    "activation",
    "adaptive_loss",
    "apply_kernel",
    "arithmetic",
    "backpropagate",
    "compare_activations",
    "compare_convolutions",
    "effective_receptive_field",
    "gradient_depth",
    "initialise",
    "kernel",
    "layer_table",
    "output_size",
    "pad",
    "pool",
    "receptive_field",
    "robust_loss",
    "shift_test",
    "signal_depth",
    "sliding_kernel",
]

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
    return __all__


if not TYPE_CHECKING:  # which would take any name for a public one

    def __getattr__(name: str) -> Any:
        if name in _HOMES:
            return getattr(import_module(f"lamella.anatomy.{_HOMES[name]}"), name)
        raise AttributeError(f"module 'lamella.anatomy' has no attribute {name!r}")
