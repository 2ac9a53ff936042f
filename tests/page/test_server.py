"""The server: what it serves, to whom, and how it takes many at once."""

import asyncio
import re

import pytest
from own_loop import finished
from some_runs import HOSTILE, measured, write_run

from lamella.page import pack
from lamella.page.reply import path_of
from lamella.page.server import application
from lamella.subject.subject import Subject, gather


async def request(app, path, method="GET", host="127.0.0.1:1", **headers):
    """Status, headers and body of one request, made without a network."""
    target, _, query = path.partition("?")
    lines = {"host": host, **headers}
    scope = {
        "type": "http",
        "method": method,
        "path": target,
        "raw_path": target.encode(),
        "query_string": query.encode(),
        "headers": [(k.replace("_", "-").encode(), v.encode()) for k, v in lines.items()],
    }
    sent, given = [], []

    async def receive():
        if given:
            await asyncio.sleep(60)
        given.append(1)
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message):
        sent.append(message)

    await app(scope, receive, send)
    head = {k.decode(): v.decode() for k, v in sent[0]["headers"]}
    return sent[0]["status"], head, b"".join(m.get("body", b"") for m in sent[1:])


def get(app, path, **options):
    return finished(request(app, path, **options))


@pytest.fixture
def folder(tmp_path):
    measured(write_run(tmp_path / "runs" / "net", layers=("fc1", HOSTILE, "head")))
    (tmp_path / "secret.txt").write_text("secret")
    return tmp_path / "runs"


@pytest.fixture
def app(folder):
    return application(Subject(gather([folder]), live=True), [folder])


LISTED = re.compile(r'(?:src|href)="/assets/([^"]+)"')


def test_the_page_asks_for_one_script_and_one_sheet(app):
    status, headers, body = get(app, "/")
    assert status == 200
    assert headers["content-type"].startswith("text/html")
    names = LISTED.findall(body.decode())
    assert [name.rpartition(".")[2] for name in names] == ["css", "js"]
    for name, kind in zip(names, ("text/css", "text/javascript"), strict=True):
        status, headers, text = get(app, f"/assets/{name}")
        assert (status, headers["content-type"].partition(";")[0]) == (200, kind)
        assert len(text) > 10_000
        assert "immutable" in headers["cache-control"]
        assert get(app, f"/assets/{name}", if_none_match=headers["etag"])[0] == 304


def test_every_reply_forbids_all_but_its_own(app):
    for path in ("/", "/assets/core/state.js", "/answer/index", "/nowhere", "/assets/nothing"):
        headers = get(app, path)[1]
        assert headers["x-content-type-options"] == "nosniff"
        assert "default-src 'none'; script-src 'self'" in headers["content-security-policy"]
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert "access-control-allow-origin" not in headers


def test_answers_are_found_by_hostile_names(app):
    path = path_of("cloud", "net", 0, "pca2", HOSTILE, 4)
    status, _, body = get(app, f"/answer/{path}")
    assert status == 200
    assert len(pack.read(body)["points"]) == 20


@pytest.mark.parametrize("host", ["evil.example", "evil.example:1", "", "127.0.0.1.evil.example"])
def test_a_foreign_name_is_refused(app, host):
    assert get(app, "/answer/index", host=host)[0] == 421


def test_nothing_outside_the_runs_is_read_or_written(app):
    for path in ("/assets/../pack.py", "/assets/..%2Fpack.py", "/assets/%2e%2e/pack.py"):
        assert get(app, path)[0] == 404
    status, _, body = get(app, "/answer/samples/..%2F..%2Fsecret.txt")
    assert status == 200
    assert "no net is called" in pack.read(body)["missing"]
    assert get(app, "/answer/index", method="POST")[0] == 405


def test_another_host_wants_the_token_and_a_cookie_keeps_it(folder):
    app = application(Subject(gather([folder])), host="0.0.0.0", token="t0ken")
    open_host = {"host": "192.0.2.7:80"}
    assert get(app, "/", **open_host)[0] == 403
    assert get(app, "/?token=wrong", **open_host)[0] == 403
    status, headers, _ = get(app, "/?token=t0ken", **open_host)
    assert status == 303
    assert headers["location"] == "/"
    cookie = headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    kept = cookie.partition(";")[0]
    assert get(app, "/answer/index", cookie=kept, **open_host)[0] == 200
    assert get(app, "/answer/index", cookie="lamella=other", **open_host)[0] == 403
    assert get(app, "/", host="evil.example", cookie=kept)[0] == 421


def test_an_answer_that_the_browser_has_is_not_sent_again(app):
    _, headers, _ = get(app, "/answer/training/net")
    status, _, body = get(app, "/answer/training/net", if_none_match=headers["etag"])
    assert status == 304
    assert body == b""


def test_far_clients_get_deflated_answers_and_files(folder):
    import gzip

    app = application(Subject(gather([folder])), host="0.0.0.0", token="t")
    path = "/answer/index?token=t"
    options = {"host": "192.0.2.7", "accept_encoding": "gzip"}
    _, headers, body = get(app, path, **options)
    assert headers["content-encoding"] == "gzip"
    assert pack.read(gzip.decompress(body))["nets"][0]["name"] == "net"
    page = get(app, "/?token=", **options, cookie="lamella=t")[2].decode()
    for name in LISTED.findall(page):
        near = get(application(Subject(gather([folder]))), f"/assets/{name}")[2]
        _, headers, body = get(app, f"/assets/{name}?token=t", **options)
        assert headers["content-encoding"] == "gzip"
        assert len(body) < len(near) / 3
        assert gzip.decompress(body) == near


def test_fifty_who_ask_for_the_same_share_one_answer(app, monkeypatch):
    from lamella.page import reply

    made = []
    real = reply.reply_to
    monkeypatch.setattr(reply, "reply_to", lambda *a: made.append(a) or real(*a))

    async def all_at_once():
        asked = (request(app, "/answer/cloud/net/0/pca3/fc1/4") for _ in range(50))
        return await asyncio.gather(*asked)

    replies = finished(all_at_once())
    assert {status for status, _, _ in replies} == {200}
    assert len({body for _, _, body in replies}) == 1
    assert len(made) == 1


def test_more_than_can_be_made_is_refused_with_a_word(app, monkeypatch):
    from lamella.page import reply

    monkeypatch.setattr(reply, "WAITING", 0)
    assert get(app, "/answer/index")[0] == 503


def test_what_is_written_later_is_in_the_next_answer(app, folder):
    from lamella import store
    from lamella.results import Table

    get(app, "/answer/cube/net/neighbour_error")
    cell = ("fc1", 4, "test")
    store.write_result(folder / "net", "neighbour_error", *cell, Table({"error": [77.0]}))
    found = pack.read(get(app, "/answer/cube/net/neighbour_error")[2])
    assert found["values"][0, 1, 1, 2] == 77
