"""The page over HTTP: its files, its answers, its events. It only reads."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from lamella.errors import LamellaError
from lamella.page.guard import App, guarded
from lamella.page.live import Tell, Watch
from lamella.page.page_files import (
    PLOTLY,
    asset,
    content_type,
    deflated,
    live_page,
    plotly_script,
)
from lamella.page.reply import Busy, Replies, known, parts_of
from lamella.page.safe import is_loopback
from lamella.subject.subject import Subject

if TYPE_CHECKING:
    from starlette.applications import Starlette
    from starlette.requests import Request
    from starlette.responses import Response

BINARY = "application/octet-stream"
IMMUTABLE = "private, max-age=31536000, immutable"


def application(
    subject: Subject,
    paths: Sequence[Path] = (),
    *,
    host: str = "127.0.0.1",
    token: str = "",
    tell: Tell | None = None,
) -> App:
    """The page of a subject as an ASGI application.

    `paths` are the folders to watch, `host` is the address that it is served on; with a `token`
    every request must bring it, in the address or in the cookie that the front page sets. `tell`
    makes the story of the nets, after the first client has come.
    """
    from starlette.applications import Starlette
    from starlette.routing import Route

    replies = Replies(subject)
    watch = Watch(replies, paths, tell)
    page = Page(replies, watch, is_loopback(host))

    @asynccontextmanager
    async def running(_: Starlette):
        yield
        await watch.close()
        replies.close()

    handlers = {"/": page.front, "/assets/{name}": page.asset, "/answer/{path:path}": page.answer}
    handlers["/events"] = page.events
    routes = [Route(path, handle) for path, handle in handlers.items()]
    return guarded(Starlette(routes=routes, lifespan=running), host, token)


class Page:
    """What is served; it holds the replies and the watch while the server runs."""

    def __init__(self, replies: Replies, watch: Watch, near: bool) -> None:
        self.replies, self.watch, self.near = replies, watch, near

    async def front(self, request: Request) -> Response:
        """The page itself, without the token in its address."""
        from starlette.responses import HTMLResponse, RedirectResponse

        if request.query_params.get("token"):
            return RedirectResponse("/", 303)
        page = live_page({"mode": "live", "places": {}, "language": None})
        return HTMLResponse(page, headers={"Cache-Control": "no-store"})

    async def asset(self, request: Request) -> Response:
        """The script or the styles of the page, whose names change with what is in them."""
        from starlette.responses import PlainTextResponse, Response

        name = request.path_params["name"]
        if name == PLOTLY:
            headers = {"Content-Type": content_type(name), "Cache-Control": "max-age=3600"}
            return Response(plotly_script(), headers=headers)
        try:
            data = asset(name)
        except LamellaError as error:
            return PlainTextResponse(f"{error}\n", 404)
        headers = {
            "Content-Type": content_type(name),
            "Cache-Control": IMMUTABLE,
            "ETag": f'"{name}"',
        }
        if request.headers.get("if-none-match") == headers["ETag"]:
            return Response(status_code=304, headers=headers)
        if not self.near and "gzip" in request.headers.get("accept-encoding", ""):
            data = deflated(name)
            headers |= {"Content-Encoding": "gzip", "Vary": "Accept-Encoding"}
        return Response(data, headers=headers)

    async def answer(self, request: Request) -> Response:
        """An answer's pack; 304 where the browser has it, 503 where too many are waited for."""
        from starlette.responses import PlainTextResponse, Response

        raw = request.scope.get("raw_path") or request.url.path.encode()
        parts = parts_of(raw.decode("latin-1").partition("?")[0].removeprefix("/answer/"))
        try:
            reply = await self.replies.reply(parts)
        except Busy:
            return PlainTextResponse("Too many answers are waited for.\n", 503)
        headers = {"ETag": f'"{reply.mark}"', "Cache-Control": "no-cache", "Content-Type": BINARY}
        if request.headers.get("if-none-match") == headers["ETag"]:
            return Response(status_code=304, headers=headers)
        if not self.near and "gzip" in request.headers.get("accept-encoding", ""):
            packed = await self.replies.deflated(reply)
            if packed is not reply:
                headers |= {"Content-Encoding": "gzip", "Vary": "Accept-Encoding"}
            reply = packed
        return Response(reply.body, 200 if known(parts) else 404, headers=headers)

    async def events(self, request: Request) -> Response:
        """What changes, as server-sent events."""
        from starlette.responses import StreamingResponse

        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        return StreamingResponse(
            self.watch.events(), media_type="text/event-stream", headers=headers
        )
