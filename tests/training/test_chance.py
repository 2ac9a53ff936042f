"""What the seed decides, seen from inside: the order of the samples, and the masks of dropout."""

import pytest
import torch

from lamella.data.rectangles.scenes import Scene
from lamella.registry import datasets, models
from lamella.training import train
from lamella.training.segmentation import Stage, train_segmentation
from lamella.training.segmentation_feed import make_feed


def watched(module, kept, what):
    """Keep what a module sees or gives while it trains, each time it is called."""

    def hook(module, inputs, output):
        if module.training:
            kept.append(what(inputs[0].detach(), output.detach()))

    module.register_forward_hook(hook)


def each_epoch(epochs, kept):
    """What was kept in each epoch, as one tensor."""
    found = []
    for _ in epochs:
        found.append(torch.cat(kept) if kept else torch.empty(0))
        kept.clear()
    return found


def orders(seed):
    """The samples of the circle in the order in which a network trained on them, by epoch."""
    made = datasets["circle"](train_size=96, test_size=8)
    net, kept = models["perceptron"]((2,), 2, widths=(4,)), []
    watched(net, kept, lambda inputs, _: inputs.clone())
    epochs = train(net, made, epochs=3, batch_size=16, seed=seed, device="cpu")
    return torch.from_numpy(made.train.inputs), each_epoch(epochs, kept)


def masks(seed):
    """Which units dropout left out, by epoch, of samples that are all alike."""
    net, kept = models["perceptron"]((2,), 2, widths=(64,), dropout=0.5), []
    watched(net.drop1, kept, lambda _, output: output == 0)
    made = datasets["circle"](train_size=2, test_size=8)  # one step in each epoch
    made.train.inputs[:] = 1.0
    torch.nn.init.ones_(net.fc1.weight)
    epochs = train(net, made, epochs=3, learning_rate=0.0, seed=seed, device="cpu")
    return each_epoch(epochs, kept)


def images(seed):
    """The images in the order in which a segmentation network trained on them, by epoch."""
    scene = Scene(image_size=16)
    net, kept = models["conv_autoencoder"]((3, 16, 16), 4, widths=(2, 2)), []
    watched(net, kept, lambda inputs, _: inputs.mean(dim=(1, 2, 3)))
    feeds = (make_feed(scene, 24, noise=0.0), make_feed(scene, 2, split="test", noise=0.0))
    stages = [Stage("sgd", 3, 1e-3)]
    return each_epoch(train_segmentation(net, *feeds, stages=stages, batch_size=8, seed=seed), kept)


def test_every_epoch_goes_through_every_sample_once():
    samples, found = orders(seed=0)
    assert [len(epoch) for epoch in found] == [0, 96, 96, 96]
    for epoch in found[1:]:
        assert sorted(epoch.tolist()) == sorted(samples.tolist())
        assert not torch.equal(epoch, samples)


@pytest.mark.parametrize("drawn", [lambda seed: orders(seed)[1], images], ids=["train", "images"])
def test_every_epoch_and_every_seed_has_an_order_of_its_own(drawn):
    found, again, other = drawn(0), drawn(0), drawn(1)
    assert all(map(torch.equal, found, again))
    assert len({tuple(epoch.flatten().tolist()) for epoch in (*found[1:], *other[1:])}) == 6


def test_every_epoch_and_every_seed_drops_other_units():
    found, again, other = masks(0), masks(0), masks(1)
    assert all(map(torch.equal, found, again))
    assert len({tuple(mask.flatten().tolist()) for mask in (*found[1:], *other[1:])}) == 6
