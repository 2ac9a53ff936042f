"""Barcodes side by side draw the bars they were given, on one axis, in no more rows than needed."""

import numpy as np

from lamella.plots.marks import Segments, Text
from lamella.registry import views
from lamella.results import Diagrams

ONE = Diagrams([0, 0, 1], [2, np.inf, 3], [0, 0, 1])
TWO = Diagrams([0], [4], [0])


def bars(panel, name):
    (found,) = [m for m in panel.marks if isinstance(m, Segments) and m.label.startswith(name)]
    return sorted(zip(found.x0, found.x1, strict=True))


def said(panel):
    return [text for mark in panel.marks if isinstance(mark, Text) for text in mark.texts]


def test_every_panel_has_its_bars_on_one_scale():
    first, second = views["barcodes"]({"fc1": ONE, "fc2": TWO}).panels
    assert bars(first, "H₀") == [(0, 2), (0, np.inf)]
    assert bars(first, "H₁") == [(1, 3)]
    assert bars(second, "H₀") == [(0, 4)]
    assert first.x.range == second.x.range


def test_only_the_longest_are_drawn_and_all_are_counted():
    many = Diagrams(np.zeros(9), np.arange(1, 10), np.zeros(9))
    (panel,) = views["barcodes"]({"fc1": many}, most=2).panels
    assert bars(panel, "H₀") == [(0, 8), (0, 9)]
    assert "H₀ components: 9" in said(panel)


def test_a_panel_is_as_high_as_its_bars():
    many = Diagrams(np.zeros(40), np.arange(1, 41), np.zeros(40))
    first, second = views["barcodes"]({"fc1": many, "fc2": TWO}, most=40).panels
    assert first.height - second.height >= 5 * 30
    rows = np.concatenate([m.y for m in first.marks if isinstance(m, Segments)])
    assert rows.max() + 0.5 == first.y.range[1]  # the last bar ends the panel


def test_an_empty_panel_stays_and_says_why():
    empty = Diagrams([], [], [], why_empty="one point only")
    figure = views["barcodes"]({"fc1": ONE, "fc2": empty})
    assert said(figure.panels[1]) == ["one point only"]
    drawn = figure.plotly()
    assert "x2" in {trace.xaxis for trace in drawn.data}  # plotly forgets axes without a trace
    (note,) = [a for a in drawn.layout.annotations if a.text == "one point only"]
    assert note.xref == "x2 domain"
