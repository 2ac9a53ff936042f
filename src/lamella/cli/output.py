"""What machines read: one JSON object on standard output; warnings go to standard error."""

from __future__ import annotations

import json
import math
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TextIO

CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def print_json(result: Any) -> None:
    """Print `result` as one JSON object; NaN and infinity, which JSON lacks, become null."""
    print(json.dumps(plain(result), indent=2, ensure_ascii=False))


class Heard:
    """A stream that also keeps what was written to it."""

    def __init__(self, stream: TextIO) -> None:
        self._stream, self.text = stream, ""

    def write(self, text: str) -> int:
        self.text += text
        return self._stream.write(text)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


@contextmanager
def json_on_failure(wanted: bool) -> Iterator[bool]:
    """Where `wanted`, a command that fails without a JSON object of its own leaves one.

    It has `error`, what was said on standard error, and `code`, the exit code.
    """
    if not wanted:
        yield False
        return
    streams = sys.stdout, sys.stderr
    out, said = Heard(sys.stdout), Heard(sys.stderr)
    sys.stdout, sys.stderr = out, said
    try:
        yield True
    except SystemExit as end:
        if end.code and not out.text.strip():
            code = end.code if isinstance(end.code, int) else 1
            print_json({"error": said.text.strip().removeprefix("lamella: "), "code": code})
        raise
    except Exception as error:  # a fault of lamella's: its traceback follows on standard error
        print_json({"error": f"{type(error).__name__}: {error}", "code": 1})
        raise
    finally:
        sys.stdout, sys.stderr = streams


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
