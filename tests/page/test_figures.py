"""Figures of the page: what a view makes, and the reason where it makes none."""

import sys

import numpy as np
import pytest

from lamella.page.answers.cell import beside_baselines, class_names, figure
from lamella.page.figures import drawn, needs_plotly, picture_facts, record_figure
from lamella.plots.figure import Figure
from lamella.registry import views
from lamella.results import Curve, Matrix, Table
from lamella.story import Picture, Section, Sentence, Story


@pytest.fixture
def others(monkeypatch):
    """others(name, function): a view of another package, for one test."""
    list(views)

    def register(name, function):
        function.__name__, function.__module__ = name, "their_package"
        monkeypatch.setitem(views._functions, name, function)
        monkeypatch.setitem(views._facts, name, {"record": "table"})

    return register


def test_a_view_makes_a_figure_with_as_many_bits_as_asked():
    curve = Curve([0, 1], [[1 / 3, 2 / 3]])
    (panel,) = drawn("lines", curve, {}, 8)["figure"]["panels"]
    (line,) = panel["marks"]
    assert line["y"].dtype == np.float32
    assert line["y"].tolist() != (curve.y[0].astype(np.float32)).tolist()
    assert line["y"].tolist() == pytest.approx(curve.y[0].tolist(), rel=2**-8)


def test_what_cannot_be_drawn_says_why(others):
    assert "lines() wants curve, got None" in drawn("lines", None, {})["missing"]
    assert "Nearest: lines" in drawn("line", None, {})["missing"]
    others("broken", lambda table: 1 / 0)
    assert drawn("broken", None, {}) == {
        "missing": "broken() failed: ZeroDivisionError: division by zero"
    }
    others("odd", lambda table: "a drawing")
    assert "return a figure, got str" in drawn("odd", None, {})["missing"]


def test_a_plotly_figure_is_told_and_asked_for(others):
    go = pytest.importorskip("plotly.graph_objects")
    others("theirs", lambda table: go.Figure(go.Scatter(y=[1, 2])))
    told = picture_facts(Picture("theirs", Table({"a": [1]}), "A caption."))
    assert '"type":"scatter"' in told["plotly"]
    assert (told["view"], told["caption"]) == ("theirs", "A caption.")
    section = Section("One", (), (Picture("theirs", Table({"a": [1]})),))
    assert needs_plotly(Story("T", Sentence("S."), (section,)))
    plain = Section("One", (), (Picture("table", Table({"a": [1]})),))
    assert not needs_plotly(Story("T", Sentence("S."), (plain,)))
    assert not needs_plotly(None)


def test_a_view_with_the_name_of_a_measure_draws_its_records(others):
    others("noise_level", lambda table: Figure((), note="theirs"))
    assert record_figure("noise_level@wide", Table({"a": [1]}))["figure"]["note"] == "theirs"
    names = tuple("ab")
    linked = record_figure("class_linkage", Matrix(np.eye(2), names, names, title="Linked"))
    assert len(linked["figure"]["panels"]) == 2  # cells and tree
    assert linked["figure"]["title"] == "Which classes stay linked"
    other = record_figure("anything", Matrix(np.eye(2), names, names, title="Titled above"))
    assert "title" not in other["figure"]


class Net:
    """A run as the page's figures need it."""

    class_names = ("cat", "dog")
    epochs = (0, 5)


def test_classes_have_their_names(monkeypatch):
    assert class_names(Net, ("0", "1", "2", "fc1")) == ("cat", "dog", "2", "fc1")
    monkeypatch.setattr(sys.modules[figure.__module__], "records_at", lambda *_: {})
    made = figure(Net, ("fc1", 5, "test"), "linkage", Matrix(np.eye(2), "01", "01"), 23)
    assert made["figure"]["panels"][0]["y"]["names"] == ["cat", "dog"]


def test_a_profile_stands_beside_the_raw_input_and_the_untrained_layer(monkeypatch):
    flat = {("input", 5): 0.5, ("fc1", 0): 0.4}
    stored = lambda run, layer, epoch, split: {  # noqa: E731
        "compactness_profile": Curve([1, 2], [[flat[layer, epoch]] * 2], ("all",))
    }
    monkeypatch.setattr(sys.modules[figure.__module__], "records_at", stored)
    curve = Curve([1, 2], [[0.1, 0.2], [0.0, 0.3]], ("all", "1"))
    beside, names = beside_baselines(Net, ("fc1", 5, "test"), curve)
    assert (beside.series, names) == (
        ("all", "dog", "raw input", "untrained"),
        ("raw input", "untrained"),
    )
    assert beside.y[2:].tolist() == [[0.5, 0.5], [0.4, 0.4]]
