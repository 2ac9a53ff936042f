"""What is remembered stays within its bound and is made once."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import numpy as np
import pytest

from lamella.subject.cache import Cache


def test_the_bound_of_bytes_holds_and_the_oldest_goes():
    cache = Cache(3000)
    for key in "abc":
        cache.get(key, lambda: np.zeros(100))
    cache.get("a", lambda: pytest.fail("still there"))
    cache.get("d", lambda: np.zeros(100))
    assert cache.used <= 3000
    assert cache.peek("b") is None
    assert cache.peek("a") is not None


def test_what_is_larger_than_the_bound_is_not_kept():
    cache = Cache(10)
    assert len(cache.get("a", lambda: b"x" * 100)) == 100
    assert cache.peek("a") is None
    assert cache.used == 0


def test_threads_that_ask_together_share_one():
    cache, made, start = Cache(1000), [], Barrier(4)

    def ask(_):
        start.wait()
        return cache.get("a", lambda: made.append(1) or bytes(5))

    with ThreadPoolExecutor(4) as pool:
        assert len({id(value) for value in pool.map(ask, range(4))}) == 1
    assert made == [1]


def test_a_failure_is_told_and_not_kept():
    cache = Cache(1000)
    with pytest.raises(ZeroDivisionError):
        cache.get("a", lambda: 1 / 0)
    assert cache.get("a", lambda: 7) == 7


def test_a_reply_counts_with_its_body():
    from lamella.page.reply import Reply

    kept = Cache(10_000)
    for at in range(100):
        kept.get(at, lambda: Reply(bytes(3000), "mark"))
    assert kept.used <= 10_000
    assert sum(kept.peek(at) is not None for at in range(100)) == 2


def test_many_small_values_are_bounded_by_their_keys():
    kept = Cache(60_000)
    for at in range(1000):
        kept.get(("a", at), lambda: 1)
    assert sum(kept.peek(("a", at)) is not None for at in range(1000)) == 300
