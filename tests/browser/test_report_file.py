"""The report from disk, offline: asks for nothing, draws every panel, equals the live page."""

import numpy as np
import pytest
from driving import open_page, settled, state, until
from test_language_and_theme import words

import lamella
from lamella.page.report import write_report
from lamella.results import Curve
from lamella.story import Cell, Picture, Section, Sentence, Story

TABS = [
    *(("left", name) for name in ("training", "classes", "network")),
    *(("right", name) for name in ("topology", "units", "measured")),
]
CELL = "#a=bottleneck&b=wide&layer=fc1&epoch=2&split=test&measure=neighbour_error"
INSIDE = ("file:", "data:", "blob:")

INKED = """slot => {
    const { renderer, canvas } = lamella.clouds[slot], { gl } = renderer;
    const out = new Uint8Array(4 * canvas.width * canvas.height);
    renderer.draw();
    gl.readPixels(0, 0, canvas.width, canvas.height, gl.RGBA, gl.UNSIGNED_BYTE, out);
    return out.filter((value, at) => at % 4 === 3 && value).length;
}"""
PAINTED = """() => [...document.querySelectorAll(".map .field canvas:not(.over)")].map(canvas =>
    new Set(canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data).size)"""
SAID = (
    """() => [...document.querySelectorAll(".map .here")].map(n => n.getAttribute("aria-label"))"""
)
NUMBERS = """async () => {
    const [[, a], [, b]] = lamella.shown(), { grids } = lamella.drawnCube();
    const read = path => lamella.source.get(path);
    const where = [a.name, 0];
    const cell = await read(lamella.answerPath("cell", ...where, "fc1", 2, "test"));
    const cloud = await read(lamella.answerPath("cloud", ...where, "pca2", "fc1", 2));
    const guess = await read(lamella.answerPath("predictions", ...where, 2));
    const { birth, death } = cell.records.homology;
    return {
        a: [1, 2, 3].map(layer => grids.a.at(layer, 2)),
        b: [1, 2, 3].map(layer => grids.b.at(layer, 2)),
        birth: [...birth.data], death: [...death.data].filter(Number.isFinite),
        points: [...cloud.points.data], wrong: [...cloud.wrong.data],
        predicted: [...guess.predicted.data], p_true: [...guess.p_true.data],
        confusion: [...guess.confusion.test.data],
    };
}"""
TEXTS = """() => [".map .here", "#panel-card .values", "#epoch-name", "#layer-name"].map(place =>
    [...document.querySelectorAll(place)].map(n => n.ariaLabel || n.textContent).join())"""


def told():
    """A story with a link and a figure."""
    picture = Picture("lines", Curve([0, 1, 2], [[3, 1, 2]], ("error",)), "Errors fall.")
    sentence = Sentence("The classes part at fc1.", {"z": 7.0}, Cell("bottleneck", "fc1", 1))
    return Story(
        "Two nets", Sentence("B loses the classes."), (Section("Where", (sentence,), (picture,)),)
    )


@pytest.fixture(scope="module")
def report(runs, tmp_path_factory):
    """Where the report about the runs lies."""
    nets = {n: sorted((runs / n).iterdir()) for n in ("bottleneck", "wide")}
    return write_report(told(), tmp_path_factory.mktemp("away") / "r e#p.html", nets=nets).as_uri()


@pytest.fixture
def offline(page_of):
    """offline(locale=...): a page without a network, and what it asked for."""

    def make(**circumstances):
        page, asked = page_of(offline=True, **circumstances), []
        page.on("request", lambda request: asked.append(request.url))
        return page, asked

    return make


def everything_is_drawn(page):
    """Heat maps, clouds, and each tab with something on it or the reason why not."""
    assert min(page.evaluate(PAINTED)) > 5
    for slot in "ab":
        until(page, f"!!lamella.clouds.{slot}?.key")
        assert page.evaluate(INKED, slot) > 200
    for place, tab in TABS:
        page.click(f"#tab-{tab}")
        settled(page)
        body = page.locator(f"#panel-{tab} > .body")
        assert body.is_visible()
        drawn = body.locator("svg, canvas, table, .missing")
        assert drawn.count() > 0, f"{place}: {tab} is empty"
        assert all(text.strip() for text in body.locator(".missing").all_inner_texts()), tab


def the_story_is_drawn(page):
    page.locator("#panel-story").scroll_into_view_if_needed()
    page.wait_for_selector("#panel-story figure svg")
    page.click("#panel-story .to >> nth=0")
    settled(page)
    assert state(page, "layer", "epoch") == ["fc1", 1]


def the_cursor_moves(page):
    before = page.evaluate(SAID)
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowUp")
    settled(page)
    after = page.evaluate(SAID)
    assert [text != old for text, old in zip(after, before, strict=True)] == [True, True]
    assert state(page, "layer", "epoch") == ["input", 0]


def test_report_opens_from_disk_without_a_network(offline, report):
    page, asked = offline()
    open_page(page, report)
    everything_is_drawn(page)
    the_story_is_drawn(page)
    the_cursor_moves(page)
    assert asked
    assert [url for url in asked if not url.startswith(INSIDE)] == []
    assert page.evaluate("performance.getEntriesByType('resource').length") == 0


def test_report_says_the_numbers_of_the_live_page(offline, page, report, address, runs):
    file, _ = offline()
    inside, live = open_page(file, report, CELL), open_page(page, address, CELL)
    assert inside.evaluate(TEXTS) == live.evaluate(TEXTS)
    found, wanted = inside.evaluate(NUMBERS), live.evaluate(NUMBERS)
    coarse = {"birth": 2**-11, "death": 2**-11}  # of a report's diagrams, eleven bits
    for name, values in wanted.items():
        if name == "points":
            assert np.abs(np.subtract(found[name], values)).max() <= 8, name  # steps of 16
        else:
            assert found[name] == pytest.approx(values, rel=coarse.get(name, 0), abs=0), name
    stored = lamella.open_run(runs / "bottleneck" / "seed-0").record(
        "neighbour_error", "fc1", 2, "test"
    )
    assert found["a"][0] == pytest.approx(stored.columns["error"][0], rel=1e-6)


def test_report_in_russian_and_dark(offline, report):
    page, asked = offline(locale="ru-RU", color_scheme="dark")
    open_page(page, report)
    assert page.locator("html").get_attribute("data-theme") == "dark"
    assert page.locator("html").get_attribute("lang") == "ru"
    assert page.locator("#panel-cube h2").inner_text() == words("ru")["cube.title"]
    everything_is_drawn(page)
    the_story_is_drawn(page)
    the_cursor_moves(page)
    assert [url for url in asked if not url.startswith(INSIDE)] == []
