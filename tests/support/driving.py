"""How the browser tests serve a page, what they do to it, and what they read from it."""

import json
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from importlib.resources import files


@contextmanager
def served(folder):
    """`lamella view` on a folder, until the context ends: the address."""
    command = [sys.executable, "-m", "lamella", "view", str(folder), "--no-token", "--json"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    url = json.loads(_document(process.stdout))["url"]
    _wait(url)
    yield url
    process.terminate()
    process.communicate(timeout=20)


def _wait(url, seconds=30):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            return urllib.request.urlopen(url, timeout=seconds).close()
        except urllib.error.URLError:
            time.sleep(0.05)
    raise AssertionError(f"{url} did not answer within {seconds} s")


def _document(lines):
    text = ""
    for line in lines:
        text += line
        try:
            json.loads(text)
        except ValueError:
            continue
        return text
    raise AssertionError(f"lamella view ended before it told its address: {text!r}")


def open_page(page, address, hash_=""):
    """Go to an address and wait until the page has drawn."""
    page.goto(address + hash_)
    page.wait_for_selector('body[data-ready="1"]')
    settled(page)
    return page


def state(page, *names):
    """What the page's state says, one value or several."""
    values = page.evaluate("names => names.map(name => lamella.state[name])", list(names))
    return values[0] if len(names) == 1 else values


def click_cell(page, slot, layer, epoch):
    """Click the cell of A's or B's map at positions of layer and epoch."""
    place = page.evaluate("([slot, l, e]) => lamella.placeOfCell(slot, l, e)", [slot, layer, epoch])
    page.mouse.click(place["x"], place["y"])


def until(page, expression, seconds=30):
    """Wait until an expression is true; playwright's own way needs eval, which the page forbids."""
    end = time.monotonic() + seconds
    while not page.evaluate(expression):
        assert time.monotonic() < end, f"not within {seconds} s: {expression}"
        page.wait_for_timeout(30)


def settled(page):
    """Wait until the frames that were asked for are drawn and the address is written.

    A busy machine takes its time for an answer; a panel that never gets one has a test of its own.
    """
    pause = "() => new Promise(done => setTimeout(() => requestAnimationFrame(done), 180))"
    page.evaluate(pause)
    end = time.monotonic() + 10
    while not page.evaluate("lamella.quiet()") and time.monotonic() < end:
        page.wait_for_timeout(30)
    page.evaluate("() => new Promise(requestAnimationFrame)")


def words(language):
    """What the page says in a language."""
    folder = files("lamella.page") / "assets"
    return json.loads((folder / f"words.{language}.json").read_text("utf-8"))
