"""A figure is a value: drawn by plotly as it is, told to the page, sized for a paper, saved."""

import sys

import numpy as np
import pytest

from lamella.errors import InputError, MissingExtra
from lamella.plots.drawable import Frame
from lamella.plots.figure import Figure
from lamella.plots.marks import (
    Band,
    Bars,
    Cells,
    Dots,
    Line,
    Pictures,
    Rows,
    Rule,
    Segments,
    Text,
)  # fmt: skip
from lamella.plots.panels import Axis, Panel
from lamella.plots.pixels import png

X = np.array([0.0, 1.0, 2.0])


def figure_of(*marks, **axes):
    return Figure((Panel(marks, **axes),))


def trace_of(mark, **axes):
    return figure_of(mark, **axes).plotly().data[0]


def test_a_line_breaks_and_a_point_alone_is_a_dot():
    trace = trace_of(Line(X, [1, np.nan, 3], "h1", "loss"))
    assert list(trace.y) == [1, None, 3]
    assert (trace.line.color, trace.mode, trace.name) == ("#c14e00", "lines", "loss")
    assert trace_of(Line(X, [np.nan, 2, np.nan])).mode == "lines+markers"


def test_zeros_have_no_place_on_a_logarithmic_axis():
    trace = trace_of(Line(X, [0, 1, 10]), y=Axis(log=True))
    assert list(trace.y) == [None, 1, 10]


def test_a_band_goes_there_and_back_and_leaves_gaps_out():
    trace = trace_of(Band(X, [0, np.nan, 0], [1, 1, 2]))
    assert (list(trace.x), list(trace.y)) == ([0, 2, 2, 0], [0, 0, 2, 1])
    assert trace.fill == "toself"


def test_bars_stand_on_their_base_and_endless_segments_reach_the_edge():
    bar = trace_of(Bars(X, [3, 4, 5], base=2))
    assert (list(bar.y), bar.base) == ([1, 2, 3], 2)
    figure = figure_of(Segments([0, 0], [1, np.inf], [0, 1], "h0"), x=Axis(range=(0, 5))).plotly()
    assert list(figure.data[0].x) == [0, 1, None, 0, 5, None]
    assert "▸" in [note.text for note in figure.layout.annotations]


def test_dots_have_a_colour_each_and_stand_in_space():
    trace = trace_of(Dots(X, X, groups=[0, 1, 0], colours=("a", "b")))
    assert list(trace.marker.color) == ["#00745a", "#a3468a", "#00745a"]
    assert trace_of(Dots(X, X, z=X)).type == "scatter3d"


def test_cells_have_numbers_where_they_fit_and_stripes_where_there_is_none():
    values = np.array([[0.5, np.nan]])
    cells = Cells(values, 0, 2, texts=[["half", "n/a"]])
    grid, stripes, numbers = (
        figure_of(cells, x=Axis(names=("a", "b")), y=Axis(names=("r",))).plotly().data
    )
    assert list(grid.z[0]) == [0.25, None]
    assert (list(stripes.x), list(numbers.text)) == ([1], ["half", "n/a"])
    many = Cells(np.zeros((40, 300)), 0, 1, texts=np.full((40, 300), "0.00"))
    assert [trace.type for trace in figure_of(many).plotly().data] == ["heatmap"]


def test_rules_pictures_and_tables():
    rule = trace_of(Rule(y=1), x=Axis(range=(0, 4)), y=Axis(range=(0, 2)))
    assert (list(rule.x), list(rule.y)) == ([0, 4], [1, 1])
    pixels = np.arange(2, dtype=np.uint8).reshape(2, 1, 1, 1)
    drawn = figure_of(Pictures(pixels, [0, 2], [0, 0], 1, 1), y=Axis(flip=True)).plotly()
    image = drawn.layout.images[0]
    assert (image.x, image.y, image.sizex, image.sizey) == (0, 0, 3, 1)
    table = trace_of(Rows(("n",), (("1", "2"),), (np.array([1, 2]),)))
    assert (list(table.cells["values"][0]), table.cells.align[0]) == (["1", "2"], "right")


def test_names_are_shown_and_never_obeyed():
    marks = Line(X, X, label="<script>", end="<b>end</b>"), Text([0], [0], ("<i>x</i>",))
    axis = Axis("<u>l</u>", names=("<b>0</b>", "1", "2"))
    figure = Figure((Panel(marks, x=axis, title="<a>"),), "<h1>", "<s>", (("<em>", "a"),))
    text = figure.plotly().to_json()
    for tag in ("<script", "<b>0", "<b>end", "<i>", "<u>", "<a>", "<h1>", "<s>", "<em>"):
        assert tag not in text.replace("\\u003c", "<")


def test_ends_of_lines_stand_apart():
    marks = [Line(X, [0, 0, 0.01 * k], end=f"s{k}") for k in range(5)]
    notes = figure_of(*marks).plotly().layout.annotations
    height = 280
    places = sorted(height * note.y + note.yshift for note in notes)
    assert min(np.diff(places)) >= 14


