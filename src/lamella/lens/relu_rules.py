"""Other ways back through a ReLU, whoever calls it.

The rule is put in at the level of Torch's functions, so that modules, reused modules, functional
calls and in-place ones all follow it. Networks without ReLU, or with rectifiers for which the rule
says nothing, are refused.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional as F
from torch.overrides import TorchFunctionMode

from lamella.lens.refusals import refusal

Gate = Callable[[Tensor], Tensor]  # a gradient where the ReLU let its input through, else zero
Rule = Callable[[Tensor, Gate], Tensor]


def guided(gradient: Tensor, gate: Gate) -> Tensor:
    """Only positive gradients, and only through open units (Springenberg et al. 2015)."""
    return gate(torch.relu(gradient))


def deconvolved(gradient: Tensor, gate: Gate) -> Tensor:
    """Only positive gradients, through any unit (Zeiler and Fergus 2014)."""
    return torch.relu(gradient)


class _Rectify(torch.autograd.Function):
    """A ReLU with the way back that a rule says; `most` caps it, as ReLU6 does."""

    @staticmethod
    def forward(ctx: Any, values: Tensor, rule: Rule, most: float | None) -> Tensor:
        ctx.save_for_backward(values)
        ctx.rule, ctx.most = rule, most
        return torch.relu(values) if most is None else values.clamp(0, most)

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor, None, None]:
        def gate(gradient: Tensor) -> Tensor:
            (values,) = ctx.saved_tensors
            most = float("inf") if ctx.most is None else ctx.most
            return torch.ops.aten.hardtanh_backward(gradient, values, 0.0, most)

        return ctx.rule(gradients[0], gate), None, None


RELUS: dict[Any, float | None] = {
    F.relu: None,
    F.relu_: None,
    torch.relu: None,
    torch.relu_: None,
    Tensor.relu: None,
    Tensor.relu_: None,
    F.relu6: 6.0,
}
CLAMPS = {torch.clamp, torch.clamp_, Tensor.clamp, Tensor.clamp_, torch.clamp_min}
CLAMPS |= {Tensor.clamp_min, Tensor.clamp_min_, torch.clamp_min_, torch.clip, Tensor.clip}
OTHERS = {
    **{F.leaky_relu: "LeakyReLU", F.leaky_relu_: "LeakyReLU", F.elu: "ELU", F.elu_: "ELU"},
    **{F.selu: "SELU", F.selu_: "SELU", F.celu: "CELU", F.gelu: "GELU", F.silu: "SiLU"},
    **{F.mish: "Mish", F.softplus: "Softplus", F.prelu: "PReLU", F.rrelu: "RReLU"},
    **{F.hardswish: "Hardswish", torch.prelu: "PReLU"},
}
RECTIFIERS = {*RELUS, *CLAMPS, *OTHERS}
IN_PLACE = {F.relu_, torch.relu_, Tensor.relu_, torch.clamp_, Tensor.clamp_, Tensor.clamp_min_}
IN_PLACE |= {torch.clamp_min_}


class ReluRule(TorchFunctionMode):
    """Inside, every ReLU goes back by `rule`; `relus` counts them, `others` what is no ReLU."""

    def __init__(self, rule: Rule) -> None:
        super().__init__()
        self.rule = rule
        self.relus = 0
        self.others: Counter[str] = Counter()

    def __torch_function__(self, func: Any, types: Any, args: tuple = (), kwargs: Any = None):
        kwargs = kwargs or {}
        if func not in RECTIFIERS:
            return func(*args, **kwargs)
        if func in OTHERS:
            self.others[OTHERS[func]] += 1
        elif func in RELUS or _is_relu(args, kwargs):
            values = args[0] if args else kwargs["input"]
            self.relus += 1
            with torch._C.DisableTorchFunction():
                return self._rectify(func, values, args, kwargs)
        return func(*args, **kwargs)

    def _rectify(self, func: Any, values: Tensor, args: tuple, kwargs: dict) -> Tensor:
        asked = kwargs.get("inplace", len(args) > 1 and args[1] is True)
        in_place = func in IN_PLACE or bool(asked)
        result: Any = _Rectify.apply(
            values.clone() if in_place else values, self.rule, RELUS.get(func)
        )
        return values.copy_(result) if in_place else result

    def check(self, technique: str) -> None:
        """LensError unless ReLU is the only rectifier that was met."""
        if self.others or not self.relus:
            met = ", ".join(self.others) or "no ReLU"
            raise refusal(
                technique,
                wanted="a network whose rectifiers are ReLUs, for which its rule is defined",
                got=met,
                do="Use saliency, smooth_grad or integrated_gradients, which hold for any network",
            )


def _is_relu(args: tuple, kwargs: dict) -> bool:
    """Whether a clamp keeps zero and all above: x.clamp(min=0)."""
    low = kwargs.get("min", args[1] if len(args) > 1 else None)
    high = kwargs.get("max", args[2] if len(args) > 2 else None)
    return high is None and not isinstance(low, Tensor) and low == 0
