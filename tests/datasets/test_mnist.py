"""MNIST as it is, where it is."""

import os
from pathlib import Path

import numpy as np
import pytest

from lamella.errors import InputError
from lamella.registry import datasets

REAL = os.environ.get("LAMELLA_DATA", "")


needs_data = pytest.mark.skipif(
    not (Path(REAL) / "mnist").is_dir() or not REAL, reason="LAMELLA_DATA holds no MNIST"
)


@needs_data
def test_mnist_has_its_images_and_labels():
    made = datasets["mnist"]()
    assert made.train.inputs.shape == (60_000, 1, 28, 28)
    assert made.test.inputs.shape == (10_000, 1, 28, 28)
    assert made.train.labels[:5].tolist() == [5, 0, 4, 1, 9]
    assert np.bincount(made.test.labels).tolist() == [
        980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009,
    ]  # fmt: skip
    assert made.train.inputs.min() == 0
    assert made.train.inputs.max() == 1
    assert made.train.inputs.mean() == pytest.approx(0.1307, abs=5e-5)
    assert made.train.inputs.std() == pytest.approx(0.3081, abs=5e-5)
    assert made.test.ids[0] == 60_000


@needs_data
def test_a_part_of_mnist_is_stratified():
    made = datasets["mnist"](train_size=200, test_size=100, standardised=True, seed=3)
    assert len(made.train) == 200
    assert np.bincount(made.train.labels, minlength=10).min() > 15
    assert made.train.inputs.mean() == pytest.approx(0, abs=0.05)
    assert [step["step"] for step in made.steps] == ["divide", "standardise"]
    with pytest.raises(InputError, match="train_size of at most 60,000, got 60,001"):
        datasets["mnist"](train_size=60_001)
