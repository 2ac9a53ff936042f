"""Shared by all tests: one thread each, and the same random numbers in every run."""

import os
import shutil
from types import SimpleNamespace

import pytest
from hypothesis import settings

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(name, "1")

# the same examples in every run, however busy the machine; `make fuzz` is where new ones are sought
settings.register_profile("repeatable", derandomize=True, deadline=None)
settings.load_profile("repeatable")


collect_ignore = ["support/consumer.py"]  # a script to be read by a type checker, not run


@pytest.fixture(autouse=True)
def same_random_numbers():
    """A test that draws from torch's global generator passes or fails alike wherever it runs."""
    import torch

    torch.manual_seed(0)


QUIET = [
    *("--no-sandbox", "--no-first-run", "--disable-gpu", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync"),
    *("--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"),
]


@pytest.fixture(scope="session")
def chromium():
    """A headless Chromium, one for all tests of a process, or a skip that says what is missing."""
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    place = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if place is None:
        pytest.skip("no chromium here (apt-get install chromium)")
    with playwright.sync_playwright() as machine:
        browser = machine.chromium.launch(executable_path=place, args=QUIET)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def small_study(tmp_path_factory):
    """Two seeds of both nets on few samples: too few epochs for the premise to hold."""
    from lamella.registry import studies
    from lamella.store import open_run

    out = tmp_path_factory.mktemp("spheres")
    arguments = {
        "out": out,
        "seeds": 2,
        "epochs": 2,
        "train_size": 400,
        "test_size": 100,
        "probe": 60,
        "tsne": False,
        "progress": False,
    }
    result = studies["spheres"](**arguments)
    nets = {
        net: [open_run(out / net / f"seed-{seed}") for seed in (0, 1)]
        for net in ("wide", "bottleneck")
    }
    return SimpleNamespace(out=out, arguments=arguments, result=result, nets=nets)
