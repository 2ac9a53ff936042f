"""On paper: every figure is drawn, in one column of a sheet's width, without controls."""

import pytest
from support.driving import open_page, settled, until

from lamella.page.report import write_report
from lamella.results import Curve
from lamella.story import Picture, Section, Sentence, Story

FIGURES = 15
SHEET = 718  # pixels between the margins of A4
BLANK = "document.querySelectorAll('#panel-story .picture:not([data-drawn])').length"
PRINTED = "document.body.dataset.printed === '1'"
CUT = """() => [...document.querySelectorAll("body *")].filter(node =>
    node.checkVisibility() && node.getBoundingClientRect().right > innerWidth + 1).length"""
WIDE = """() => Math.max(...[...document.querySelectorAll("#panel-story .plot-box svg")].map(
    svg => svg.getBoundingClientRect().width))"""
STILLS = """() => [...document.querySelectorAll("canvas.still")].map(canvas => {
    const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    return data.filter((value, at) => at % 4 === 3 && value).length;
})"""


def told():
    """A story longer than the window by many figures."""
    curves = (Curve([0, 1, 2], [[3, 1, at]], ("error",)) for at in range(FIGURES))
    pictures = tuple(Picture("lines", curve, f"Curve {at}.") for at, curve in enumerate(curves))
    return Story("Two nets", Sentence("B loses."), (Section("Curves", (), pictures),))


@pytest.fixture(scope="module")
def report(runs, tmp_path_factory):
    """Where a report with many figures lies."""
    nets = {n: sorted((runs / n).iterdir()) for n in ("bottleneck", "wide")}
    return write_report(told(), tmp_path_factory.mktemp("paper") / "r.html", nets=nets).as_uri()


def test_print_draws_every_figure_that_nobody_scrolled_to(page, report, tmp_path):
    open_page(page, report)
    assert page.evaluate(BLANK) != 0 or page.locator("#panel-story figure").count() == 0
    paper = page.pdf(path=tmp_path / "paper.pdf")
    assert page.locator("#panel-story figure").count() == FIGURES
    assert page.evaluate(BLANK) == 0
    assert len(paper) > 50_000
    assert not page.evaluate("document.documentElement.classList.contains('printing')")


def test_paper_is_light_one_column_and_has_no_controls(page_of, report):
    page = open_page(page_of(color_scheme="dark"), report)
    page.set_viewport_size({"width": SHEET, "height": 1000})
    settled(page)
    page.emulate_media(media="print")
    until(page, PRINTED)
    assert page.locator("html").get_attribute("data-theme") == "light"
    assert page.locator(".bar:visible, .tools:visible, select:visible").count() == 0
    assert page.evaluate(CUT) == 0
    assert 500 < page.evaluate(WIDE) <= SHEET
    assert page.evaluate(BLANK) == 0
    assert min(page.evaluate(STILLS)) > 200  # the clouds' pictures have points
    assert "bottleneck" in page.locator("#printed").inner_text()


def test_after_printing_the_page_is_as_before(page_of, report):
    page = open_page(page_of(color_scheme="dark"), report)
    page.emulate_media(media="print")
    until(page, PRINTED)
    page.emulate_media(media="screen")
    until(page, f"!({PRINTED})")
    settled(page)
    assert page.locator("html").get_attribute("data-theme") == "dark"
    assert page.locator("canvas.still").count() == 0
    assert page.locator("#bar select").first.is_visible()
