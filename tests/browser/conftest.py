"""A served page over runs small enough to be made here, in headless chromium.

Any console error and any panel that failed fails the test.
"""

import pytest
from support.driving import open_page, served
from support.small_runs import record_net


@pytest.fixture(scope="session")
def runs(tmp_path_factory):
    """A folder with wide in two seeds and bottleneck in one."""
    folder = tmp_path_factory.mktemp("runs")
    for name, seed in (("wide", 0), ("wide", 1), ("bottleneck", 0)):
        record_net(folder, name, seed)
    return folder


@pytest.fixture(scope="session")
def address(runs, chromium):
    """Where the page about the runs is served."""
    with served(runs) as url:
        yield url


@pytest.fixture
def page(chromium):
    """A page at 1440 x 900 in English; ends with an error where the page logged one."""
    yield from _watched(chromium, {})


@pytest.fixture(scope="module")
def one_page(chromium, address):
    """The page about the runs, drawn: one for all tests of a file."""
    watched = _watched(chromium, {})
    yield open_page(next(watched), address)
    next(watched, None)


@pytest.fixture
def page_of(chromium):
    """A page with other circumstances: page_of(locale="ru", color_scheme="dark")."""
    opened = []

    def make(**circumstances):
        opened.append(_watched(chromium, circumstances))
        return next(opened[-1])

    yield make
    for watched in opened:
        next(watched, None)


def _watched(browser, circumstances):
    settings = {"viewport": {"width": 1440, "height": 900}, "locale": "en-GB"} | circumstances
    context, errors = browser.new_context(**settings), []
    page = context.new_page()
    page.set_default_timeout(15_000)
    page.on("pageerror", lambda error: errors.append(f"{error}\n{error.stack}"))
    page.on("console", lambda said: errors.append(said.text) if said.type == "error" else None)
    yield page
    failed = page.evaluate("(window.lamella?.failures ?? []).map(f => `${f.panel}: ${f.error}`)")
    context.close()
    assert errors + failed == []


@pytest.fixture
def opened(page, address):
    """The page about the runs, drawn."""
    return open_page(page, address)
