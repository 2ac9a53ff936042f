"""Input shapes as people write them: 3x32x32, 784, 128:int64."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lamella.errors import bad_input

if TYPE_CHECKING:
    import torch

KINDS = ("float32", "float64", "float16", "bfloat16", "int64", "int32", "bool")


@dataclass(frozen=True)
class InputSpec:
    """The shape of one sample, without the batch, and its number type."""

    shape: tuple[int, ...]
    dtype: str = "float32"

    def __str__(self) -> str:
        kind = "" if self.dtype == "float32" else f":{self.dtype}"
        return "x".join(map(str, self.shape)) + kind

    def tensor(self, batch: int, device: str) -> torch.Tensor:
        """A batch of zeros of this shape."""
        import torch

        return torch.zeros(batch, *self.shape, dtype=getattr(torch, self.dtype), device=device)


def parse_input(spec: str | tuple[int, ...] | list[int] | InputSpec) -> InputSpec:
    """Read channels x height x width of one sample; InputError when it does not parse.

    >>> parse_input("3x32x32")
    InputSpec(shape=(3, 32, 32), dtype='float32')
    >>> parse_input("128:int64").dtype
    'int64'
    """
    if isinstance(spec, InputSpec):
        return spec
    text = spec if isinstance(spec, str) else "x".join(map(str, spec))
    found = re.fullmatch(r"\s*(\d+(?:\s*[x×,]\s*\d+)*)\s*(?::\s*(\w+))?\s*", text)
    shape = tuple(map(int, re.findall(r"\d+", found[1]))) if found else ()
    dtype = (found[2] if found else None) or "float32"
    if not shape or min(shape) < 1 or dtype not in KINDS:
        raise bad_input(
            "anatomy --input",
            wanted=f"the shape of one sample such as 3x32x32 (types: {', '.join(KINDS)})",
            got=repr(text),
            do="Write channels x height x width without the batch, as in 1x28x28 or 128:int64",
        )
    return InputSpec(shape, dtype)
