import numpy as np
import pytest
import torch

from lamella.data.dataset import Dataset, Split
from lamella.errors import InputError, TrainingError, UnknownName
from lamella.registry import datasets, models
from lamella.training import train
from lamella.training.early_stop import EarlyStop, Watch
from lamella.training.epochs import Epoch


def small(**options):
    return datasets["circle"](**{"train_size": 256, "test_size": 64} | options)


def net(seed=0, **options):
    return models["perceptron"]((2,), 2, **{"widths": (16,)} | options, seed=seed)


def weights(trained):
    return torch.cat([p.detach().reshape(-1) for p in trained.parameters()])


def numbers(epochs):
    return [(e.epoch, e.train_loss, e.test_loss, e.train_accuracy, e.test_accuracy) for e in epochs]


def test_epoch_zero_comes_before_any_step():
    mine = net()
    before = weights(mine)
    epochs = train(mine, small(), epochs=2)
    assert next(epochs).epoch == 0
    assert torch.equal(weights(mine), before)
    assert [e.epoch for e in epochs] == [1, 2]
    assert not torch.equal(weights(mine), before)


def test_circle_is_learnt():
    last = list(train(net(), datasets["circle"](), epochs=10, learning_rate=1e-2))[-1]
    assert last.test_accuracy > 0.99
    assert last.train_loss < 0.1


def test_one_step_of_sgd_is_the_formula():
    """A linear model, one batch, squared error: w - rate * gradient, worked out in NumPy."""
    x = np.array([[1.0, 2.0], [3.0, -1.0]], np.float32)
    split = Split(x, [0, 1], [0, 1])
    mine = models["perceptron"]((2,), 2, widths=())
    weight = mine.head.weight.detach().numpy().copy()
    bias = mine.head.bias.detach().numpy().copy()
    plain = lambda parameters, lr, weight_decay: torch.optim.SGD(parameters, lr=lr)  # noqa: E731
    made = Dataset("two", split, split, ("a", "b"))
    list(
        train(mine, made, epochs=1, optimiser=plain, learning_rate=0.1, loss="squared_error",
              device="cpu")
    )  # fmt: skip
    slope = 2 * (x @ weight.T + bias - np.eye(2)) / 4
    assert np.allclose(mine.head.weight.detach(), weight - 0.1 * slope.T @ x, atol=1e-6)
    assert np.allclose(mine.head.bias.detach(), bias - 0.1 * slope.sum(axis=0), atol=1e-6)


def test_reported_numbers_are_those_of_the_model():
    mine, made = net(), small()
    last = list(train(mine, made, epochs=3, device="cpu"))[-1]
    with torch.no_grad():
        logits = mine(torch.from_numpy(made.test.inputs))
    labels = torch.from_numpy(made.test.labels)
    assert last.test_accuracy == (logits.argmax(1) == labels).double().mean().item()
    assert last.test_loss == pytest.approx(
        torch.nn.functional.cross_entropy(logits, labels).item(), rel=1e-5
    )


def test_same_seed_same_numbers_whatever_the_global_stream():
    runs = []
    for noise in (0, 1):
        torch.manual_seed(noise)
        np.random.seed(noise)  # noqa: NPY002
        mine = net(dropout=0.3)
        runs.append(numbers(train(mine, small(), epochs=3, seed=5)))
    assert runs[0] == runs[1]
    assert runs[0] != numbers(train(net(dropout=0.3), small(), epochs=3, seed=6))


def test_the_global_stream_is_as_it_was_at_every_epoch():
    before = torch.get_rng_state()
    for _ in train(net(dropout=0.3), small(), epochs=3):
        assert torch.equal(torch.get_rng_state(), before)


def test_drawing_between_epochs_changes_nothing():
    undisturbed = numbers(train(net(dropout=0.3), small(), epochs=3))
    disturbed = []
    for epoch in train(net(dropout=0.3), small(), epochs=3):
        torch.rand(7)
        disturbed.append(epoch)
    assert numbers(disturbed) == undisturbed


@pytest.mark.parametrize("name", ["adam", "adamw", "nadam", "adagrad", "rmsprop", "sgd"])
def test_every_optimiser_lowers_the_loss(name):
    rate = 0.05 if name in ("sgd", "adagrad") else 5e-3
    epochs = list(train(net(), small(), epochs=4, optimiser=name, learning_rate=rate, batch_size=8))
    assert epochs[-1].train_loss < 0.9 * epochs[0].train_loss


@pytest.mark.parametrize("name", ["cross_entropy", "smoothed", "squared_error", "hinge"])
def test_every_loss_is_lowered(name):
    epochs = list(train(net(), small(), epochs=4, loss=name, learning_rate=1e-2))
    assert epochs[-1].train_loss < epochs[0].train_loss


