"""Access to the page: the Host header, the token and its cookie, the headers of every reply."""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import os
import re
import secrets
from base64 import urlsafe_b64encode
from pathlib import Path

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
HOST = re.compile(r"\[([0-9a-f:.]+)\](?::(\d+))?|([^:\[\]/@\s]+)(?::(\d+))?", re.I)


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach an address.

    >>> is_loopback("127.0.0.1"), is_loopback("0.0.0.0")
    (True, False)
    """
    return host == "localhost" or (_is_address(host) and ipaddress.ip_address(host).is_loopback)


def token_for(host: str, port: int) -> str:
    """A secret that nobody guesses, the same at the next start on the same address.

    So a page that stayed open finds its server again. It follows from a key in a file that only
    this user reads; where there can be none, it is another one at each start.
    """
    key = own_key()
    if key is None:
        return secrets.token_urlsafe(24)
    digest = hmac.new(key, f"{host}:{port}".encode(), hashlib.sha256).digest()
    return urlsafe_b64encode(digest[:24]).decode()


def own_key() -> bytes | None:
    """The key of this user, made at the first call; None where it cannot be kept to oneself."""
    folder = Path(os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state") / "lamella"
    file = folder / "page-key"
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        if not file.exists():
            flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
            with open(os.open(file, flags, 0o600), "wb") as made:
                made.write(secrets.token_bytes(32))
        found = file.stat()
        key = file.read_bytes()
    except (OSError, RuntimeError):
        return None
    mine = os.name == "nt" or (found.st_uid == os.getuid() and not found.st_mode & 0o077)
    return key if mine and len(key) == 32 else None


def host_allowed(header: str, host: str) -> bool:
    """Whether a Host header names this server, not a foreign name that was made to point here.

    On the loopback its names count, and the address that was asked for. Elsewhere that address,
    any bare address (a page of another site cannot have one as its name), or the machine's own
    name.

    >>> host_allowed("127.0.0.1:8000", "127.0.0.1"), host_allowed("evil.example", "127.0.0.1")
    (True, False)
    >>> host_allowed("[::1]evil.example", "::1"), host_allowed("127.0.0.2", "127.0.0.2")
    (False, True)
    """
    name = host_name(header)
    if is_loopback(host):
        return name in (*LOOPBACK, host.lower())
    return name == host.lower() or _is_address(name) or name in (*LOOPBACK, *_own_names())


def host_name(header: str) -> str:
    """The name in a Host header without its port; nothing for what is no such header.

    >>> host_name("[::1]:80"), host_name("a:80"), host_name("[127.0.0.1")
    ('::1', 'a', '')
    """
    found = HOST.fullmatch(header)
    if found is None:
        return ""
    inner = found[1]
    if inner is not None and not (_is_address(inner) and ":" in inner):
        return ""
    return (inner or found[3]).lower()


def cookie_name(header: str) -> str:
    """The name of the cookie of an address: browsers share cookies between ports.

    >>> cookie_name("127.0.0.1:8000"), cookie_name("[::1]:80"), cookie_name("a")
    ('lamella-8000', 'lamella-80', 'lamella-80')
    """
    found = HOST.fullmatch(header)
    port = (found[2] or found[4]) if found else None
    return f"lamella-{port or 80}"


def token_given(token: str, query: str, cookies: str, name: str) -> bool:
    """Whether the token stands in the address or in the cookie; compared in constant time.

    >>> token_given("t", "", 'odd={"a": 1}; lamella-80=t', "lamella-80")
    True
    """
    pairs = (each.strip().partition("=") for each in cookies.split(";"))
    given = [query, *(value.strip('"') for found, _, value in pairs if found == name)]
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
