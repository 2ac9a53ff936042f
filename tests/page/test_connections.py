"""A page that is left open: connections that say or take nothing lock nobody out."""

import contextlib
import http.client
import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest
from support.some_runs import measured, write_run

ASK = b"GET /answer/index HTTP/1.1\r\nHost: 127.0.0.1\r\n"


@contextlib.contextmanager
def served(folder):
    """A process that serves a folder, and its port."""
    # fmt: off
    command = [sys.executable, "-m", "lamella", "view", str(folder), "--no-token", "--json"]
    # fmt: on
    env = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2] / "src")}
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=env)
    try:
        line = next(line for line in server.stdout if '"url"' in line)
        yield server, int(line.rpartition(":")[2].strip('/", \n'))
    finally:
        server.terminate()
        server.communicate(timeout=20)


def answers(port):
    """Whether the index is answered, and in how many seconds."""
    begun = time.monotonic()
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=8)
    try:
        line.request("GET", "/answer/index")
        return line.getresponse().status, time.monotonic() - begun
    finally:
        line.close()


@pytest.fixture
def server(tmp_path):
    measured(write_run(tmp_path / "net"))
    with served(tmp_path) as found:
        yield found


def own_memory(pid):
    """Bytes that a process made; pages of files come and go as the system likes."""
    found = psutil.Process(pid).memory_info()
    return found.rss - found.shared


def test_half_requests_lock_nobody_out_and_silent_readers_fill_nothing(server):
    process, port = server
    assert answers(port)[0] == 200
    half = [socket.create_connection(("127.0.0.1", port)) for _ in range(420)]
    for each in half:
        with contextlib.suppress(OSError):
            each.sendall(ASK)
    status, seconds = answers(port)
    assert (status, seconds < 5) == (200, True)
    for each in half:
        each.close()
    time.sleep(0.5)
    before = own_memory(process.pid)
    deaf = [socket.create_connection(("127.0.0.1", port)) for _ in range(390)]
    for each in deaf:
        each.sendall(b"GET /events HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
    time.sleep(3)
    assert answers(port)[0] == 200
    assert own_memory(process.pid) - before < 60e6
    for each in deaf:
        each.close()


def test_what_is_not_finished_in_time_is_closed(monkeypatch):
    import asyncio

    from uvicorn import Config
    from uvicorn.server import ServerState

    from lamella.page import connections

    monkeypatch.setattr(connections, "HEADERS", 0.2)
    monkeypatch.setattr(connections, "UNFINISHED", 3)

    async def app(scope, receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"yes"})

    async def tried():
        config = Config(app, log_config=None)
        config.load()
        make = lambda: connections.BoundedProtocol(config, ServerState(), {})  # noqa: E731
        machine = await asyncio.get_running_loop().create_server(make, "127.0.0.1", 0)
        port = machine.sockets[0].getsockname()[1]
        slow = [await asyncio.open_connection("127.0.0.1", port) for _ in range(5)]
        for _, line in slow:
            line.write(b"GET / HT")
        oldest = await asyncio.wait_for(slow[0][0].read(), 0.15)  # makes room for the newest
        reader, line = await asyncio.open_connection("127.0.0.1", port)
        line.write(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        answer = await reader.readuntil(b"yes")
        rest = await asyncio.wait_for(reader.read(), 2)  # idle, and closed
        newest = await asyncio.wait_for(slow[4][0].read(), 2)
        for _, each in (*slow, (reader, line)):
            each.close()
        machine.close()
        return oldest, answer[:15], rest, newest

    assert asyncio.run(tried()) == (b"", b"HTTP/1.1 200 OK", b"\r\n0\r\n\r\n", b"")
