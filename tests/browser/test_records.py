"""Figures and stored records: what is drawn is what was given, read back from the drawing."""

from itertools import pairwise

import pytest

HOST = """
([width, height]) => {
  const host = document.createElement("div");
  host.id = "figure";
  Object.assign(host.style, { position: "fixed", left: 0, top: 0, zIndex: 20,
    width: `${width}px`, height: `${height}px`, background: "var(--paper)" });
  document.getElementById("figure")?.remove();
  document.body.append(host);
}
"""
PLOT = "document.querySelector('#figure .plot-box').lamellaPlot"
PACKED = """
  const packed = (list, shape) => ({ data: Float32Array.from(list, v => v === null ? Infinity : v),
                                     shape: shape || [list.length] });
  const host = document.getElementById("figure");
"""


@pytest.fixture
def figure(one_page):
    """A host of 300 x 220 px; figure(script, argument) runs beside it."""
    one_page.evaluate(HOST, [300, 220])

    def run(script, argument=None):
        return one_page.evaluate(f"argument => {{ {PACKED} {script} }}", argument)

    run.page = one_page
    return run


def diagrams(figure, options, drawn, **facts):
    """Draw bars of (dimension, birth, death), None for one that never dies, longest first."""
    record = {"unit": "edge length", "mean_distance": 2, "points": 9, "bound": 0, **facts}
    figure(
        """const { bars, record, options } = argument, picked = window.pickedBars = [];
        const column = (at) => packed(bars.map((bar) => bar[at]));
        const counts = {};
        for (const [d] of bars) counts[d] = (counts[d] || 0) + 1;
        lamella.drawDiagrams(host, { kind: "diagrams", dimension: column(0), birth: column(1),
          death: column(2), bars: counts, ...record },
          { ...options, onBar: (i) => picked.push(i) });""",
        {"bars": drawn, "record": record, "options": options},
    )


BARS = [(0, 0, None), (0, 0, 3), (0, 0, 1), (1, 1, 4), (1, 2, 2.5)]


def segments(page, dimension):
    """Left and right end of each drawn bar, in units of the axis."""
    return page.evaluate(
        f"""dimension => {{
          const plot = {PLOT};
          const value = x => plot.x.value((x - plot.area.left) / plot.area.width);
          const bars = `#figure [data-dimension="${{dimension}}"] .plot-segment`;
          return [...document.querySelectorAll(bars)].map(bar => {{
            const path = bar.querySelector("path[stroke-width]:not(.plot-reach)");
            const [from, , to] = path.getAttribute("d").match(/[-\\d.]+/g).map(Number);
            return bar.classList.contains("endless") ? [value(from), null]
              : [value(from), value(to)];
          }});
        }}""",
        dimension,
    )


def test_barcode_draws_each_bar_where_it_lives_in_mean_distances(figure):
    diagrams(figure, {"form": "barcode", "reach": 2.5}, BARS)
    h0, h1 = segments(figure.page, 0), segments(figure.page, 1)
    assert h0[0] == [pytest.approx(0, abs=0.02), None]
    assert [bar[1] for bar in h0[1:]] == pytest.approx([1.5, 0.5], abs=0.02)
    assert h1 == [pytest.approx([0.5, 2], abs=0.02), pytest.approx([1, 1.25], abs=0.02)]


def test_barcode_says_how_many_of_how_many(figure):
    diagrams(figure, {"form": "barcode", "most": 2}, BARS)
    assert len(segments(figure.page, 0)) == 2
    assert "H0 2 longest of 3" in figure.page.inner_text("#figure")
    assert "H1 2 bars" in figure.page.inner_text("#figure")


def test_a_clicked_bar_is_told_by_its_place_in_the_record(figure):
    diagrams(figure, {"form": "barcode"}, BARS)
    box = figure.page.locator('#figure [data-dimension="1"] .plot-segment').first.bounding_box()
    figure.page.mouse.click(box["x"] + box["width"] / 2, box["y"])
    assert figure.page.evaluate("pickedBars") == [3]


def test_bars_below_the_threshold_are_faint_and_counted(figure):
    diagrams(figure, {"form": "barcode"}, BARS, threshold=1.5)
    faint = figure.page.locator('#figure [data-dimension="0"] .plot-segment[opacity]').count()
    assert faint == 1
    assert "2 above the threshold" in figure.page.inner_text("#figure")
    assert "longer than 0.75" in figure.page.inner_text("#figure")


def test_diagram_has_a_point_for_each_mortal_bar_and_an_arrow_for_the_others(figure):
    diagrams(figure, {"form": "diagram", "reach": 2.5}, BARS, bound=0.2)
    points = figure.page.evaluate(
        f"""() => [...document.querySelectorAll("#figure .plot-dots")].map(node =>
          node.getAttribute("d").split("M").filter(Boolean).map(text => {{
            const [x, y] = text.match(/[-\\d.]+/g).map(Number), plot = {PLOT};
            return [plot.x.value((x - plot.area.left) / plot.area.width),
                    plot.y.value(1 - (y - plot.area.top) / plot.area.height)];
          }}))"""
    )
    assert points[0] == [pytest.approx([0, 1.5], abs=0.02), pytest.approx([0, 0.5], abs=0.02)]
    assert points[1] == [pytest.approx([0.5, 2], abs=0.02), pytest.approx([1, 1.25], abs=0.02)]
    assert figure.page.locator("#figure .plot-arrow.endless").count() == 1
    assert figure.page.locator("#figure .plot-band").count() == 1
    assert "off by 0.10" in figure.page.inner_text("#figure")


