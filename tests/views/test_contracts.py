"""What every registered view must do with its example, and with what is none of its records."""

import subprocess
import sys

import numpy as np
import pytest
from support.view_examples import found

import lamella
import lamella.registry
from lamella.errors import InputError
from lamella.plots.figure import WIDTH, Figure
from lamella.plots.marks import Cells, Dots, Text
from lamella.plots.palette import DARK, LIGHT
from lamella.results import KINDS, Curve, Diagrams, Embedding, Images, Matrix, Table

EXAMPLES = found()
DRAWN = sorted(set(lamella.registry.views) & set(EXAMPLES))  # the first test names what lacks
RECORDS = {
    "none": None,
    "text": "a record",
    "array": np.zeros((2, 2)),
    "table": Table({"a": [1]}),
    "curve": Curve([0], [[1.0]]),
    "diagrams": Diagrams([0], [1], [0]),
    "embedding": Embedding(np.zeros((1, 2))),
    "matrix": Matrix([[1.0]], "a", "b"),
    "images": Images(np.zeros((1, 2, 2, 1))),
    "tables": {"one": Table({"a": [1]}), "other": None},
    "numbers": [1, 2],
}


@pytest.fixture(params=DRAWN)
def drawn(request):
    record, arguments = EXAMPLES[request.param]()
    return lamella.registry.views[request.param](record, **arguments)


def test_every_view_has_an_example():
    assert set(lamella.registry.views) - set(EXAMPLES) == set()


@pytest.mark.parametrize("name", sorted(lamella.registry.views))
def test_says_which_record_it_draws(name):
    wanted = lamella.registry.views.facts(name)["record"]
    for kind in wanted if isinstance(wanted, tuple) else (wanted,):
        assert isinstance(kind, type) or kind in {*KINDS, "card"}
    assert lamella.registry.views.card(name).summary.endswith(".")


@pytest.mark.parametrize("wrong", sorted(RECORDS))
@pytest.mark.parametrize("name", sorted(lamella.registry.views))
def test_refuses_every_record_of_another_kind(name, wrong):
    facts = lamella.registry.views.facts(name)
    kinds = facts["record"] if isinstance(facts["record"], tuple) else (facts["record"],)
    if wrong in kinds and facts.get("many") is not True:
        return
    with pytest.raises(InputError, match=rf"{name}\(\) wants .*, got .*\. Measure or load"):
        lamella.registry.views[name](RECORDS[wrong])


def test_is_a_figure_of_a_readable_size(drawn):
    assert isinstance(drawn, Figure)
    assert drawn.width is None  # flows; readable at WIDTH
    made = drawn.plotly()
    assert made.data
    assert made.layout.font.family.startswith("Inter")
    assert 60 <= made.layout.height <= 1600
    assert made.layout.margin.l + made.layout.margin.r < WIDTH / 2


def test_colours_have_a_name_so_that_a_dark_page_can_change_them(drawn):
    for panel in drawn.panels:
        for mark in panel.marks:
            used = {getattr(mark, "colour", "ink"), *getattr(mark, "colours", ())}
            used |= set(mark.stops) if isinstance(mark, Cells) else set()
            assert used <= set(LIGHT)
    assert {colour for _, colour in drawn.key} <= set(DARK)


def test_words_do_not_hide_each_other(drawn):
    """Words of one panel at one place would be one on the other."""
    for panel in drawn.panels:
        places = [
            (round(x, 6), round(y, 6), mark.shift, mark.inside)
            for mark in panel.marks
            if isinstance(mark, Text)
            for x, y in zip(mark.x, mark.y, strict=True)
        ]
        assert len(set(places)) == len(places)


def test_every_point_has_a_place(drawn):
    for panel in drawn.panels:
        for mark in panel.marks:
            if isinstance(mark, Dots):
                assert np.isfinite(mark.x).all()
                assert np.isfinite(mark.y).all()


def test_leaves_the_record_as_it_was():
    for name in DRAWN:
        record, arguments = EXAMPLES[name]()
        before = _text(record)
        lamella.registry.views[name](record, **arguments)
        assert _text(record) == before, name


def _text(record):
    if isinstance(record, dict):
        return [(name, _text(part)) for name, part in record.items()]
    if isinstance(record, list):
        return [_text(part) for part in record]
    return record.frame().to_csv() if hasattr(record, "frame") else repr(record)


def test_importing_the_views_loads_no_plotly_and_no_torch():
    code = (
        "import sys; from lamella.registry import views; list(views); "
        "print({'plotly', 'torch'} & set(sys.modules))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "set()"
