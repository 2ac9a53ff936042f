"""A run that is being written grows on the open page, a dead one is marked, a new one appears."""

import json
import os

import pytest
from support.driving import open_page, served, settled, state, until
from support.small_runs import record_net

import lamella


@pytest.fixture(scope="module")
def growing(tmp_path_factory, chromium):
    """A folder with a run that is still open, its recorder, and where it is shown."""
    folder = tmp_path_factory.mktemp("growing")
    data = lamella.datasets.spheres(train_size=20, test_size=20)
    net = lamella.models.perceptron((12,), 2, widths=(4,))
    probes = {"test": (data.test.inputs, data.test.labels, data.test.ids)}
    path, facts = folder / "wide" / "seed-0", {"study": "spheres", "net": "wide"}
    recorder = lamella.record(path, net, probes, moments=lamella.every(1), study=facts)
    with recorder:
        recorder.epoch(train_loss=1.0)
        with served(folder) as url:
            yield folder, recorder, url


def test_page_follows_a_run_without_reload(page, growing):
    folder, recorder, url = growing
    open_page(page, url)
    page.evaluate("window.mark = 1")
    assert page.locator(".status").inner_text() == "running"
    assert state(page, "epoch") == 0
    until(page, "document.querySelector('#live.live:not(.off)') !== null")
    recorder.epoch(train_loss=0.5)
    until(page, "lamella.state.epoch === 1")
    page.keyboard.press("ArrowLeft")
    recorder.epoch(train_loss=0.25)
    until(page, "lamella.netNamed('wide').epochs.length === 3")
    settled(page)
    assert state(page, "epoch") == 0  # a reader who went back is left there
    record_net(folder, "bottleneck", 0, epochs=1)
    until(page, "lamella.index.nets.length === 2", seconds=20)
    assert page.locator("#run-b option").count() == 2
    _die(folder / "wide" / "seed-0")
    until(page, "document.querySelector('.status.killed') !== null")
    assert page.evaluate("window.mark") == 1


def _die(path):
    """As if the process that wrote the run had been killed."""
    told = json.loads((path / "run.json").read_text())
    told["process"]["pid"] = 2**22 + os.getpid()  # above the greatest number of a process
    (path / "run.json").write_text(json.dumps(told))
