"""`lamella view`: the page about runs, served on this machine."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from lamella.cli.output import print_json, warn
from lamella.cli.readable import tell_damaged

LOCAL = "127.0.0.1"


def command(
    runs: Annotated[list[Path], typer.Argument(help="Run folders, or folders that hold runs.")],
    host: Annotated[
        str, typer.Option(help="Another address, for other machines to read the page.")
    ] = LOCAL,
    port: Annotated[int, typer.Option(help="0 takes a free one.", min=0, max=65535)] = 0,
    open_: Annotated[
        bool, typer.Option("--open/--no-open", help="Open the page in the browser.")
    ] = False,
    points: Annotated[int, typer.Option(help="Samples in a cloud at most.", min=10)] = 1000,
    no_token: Annotated[
        bool, typer.Option("--no-token", help="Let everybody read who reaches the address.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the address as JSON.")] = False,
) -> None:
    """Show runs in the browser, also while they are recorded, until Ctrl-C.

    The printed address holds a token, without which nobody reads the page: others may have an
    account on this machine. It stays the same for the same --host and --port.

    Folders may be empty: the page waits for runs to be recorded there. Runs that cannot be read
    are left out and named.
    """
    from lamella.narrative.general_story import verdict_of_runs
    from lamella.page.access import token_for
    from lamella.page.serve import address_of, listen, serve
    from lamella.subject.subject import Subject, gather
    from lamella.verbs.given_runs import refuse_if_all, sorted_out

    readable, damaged = sorted_out(runs)
    refuse_if_all(readable, damaged)
    tell_damaged(damaged)
    if not readable:
        places = ", ".join(map(str, runs))
        warn(f"there is no run in {places} yet; the page waits for one to be recorded there.")
    yield_to_training()
    subject = Subject(gather(readable), points=points, live=True)
    socket = listen(host, port)
    taken = socket.getsockname()[1]
    token = "" if no_token else token_for(host, taken)
    address = address_of(host, taken, token)
    if as_json:
        print_json({"url": address, "nets": {n: len(r) for n, r in subject.nets.items()}})
    else:
        print(f"{address}\nCtrl-C ends it.")
    sys.stdout.flush()  # who reads this through a pipe waits for the address
    if open_:
        typer.launch(address)
    serve(subject, runs, socket, host=host, token=token, tell=verdict_of_runs)


def yield_to_training() -> None:
    """Let whatever trains on this machine go first."""
    if hasattr(os, "nice"):
        os.nice(10)
