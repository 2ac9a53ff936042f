"""The address: it opens the same view, follows every change, and survives nonsense."""

from urllib.parse import parse_qs, urlsplit

from driving import open_page, settled, state, until


def test_link_opens_the_same_view(page, address):
    place = "#a=wide&b=bottleneck&layer=act1&epoch=1&split=train&measure=fisher_ratio&sel=1.a"
    open_page(page, address, place)
    names = ("a", "b", "layer", "epoch", "split", "measure")
    assert state(page, *names) == ["wide", "bottleneck", "act1", 1, "train", "fisher_ratio"]
    assert page.evaluate("[...lamella.selection()]") == [1, 10]


def test_every_change_is_in_the_address(opened):
    opened.keyboard.press("ArrowLeft")
    opened.keyboard.press("d")
    opened.evaluate("lamella.select([35, 2])")
    settled(opened)
    told = parse_qs(urlsplit(opened.url).fragment)
    assert told["epoch"] == ["2"]
    assert told["compare"] == ["difference"]
    assert told["sel"] == ["2.z"]


def test_back_leaves_the_page_and_a_changed_hash_moves_the_cursor(opened):
    opened.keyboard.press("ArrowLeft")
    settled(opened)
    assert opened.evaluate("history.length") <= 2
    opened.evaluate("location.hash = 'a=bottleneck&b=none&layer=fc1&epoch=0'")
    until(opened, "lamella.state.epoch === 0")
    assert state(opened, "layer", "b") == ["fc1", None]


def test_names_that_do_not_exist_become_ones_that_do(page, address):
    open_page(page, address, "#a=nobody&b=none&layer=nowhere&epoch=x&split=maybe&measure=beauty")
    assert state(page, "a", "b", "split") == ["bottleneck", None, "test"]
    assert state(page, "measure") == "neighbour_error"
    assert state(page, "epoch") == 3