def test_weight_decay_spares_biases():
    mine = net()
    bias = mine.fc1.bias.detach().clone()
    weight = mine.fc1.weight.detach().clone()
    flat = lambda logits, labels: logits.sum() * 0  # noqa: E731
    list(train(mine, small(), epochs=1, optimiser="sgd", weight_decay=1.0, loss=flat,
               learning_rate=0.01, device="cpu"))  # fmt: skip
    assert torch.equal(mine.fc1.bias.detach(), bias)
    assert mine.fc1.weight.norm() < 0.99 * weight.norm()


def test_a_nan_loss_ends_training_with_its_epoch():
    epochs = train(net(), small(), epochs=3, learning_rate=1e30, optimiser="sgd")
    with pytest.raises(TrainingError, match=r"finite loss, got (nan|inf) in epoch 1 at learning"):
        list(epochs)


def test_nan_among_the_inputs_is_counted():
    made = small()
    made.train.inputs[3, 1] = np.nan
    with pytest.raises(InputError, match=r"NaN or infinity in 1 of 256 samples \(first: row 3\)"):
        train(net(), made)


def test_an_empty_split_is_refused():
    made = small()
    empty = Dataset("none", Split(made.train.inputs[:0], [], []), made.test, made.class_names)
    with pytest.raises(InputError, match="at least one sample, got none"):
        train(net(), empty)


def test_a_model_of_another_shape_says_what_it_wants():
    with pytest.raises(InputError, match=r"wants inputs of shape \(5,\), got \(2,\)"):
        train(models["perceptron"]((5,), 2), small())
    with pytest.raises(InputError, match=r"inputs of shape \(1, 8, 8\), got \(2,\)"):
        train(models["perceptron"]((1, 8, 8), 2), small())


def test_a_model_with_too_few_outputs_is_refused():
    with pytest.raises(InputError, match=r"logits of shape \(batch, 2\), got \(2, 1\)"):
        train(models["perceptron"]((2,), 1), small())


def test_names_unknown_show_the_nearest():
    with pytest.raises(UnknownName, match="Nearest: nadam"):
        train(net(), small(), optimiser="nadamm")
    with pytest.raises(UnknownName, match="Nearest: one_cycle"):
        train(net(), small(), schedule="onecycle")
    with pytest.raises(UnknownName, match="Nearest: cross_entropy"):
        train(net(), small(), loss="crossentropy")


def test_early_stop_waits_for_its_patience():
    flat = lambda logits, labels: logits.sum() * 0  # noqa: E731
    assert [e.epoch for e in train(net(), small(), epochs=50, loss=flat, early_stop=3)] == [
        *range(4)
    ]
    stop = EarlyStop(2, "test_accuracy", least=1.0)
    assert len(list(train(net(), small(), epochs=50, early_stop=stop))) == 3


@pytest.mark.parametrize(("number", "better"), [("test_loss", -1), ("train_accuracy", 1)])
def test_an_early_stop_counts_from_the_best_epoch(number, better):
    def stops_after(values):
        watch = Watch(EarlyStop(2, number, least=0.05))
        told = {"train_loss": 0, "test_loss": 0, "train_accuracy": 0, "test_accuracy": 0}
        epochs = [
            Epoch(at, **told | {number: value}, learning_rate=0, seconds=0)
            for at, value in enumerate(values)
        ]
        return next((epoch.epoch for epoch in epochs if watch.done(epoch)), None)

    rising = [0.1, 0.2, 0.3, 0.4, 0.5, 0.5, 0.54, 0.9]
    assert stops_after([better * value for value in rising]) == 6  # 0.54 is too little more
    assert stops_after([-better * value for value in rising]) == 2
    assert stops_after([better * value for value in rising[:5]]) is None


def test_a_last_batch_of_one_is_left_out_for_batch_norm():
    made = small(train_size=129)
    assert len(list(train(net(batch_norm=True), made, epochs=1, batch_size=128))) == 2


def test_train_sample_measures_a_stratified_part():
    whole, part = (
        next(train(net(), small(train_size=2000), epochs=0, train_sample=n)) for n in (None, 400)
    )
    assert part.train_loss != whole.train_loss
    assert part.train_loss == pytest.approx(whole.train_loss, rel=0.1)
    assert part.test_loss == whole.test_loss


def test_the_model_is_left_in_eval_mode_between_epochs():
    mine = net(dropout=0.5)
    assert not any(mine.training for _ in train(mine, small(), epochs=2))


def test_channels_last_gives_the_same_training():
    made = datasets["digits"](train_size=200, test_size=100)
    results = []
    for channels_last in (False, True):
        torch.manual_seed(0)
        mine = torch.nn.Sequential(
            torch.nn.Conv2d(1, 4, 3), torch.nn.ReLU(), torch.nn.Flatten(), torch.nn.Linear(144, 10)
        )
        results.append(list(train(mine, made, epochs=2, channels_last=channels_last))[-1])
    assert results[0].train_loss == pytest.approx(results[1].train_loss, rel=1e-4)


def test_bfloat16_trains():
    epochs = list(train(net(), small(), epochs=3, bfloat16=True, learning_rate=1e-2))
    assert epochs[-1].train_loss < epochs[0].train_loss
