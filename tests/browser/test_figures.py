"""Figure values on the page: each mark draws the numbers it was given, read back from the page."""

import base64

import numpy as np
import pytest

from lamella.page import pack
from lamella.page.figures import drawn
from lamella.page.records import small
from lamella.plots.drawable import Frame
from lamella.plots.figure import Figure
from lamella.plots.marks import (
    Band,
    Bars,
    Dots,
    Line,
    Pictures,
    Rule,
    Text,
)
from lamella.plots.panels import Axis, Panel
from lamella.results import Curve, Diagrams, Embedding, Matrix, Table

DRAW = """([text, width]) => {
  document.getElementById("figure")?.remove();
  const host = document.createElement("div");
  host.id = "figure";
  Object.assign(host.style, { position: "fixed", left: 0, top: 0, zIndex: 20,
    width: `${width}px`, background: "var(--paper)" });
  document.body.append(host);
  const raw = Uint8Array.from(atob(text), c => c.charCodeAt(0));
  window.picked = [];
  lamella.drawFigure(host, lamella.readPack(raw.buffer, 0, raw.length),
    { pick: (row, column) => window.picked.push([row, column]) });
  return new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
}"""
PLOT = "document.querySelector('#figure .plot-box').lamellaPlot"


@pytest.fixture
def draw(one_page):
    """draw(figure or (view, record, arguments), width): the page with the figure on it."""

    def run(what, width=720):
        facts = {"figure": small(what.facts())} if isinstance(what, Figure) else drawn(*what)
        text = base64.b64encode(pack.write(facts)).decode()
        one_page.evaluate(DRAW, [text, width])
        return one_page.locator("#figure")

    return run


def panel(*marks, **how):
    return Figure((Panel(marks, **how),))


def units(figure, selector, attribute="d"):
    """Places (x, y) that the first path of a selector passes through, in units of its axes."""
    return figure.page.evaluate(
        """([selector, attribute]) => {
          const node = document.querySelector(`#figure ${selector}`);
          const p = node.closest(".plot-box").lamellaPlot, { left, top, width, height } = p.area;
          const path = node.getAttribute(attribute).replaceAll("h0", "");
          const at = path.match(/[-\\d.]+/g).map(Number);
          const flip = p.options.y.flip;
          return at.map((v, i) => {
            if (i % 2 === 0) return p.x.value((v - left) / width);
            const up = 1 - (v - top) / height;
            return p.y.value(flip ? 1 - up : up);
          });
        }""",
        [selector, attribute],
    )


def test_lines_pass_through_their_values_over_named_places(draw):
    curve = Curve(
        ["input", "fc1", "fc2"], [[5, 3, 1], [5, 4, 4]], ("wide", "narrow"), "layer", "error"
    )
    figure = draw(("lines", curve, {"zero": True}))
    assert units(figure, '[data-series="wide"]')[1::2] == pytest.approx([5, 3, 1], abs=0.05)
    ticks = figure.locator(".plot-tick").all_text_contents()
    assert {"input", "fc1", "fc2", "0"} <= set(ticks)
    assert figure.locator(".plot-ends text").all_text_contents() == ["widewide", "narrownarrow"]


def test_a_band_on_a_logarithmic_axis(draw):
    axis = Axis("loss", log=True)
    figure = draw(panel(Band([1, 2, 3], [1, 10, 100], [2, 20, 200], label="band"), y=axis))
    there = units(figure, '[data-series="band"]')[1::2]
    assert there == pytest.approx([1, 10, 100, 200, 20, 2], rel=0.03)


def test_ticks_and_numbers_are_those_of_the_value(draw):
    value = panel(Line([0, 1], [0, 42.5]), y=Axis("%"))
    figure = draw(value)
    shown = figure.locator(".plot-tick").all_text_contents()
    assert set(value.panels[0].y.texts) <= set(shown)


def test_cells_print_their_texts_and_show_what_is_missing(draw):
    matrix = Matrix(
        [[42.5, 2], [np.nan, 4]], ("fc1", "fc2"), ("0", "8"), "layer", "epoch", "error, %"
    )
    figure = draw(("heat_map", matrix, {"better": "low"}))
    assert figure.locator(".figure-number").all_text_contents() == ["43", "2.0", "n/a", "4.0"]
    assert figure.locator(".figure-none").count() == 1
    said = figure.inner_text()
    assert "lower is better" in said
    assert "error, %" in said
    assert figure.locator(".cells-scale").inner_text().split()[:2] == ["0", "43"]


