"""The axis of the channels comes from the module that made an output, or from the user."""

import numpy as np
import pytest
import torch
from torch import nn

import lamella
from lamella.errors import InputError, RecordingError

LABELS = torch.zeros(6, dtype=torch.long)


class Blocks(nn.Module):
    """Pictures with the channels last, as in windows of attention: a sum of two branches."""

    def __init__(self):
        super().__init__()
        self.norm, self.mlp, self.act = nn.LayerNorm(4), nn.Linear(4, 4), nn.GELU()

    def forward(self, x):
        return x + self.act(self.mlp(self.norm(x)))


def stored(tmp_path, model, inputs, **options):
    with lamella.record(tmp_path / "run", model, {"test": (inputs, LABELS)}, **options) as recorder:
        recorder.epoch()
    return lamella.open_run(tmp_path / "run")


@pytest.mark.parametrize(
    ("model", "shape", "layers", "axis"),
    [
        (nn.Sequential(nn.Conv1d(3, 8, 5), nn.ReLU()), (3, 50), "*", 1),
        (nn.Sequential(nn.Conv2d(3, 8, 3), nn.BatchNorm2d(8), nn.SiLU()), (3, 9, 9), "*", 1),
        (nn.Sequential(Blocks(), Blocks()), (7, 7, 4), ["*", "0", "1"], 3),
        (nn.Sequential(nn.LSTM(4, 5, batch_first=True)), (11, 4), "*", 2),
        (nn.Sequential(nn.Linear(4, 5), nn.Tanh()), (11, 4), "*", 2),
    ],
)
@pytest.mark.parametrize("reduce", ["mean", "max"])
def test_positions_are_reduced_and_channels_kept(tmp_path, model, shape, layers, axis, reduce):
    inputs = torch.randn(6, *shape)
    run = stored(tmp_path, model.eval(), inputs, layers=layers, reduce=reduce)
    assert set(run.info["channel_axes"].values()) == {axis}
    expected = inputs
    for name in map(str, range(len(model))):
        with torch.no_grad():
            expected = model[int(name)](expected)
        whole = expected[0] if isinstance(expected, tuple) else expected
        over = tuple(n for n in range(1, whole.ndim) if n != axis)
        by_hand = whole.mean(over) if reduce == "mean" else whole.amax(over)
        np.testing.assert_allclose(run.activations(name, 0, "test"), by_hand, rtol=1e-4, atol=1e-6)


def test_the_user_decides_otherwise(tmp_path):
    inputs, model = torch.randn(6, 3, 9), nn.Sequential(nn.Conv1d(3, 8, 4), nn.ReLU())
    with torch.no_grad():
        whole = model(inputs)
    run = stored(tmp_path, model, inputs, reduce=("mean", -1))
    np.testing.assert_allclose(run.activations("1", 0, "test"), whole.mean(1), rtol=1e-5)
    run = stored(tmp_path, model, inputs, reduce=lambda x: x[..., 0], overwrite=True)
    np.testing.assert_allclose(run.activations("1", 0, "test"), whole[..., 0], rtol=1e-5)
    assert "<lambda>()" in run.info["reduce"]


@pytest.mark.parametrize("reduce", [("mean", 0), ("mean", "x"), ("median", 1), ("project", 0)])
def test_what_is_no_reduction_is_refused(tmp_path, reduce):
    with pytest.raises(InputError, match="reduce as one of"):
        stored(tmp_path, nn.Conv1d(3, 8, 4), torch.randn(6, 3, 9), reduce=reduce)


def test_a_reduction_that_fits_no_layer_says_why(tmp_path):
    model = nn.Sequential(nn.Conv1d(3, 8, 4))
    with pytest.raises(RecordingError, match=r"an axis from 1 to 2, got 5 for an output of shape"):
        stored(tmp_path, model, torch.randn(6, 3, 9), reduce=("mean", 5))
    with pytest.raises(RecordingError, match="a tensor of 3 rows, got"):
        stored(tmp_path, model, torch.randn(6, 3, 9), reduce=lambda x: x.mean())
