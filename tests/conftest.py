"""Shared by all tests: one thread each, and the same random numbers in every run."""

import os

import pytest
from hypothesis import settings

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(name, "1")

# the same examples in every run, however busy the machine; `make fuzz` is where new ones are sought
settings.register_profile("repeatable", derandomize=True, deadline=None)
settings.load_profile("repeatable")


@pytest.fixture(autouse=True)
def same_random_numbers():
    """A test that draws from torch's global generator passes or fails alike wherever it runs."""
    import torch

    torch.manual_seed(0)
