"""Which of several processes of one training records."""

from __future__ import annotations

import os

import torch.distributed


def rank() -> int:
    """The number of this process among those that train together; 0 records, the others do not.

    That of the process group or, before there is one, what torchrun and its like say.
    """
    if torch.distributed.is_available() and torch.distributed.is_initialized():
        return torch.distributed.get_rank()
    several = os.environ.get("WORLD_SIZE", "1")
    text = os.environ.get("RANK", os.environ.get("LOCAL_RANK", "0"))
    return int(text) if several.isdigit() and int(several) > 1 and text.isdigit() else 0