def test_a_click_on_a_cell_tells_its_row_and_column(draw):
    counts = Matrix([[8.0, 2], [1, 9]], ("cat", "dog"), ("cat", "dog"))
    figure = draw(("confusion_matrix", counts, {}))
    box = figure.locator(".figure-number").nth(1).bounding_box()
    figure.page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    assert figure.page.evaluate("picked") == [[0, 1]]
    assert "17 of 20 right, 85.0 %" in figure.inner_text()


def test_what_lies_under_the_pointer_is_told(draw):
    counts = Matrix([[8.0, 2], [1, 9]], ("cat", "dog"), ("cat", "dog"))
    figure = draw(("confusion_matrix", counts, {}))
    box = figure.locator(".figure-number").nth(2).bounding_box()
    figure.page.mouse.move(box["x"] + 3, box["y"] + 5)
    assert figure.page.inner_text("#tip").split("\n") == ["true dog, predicted cat", "samples: 1.0"]
    figure.page.mouse.move(900, 700)


def test_segments_share_one_scale_and_endless_ones_have_an_arrow(draw):
    short = Diagrams([0, 0, 0.5], [np.inf, 1, 1], [0, 0, 1], threshold=0.7)
    figure = draw(("barcodes", {"input": short, "head": Diagrams([0], [4], [0])}, {}))
    assert figure.locator(".plot-segment").count() == 4
    assert figure.locator(".plot-segment.endless").count() == 1
    assert figure.locator(".plot-segment[opacity]").count() == 1
    ends = figure.page.evaluate(
        "() => [...document.querySelectorAll('#figure .plot-box')].map(b => b.lamellaPlot.x.high)"
    )
    assert len(set(ends)) == 1
    assert ends[0] >= 4


def test_dots_stand_in_their_places_in_the_colour_of_their_group(draw):
    dots = Dots([1, 2], [3, 5], groups=[0, 1], colours=("class0", "class4"), size=6)
    figure = draw(panel(dots, x=Axis(range=(0, 4)), y=Axis(range=(0, 8)), square=True))
    paths = figure.page.evaluate(
        """() => [...document.querySelectorAll("#figure .figure-dots")].map(node => {
          const p = node.closest(".plot-box").lamellaPlot, { left, top, width, height } = p.area;
          const [x, y] = node.getAttribute("d").match(/[-\\d.]+/g).map(Number);
          return [getComputedStyle(node).fill, p.x.value((x - left) / width),
                  p.y.value(1 - (y - top) / height), width / 4 - height / 8];
        })"""
    )
    assert [path[0] for path in paths] == ["rgb(0, 114, 178)", "rgb(213, 94, 0)"]
    assert [path[1:3] for path in paths] == [
        pytest.approx([1, 3], abs=0.02),
        pytest.approx([2, 5], abs=0.02),
    ]
    assert paths[0][3] == pytest.approx(0)  # a unit is as long across as it is up


def test_bars_rules_and_words_stand_where_they_should(draw):
    words = Text([1], [3], ("<b>three</b>",)), Text([0.5], [0.5], ("middle",), inside=True)
    marks = Bars([1, 2], [3, 5]), Rule(y=4, label="limit"), *words
    figure = draw(panel(*marks, x=Axis(range=(0, 3)), y=Axis(range=(0, 6))))
    heights = figure.page.evaluate(
        "() => [...document.querySelectorAll('#figure .plot-bar')].map(bar => "
        f"bar.height.baseVal.value * 6 / {PLOT}.area.height)"
    )
    assert heights == pytest.approx([3, 5], abs=0.03)
    assert figure.locator(".plot-note").text_content() == "limit"
    assert figure.locator(".figure-text").all_text_contents() == ["<b>three</b>", "middle"]
    assert figure.locator("b").count() == 0


def test_pictures_keep_their_pixels_and_places(draw):
    pixels = np.array([0, 80, 160, 240], np.uint8).reshape(4, 1, 1, 1)
    pictures = Pictures(pixels, [0, 1, 0, 1], [0, 0, 1, 1], 1, 1, titles=tuple("abcd"))
    figure = draw(panel(pictures, y=Axis(flip=True, hidden=True), x=Axis(hidden=True), square=True))
    seen = figure.page.evaluate(
        """async () => {
          const image = new Image();
          image.src = document.querySelector("#figure image").getAttribute("href");
          await image.decode();
          const canvas = Object.assign(document.createElement("canvas"), { width: 2, height: 2 });
          const pen = canvas.getContext("2d");
          pen.imageSmoothingEnabled = false;
          pen.drawImage(image, 0, 0, 2, 2);
          return [...pen.getImageData(0, 0, 2, 2).data].filter((_, i) => i % 4 === 0);
        }"""
    )
    assert seen == [0, 80, 160, 240]


