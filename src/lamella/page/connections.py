"""Connections that send nothing, or read nothing, are closed, so that they lock nobody out."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from uvicorn.protocols.http.h11_impl import H11Protocol

HEADERS = 10.0  # seconds in which a request must be there, from its first byte or its connection
READING = 20.0  # seconds in which a client must take something of what is sent to it
UNFINISHED = 100  # connections without a whole request; of more, the oldest are closed


class BoundedProtocol(H11Protocol):
    """HTTP/1.1 in which a request has to come, and a reply to be taken, within a time."""

    unfinished: dict[BoundedProtocol, None] = {}  # noqa: RUF012  # in the order of their coming

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self._slow: asyncio.TimerHandle | None = None
        self._wait(HEADERS)
        while len(self.unfinished) > UNFINISHED:
            next(iter(self.unfinished))._close()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self.cycle is None or self.cycle.response_complete:
            self._wait(HEADERS)
        else:
            self._done()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        if not self.transport.is_closing():
            self._wait(HEADERS)

    def connection_lost(self, exc: Exception | None) -> None:
        self._done()
        super().connection_lost(exc)

    def pause_writing(self) -> None:
        super().pause_writing()
        self._later(READING, self.transport.abort)

    def resume_writing(self) -> None:
        self._stop()
        super().resume_writing()

    def _wait(self, seconds: float) -> None:
        """Close unless a request is there in time; what has waited before goes on waiting."""
        if self not in self.unfinished:
            self.unfinished[self] = None
            self._later(seconds, self._close)

    def _done(self) -> None:
        if self.unfinished.pop(self, False) is None:
            self._stop()

    def _close(self) -> None:
        self._done()
        self.transport.close()

    def _later(self, seconds: float, do: Callable[[], None]) -> None:
        self._stop()
        self._slow = self.loop.call_later(seconds, do)

    def _stop(self) -> None:
        if self._slow is not None:
            self._slow.cancel()
            self._slow = None
