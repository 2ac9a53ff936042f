"""What is remembered stays within its bound and is made once."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import numpy as np
import pytest

from lamella.subject.cache import Memo


def test_the_bound_of_bytes_holds_and_the_oldest_goes():
    memo = Memo(3000)
    for key in "abc":
        memo.get(key, lambda: np.zeros(100))
    memo.get("a", lambda: pytest.fail("still there"))
    memo.get("d", lambda: np.zeros(100))
    assert memo.used <= 3000
    assert memo.peek("b") is None
    assert memo.peek("a") is not None


def test_what_is_larger_than_the_bound_is_not_kept():
    memo = Memo(10)
    assert len(memo.get("a", lambda: b"x" * 100)) == 100
    assert memo.peek("a") is None
    assert memo.used == 0


def test_threads_that_ask_together_share_one():
    memo, made, start = Memo(1000), [], Barrier(4)

    def ask(_):
        start.wait()
        return memo.get("a", lambda: made.append(1) or bytes(5))

    with ThreadPoolExecutor(4) as pool:
        assert len({id(value) for value in pool.map(ask, range(4))}) == 1
    assert made == [1]


def test_a_failure_is_told_and_not_kept():
    memo = Memo(1000)
    with pytest.raises(ZeroDivisionError):
        memo.get("a", lambda: 1 / 0)
    assert memo.get("a", lambda: 7) == 7
