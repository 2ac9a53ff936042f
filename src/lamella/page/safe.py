"""Who may ask: the Host header, the token of an open address, and the headers of every reply."""

from __future__ import annotations

import hmac
import ipaddress
import secrets
from http.cookies import CookieError, SimpleCookie

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
LOOPBACK = ("127.0.0.1", "localhost", "::1")
COOKIE = "lamella"


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach an address.

    >>> is_loopback("127.0.0.1"), is_loopback("0.0.0.0")
    (True, False)
    """
    return host == "localhost" or (_is_address(host) and ipaddress.ip_address(host).is_loopback)


def new_token() -> str:
    """A secret that nobody guesses, to be shown once."""
    return secrets.token_urlsafe(24)


def host_allowed(header: str, host: str) -> bool:
    """Whether a Host header names this server, not a foreign name that was made to point here.

    On the loopback only its names count. Elsewhere the address asked for, any bare address (a
    page of another site cannot have one as its name), or the machine's own name.

    >>> host_allowed("127.0.0.1:8000", "127.0.0.1"), host_allowed("evil.example", "127.0.0.1")
    (True, False)
    """
    name = host_name(header)
    if is_loopback(host):
        return name in LOOPBACK
    return name == host or _is_address(name) or name in (*LOOPBACK, *_own_names())


def host_name(header: str) -> str:
    """The name in a Host header without its port.

    >>> host_name("[::1]:80"), host_name("a:80")
    ('::1', 'a')
    """
    if header.startswith("["):
        return header[1:].partition("]")[0].lower()
    return header.partition(":")[0].lower()


def token_given(token: str, query: str, cookie: str) -> bool:
    """Whether the token stands in the address or in the cookie; compared in constant time."""
    try:
        kept = SimpleCookie(cookie).get(COOKIE)
    except CookieError:
        kept = None
    given = [query, kept.value if kept else ""]
    return any(hmac.compare_digest(text.encode(), token.encode()) for text in given)


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def _own_names() -> tuple[str, ...]:
    import socket

    name = socket.gethostname().lower()
    return (name, socket.getfqdn().lower())
