"""One small study of two nets, run once and shared by the tests of this folder."""

from types import SimpleNamespace

import pytest

from lamella.registry import studies
from lamella.store import open_run


@pytest.fixture(scope="session")
def small(tmp_path_factory):
    """Two seeds of both nets on few samples: too few epochs for the premise to hold."""
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
