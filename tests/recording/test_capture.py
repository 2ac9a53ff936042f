"""What hooks see: order, reuse, in-place operations, tuples and dicts, several batches."""

import pytest
import torch
from support.recorded_nets import Awkward, Many, Pair, perceptron, samples
from torch import nn

from lamella.errors import RecordingError
from lamella.recording.capture import call, find_layers, hooks, named_tensors, run_batches
from lamella.recording.modules import choose_layers
from lamella.recording.reduction import reduction

WHOLE = reduction("whole", 0)


def found(model, inputs, layers="*"):
    return find_layers(model, choose_layers(model, layers)[0], inputs, WHOLE, call)


def test_layers_come_in_the_order_of_execution_and_reuse_is_numbered():
    layers, skipped = found(Awkward(), samples()[0])
    names = ["fc1", "bn", "frozen", "relu", "drop", "fc2", "relu#2", "head"]
    assert [layer.name for layer in layers] == names
    assert [layer.stored for layer in layers] == [(8,)] * 7 + [(3,)]
    assert (layers[0].type, layers[0].parameters) == ("Linear", 40)
    assert skipped == {}


def test_tuples_dicts_and_what_cannot_be_recorded():
    layers, skipped = found(Many(), torch.ones(5, 2))
    names = ["tuple", "named.left", "named.right", "dict.a", "dict.b"]
    assert [layer.name for layer in layers] == names
    assert skipped == {
        "total": "its output of shape (2,) has no row for each sample",
        "text": "it gives no tensor",
        "idle": "it was not executed",
    }


def test_named_tensors_of_nested_outputs():
    x = torch.ones(1)
    assert [key for key, _ in named_tensors((None, x, x))] == [""]
    assert [key for key, _ in named_tensors(Pair(x, None))] == [".left"]
    assert list(named_tensors("text")) == []


def test_a_layer_called_input_is_told_from_the_input():
    layers, _ = found(nn.Sequential(nn.ModuleDict({"input": nn.ReLU()})["input"]), samples()[0])
    assert [layer.name for layer in layers] == ["0"]

    class Net(nn.Module):
        def __init__(self):
            super().__init__()
            self.input = nn.Linear(4, 2)

        def forward(self, x):
            return self.input(x)

    assert [layer.name for layer in found(Net(), samples()[0])[0]] == ["input#1"]


@pytest.mark.parametrize("batch_size", [1, 5, 12, 100])
def test_batches_give_what_one_pass_gives_by_hand(batch_size):
    model, (points, _) = perceptron(inplace=True), samples()
    rows = {}

    def keep(row, name, _module, output):
        rows.setdefault(name, []).append((row, output.clone()))

    run_batches(model, choose_layers(model, "*")[0], points, keep, call, batch_size)
    with torch.no_grad():
        linear = points @ model[0].weight.T + model[0].bias
        expected = {"0": linear, "1": linear.relu(), "2": model(points)}
    for name, parts in rows.items():
        assert [row for row, _ in parts] == list(range(0, 12, batch_size))
        joined = torch.cat([part for _, part in parts])
        torch.testing.assert_close(joined, expected[name])


def test_hooks_come_off_when_the_model_raises():
    model = perceptron()
    chosen = choose_layers(model, "*")[0]
    with pytest.raises(RuntimeError), hooks(chosen, lambda *what: None):
        model(torch.ones(2, 7))
    assert not any(module._forward_hooks for module in model.modules())


def test_a_model_that_raises_is_explained():
    with pytest.raises(RecordingError, match=r"takes its probes, got RuntimeError from 3 samples"):
        found(perceptron(), torch.ones(5, 7))


def test_compiled_and_parallel_models_are_run_bare():
    plain, (points, _) = perceptron(), samples()
    inner = perceptron()
    inner[0] = torch.compile(inner[0], backend="eager")
    wrapped = nn.DataParallel(torch.compile(inner, backend="eager"))
    in_place = perceptron()
    in_place.compile(backend="eager")
    expected = [layer.name for layer in found(plain, points)[0]]
    for model in (wrapped, in_place):
        assert [layer.name for layer in found(model, points)[0]] == expected
        assert type(inner[0]).__name__ == "OptimizedModule"
    assert in_place._compiled_call_impl is not None
