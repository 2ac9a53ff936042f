"""A target as argmax gives it is one class."""

import numpy as np
import pytest
import torch

from lamella.errors import InputError
from lamella.lens.targets import scores

OUTPUT = torch.tensor([[1.0, 5.0], [7.0, 2.0]])


@pytest.mark.parametrize("target", [1, np.int64(1), np.array(1), torch.tensor(1), np.uint8(1)])
def test_one_number_of_any_library_is_one_class(target):
    assert scores(OUTPUT, target).tolist() == [5, 2]


def test_what_is_no_whole_number_is_refused():
    for target in (1.0, torch.tensor(1.0), [0.0, 1.0], "a"):
        with pytest.raises(InputError, match="lens wants"):
            scores(OUTPUT, target)
