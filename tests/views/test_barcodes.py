"""Barcodes side by side draw the bars they were given, on one axis."""

import numpy as np

from lamella.registry import views
from lamella.results import Diagrams

ONE = Diagrams([0, 0, 1], [2, np.inf, 3], [0, 0, 1])
TWO = Diagrams([0], [4], [0])


def drawn(trace):
    x = [v for v in trace.x if v is not None]
    return sorted(zip(x[::2], x[1::2], strict=True))


def test_every_panel_has_its_bars():
    figure = views["barcodes"]({"fc1": ONE, "fc2": TWO})
    by_axis = {(t.xaxis, t.name[:2]): drawn(t) for t in figure.data}
    end = figure.layout.xaxis.range[1]
    assert by_axis["x", "H₀"] == [(0, 2), (0, end)]
    assert by_axis["x", "H₁"] == [(1, 3)]
    assert by_axis["x2", "H₀"] == [(0, 4)]
    assert figure.layout.xaxis2.range == figure.layout.xaxis.range


def test_only_the_longest_are_drawn_and_all_are_counted():
    many = Diagrams(np.zeros(9), np.arange(1, 10), np.zeros(9))
    figure = views["barcodes"]({"fc1": many}, most=2)
    assert drawn(figure.data[0]) == [(0, 8), (0, 9)]
    assert "H₀ components: 9" in [a.text for a in figure.layout.annotations]


def test_names_are_shown_as_they_are():
    figure = views["barcodes"]({"<b>": TWO})
    assert "&lt;b&gt;" in [a.text for a in figure.layout.annotations]


def test_an_empty_panel_stays_and_says_why():
    empty = Diagrams([], [], [], why_empty="one point only")
    figure = views["barcodes"]({"fc1": ONE, "fc2": empty})
    assert "x2" in {trace.xaxis for trace in figure.data}
    (note,) = [a for a in figure.layout.annotations if a.text == "one point only"]
    assert note.xref == "x2 domain"
