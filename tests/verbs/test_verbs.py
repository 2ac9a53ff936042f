"""What Python calls as the shell does: view, report, look, export."""

import json
import shutil
import urllib.request
import warnings
from pathlib import Path
from urllib.error import HTTPError, URLError

import numpy as np
import pytest
import torch

import lamella
from lamella.errors import InputError, RunError
from lamella.verbs.given_runs import RunWarning

STORED = Path(__file__).parents[1] / "data" / "run-v1"


@pytest.fixture
def run(tmp_path):
    """A copy of the stored run, with nothing measured yet."""
    return Path(shutil.copytree(STORED, tmp_path / "runs" / "stored"))


@pytest.fixture
def damaged(tmp_path, run):
    path = tmp_path / "runs" / "damaged"
    path.mkdir()
    (path / "run.json").write_text("{")
    return path


def read(address):
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
    with opener.open(address, timeout=30) as answer:
        return answer.read().decode()


def test_the_page_is_served_until_it_is_closed(run):
    page = lamella.view(run)
    assert page.address in repr(page)
    assert page.address in page._repr_html_()
    assert "<title>" in read(page.address)
    assert not page.closed
    page.close()
    assert page.closed
    assert "closed" in repr(page)
    with pytest.raises(URLError):
        read(page.address)
    page.close()  # once more does no harm


def test_the_page_closes_at_the_end_of_a_with_and_at_once(run):
    with lamella.view(lamella.open_run(run), run.parent) as page:
        pass
    assert page.closed


def test_a_page_is_behind_a_token_unless_nobody_wants_it(run):
    with lamella.view(run) as page:
        assert "?token=" in page.address
        with pytest.raises(HTTPError, match="403"):
            read(page.address.partition("?")[0])
    with lamella.view(run, token=False) as page:
        assert "token" not in page.address
        assert "<title>" in read(page.address)


def test_a_report_tells_runs_and_keeps_what_it_measured(run, tmp_path):
    opened = lamella.open_run(run)
    path = lamella.report(opened, out=tmp_path / "r.html", measures=["neighbour_error"])
    assert path.read_text().startswith("<!doctype html>")
    assert "neighbour_error" in set(opened.results()["measure"])


def test_a_report_measures_nothing_where_nobody_wants_it(run, tmp_path):
    before = (run / "results.sqlite").read_bytes()
    lamella.report(str(run), out=tmp_path / "r.html", measures="none", language="ru")
    assert (run / "results.sqlite").read_bytes() == before


def test_a_damaged_run_is_warned_of_and_the_others_are_told(run, damaged, tmp_path):
    with pytest.warns(RunWarning, match=f"left out {damaged}") as caught:
        lamella.report(run.parent, out=tmp_path / "r.html", measures="none")
    assert caught[0].filename == __file__


def test_where_no_run_can_be_told_it_says_so(damaged, run, tmp_path):
    shutil.rmtree(run)
    with pytest.raises(RunError, match=r"run\.json"):
        lamella.report(damaged)
    shutil.rmtree(damaged)
    with pytest.raises(RunError, match=r"report\(\) wants runs with a recorded epoch, got none"):
        lamella.report(run.parent)
    with pytest.raises(RunError, match="no folder"):
        lamella.view(tmp_path / "none")


def test_a_run_is_exported_beside_itself(run, tmp_path):
    files = lamella.export(run)
    assert all(file.is_relative_to(run / "export-csv") for file in files)
    assert files
    elsewhere = lamella.export(lamella.open_run(run), out=tmp_path / "out")
    assert [file.name for file in elsewhere] == [file.name for file in files]


def test_a_module_is_looked_at_without_a_run(tmp_path):
    net = lamella.models.lenet5((1, 28, 28), 10)
    before = {name: tensor.clone() for name, tensor in net.state_dict().items()}
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        files = lamella.look(net, ["filters"], input="1x28x28", out=tmp_path / "sheet")
    assert {file.name for file in files} >= {"captions.json"}
    assert json.loads((tmp_path / "sheet" / "captions.json").read_text())
    assert all(torch.equal(before[name], tensor) for name, tensor in net.state_dict().items())


def test_a_model_by_name_and_the_module_give_the_same_pictures(tmp_path):
    net = lamella.models.lenet5((1, 28, 28), 10)
    options = {"what": "filters", "input": "1x28x28"}
    one, two = (
        lamella.look(source, out=tmp_path / str(number), **options)
        for number, source in enumerate([net, "lenet5"])
    )
    assert [f.read_bytes() for f in one] == [f.read_bytes() for f in two]


def test_a_look_at_a_module_wants_its_input():
    net = torch.nn.Linear(2, 2)
    with pytest.raises(InputError, match=r"look\(\) wants data or input with a model"):
        lamella.look(net)
    with pytest.raises(InputError, match="wants weights with the name of a model"):
        lamella.look(net, input="2", weights="w.safetensors")


def test_measure_is_the_word_in_python_too(run):
    report = lamella.measure(run, "neighbour_error", epochs="last", progress=False, jobs=1)
    assert report.computed > 0
    errors = lamella.open_run(run).results("neighbour_error")["error"]
    assert np.isfinite(errors).all()
