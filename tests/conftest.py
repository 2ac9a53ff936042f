"""Shared by all tests: one thread each, and the same random numbers in every run."""

import os

import pytest

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(name, "1")


@pytest.fixture(autouse=True)
def same_random_numbers():
    """A test that draws from torch's global generator passes or fails alike wherever it runs."""
    import torch

    torch.manual_seed(0)
