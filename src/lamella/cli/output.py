"""What machines read: one JSON object on standard output; warnings go to standard error."""

from __future__ import annotations

import json
import math
import re
import sys
from pathlib import Path
from typing import Any

CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def print_json(result: Any) -> None:
    """Print `result` as one JSON object; NaN and infinity, which JSON lacks, become null."""
    print(json.dumps(plain(result), indent=2, ensure_ascii=False))


def warn(text: str) -> None:
    """Say something on standard error, where it is in no program's way."""
    print(shown(f"lamella: {text}"), file=sys.stderr, flush=True)


def shown(text: str) -> str:
    r"""A text that cannot steer a terminal: a run's names may hold what moves its cursor.

    >>> shown("a\x1b[2J\nb")
    'a\\x1b[2J\nb'
    """
    return CONTROL.sub(lambda found: ascii(found[0])[1:-1], text)


def plain(value: Any) -> Any:
    """The same value in the types that JSON knows.

    >>> plain({"a": (1, float("nan")), "path": Path("x")})
    {'a': [1, None], 'path': 'x'}
    """
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set):
        return [plain(item) for item in value]
    if isinstance(value, Path):
        return str(value)
    if hasattr(value, "tolist"):
        return plain(value.tolist())
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value
