"""Words and marks have room: narrow windows, captions, ends of lines, a sheet without runs."""

import numpy as np
import pytest
from support.driving import open_page, settled

from lamella.page.report import write_report
from lamella.results import Images
from lamella.story import Cell, Picture, Section, Sentence, Story

CUT = """() => [...document.querySelectorAll(".verdict *, .scale *, .card *, .bar *")].filter(
    node => node.checkVisibility() && node.getBoundingClientRect().right > innerWidth + 1).length"""


@pytest.mark.parametrize("width", [700, 800, 1024])
@pytest.mark.parametrize("language", ["en", "ru"])
def test_nothing_is_cut_in_a_narrow_window(page, address, width, language):
    page.set_viewport_size({"width": width, "height": 900})
    open_page(page, address, f"#lang={language}")
    assert page.evaluate("document.documentElement.scrollWidth") == width
    assert page.evaluate(CUT) == 0


@pytest.fixture
def sheet(tmp_path):
    """A sheet of pictures about no run, as `lamella look` writes one."""
    pixels = np.zeros((24, 5, 5, 1), np.uint8)
    captions = tuple(f"epoch {i} ±0.{i}" for i in range(24))
    images = Images(pixels, captions=captions, columns=12)
    picture = Picture("image_grid", images, "Filters.")
    words = Sentence("What epoch 2 gives.", {}, Cell(None, "conv1", 2))
    return write_report(
        Story("Sheet", words, (Section("Filters", (words,), (picture, picture)),)),
        tmp_path / "look.html",
    ).as_uri()


def test_a_sheet_without_runs_has_no_dead_controls(page, sheet):
    open_page(page, sheet)
    assert page.locator("#bar select, #bar .step, #play").count() == 0
    assert page.locator("#theme").is_visible()
    assert page.locator("a.to").count() == 0


def test_captions_are_not_broken_inside_words(page, sheet):
    open_page(page, sheet)
    page.locator("#panel-story figure").last.scroll_into_view_if_needed()
    page.wait_for_selector(".figure-text")
    settled(page)
    lines = page.locator(".picture").last.locator(".figure-text").all_text_contents()
    assert len(lines) >= 24
    assert " ".join(lines).split()[:6] == ["epoch", "0", "±0.0", "epoch", "1", "±0.1"]


def test_lines_of_training_end_in_the_names_of_the_nets(page, address):
    page.set_viewport_size({"width": 1900, "height": 1000})
    open_page(page, address, "#left=training")
    ends = page.locator("#panel-training .plot-ends").first.locator("text")
    drawn = [
        text.split("\n")[0] for text in ends.evaluate_all("n => n.map(t => t.firstChild.data)")
    ]
    assert {"bottleneck", "wide"} <= set(drawn)


def test_description_of_a_net_gives_way_to_its_parameters(page, address):
    open_page(page, address)
    notes = page.locator(".map h3 small")
    for cut in notes.evaluate_all("nodes => nodes.map(n => n.scrollWidth > n.clientWidth)"):
        assert not cut
    assert all("parameters" in text for text in notes.all_inner_texts())
