"""The live page about runs, served while a script or notebook goes on."""

from __future__ import annotations

import threading
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from lamella.narrative.general_story import verdict_of_runs
from lamella.page.access import token_for
from lamella.page.serve import LOCAL, address_of, listen, server_of
from lamella.subject.subject import POINTS, Subject, gather
from lamella.verbs.given_runs import GivenRun, paths_of, readable_runs

if TYPE_CHECKING:
    import socket

    import uvicorn


class LivePage:
    """A page that is being served: its `address`, and `close()`; it can be used in a `with`."""

    def __init__(self, address: str, server: uvicorn.Server, taken: socket.socket) -> None:
        self.address = address
        self._server, self._socket = server, taken
        self._thread = threading.Thread(
            target=server.run, kwargs={"sockets": [taken]}, name="lamella view", daemon=True
        )
        self._thread.start()

    @property
    def closed(self) -> bool:
        """Whether nothing is served any more."""
        return not self._thread.is_alive()

    def close(self) -> None:
        """End the server; the address answers no more."""
        while not self._server.started and self._thread.is_alive():
            self._thread.join(0.01)  # a server that is told to end while it starts leaves all open
        self._server.should_exit = True
        self._thread.join()
        self._socket.close()

    def __enter__(self) -> LivePage:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<the page at {self.address}{', closed' if self.closed else ''}>"

    def _repr_html_(self) -> str:
        return f'<a href="{self.address}" target="_blank">{self.address}</a>'


def view(
    *runs: GivenRun,
    host: str = LOCAL,
    port: int = 0,
    points: int = POINTS,
    token: bool = True,
    open: bool = False,
) -> LivePage:
    """Serve the page about runs, or folders that hold runs, also while they are recorded.

    The page is served in the background until `close()`, or until Python ends. Folders may be
    empty: the page waits for runs to be recorded there. Port 0 is a free one. The address holds a
    token, without which nobody reads the page, unless `token` is false. A cloud has at most
    `points` samples. With `open` the browser opens it. A RunWarning names the runs that cannot be
    read.
    """
    subject = Subject(gather(readable_runs(runs)), points=points, live=True)
    taken = listen(host, port)
    port = taken.getsockname()[1]
    secret = token_for(host, port) if token else ""
    address = address_of(host, port, secret)
    folders: list[Path] = paths_of(runs)
    server = server_of(subject, folders, host=host, token=secret, tell=verdict_of_runs)
    page = LivePage(address, server, taken)
    if open:
        import webbrowser

        webbrowser.open(address)
    return page
