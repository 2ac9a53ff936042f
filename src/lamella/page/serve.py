"""A listening socket, the server of the page on it, and running it until it is interrupted."""

from __future__ import annotations

import socket
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from lamella.errors import bad_input
from lamella.page.live import Tell
from lamella.page.server import application
from lamella.subject.subject import Subject

if TYPE_CHECKING:
    import uvicorn

LOCAL = "127.0.0.1"
CONNECTIONS = 400


def listen(host: str, port: int) -> socket.socket:
    """A listening socket; InputError for an address that cannot be taken. Port 0 is a free one."""
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        made = socket.socket(family, socket.SOCK_STREAM)
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind((host, port))
        made.listen(128)  # who opens the printed address at once waits instead of being refused
    except OSError as error:
        raise bad_input(
            "lamella view",
            wanted="an address of this machine and a free port",
            got=f"{host}:{port} ({error.strerror or error})",
            do="Choose others with --host and --port, or leave them out",
        ) from error
    return made


def address_of(host: str, port: int, token: str) -> str:
    """The address to open.

    >>> address_of("127.0.0.1", 8000, ""), address_of("::", 80, "x")
    ('http://127.0.0.1:8000/', 'http://[::]:80/?token=x')
    """
    name = f"[{host}]" if ":" in host else host
    return f"http://{name}:{port}/" + (f"?token={token}" if token else "")


def server_of(
    subject: Subject,
    paths: Sequence[Path],
    *,
    host: str = LOCAL,
    token: str = "",
    tell: Tell | None = None,
) -> uvicorn.Server:
    """A server of the page, not yet running."""
    import uvicorn

    from lamella.page.connections import BoundedProtocol

    app = application(subject, paths, host=host, token=token, tell=tell)
    config = uvicorn.Config(
        app,
        http=BoundedProtocol,
        ws="none",
        log_level="critical",  # a page that is open at Ctrl-C is no error
        access_log=False,
        server_header=False,
        limit_concurrency=CONNECTIONS,
        timeout_graceful_shutdown=1,
    )
    return uvicorn.Server(config)


def serve(
    subject: Subject,
    paths: Sequence[Path],
    taken: socket.socket,
    *,
    host: str = LOCAL,
    token: str = "",
    tell: Tell | None = None,
) -> None:
    """Serve until Ctrl-C, with linear algebra on one thread, so that training keeps its cores."""
    from threadpoolctl import threadpool_limits

    with threadpool_limits(limits=1):
        server_of(subject, paths, host=host, token=token, tell=tell).run(sockets=[taken])
