"""Every request is checked before anything else sees it, and every reply gets its headers."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import parse_qs

from lamella.page.access import HEADERS, cookie_name, host_allowed, token_given

Message = MutableMapping[str, Any]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[MutableMapping[str, Any], Any, Send], Awaitable[None]]


def guarded(app: App, host: str, token: str) -> App:
    """An ASGI application behind the checks of Host, method and token."""
    added = [(name.lower().encode(), value.encode()) for name, value in HEADERS.items()]

    async def guard(scope: MutableMapping[str, Any], receive: Any, send: Send) -> None:
        if scope["type"] == "lifespan":
            return await app(scope, receive, send)
        if scope["type"] != "http":
            return await send({"type": "websocket.close", "code": 1008})
        given = _query(scope, "token")
        refusal = refused(scope, host, token, given)
        keep = [_cookie(token, _host(scope))] if token and given and not refusal else []

        async def send_safely(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", ()), *added, *keep]
            await send(message)

        if refusal:
            return await _refuse(send_safely, *refusal)
        await app(scope, receive, send_safely)

    return guard


def refused(
    scope: MutableMapping[str, Any], host: str, token: str, given: str
) -> tuple[int, str] | None:
    """Status and words of a refusal; None for a request that may pass."""
    named = _host(scope)
    if not host_allowed(named, host):
        return 421, "This address does not belong to lamella."
    if scope["method"] not in ("GET", "HEAD"):
        return 405, "The page only reads."
    cookies = "; ".join(_values(scope, b"cookie"))
    if token and not token_given(token, given, cookies, cookie_name(named)):
        return 403, "Open the address that lamella view printed."
    return None


async def _refuse(send: Send, status: int, words: str) -> None:
    body = f"{words}\n".encode()
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"cache-control", b"no-store")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def _query(scope: MutableMapping[str, Any], name: str) -> str:
    return parse_qs(scope.get("query_string", b"").decode("latin-1")).get(name, [""])[0]


def _values(scope: MutableMapping[str, Any], header: bytes) -> list[str]:
    return [value.decode("latin-1") for name, value in scope["headers"] if name.lower() == header]


def _host(scope: MutableMapping[str, Any]) -> str:
    """The Host header; nothing where there is none or several."""
    found = _values(scope, b"host")
    return found[0] if len(found) == 1 else ""


def _cookie(token: str, host: str) -> tuple[bytes, bytes]:
    """The cookie of this address.

    Lax, not Strict: a link in a notebook of another address leads here by a redirect, to which
    browsers send no strict cookie. The page only reads, so there is nothing else to be forged.
    """
    kept = f"{cookie_name(host)}={token}; HttpOnly; Path=/; SameSite=Lax"
    return b"set-cookie", kept.encode()
