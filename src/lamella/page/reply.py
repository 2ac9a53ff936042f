"""Answers as bytes, made in few threads, each only once, and kept within a bound of memory."""

from __future__ import annotations

import asyncio
import gzip
import logging
from collections.abc import Callable, Hashable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any
from urllib.parse import quote, unquote

from lamella.page import pack
from lamella.page.answers import FAMILIES, answer
from lamella.page.cache_keys import cache_key
from lamella.subject.cache import Cache
from lamella.subject.subject import Subject

LOG = logging.getLogger(__name__)
KEPT = 128_000_000  # bytes of answers kept
WORKERS = 2
WAITING = 400  # answers in the making; more are refused until some are done
SLOW = ("tsne", "umap")
SMALL = 1024  # bytes below which deflating does not pay


@dataclass(frozen=True)
class Reply:
    """The bytes of an answer, deflated if asked for, and the mark by which a browser knows them."""

    body: bytes
    mark: str
    missing: bool = False


class Busy(Exception):
    """More answers are asked for than can be made."""


class Replies:
    """Makes and keeps the answers about a subject, which may be replaced while runs appear."""

    def __init__(self, subject: Subject) -> None:
        self.subject = subject
        self._kept = Cache(KEPT)
        self._making: dict[Hashable, asyncio.Task[Reply]] = {}
        self._pool = ThreadPoolExecutor(WORKERS, "lamella-answer")
        self._slow = ThreadPoolExecutor(1, "lamella-embedding")

    def close(self) -> None:
        """Take no more work; what runs ends on its own."""
        for pool in (self._pool, self._slow):
            pool.shutdown(wait=False, cancel_futures=True)

    async def reply(self, parts: tuple[str, ...]) -> Reply:
        """The reply to a path; those who ask at the same time share one. Raises Busy."""
        key = (parts, cache_key(self.subject, parts))
        kept = self._kept.peek(key)
        if kept is not None:
            return kept
        if key not in self._making:
            if len(self._making) >= WAITING:
                raise Busy
            self._making[key] = asyncio.create_task(self._made(key, parts))
        return await asyncio.shield(self._making[key])

    async def deflated(self, reply: Reply) -> Reply:
        """The same reply for a line where bytes are dearer than time."""
        if len(reply.body) < SMALL:
            return reply
        key = ("deflated", reply.mark)
        make = lambda: Reply(gzip.compress(reply.body, 5), reply.mark, reply.missing)  # noqa: E731
        return await self.aside(lambda: self._kept.get(key, make))

    async def aside(self, work: Callable[[], Any], *, slow: bool = False) -> Any:
        """What `work` returns, computed in a worker thread; in one of its own if it is slow."""
        pool = self._slow if slow else self._pool
        return await asyncio.get_running_loop().run_in_executor(pool, work)

    async def _made(self, key: Hashable, parts: tuple[str, ...]) -> Reply:
        pool = self._slow if is_slow(parts) else self._pool
        try:
            loop = asyncio.get_running_loop()
            reply = await loop.run_in_executor(pool, reply_to, self.subject, parts)
            if not reply.missing:
                self._kept.get(key, lambda: reply)
            return reply
        finally:
            self._making.pop(key, None)


def reply_to(subject: Subject, parts: tuple[str, ...]) -> Reply:
    """The answer to a path as bytes with their mark."""
    try:
        found = answer(subject, parts)
    except Exception as error:  # a run that is broken or goes must not cost the page the rest
        LOG.warning("no answer to %s", path_of(*parts), exc_info=True)
        found = {"missing": f"this could not be worked out: {type(error).__name__}: {error}"}
    body = pack.write(found)
    return Reply(body, blake2b(body, digest_size=12).hexdigest(), "missing" in found)


def is_slow(parts: tuple[str, ...]) -> bool:
    """Whether an answer takes seconds, so that it must not stand in the way of others."""
    return parts[0] == "attribution" or (
        parts[0] == "cloud" and parts[3:4] > ("",) and parts[3][:-1] in SLOW
    )


def parts_of(path: str) -> tuple[str, ...]:
    """The parts of a path, each decoded on its own, so that names may hold slashes.

    >>> parts_of("cube/small%2Fnet/gdv")
    ('cube', 'small/net', 'gdv')
    """
    return tuple(unquote(part) for part in path.split("/"))


def path_of(*parts: Any) -> str:
    """The path of parts, encoded as browsers' `encodeURIComponent` does.

    >>> path_of("cell", "a/b", 0, "50 % (x)")
    'cell/a%2Fb/0/50%20%25%20(x)'
    """
    return "/".join(quote(str(part), safe="!*'()~") for part in parts)


def known(parts: tuple[str, ...]) -> bool:
    """Whether a path begins with the name of an answer."""
    return bool(parts) and parts[0] in FAMILIES
