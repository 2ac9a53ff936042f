"""Coroutines in a thread of their own: a browser of other tests leaves its loop in this one."""

import asyncio
from concurrent.futures import ThreadPoolExecutor


def finished(coroutine):
    """What a coroutine returns."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, coroutine).result()
