"""A served page over runs small enough to be made here, in headless chromium.

Any console error and any panel that failed fails the test.
"""

import json
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from driving import open_page

import lamella

EPOCHS = 3
ODD = "<img src=x>"  # a layer's name that would be an element if it were not escaped


def _net(name, seed):
    import torch

    if name == "wide":
        return lamella.model["perceptron"]((12,), 2, widths=(16, 16), seed=seed)
    torch.manual_seed(seed)
    net = torch.nn.Sequential()
    for at, (inputs, outputs) in enumerate([(12, 6), (6, 3), (3, 2)]):
        net.add_module(["fc1", ODD, "head"][at], torch.nn.Linear(inputs, outputs))
        if outputs > 2:
            net.add_module(f"act{at + 1}", torch.nn.ReLU())
    return net


def record_net(folder, name, seed, epochs=EPOCHS):
    """A recorded and measured run of one small net on the nested spheres."""
    data = lamella.dataset["spheres"](train_size=80, test_size=60, seed=0)
    net, path = _net(name, seed), Path(folder) / name / f"seed-{seed}"
    probes = {
        split: (part.inputs, part.labels, part.ids)
        for split, part in (("train", data.train), ("test", data.test))
    }
    study = {"study": "spheres", "net": name}
    with lamella.record(
        path,
        net,
        probes,
        moments=lamella.every(1),
        class_names=data.class_names,
        seed=seed,
        study=study,
    ) as recorder:
        for epoch in lamella.train(net, data, epochs=epochs, batch_size=20, seed=seed):
            recorder.epoch(train_loss=epoch.train_loss, test_accuracy=epoch.test_accuracy)
    names = ["neighbour_error", "fisher_ratio", "homology", "betti_numbers"]
    lamella.sweep(path, names, jobs=1, progress=False)
    return path


@pytest.fixture(scope="session")
def runs(tmp_path_factory):
    """A folder with wide in two seeds and bottleneck in one."""
    folder = tmp_path_factory.mktemp("runs")
    for name, seed in (("wide", 0), ("wide", 1), ("bottleneck", 0)):
        record_net(folder, name, seed)
    return folder


def serving(folder):
    """`lamella view` on a folder: the process and the address."""
    command = [sys.executable, "-m", "lamella", "view", str(folder), "--json"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    url = json.loads(_document(process.stdout))["url"]
    _wait(url)
    return process, url


def _wait(url, seconds=30):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            return urllib.request.urlopen(url, timeout=seconds).close()
        except urllib.error.URLError:
            time.sleep(0.05)
    raise AssertionError(f"{url} did not answer within {seconds} s")


def _document(lines):
    text = ""
    for line in lines:
        text += line
        try:
            json.loads(text)
        except ValueError:
            continue
        return text
    raise AssertionError(f"lamella view ended before it told its address: {text!r}")


@pytest.fixture(scope="session")
def address(runs, chromium):
    """Where the page about the runs is served."""
    process, url = serving(runs)
    yield url
    process.terminate()
    process.communicate(timeout=20)


@pytest.fixture
def page(chromium):
    """A page at 1440 x 900 in English; ends with an error where the page logged one."""
    yield from _watched(chromium, {})


@pytest.fixture
def page_of(chromium):
    """A page with other circumstances: page_of(locale="ru", color_scheme="dark")."""
    opened = []

    def make(**circumstances):
        opened.append(_watched(chromium, circumstances))
        return next(opened[-1])

    yield make
    for watched in opened:
        next(watched, None)


def _watched(browser, circumstances):
    settings = {"viewport": {"width": 1440, "height": 900}, "locale": "en-GB"} | circumstances
    context, errors = browser.new_context(**settings), []
    page = context.new_page()
    page.set_default_timeout(15_000)
    page.on("pageerror", lambda error: errors.append(f"{error}\n{error.stack}"))
    page.on("console", lambda said: errors.append(said.text) if said.type == "error" else None)
    yield page
    failed = page.evaluate("(window.lamella?.failures ?? []).map(f => `${f.panel}: ${f.error}`)")
    context.close()
    assert errors + failed == []


@pytest.fixture
def opened(page, address):
    """The page about the runs, drawn."""
    return open_page(page, address)
