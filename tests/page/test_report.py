"""The report: words and figures in one file that opens offline."""

import re

import numpy as np
import pytest
from view_examples import found

import lamella
from lamella.errors import BudgetError, RunError, UnknownName
from lamella.page.report import write_report
from lamella.results import Curve, Embedding, Matrix, Table
from lamella.story import Cell, Picture, Section, Sentence, Story

HOSTILE = "<script>window.hacked = 1</script>"


def story_of(*pictures, **facts):
    section = Section("Where", (Sentence("At fc2.", {"error": 0.012}),), pictures)
    return Story("Two nets", Sentence("B loses the classes.", {"z": 7.0}), (section,), facts)


def some_curve(points=3, series=1):
    rng = np.random.default_rng(0)
    names = tuple(f"s{k}" for k in range(series))
    return Curve(np.arange(points), rng.random((series, points)), names)


def test_verdict_stands_first_and_captions_are_numbered(tmp_path):
    story = story_of(
        Picture("lines", some_curve(), "Through the layers."),
        Picture("table", Table({"layer": ["fc1"], "error": [0.5]}), "By layer."),
        seed=3,
    )
    path = write_report(story, tmp_path / "new" / "report.html")
    page = path.read_text(encoding="utf-8")
    places = [
        page.index(text)
        for text in (
            "<h1>Two nets",
            "B loses the classes.",
            "z\u00a07",
            "At fc2.",
            "<b>Figure 1.</b> Through the layers.",
            "<td>fc1</td>",
            "<b>Figure 2.</b> By layer.",
            "<dt>seed</dt><dd>3</dd>",
        )
    ]
    assert places == sorted(places)
    assert '<a href="#section-1">Where</a>' in page


def test_asks_for_nothing_from_outside(tmp_path):
    page = write_report(story_of(Picture("lines", some_curve())), tmp_path / "r.html").read_text()
    assert "default-src 'none'" in page
    assert not re.findall(r"""(?:src|href)=["']?(?![#"'])""", page)
    assert "http" not in re.sub(r"(?s)<script.*?</script>|http-equiv", "", page)


def test_words_alone_carry_no_drawing_script(tmp_path):
    path = write_report(story_of(), tmp_path / "r.html")
    assert path.stat().st_size < 20_000


def test_same_story_same_bytes(tmp_path):
    story = story_of(Picture("lines", some_curve()))
    first, second = (write_report(story, tmp_path / n).read_bytes() for n in ("a.html", "b.html"))
    assert first == second


def test_clouds_of_a_thousand_points_take_little(tmp_path):
    cloud = Embedding(np.random.default_rng(0).normal(size=(1000, 2)), np.arange(1000) % 2)
    few, many = (
        write_report(story_of(*[Picture("cloud", cloud)] * count), tmp_path / "r.html").stat()
        for count in (1, 11)
    )
    assert (many.st_size - few.st_size) / 10 < 25_000
    assert few.st_size < 2_500_000


def test_what_does_not_fit_is_left_out_and_said(tmp_path):
    small, large = Picture("lines", some_curve()), Picture("lines", some_curve(4000, 4), "Large.")
    alone = write_report(story_of(small), tmp_path / "r.html").stat().st_size
    limit = (alone + 10_000) / 1e6
    page = write_report(story_of(large, small), tmp_path / "r.html", max_mb=limit).read_text()
    assert len(page.encode()) <= alone + 10_000
    assert page.count("Left out to keep the report under") == 1
    assert page.count('class="plot"') == 1


def test_an_impossible_budget_is_refused_before_anything_is_written(tmp_path):
    with pytest.raises(BudgetError, match=r"max_mb of at least \d+\.\d, got 0.001"):
        write_report(story_of(Picture("lines", some_curve())), tmp_path / "r.html", max_mb=0.001)
    assert not list(tmp_path.iterdir())


def test_one_figure_that_cannot_be_drawn_does_not_cost_the_report(tmp_path):
    bad = Picture("comparison", {"A": Matrix([[1.0]], "a", "b")}, "Alone.")
    page = write_report(
        story_of(bad, Picture("lines", some_curve())), tmp_path / "r.html"
    ).read_text()
    assert "could not be drawn: comparison() wants two matrices by name, got 1" in page
    assert page.count('class="plot"') == 1


