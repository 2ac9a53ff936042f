"""Which axis of an output holds the channels: known from the module that made it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from torch import Tensor, nn
from torch.nn.modules import batchnorm, conv, instancenorm, pooling

SECOND = (
    conv._ConvNd, batchnorm._NormBase, instancenorm._InstanceNorm, nn.GroupNorm,
    nn.LocalResponseNorm, nn.PixelShuffle, nn.PixelUnshuffle, nn.ChannelShuffle, nn.Upsample,
    pooling._MaxPoolNd, pooling._AvgPoolNd, pooling._AdaptiveAvgPoolNd, pooling._AdaptiveMaxPoolNd,
    pooling._LPPoolNd, pooling._MaxUnpoolNd,
)  # fmt: skip
LAST = (nn.Linear, nn.Bilinear, nn.Embedding, nn.MultiheadAttention, nn.RNNBase, nn.Transformer)
LAST_BY_NAME = ("Conv1D",)  # a linear layer of transformers
NORMS = (nn.LayerNorm, nn.RMSNorm)  # their subclasses often put the channels elsewhere


@dataclass
class Channels:
    """The axes of the outputs of one pass so far.

    What has no axis of its own (an activation, a sum, a block) has that of the last output of the
    same shape; what nothing is known of, the last axis of three, the second of more.
    """

    known: dict[tuple[int, ...], int] = field(default_factory=dict)

    def axis(self, module: nn.Module, output: Tensor) -> int | None:
        """The axis of an output's channels; None where it has no positions beside them."""
        if output.ndim < 3:
            return None
        shape = tuple(output.shape)
        own = self.own(module, output)
        if own is not None:
            self.known[shape] = own
        return self.known.get(shape, usual(shape))

    def own(self, module: nn.Module, output: Tensor) -> int | None:
        """The axis that follows from the type of a module."""
        last = output.ndim - 1
        if isinstance(module, SECOND):
            return 1
        if isinstance(module, LAST) or type(module).__name__ in LAST_BY_NAME:
            return last
        plain = any(getattr(type(module), "forward", None) is norm.forward for norm in NORMS)
        return last if plain and len(module.normalized_shape) == 1 else None  # type: ignore[arg-type]


def usual(shape: Sequence[int]) -> int:
    """Tokens come before their features, channels before the positions of a picture.

    >>> usual((8, 5, 16)), usual((8, 3, 28, 28))
    (2, 1)
    """
    return 2 if len(shape) == 3 else 1