def test_panels_of_a_row_begin_at_one_height_and_do_not_overlap():
    tall, flat = Panel((Line(X, X),), title="one", height=200), Panel((Line(X, X),), height=100)
    layout = Figure((tall, flat, flat), across=2).plotly().layout
    domains = [layout[f"yaxis{n}"].domain for n in ("", "2", "3")]
    assert domains[0][1] == domains[1][1] == 1
    assert domains[2][1] < domains[0][0]
    assert layout.xaxis.domain[1] < layout.xaxis2.domain[0]


def test_facts_leave_defaults_out_and_keep_arrays():
    told = figure_of(Line(X, X, "a"), y=Axis("loss", log=True)).facts()
    (panel,) = told["panels"]
    (line,) = panel["marks"]
    assert line.keys() == {"kind", "x", "y", "colour"}
    assert line["x"] is not None
    assert panel["y"]["label"] == "loss"
    assert panel["y"]["texts"] == ["1.0", "1.2", "1.4", "1.6", "1.8", "2.0"]
    assert "width" not in told


def test_frames_play_and_open_where_asked():
    frames = tuple(Frame(str(k), (Line(X, X + k),)) for k in range(3))
    figure = Figure(
        (Panel((Rule(y=0),), y=Axis(range=(0, 5))),), frames=frames, shown=2, step="day"
    )
    drawn = figure.plotly()
    assert list(drawn.data[1].y) == [2, 3, 4]
    assert [list(frame.data[0].y) for frame in drawn.frames] == [[0, 1, 2], [1, 2, 3], [2, 3, 4]]
    assert drawn.frames[0].traces == (1,)
    assert drawn.layout.sliders[0].currentvalue.prefix == "day "


def test_sized_for_a_column_of_a_paper():
    two = Figure((Panel((Line(X, X),)), Panel((Line(X, X),))), across=2)
    figure = two.sized(column="double", height=150, font=10, letter="c")
    drawn = figure.plotly().layout
    assert (drawn.width, drawn.font.size) == (692, 10)
    assert [p.height for p in figure.panels] == [150, 150]
    letters = [a.text for a in drawn.annotations if a.text.startswith("<b>")]
    assert letters == ["<b>c</b>", "<b>d</b>"]
    assert two.sized(column="single").plotly().layout.width == 336
    with pytest.raises(InputError, match="column single or double, got triple"):
        two.sized(column="triple")


def test_a_narrow_figure_has_fewer_ticks_but_none_that_touch():
    axis = Axis(ticks=tuple(range(0, 1000, 50)), texts=tuple(map(str, range(0, 1000, 50))))
    wide = figure_of(Line([0, 950], [0, 1]), x=axis)
    counts = [len(f.plotly().layout.xaxis.tickvals) for f in (wide, wide.sized(width=200))]
    assert counts[0] > counts[1] >= 2


def test_a_notebook_shows_it_as_plotly_does(monkeypatch):
    import plotly.io

    monkeypatch.setattr(plotly.io.renderers, "default", "plotly_mimetype")
    bundle = figure_of(Line(X, X))._repr_mimebundle_()
    assert bundle["application/vnd.plotly.v1+json"]["data"][0]["y"] == [0, 1, 2]


def test_save_writes_a_page_and_says_what_it_wants(tmp_path, monkeypatch):
    figure = figure_of(Line(X, X))
    path = figure.save(tmp_path / "new" / "f.html")
    assert "Plotly.newPlot" in path.read_text()
    with pytest.raises(InputError, match=r"ends in .html, .svg, .png, .pdf, got .*f.gif"):
        figure.save(tmp_path / "f.gif")
    monkeypatch.setitem(sys.modules, "kaleido", None)
    with pytest.raises(MissingExtra, match=r"pip install 'lamella\[images\]'"):
        figure.save(tmp_path / "f.pdf")


def test_png_is_read_back_as_it_was():
    from lamella.data.png import read_png

    for channels in (1, 3, 4):
        pixels = np.random.default_rng(0).integers(0, 256, (5, 7, channels), dtype=np.uint8)
        assert np.array_equal(read_png(png(pixels)), pixels)


def test_a_square_plot_of_a_narrow_figure_is_lower():
    cells = Cells(np.zeros((10, 10)), 0, 1, scale="error")
    axes = {"x": Axis(names=tuple("abcdefghij"), top=True), "y": Axis(names=tuple("abcdefghij"))}
    wide = Figure((Panel((cells,), **axes, height=460, square=True),))
    heights = [figure.plotly().layout.height for figure in (wide, wide.sized(column="single"))]
    assert heights[1] < heights[0] - 100


def test_letters_stand_at_the_left_of_their_panels():
    two = Figure((Panel((Line(X, X),)), Panel((Line(X, X),))), across=2, letter="a")
    letters = [a for a in two.plotly().layout.annotations if a.text.startswith("<b>")]
    assert [a.xref for a in letters] == ["x domain", "x2 domain"]
    assert all(-60 < a.xshift < 10 for a in letters)


def test_a_narrow_figure_has_fewer_panels_in_a_line():
    four = Figure((Panel((Line(X, X),)),) * 4, across=4)
    assert [four.sized(column=c).across for c in ("single", "double")] == [2, 4]
