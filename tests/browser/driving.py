"""What the browser tests do to the page, and read from it."""

import time


def open_page(page, address, hash_=""):
    """Go to an address and wait until the page has drawn."""
    page.goto(address + hash_)
    page.wait_for_selector('body[data-ready="1"]')
    return page


def state(page, *names):
    """What the page's state says, one value or several."""
    values = page.evaluate("names => names.map(name => lamella.state[name])", list(names))
    return values[0] if len(names) == 1 else values


def click_cell(page, slot, layer, epoch):
    """Click the cell of A's or B's map at positions of layer and epoch."""
    place = page.evaluate(
        "([slot, l, e]) => lamella.cube.placeOf(slot, l, e)", [slot, layer, epoch]
    )
    page.mouse.click(place["x"], place["y"])


def until(page, expression, seconds=10):
    """Wait until an expression is true; playwright's own way needs eval, which the page forbids."""
    end = time.monotonic() + seconds
    while not page.evaluate(expression):
        assert time.monotonic() < end, f"not within {seconds} s: {expression}"
        page.wait_for_timeout(30)


def settled(page):
    """Wait until the frames that were asked for are drawn and the address is written."""
    page.evaluate("() => new Promise(done => setTimeout(() => requestAnimationFrame(done), 180))")