def test_unknown_views_and_unwritable_paths_are_named(tmp_path):
    with pytest.raises(UnknownName, match="Nearest: barcode"):
        write_report(story_of(Picture("barcod", some_curve())), tmp_path / "r.html")
    (tmp_path / "file").write_text("")
    with pytest.raises(RunError, match="wants a file it can write"):
        write_report(story_of(), tmp_path / "file" / "r.html")


def test_hostile_names_stay_text(tmp_path):
    curve = Curve([HOSTILE, "fc2"], [[1, 2]], (HOSTILE,), HOSTILE, HOSTILE, HOSTILE)
    story = Story(
        HOSTILE,
        Sentence(HOSTILE, {HOSTILE: HOSTILE}, Cell(layer=HOSTILE)),
        (Section(HOSTILE, (Sentence(HOSTILE),), (Picture("lines", curve, HOSTILE),)),),
        {HOSTILE: HOSTILE},
    )
    page = write_report(story, tmp_path / "r.html").read_text()
    assert "<script>window.hacked" not in page


@pytest.fixture(scope="module")
def full_report(tmp_path_factory):
    """A report with the example of every view and a cloud with depth, hostile names among them."""
    pictures = []
    examples = found()
    for name in (name for name in lamella.view if name in examples):
        record, arguments = examples[name]()
        pictures.append(Picture(name, record, f"The view {name}.", arguments))
    pictures.append(Picture("cloud", Embedding(np.random.default_rng(0).normal(size=(50, 3)))))
    curve = Curve([HOSTILE, "fc2"], [[1, 2]], (HOSTILE,), HOSTILE, HOSTILE, HOSTILE)
    pictures.append(Picture("lines", curve, HOSTILE))
    story = Story(HOSTILE, Sentence("Done."), (Section("All", (), tuple(pictures)),))
    return write_report(story, tmp_path_factory.mktemp("report") / "report.html")


def test_every_figure_is_drawn_from_file_with_the_network_off(full_report, chromium):
    size = {"width": 1280, "height": 800}
    context = chromium.new_context(viewport=size, color_scheme="light", offline=True)
    page, trouble, requests = context.new_page(), [], []
    page.on("console", lambda m: m.type == "error" and trouble.append(m.text))
    page.on("pageerror", lambda error: trouble.append(str(error)))
    page.on("request", lambda request: requests.append(request.url))
    page.goto(full_report.as_uri())
    page.wait_for_selector("html[data-ready]")
    plots = page.locator("figure:has(.plot)")
    assert page.locator(".plot[data-drawn=light]").count() < plots.count()  # the rest is lazy
    for at in range(plots.count()):
        plots.nth(at).scroll_into_view_if_needed()
        plots.nth(at).locator(".plot[data-drawn=light] .main-svg").first.wait_for()
    assert page.locator(".missing").count() == 0
    assert page.evaluate("() => window.hacked") is None
    assert page.evaluate("() => document.documentElement.scrollWidth") <= 1280
    assert trouble == []
    assert [url for url in requests if not url.startswith(("file:", "blob:", "data:"))] == []
    context.close()


def test_figures_follow_a_change_of_theme(full_report, chromium):
    context = chromium.new_context(color_scheme="light", offline=True)
    page = context.new_page()
    page.goto(full_report.as_uri())
    page.locator(".plot[data-drawn=light]").first.wait_for()
    page.emulate_media(color_scheme="dark")
    page.locator(".plot[data-drawn=dark]").first.wait_for()
    assert page.locator(".plot[data-drawn=light]").count() == 0
    context.close()


def test_printing_draws_everything_in_the_light_theme(full_report, chromium, tmp_path):
    context = chromium.new_context(color_scheme="dark", offline=True)
    page = context.new_page()
    page.add_init_script(
        "addEventListener('afterprint', () => document.title ="
        " document.querySelectorAll('.plot[data-drawn]').length)"
    )
    page.goto(full_report.as_uri())
    page.wait_for_selector("html[data-ready]")
    page.pdf(path=tmp_path / "report.pdf")
    assert int(page.title()) == page.locator(".plot").count()
    context.close()


def test_an_old_browser_keeps_the_words_and_hears_why(full_report, chromium):
    context = chromium.new_context(offline=True)
    page = context.new_page()
    page.add_init_script("delete window.DecompressionStream")
    page.goto(full_report.as_uri())
    page.locator(".missing").first.wait_for()
    assert "too old to unpack the figures" in page.locator(".missing").first.inner_text()
    assert "Done." in page.inner_text("main")
    context.close()
