"""Ctrl-C: the command ends with a word on what is kept and how to go on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from lamella.errors import LamellaError

INTERRUPTED = 130  # 128 + SIGINT, as shells have it


class Stopped(LamellaError):
    """A person stopped the command; the message says what is kept."""


@contextmanager
def stopping(words: Callable[[], str]) -> Iterator[None]:
    """Turn Ctrl-C within the context into `Stopped`, with the words of that moment."""
    try:
        yield
    except KeyboardInterrupt:
        raise Stopped(words()) from None