def test_a_table_keeps_its_texts_and_sorts_by_its_numbers(draw):
    table = Table({"share": [0.2, 0.9, 0.5], "name": ["<img src=x>", "b", "a"]})
    figure = draw(("table", table, {}))
    figure.page.get_by_role("button", name="share").last.click()
    shares = figure.locator("tbody tr td:first-child").all_inner_texts()
    assert shares == ["0.9", "0.5", "0.2"]
    assert figure.locator("img").count() == 0
    figure.page.get_by_role("button", name="name").last.click()
    assert figure.locator("tbody tr td:last-child").all_inner_texts() == ["<img src=x>", "a", "b"]


def test_points_in_space_turn_under_a_drag(draw):
    points = np.random.default_rng(0).normal(size=(30, 3))
    figure = draw(("cloud", Embedding(points, np.arange(30) % 2, class_names=("in", "out")), {}))
    canvas = figure.locator("canvas")
    before = figure.page.evaluate("document.querySelector('#figure canvas').toDataURL()")
    box = canvas.bounding_box()
    figure.page.mouse.move(box["x"] + 60, box["y"] + 60)
    figure.page.mouse.down()
    figure.page.mouse.move(box["x"] + 160, box["y"] + 60)
    figure.page.mouse.up()
    after = figure.page.evaluate("document.querySelector('#figure canvas').toDataURL()")
    assert before != after
    assert "in" in figure.locator(".keys").inner_text()


def test_frames_move_what_moves(draw):
    frames = tuple(Frame(str(k), (Line([0, 1], [k, k], label=f"at {k}"),)) for k in range(3))
    axes = {"x": Axis(range=(0, 1)), "y": Axis(range=(0, 3))}
    figure = draw(Figure((Panel((Rule(y=1),), **axes),), frames=frames, shown=1))
    assert units(figure, ".plot-line")[1::2] == pytest.approx([1, 1], abs=0.02)
    figure.locator("input[type=range]").fill("2")
    assert units(figure, ".plot-line")[1::2] == pytest.approx([2, 2], abs=0.02)
    assert figure.locator("output").inner_text() == "step 2"
    assert figure.locator(".plot-rule").count() == 1


def test_plots_of_different_shares_stand_at_one_height(draw):
    values = np.array([[1.0, 9.0, 2.0], [9.0, 1.0, 5.0], [2.0, 5.0, 1.0]])
    names = ("a long name of a class", "another long name", "c")
    figure = draw(("class_linkage", Matrix(values, names, names), {}))
    tops = figure.page.evaluate(
        """() => [...document.querySelectorAll("#figure .plot-box")].map(box =>
          box.getBoundingClientRect().top + box.lamellaPlot.area.top)"""
    )
    assert tops[0] == pytest.approx(tops[1], abs=1)


def test_a_narrow_page_sets_panels_below_each_other_and_words_inside(draw):
    x, y = [0, 1], [0, 1]
    figure = draw(
        Figure(
            tuple(Panel((Line(x, y, end="a long name"),), title=str(k)) for k in range(3)), across=3
        ),
        300,
    )
    lefts = [box.bounding_box()["x"] for box in figure.locator(".plot-box").all()]
    assert len(set(lefts)) == 1
    for words in figure.locator("text").all():
        box = words.bounding_box()
        assert box["x"] >= -1
        assert box["x"] + box["width"] <= 301


def test_words_are_said_in_the_readers_language(draw):
    counts = Matrix([[8.0, 2], [1, 9]], ("cat", "dog"), ("cat", "dog"))
    page = draw(("confusion_matrix", counts, {})).page
    page.evaluate("lamella.set({ lang: 'ru' })")
    said = draw(("confusion_matrix", counts, {})).inner_text()
    page.evaluate("lamella.set({ lang: 'en' })")
    assert "17 из 20 верно, 85.0 %" in said


def test_a_figure_that_could_not_be_made_says_why(draw):
    figure = draw(("heat_map", None, {}))
    assert "heat_map() wants matrix, got None" in figure.inner_text()
    assert "no view is called" in draw(("heat_mapp", None, {})).inner_text()
