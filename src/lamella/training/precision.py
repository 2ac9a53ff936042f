"""Whether the machine has units that multiply matrices of bfloat16."""

from __future__ import annotations

from lamella.checks import check_choice

PRECISIONS = ("auto", "float32", "bfloat16")


def wants_bfloat16(precision: str) -> bool:
    """True for "bfloat16", and for "auto" where a GPU or the processor is made for it.

    Only the products of a training step are rounded to bfloat16; weights, losses, evaluation and
    recording stay float32.
    """
    import torch

    check_choice(precision, PRECISIONS, "precision")
    if precision != "auto":
        return precision == "bfloat16"
    if torch.cuda.is_available():
        return torch.cuda.is_bf16_supported()
    capabilities = getattr(torch.cpu, "get_capabilities", dict)()
    return bool(capabilities.get("amx_bf16"))
