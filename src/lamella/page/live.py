"""Watching run folders: one task for all clients looks, and tells each what has changed."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from lamella.page.cache_keys import content, status_of
from lamella.page.reply import Replies
from lamella.store import Run, find_runs, trouble
from lamella.store.database import query
from lamella.store.layout import info_path
from lamella.story import Story
from lamella.subject.subject import Subject, gather

LOG = logging.getLogger(__name__)
PAUSE = 2.0  # seconds between two looks: a training should not feel that somebody looks
HEARTBEAT = 10.0  # seconds after which a silent line says that it lives
BEHIND = 100  # events that a slow client may be behind before it is told to ask for all anew
FIRST = 2.0  # seconds that a page has to itself before its story is told
Event = Mapping[str, Any]
Tell = Callable[[Mapping[str, Sequence[Run]]], Story]


@dataclass(frozen=True)
class Seen:
    """What was last seen of a run: its mark, epochs, status, measures and the last logged epoch."""

    mark: Any
    epochs: tuple[int, ...]
    status: str
    measures: Mapping[str, int]
    logged: int


class Watch:
    """Looks at folders as long as somebody listens, and keeps the replies' subject up to date."""

    def __init__(self, replies: Replies, paths: Sequence[Path], tell: Tell | None = None) -> None:
        self.replies, self.paths, self.tell = replies, [Path(path) for path in paths], tell
        self._clients: set[asyncio.Queue[Event]] = set()
        self._seen: dict[tuple[str, int], Seen] = {}
        self._task: asyncio.Task[None] | None = None

    async def events(self) -> AsyncIterator[str]:
        """Server-sent events for one client, with a heartbeat in silence."""
        queue: asyncio.Queue[Event] = asyncio.Queue(BEHIND)
        self._clients.add(queue)
        self._begin()
        try:
            yield "retry: 2000\n\n: lamella\n\n"
            while True:
                try:
                    event = await asyncio.wait_for(queue.get(), HEARTBEAT)
                    yield f"data: {json.dumps(event)}\n\n"
                except TimeoutError:
                    yield ": alive\n\n"
        finally:
            self._clients.discard(queue)

    async def close(self) -> None:
        """Stop looking."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    def _begin(self) -> None:
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._look_on())

    async def _look_on(self) -> None:
        await asyncio.sleep(FIRST)
        while self._clients:
            await self._tell_story()
            try:
                for event in await self.replies.aside(self.look):
                    self._tell(event)
            except Exception:  # a folder in the middle of a change must not end the watch
                LOG.debug("a look at the runs failed", exc_info=True)
            await asyncio.sleep(PAUSE)

    async def _tell_story(self) -> None:
        """Tell the story once, in the background; without one the page stays as it is."""
        tell, self.tell = self.tell, None
        if tell is None or self.replies.subject.story is not None:
            return
        nets = self.replies.subject.nets
        try:
            story = await self.replies.aside(lambda: tell(nets), slow=True)
        except Exception:  # the page shows the runs without their story too
            LOG.debug("the story could not be told", exc_info=True)
            return
        self.replies.subject = replace(self.replies.subject, story=story)
        self._tell({"type": "net"})

    def _tell(self, event: Event) -> None:
        for queue in self._clients:
            if queue.full():
                while not queue.empty():
                    queue.get_nowait()
                event = {"type": "net"}
            queue.put_nowait(event)

    def look(self) -> list[Event]:
        """What changed since the last look."""
        events: list[Event] = [{"type": "net"}] if self._renew() else []
        for net, runs in self.replies.subject.nets.items():
            for seed, run in enumerate(runs):
                events += self._changes(net, seed, run)
        return events

    def _renew(self) -> bool:
        """Whether runs came or went; the subject then has the new ones.

        One that cannot be read, as while it is being copied, is tried again at the next look.
        """
        before = self.replies.subject
        there = {f.absolute() for path in self.paths for f in find_runs(path)}
        known = {r.path.absolute() for runs in before.nets.values() for r in runs}
        readable = {f for f in there if (f in known and not is_gone(f)) or not trouble(f)}
        if readable == known:
            return False
        gone = (set(before.gone) | {str(f) for f in known - readable}) - set(map(str, readable))
        subject = renewed(before, gather(sorted(readable)))
        self.replies.subject = replace(subject, gone=tuple(sorted(gone)))
        self._seen = {}
        return True

    def _changes(self, net: str, seed: int, run: Run) -> list[Event]:
        before, mark = self._seen.get((net, seed)), content(run)
        if before is not None and before.mark == mark:
            return []
        now = seen(run, mark)
        self._seen[net, seed] = now
        return changes(net, seed, before, now) if before else []


def is_gone(folder: Path) -> bool:
    """Whether a run that was there is there no longer."""
    return not info_path(folder).is_file()


def seen(run: Run, mark: Any) -> Seen:
    """What there is of a run now."""
    rows = query(run.path, "SELECT measure, count(*) FROM results GROUP BY measure")
    logged = query(run.path, "SELECT max(epoch) FROM scalars")
    last = logged[0][0] if logged and logged[0][0] is not None else -1
    return Seen(mark, run.epochs, status_of(run), dict(rows), last)


def changes(net: str, seed: int, before: Seen, now: Seen) -> list[Event]:
    """The events between two looks at a run.

    A recorded epoch and an epoch that only logged its numbers are both told as `epoch`; the
    second has `recorded` false.
    """
    place = {"net": net, "seed": seed}
    fresh = [epoch for epoch in now.epochs if epoch not in before.epochs]
    events: list[Event] = [{"type": "epoch", **place, "epoch": e, "recorded": True} for e in fresh]
    if now.logged > before.logged and now.logged not in fresh:
        events.append({"type": "epoch", **place, "epoch": now.logged, "recorded": False})
    for name, count in now.measures.items():
        if before.measures.get(name) != count:
            events.append({"type": "result", "net": net, "measure": name})
    if now.status != before.status:
        events.append({"type": "status", **place, "status": now.status})
    return events


def renewed(subject: Subject, nets: Mapping[str, tuple[Run, ...]]) -> Subject:
    """The subject with other nets; runs that it had stay the same objects."""
    known = {run.path.absolute(): run for runs in subject.nets.values() for run in runs}
    kept = {
        name: tuple(known.get(run.path.absolute(), run) for run in runs)
        for name, runs in nets.items()
    }
    return replace(subject, nets=kept)
