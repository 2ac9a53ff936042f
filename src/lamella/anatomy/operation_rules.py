"""What the result of each executed operation sees of the network's input.

A field is one `Reach` per spatial axis of the input. Operations that are not known here are taken
to mix everything, which can only make a field too large; `Ledger.assumed` counts them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import torch

from lamella.anatomy.plane import NOTHING, Plane
from lamella.anatomy.plane import unite as unite_planes
from lamella.anatomy.reach import Reach, collapse, compact, rearrange, unite
from lamella.anatomy.window_rules import RULES as WINDOW_RULES
from lamella.anatomy.window_rules import Field, Fields

POINTWISE = frozenset(
    """hardswish hardswish_ hardsigmoid hardsigmoid_ hardtanh hardtanh_ _prelu_kernel softplus
    native_dropout leaky_relu leaky_relu_ elu elu_ celu selu threshold threshold_ clone _to_copy
    rrelu_with_noise detach alias lift_fresh contiguous where masked_fill masked_fill_ mish mish_
    silu_ log_sigmoid_forward copy bitwise_not""".split()  # noqa: SIM905
)
MOVES = frozenset(
    """slice select permute transpose t unsqueeze squeeze expand split split_with_sizes unbind flip
    roll pixel_shuffle pixel_unshuffle channel_shuffle narrow unfold view _unsafe_view reshape
    _reshape_alias diagonal repeat unsafe_split""".split()  # noqa: SIM905
)
SIGHTLESS = frozenset(
    """empty new_empty zeros new_zeros ones full arange zero_ fill_ zeros_like ones_like
    empty_like full_like""".split()  # noqa: SIM905
)
REDUCTIONS = ("mean", "sum", "amax", "amin", "prod", "logsumexp", "max", "min", "any", "all", "var")
MIXED_LINES = (
    "_softmax",
    "_safe_softmax",
    "_log_softmax",
    "cumsum",
    "cumprod",
    "sort",
    "logcumsumexp",
)
ATTENTION = ("flash_attention", "flash_attention_for_cpu", "efficient_attention", "attention_math")


def see(func: Any, args: tuple, kwargs: dict, fields: Fields, outs: list) -> list[Field] | None:
    """The field of each output tensor, or None where no rule is known."""
    name = func.overloadpacket.__name__
    rule = RULES.get(name)
    if rule is None and (torch.Tag.pointwise in func.tags or name in POINTWISE):
        rule = pointwise
    if rule is None and name in MOVES:
        return moved(name, func, args, kwargs, fields, outs)
    return None if rule is None else rule(args, kwargs, fields, outs)


def everything(fields: Fields, outs: list) -> list[Field]:
    """Every element of every output sees all that any input sees."""
    merged = [collapse_all(field) for field in fields if field]
    pairs = [tuple(unite(axis, (1,)) for axis in zip(*merged, strict=True))] * len(outs)
    return [tuple(_spread(r, out) for r in field) for field, out in zip(pairs, outs, strict=True)]


def _spread(reach: Reach, out: torch.Tensor) -> Reach:
    shape = tuple(out.shape)
    ones = (1,) * len(shape)
    return Reach(shape, reach.low.reshape(ones), reach.high.reshape(ones))


def collapse_all(field: Field) -> Field:
    """A field of one element that sees all that the tensor sees."""
    return tuple(Reach((1,), r.low.amin().view(1), r.high.amax().view(1)) for r in field)


def pointwise(args: tuple, kwargs: dict, fields: Fields, outs: list) -> list[Field]:
    """Element by element, broadcasting."""
    known = [field for field in fields if field]
    shape = tuple(outs[0].shape)
    if len(known) == 1 and all(reach.shape == shape for reach in known[0]):
        return known * len(outs)
    field = tuple(unite(axis, shape) for axis in zip(*known, strict=True))
    return [field] * len(outs)


def moved(
    name: str, func: Any, args: tuple, kwargs: dict, fields: Fields, outs: list
) -> list[Field] | None:
    """Views, permutations and copies of elements: the same move, made by the positions."""
    if fields[0] is None:
        return None
    reshapes = name in ("view", "_unsafe_view", "reshape", "_reshape_alias")

    def move(values: torch.Tensor, which: int) -> torch.Tensor:
        if reshapes:
            return values.reshape(outs[0].shape)
        result = func(values, *args[1:], **kwargs)
        return result if isinstance(result, torch.Tensor) else result[which]

    return [
        tuple(rearrange(r, lambda v, k=k: move(v, k)) for r in fields[0]) for k in range(len(outs))
    ]


def reduction(args: tuple, kwargs: dict, fields: Fields, outs: list) -> list[Field] | None:
    """Means, sums and extremes over some axes, or over all."""
    rank = args[0].dim()
    dims = args[1] if len(args) > 1 and args[1] is not None else kwargs.get("dim")
    if fields[0] is None or isinstance(dims, torch.Tensor):
        return pointwise(args, kwargs, fields, outs)
    dims = [dims] if isinstance(dims, int) else list(dims or range(rank))
    keep = outs[0].dim() == rank
    shape = tuple(outs[0].shape)
    return [tuple(collapse(r, dims, shape, keep=keep) for r in fields[0])] * len(outs)


def mixed_lines(args: tuple, kwargs: dict, fields: Fields, outs: list) -> list[Field]:
    """Softmax and its kind: each element sees its whole line."""
    shape = tuple(outs[0].shape)
    field = tuple(collapse(r, [args[1]], shape, keep=True) for r in fields[0] or ())
    return [field] * len(outs)


def layer_norm(args: tuple, kwargs: dict, fields: Fields, outs: list) -> list[Field]:
    """Each element sees the axes that are normalised together."""
    return _normalised(fields, outs, range(-len(args[1]), 0))


def group_norm(args: tuple, kwargs: dict, fields: Fields, outs: list) -> list[Field]:
    """Each element sees its group of channels at every position."""
    return _normalised(fields, outs, range(1, outs[0].dim()))


def batch_norm(args: tuple, kwargs: dict, fields: Fields, outs: list) -> list[Field]:
    """Pointwise with stored statistics; with the batch's own, all positions are mixed."""
    own = args[5] if len(args) > 5 and isinstance(args[5], bool) else False
    if own:
        return _normalised(fields, outs, [0, *range(2, outs[0].dim())])
    return pointwise(args, kwargs, fields[:1], outs[:1]) * len(outs)