def test_betti_curve_counts_the_bars_alive(figure):
    curve = figure(
        """const bars = { birth: [0, 0, 0, .5], death: [Infinity, 2, 1, 1] };
        return lamella.bettiCurve(bars);"""
    )
    assert curve == {"xs": [0, 0.5, 1, 2], "ys": [3, 4, 2, 1]}


def test_no_bars_are_explained(figure):
    diagrams(figure, {}, [], why_empty="all points are equal")
    assert figure.page.inner_text("#figure") == "all points are equal"


CURVE = """const p = lamella.plot(host, { x: { label: "epoch" }, y: { label: "loss" } });
  argument.series.forEach((label, row) => p.line(argument.x, argument.y[row].map(v => v ?? NaN),
    { label, colour: "a", data: { series: label } }));
  p.endLabels().draw();
"""


def test_curve_passes_through_its_points_and_breaks_where_there_is_none(figure):
    y = [[1, 3, None, 2, 4], [0, 0, 0, 0, 0]]
    figure(CURVE, {"x": [0, 1, 2, 4, 8], "y": y, "series": ["a", "b"]})
    drawn = figure.page.evaluate(
        f"""() => {{
          const plot = {PLOT}, path = document.querySelector('#figure [data-series="a"]');
          const points = path.getAttribute("d").replaceAll("h0", "").match(/[-\\d.]+/g).map(Number);
          return points.map((v, i) => i % 2
            ? plot.y.value(1 - (v - plot.area.top) / plot.area.height)
            : plot.x.value((v - plot.area.left) / plot.area.width));
        }}"""
    )
    assert drawn == pytest.approx([0, 1, 1, 3, 4, 2, 8, 4], abs=0.05)
    path = figure.page.get_attribute('#figure [data-series="a"]', "d")
    assert path.count("M") == 2


@pytest.mark.parametrize("size", [(300, 220), (180, 130), (700, 300)])
def test_end_labels_do_not_overlap_nor_leave_the_figure(figure, size):
    figure.page.evaluate(HOST, list(size))
    y = [[1, 1.0 + k / 100] for k in range(6)]
    figure(CURVE, {"x": [0, 1], "y": y, "series": [f"series {k}" for k in range(6)]})
    boxes = [node.bounding_box() for node in figure.page.locator("#figure .plot-ends text").all()]
    assert len(boxes) == 6
    boxes.sort(key=lambda box: box["y"])
    for above, below in pairwise(boxes):
        assert below["y"] - above["y"] >= 11
    assert max(box["x"] + box["width"] for box in boxes) <= size[0] + 1
    assert max(box["y"] + box["height"] for box in boxes) <= size[1]


def test_ticks_stand_apart(figure):
    figure(CURVE, {"x": [0, 60000], "y": [[1e-7, 9e-7]], "series": ["a"]})
    boxes = [node.bounding_box() for node in figure.page.locator("#figure .plot-tick").all()]
    level = [box for box in boxes if box["y"] == max(b["y"] for b in boxes)]
    level.sort(key=lambda box: box["x"])
    assert len(level) > 1
    assert all(a["x"] + a["width"] < b["x"] for a, b in pairwise(level))


def test_log_axis_has_powers_of_ten(figure):
    ticks = figure(
        "return lamella.tickTexts(lamella.scale({domain: [.001, 1e5], log: true}).ticks(9));"
    )
    assert ticks == ["0.001", "0.01", "0.1", "1", "10", "100", "1000", "10k", "100k"]


def test_cursor_moves_without_drawing_again(figure):
    same = figure(
        """const p = lamella.plot(host, { x: {}, y: {} }).line([0, 10], [0, 1], {}).draw();
        const before = p.svg, x = [2, 7].map((at) => { p.cursor(at);
          return Number(p.cursorLine.getAttribute("x1")); });
        return [before === p.svg, (x[1] - x[0]) / p.area.width];"""
    )
    assert same == [True, pytest.approx(0.5, abs=0.01)]


def test_a_figure_follows_the_size_of_its_host(figure):
    figure(CURVE, {"x": [0, 1], "y": [[0, 1]], "series": ["a"]})
    figure("host.style.width = '500px'; return new Promise(done => setTimeout(done, 120));")
    assert figure.page.get_attribute("#figure .plot-box > svg", "width") == "500"


def test_curves_of_cut_diagrams_say_that_short_bars_are_missing(figure):
    diagrams(figure, {"form": "betti"}, BARS)
    assert "not counted" not in figure.page.inner_text("#figure")
    diagrams(figure, {"form": "betti"}, BARS[:2], bars={"0": 3})
    assert "H0 2 longest of 3" in figure.page.inner_text("#figure")
    assert "not counted" in figure.page.inner_text("#figure")
