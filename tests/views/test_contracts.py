"""What every registered view must do with its example."""

import json
import sys

import numpy as np
import pytest
from view_examples import found

from lamella.plots.style import DARK, WIDTH
from lamella.registry import views
from lamella.results import KINDS

EXAMPLES = found()
DRAWN = sorted(set(views) & set(EXAMPLES))  # the first test names what lacks


@pytest.fixture(params=DRAWN)
def drawn(request):
    record, arguments = EXAMPLES[request.param]()
    return views[request.param](record, **arguments)


def test_every_view_has_an_example():
    assert set(views) - set(EXAMPLES) == set()


@pytest.mark.parametrize("name", sorted(views))
def test_says_which_record_it_draws(name):
    assert views.facts(name)["record"] in KINDS
    assert views.card(name).summary.endswith(".")


def test_draws_something_in_our_template(drawn):
    assert drawn.data
    assert drawn.layout.template.layout.font.family.startswith("Inter")
    assert 60 <= drawn.layout.height <= 1600
    assert drawn.layout.width is None  # flows; readable at WIDTH
    assert drawn.layout.margin.l + drawn.layout.margin.r < WIDTH / 2


def test_colours_come_from_the_palette_so_that_a_dark_page_can_change_them(drawn):
    drawn.layout.template = None
    text = json.dumps(drawn.to_plotly_json(), default=lambda a: np.asarray(a).tolist())
    if drawn.data[0].type == "image":
        return
    parts = text.lower().split("#")[1:]
    used = {"#" + part[:6] for part in parts if all(c in "0123456789abcdef" for c in part[:6])}
    assert used <= set(DARK)


def test_leaves_the_record_as_it_was(request):
    for name in DRAWN:
        record, arguments = EXAMPLES[name]()
        before = _text(record)
        views[name](record, **arguments)
        assert _text(record) == before, name


def _text(record):
    if isinstance(record, dict):
        return [(name, _text(part)) for name, part in record.items()]
    if isinstance(record, list):
        return [_text(part) for part in record]
    return record.frame().to_csv()


def test_importing_the_views_loads_no_plotly():
    import subprocess

    code = "import sys, lamella; dir(lamella.views); print('plotly' in sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "False"