def _normalised(fields: Fields, outs: list, dims: Sequence[int] | range) -> list[Field]:
    shape = tuple(outs[0].shape)
    return [tuple(collapse(r, dims, shape, keep=True) for r in fields[0] or ())] * len(outs)


def product(args: tuple, kwargs: dict, fields: Fields, outs: list) -> list[Field]:
    """Matrix products: rows of the left with columns of the right, and the bias."""
    shape = tuple(outs[0].shape)
    known = [
        tuple(f) for f in (_sided(f, k - len(fields), shape) for k, f in enumerate(fields)) if f
    ]
    return [tuple(unite(axis, shape) for axis in zip(*known, strict=True))]


def _sided(field: Field | None, side: int, shape: tuple[int, ...]) -> list[Reach] | None:
    if field is None or side < -2:  # the bias of addmm is broadcast
        return list(field) if field else None
    mixed = -1 if side == -2 else -2
    result = []
    for reach in field:
        whole = list(reach.shape)
        whole[mixed] = 1
        result.append(collapse(reach, [mixed], tuple(whole), keep=True))
    return result


def dense(args: tuple, kwargs: dict, fields: Fields, outs: list) -> list[Field] | None:
    """A linear map of the last axis."""
    return None if fields[0] is None else _normalised(fields[:1], outs, [-1])


