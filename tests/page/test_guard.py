"""What the guard of the page refuses before anything else sees it, worked out case by case."""

import pytest
from support.own_loop import finished

from lamella.page.guard import guarded, refused

HOST = "127.0.0.1"


def scope(method="GET", host=HOST, kind="http", **more):
    headers = [(b"host", host.encode())]
    return {"type": kind, "method": method, "headers": headers, "query_string": b"", **more}


def asked(given, token=""):
    """Which requests reached the application, and the first message that was sent."""
    reached, sent = [], []

    async def application(scope, receive, send):
        reached.append(scope)
        await send({"type": "http.response.start", "status": 200, "headers": []})

    async def send(message):
        sent.append(message)

    finished(guarded(application, HOST, token)(given, None, send))
    return reached, sent[0]


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "get"])
def test_a_method_that_could_change_something_reaches_nothing(method):
    reached, answer = asked(scope(method))
    assert reached == []
    assert answer["status"] == 405
    assert refused(scope(method), HOST, "", "") == (405, "The page only reads.")


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_reading_passes(method):
    reached, answer = asked(scope(method))
    assert len(reached) == 1
    assert answer["status"] == 200
    assert b"x-frame-options" in dict(answer["headers"])


def test_a_foreign_name_is_refused_before_its_method_and_its_token():
    assert refused(scope("POST", "evil.example"), HOST, "t", "")[0] == 421
    assert refused(scope("POST"), HOST, "t", "")[0] == 405
    assert refused(scope(), HOST, "t", "")[0] == 403
    assert refused(scope(), HOST, "t", "t") is None


def test_sockets_are_closed():
    reached, answer = asked(scope(kind="websocket"))
    assert reached == []
    assert answer == {"type": "websocket.close", "code": 1008}
