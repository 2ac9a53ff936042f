"""Runs of the worst names, sizes and gaps: the page and the report open, and names stay text."""

import pytest
from driving import open_page, served, settled, state, until
from hostile_runs import ATTACK, LAYERS, LONG, RIGHT_TO_LEFT, write_hostile

from lamella.page.report import write_report
from lamella.results import Table
from lamella.story import Cell, Picture, Section, Sentence, Story
from lamella.subject.subject import gather

TABS = [("training", "topology"), ("classes", "units"), ("network", "measured")]
LAST = "a => lamella.set({ a, b: null, layer: '', epoch: 1e9, sample: null })"
FOREIGN = """() => [window.hacked ?? 0, document.querySelectorAll("img, iframe, object").length,
    document.querySelectorAll("[onerror], [onload]").length]"""
OVERFLOW = "() => document.documentElement.scrollWidth - innerWidth"
CLOUD = "layer => lamella.answerPath('cloud', lamella.state.a, 0, 'pca2', layer, 1)"
FAILED = "() => document.querySelectorAll('[data-failed]').length"

VINES = """() => {
    const plot = document.querySelector("[data-vines] .plot-box").lamellaPlot;
    const places = plot.marks.filter(mark => mark.xs).flatMap(mark => [...mark.xs]);
    return [[...new Set(places)], plot.cursorAt];
}"""


@pytest.fixture(scope="module")
def hostile(tmp_path_factory):
    return write_hostile(tmp_path_factory.mktemp("hostile"))


@pytest.fixture(scope="module")
def live(hostile, chromium):
    """Where the page about the runs is served."""
    with served(hostile) as url:
        yield url


@pytest.fixture(scope="module")
def file(hostile):
    """Where the report about them lies, with a story of the same words."""
    sentence = Sentence(f"{ATTACK} at {LONG}.", {ATTACK: 1.0}, Cell(ATTACK, LAYERS[1], 1))
    picture = Picture("table", Table({ATTACK: [LONG, RIGHT_TO_LEFT]}), LONG)
    story = Story(ATTACK, sentence, (Section(LONG, (sentence,), (picture,)),), {LONG: ATTACK})
    nets = {net: runs for net, runs in gather([hostile]).items() if net != "deep"}  # takes a minute
    return write_report(story, hostile / "report.html", nets=nets).as_uri()


@pytest.fixture(params=["live", "file"])
def place(request):
    return request.getfixturevalue(request.param)


def looked_at(page):
    """Open every tab; nothing that a name brought runs, no panel fails."""
    for left, right in TABS:
        page.evaluate("tabs => lamella.set(tabs)", {"left": left, "right": right})
        settled(page)
        assert page.evaluate(FOREIGN) == [0, 0, 0], (left, right)
        assert page.evaluate(FAILED) == 0, (left, right)
        assert page.evaluate(OVERFLOW) <= 0, (left, right)


def test_every_net_opens_on_every_tab(page, place):
    page.set_viewport_size({"width": 1280, "height": 800})
    open_page(page, place)
    nets = page.evaluate("lamella.index.nets.map(net => net.name)")
    assert len(nets) >= 9
    for net in nets:
        page.evaluate(LAST, net)
        looked_at(page)
        assert state(page, "a") == net


def test_worst_names_are_text_and_every_layer_answers(page, live):
    page.set_viewport_size({"width": 1024, "height": 768})
    open_page(page, live)
    page.evaluate("([a, b]) => lamella.set({ a, b })", [ATTACK, LONG])
    looked_at(page)
    shown = page.evaluate(
        "[...document.querySelectorAll('.map .lab span')].map(n => n.textContent)"
    )
    assert [name for name in LAYERS if name not in shown] == []
    assert page.get_by_text(ATTACK, exact=True).count() > 0
    for layer in LAYERS:
        page.evaluate("layer => lamella.set({ layer, epoch: 1 })", layer)
        settled(page)
        path = page.evaluate(CLOUD, layer)
        assert "points" in page.evaluate("path => lamella.source.get(path)", path), layer


def test_a_name_survives_the_address(page, live):
    open_page(page, live)
    page.evaluate("([a, b, layer]) => lamella.set({ a, b, layer })", [ATTACK, LONG, LAYERS[0]])
    settled(page)
    open_page(page, live, "#" + page.url.partition("#")[2])
    assert state(page, "a", "b", "layer") == [ATTACK, LONG, LAYERS[0]]


def test_epochs_that_double_stand_side_by_side_under_the_vines(page, live):
    open_page(page, live, "#a=killed&b=none&layer=fc1&epoch=1&right=topology")
    until(page, "!!document.querySelector('[data-vines] .plot-box')")
    page.evaluate("([a]) => lamella.set({ a, b: null, layer: 'head', epoch: 4 })", [ATTACK])
    until(page, f"({VINES})()[1] === 2")
    assert page.evaluate(VINES) == [[0, 1, 2], 2]
    assert "4" in page.locator("[data-vines] .plot-tick").all_text_contents()


def test_the_page_opens_where_the_shown_seed_was_recorded(page, live):
    open_page(page, live)
    page.evaluate(
        """() => { const gappy = lamella.netNamed("gappy");
                   const net = { ...gappy, name: "other", seed_epochs: [[0, 1]] };
                   lamella.state.epoch = -1;
                   lamella.state.a = "other";
                   lamella.setIndex({ ...lamella.index, nets: [net] }); }"""
    )
    assert state(page, "epoch") == 1