def attention(args: tuple, kwargs: dict, fields: Fields, outs: list) -> list[Field]:
    """Scaled dot products: every query sees all keys and values."""
    shape = tuple(outs[0].shape)
    parts = []
    for position, field in enumerate(fields[:3]):
        dims = [-1] if position == 0 else [-1, -2]
        if field:
            whole = [
                tuple(1 if d - len(shape) in dims else n for d, n in enumerate(r.shape))
                for r in field
            ]
            parts.append(
                tuple(collapse(r, dims, w, keep=True) for r, w in zip(field, whole, strict=True))
            )
    field = tuple(unite(axis, shape) for axis in zip(*parts, strict=True))
    first = [field]
    return first + everything([field], outs[1:]) if len(outs) > 1 else first


def joined(args: tuple, kwargs: dict, fields: Fields, outs: list) -> list[Field]:
    """Concatenation: along channels each part keeps what it saw."""
    shape = tuple(outs[0].shape)
    there = [part.dim() == len(shape) for part in args[0]]  # torch.cat leaves an empty one out
    parts = [part for part, kept in zip(args[0], there, strict=True) if kept]
    fields = [field for field, kept in zip(fields, there, strict=True) if kept]
    dim = int(args[1] if len(args) > 1 else kwargs.get("dim", 0)) % len(shape)
    by_axis = [
        [None if field is None else field[axis] for field in fields]
        for axis in range(next(len(field) for field in fields if field))
    ]
    return [tuple(_join(reaches, parts, dim, shape) for reaches in by_axis)]


def _join(reaches: list, parts: Sequence[torch.Tensor], dim: int, shape: tuple[int, ...]) -> Reach:
    blank = torch.full((1,) * len(shape), NOTHING)
    lows, highs = [], []
    for reach, part in zip(reaches, parts, strict=True):
        full = [
            n if d == dim else m for d, (n, m) in enumerate(zip(part.shape, shape, strict=True))
        ]
        lows.append((blank if reach is None else reach.low).expand(full))
        highs.append((-blank if reach is None else reach.high).expand(full))
    plane = _joint_plane([r for r in reaches if r is not None], dim)
    return Reach(shape, _concatenate(lows, dim), _concatenate(highs, dim), plane)


def _joint_plane(reaches: list[Reach], dim: int) -> Plane | None:
    """The plane that covers all parts, unless they are joined along its own axis."""
    planes = [reach.plane for reach in reaches]
    whole = planes[0]
    for plane in planes[1:]:
        whole = unite_planes(whole, plane) if whole and plane else None
    return None if whole is None or whole.dim == dim else whole


def _concatenate(values: list[torch.Tensor], dim: int) -> torch.Tensor:
    for other in range(values[0].dim()):
        if other != dim and all(v.stride(other) == 0 for v in values):
            values = [v.narrow(other, 0, 1) for v in values]
    return compact(torch.cat(values, dim))


def embedding(args: tuple, kwargs: dict, fields: Fields, outs: list) -> list[Field] | None:
    """A row of the table for each index."""
    if fields[-1] is None:
        return None
    shape = tuple(outs[0].shape)
    return [tuple(rearrange(r, lambda v: v.unsqueeze(-1).expand(shape)) for r in fields[-1])]


def gated(args: tuple, kwargs: dict, fields: Fields, outs: list) -> list[Field]:
    """GLU: both halves of an axis."""
    dim, shape = (args[1] if len(args) > 1 else -1), tuple(outs[0].shape)
    return [tuple(collapse(r, [dim], shape, keep=True) for r in fields[0] or ())]


RULES: dict[str, Callable] = {
    **WINDOW_RULES,
    **dict.fromkeys(REDUCTIONS, reduction),
    **dict.fromkeys(MIXED_LINES, mixed_lines),
    "native_layer_norm": layer_norm,
    "_fused_rms_norm": layer_norm,
    "native_group_norm": group_norm,
    "native_batch_norm": batch_norm,
    **dict.fromkeys(("mm", "addmm", "bmm", "baddbmm"), product),
    "linear": dense,
    "embedding": embedding,
    "glu": gated,
    "cat": joined,
    **{f"_scaled_dot_product_{kind}": attention for kind in ATTENTION},
    "scaled_dot_product_attention": attention,
}
