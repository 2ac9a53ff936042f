import math

import numpy as np
import pytest
import torch

from lamella.data.rectangles.scenes import Scene
from lamella.errors import InputError, TrainingError, UnknownName
from lamella.registry import models
from lamella.training.segmentation import Stage, train_segmentation, two_stages
from lamella.training.segmentation_feed import make_feed
from lamella.training.segmentation_losses import PIXEL_LOSSES, find_pixel_loss
from lamella.training.segmentation_scores import confusion, scores_of


def plain_loss(name, logits, labels):
    """The formulas pixel by pixel, on plain floats."""
    total, count = 0.0, 0
    for image, truth in zip(logits, labels, strict=True):
        for place in np.ndindex(truth.shape):
            z = [float(channel[place]) for channel in image]
            p = [math.exp(v) / sum(math.exp(w) for w in z) for v in z]
            t = int(truth[place])
            last = len(z) - 1
            if name == "dice":
                y = [float(k == t) for k in range(len(z))]
                top = 2 * sum(a * b for a, b in zip(y, p, strict=True)) + 1
                total += 1 - top / (sum(a * a for a in y) + sum(b * b for b in p) + 1)
            elif name == "focal":
                total -= (0.25 if t == last else 0.75) * (1 - p[t]) ** 2 * math.log(p[t])
            else:
                total -= (1 if t == last else 4) * math.log(p[t])
            count += 1
    return total / count


@pytest.fixture
def pixels():
    generator = torch.Generator().manual_seed(3)
    logits = 3 * torch.randn(2, 4, 3, 3, dtype=torch.float64, generator=generator)
    return logits, torch.randint(0, 4, (2, 3, 3), generator=generator)


@pytest.mark.parametrize("name", PIXEL_LOSSES)
def test_losses_are_their_plain_formulas(name, pixels):
    logits, labels = pixels
    assert PIXEL_LOSSES[name](logits, labels).item() == pytest.approx(
        plain_loss(name, logits, labels), rel=1e-12
    )
    assert PIXEL_LOSSES[name](logits, labels.to(torch.uint8)).dtype == torch.float64


@pytest.mark.parametrize("name", PIXEL_LOSSES)
def test_gradients_are_finite_differences(name, pixels):
    logits, labels = pixels
    logits.requires_grad_(True)
    PIXEL_LOSSES[name](logits, labels).backward()
    step = 1e-6
    for place in [(0, 0, 0, 0), (1, 3, 2, 1), (0, 2, 1, 1), (1, 1, 0, 2)]:
        values = []
        for sign in (1, -1):
            moved = logits.detach().clone()
            moved[place] += sign * step
            values.append(PIXEL_LOSSES[name](moved, labels).item())
        slope = (values[0] - values[1]) / (2 * step)
        assert logits.grad[place].item() == pytest.approx(slope, abs=1e-9, rel=1e-5)


@pytest.mark.parametrize("name", PIXEL_LOSSES)
def test_losses_stay_finite_where_a_class_is_certain(name):
    logits = torch.tensor([80.0, -80.0, 0.0, 0.0]).reshape(1, 4, 1, 1).requires_grad_(True)
    for label in (0, 1):
        loss = PIXEL_LOSSES[name](logits, torch.tensor([[[label]]]))
        loss.backward()
        assert torch.isfinite(loss)
        assert torch.isfinite(logits.grad).all()


def test_unknown_losses_and_wrong_weights_are_refused(pixels):
    with pytest.raises(UnknownName, match=r"no loss is called 'dise'. Nearest: dice"):
        find_pixel_loss("dise")
    with pytest.raises(InputError, match="4 weights, one per channel, got 3"):
        PIXEL_LOSSES["focal"](*pixels, weights=(1, 1, 1))


def test_scores_are_those_of_sets_of_pixels():
    generator = np.random.default_rng(0)
    truth, called = generator.integers(0, 4, (2, 5, 9, 9))
    found = scores_of(confusion(torch.tensor(called), torch.tensor(truth), 4))
    for k in range(4):
        a, b = truth == k, called == k
        assert found.dice[k] == pytest.approx(2 * (a & b).sum() / (a.sum() + b.sum()))
        assert found.iou[k] == pytest.approx((a & b).sum() / (a | b).sum())
    assert found.mean_dice == pytest.approx(np.mean(found.dice[:3]))
    absent = scores_of(torch.tensor([[4, 0, 0], [0, 0, 0], [0, 0, 0]]))
    assert absent.dice == (1.0, 1.0, 1.0)


def test_the_schedule_is_nadam_then_decaying_sgd():
    nadam, sgd = two_stages()
    assert (nadam.optimiser, nadam.epochs, nadam.rate(10**6)) == ("nadam", 25, 2e-3)
    assert (sgd.optimiser, sgd.epochs, sgd.rate(0)) == ("sgd", 50, 0.02)
    assert sgd.rate(1000) == pytest.approx(0.02 / (1 + 1000 * 0.02 / 50))
    with pytest.raises(UnknownName, match="Nearest: nadam"):
        Stage("adam", 1, 0.1)


def feeds(count=96):
    scene = Scene(image_size=16)
    return make_feed(scene, count), make_feed(scene, 32, split="test")


def net(seed=0):
    return models["conv_autoencoder"]((3, 16, 16), 4, widths=(4, 8), seed=seed)


def run(network, **changes):
    stages = (Stage("nadam", 2, 5e-3), Stage("sgd", 2, 0.02, 0.01))
    given = {"stages": stages, "batch_size": 16, "seed": 1} | changes
    return train_segmentation(network, *feeds(), **given)


def test_training_lowers_the_loss_and_keeps_the_random_stream():
    state = torch.get_rng_state()
    epochs = list(run(net()))
    assert [e.epoch for e in epochs] == [0, 1, 2, 3, 4]
    assert epochs[-1].test_loss < 0.7 * epochs[0].test_loss
    assert [round(e.learning_rate, 6) for e in epochs[:3]] == [0.005] * 3
    assert epochs[3].learning_rate == pytest.approx(0.02 / (1 + 0.01 * 5))
    assert epochs[4].learning_rate == pytest.approx(0.02 / (1 + 0.01 * 11))
    assert torch.equal(state, torch.get_rng_state())
    named = epochs[-1].scalars()
    assert named["mean_dice"] == pytest.approx(np.mean([named[f"dice_{k}"] for k in (1, 2, 3)]))


@pytest.mark.parametrize("stop", [1, 2, 3])
def test_resuming_gives_the_numbers_of_a_run_without_a_stop(tmp_path, stop):
    whole = [e.test_loss for e in run(net())]
    path = tmp_path / "c.safetensors"
    first = run(net(), checkpoint=path)
    seen = [next(first).test_loss for _ in range(stop + 1)]
    next(first)  # the checkpoint of an epoch is written when the next is asked for
    first.close()
    rest = [e.test_loss for e in run(net(), checkpoint=path, resume=True)]
    assert seen + rest == whole


def test_a_checkpoint_of_other_arguments_is_refused(tmp_path):
    path = tmp_path / "c.safetensors"
    list(run(net(), checkpoint=path))
    with pytest.raises(TrainingError, match="loss, batch_size differ"):
        list(run(net(), checkpoint=path, resume=True, loss="focal", batch_size=8))
    assert list(run(net(), checkpoint=path, resume=True)) == []


def test_both_layouts_give_the_same_numbers():
    losses = [[e.test_loss for e in run(net(), channels_last=c)] for c in (True, False)]
    assert np.allclose(*losses, rtol=1e-4)


def test_a_loss_that_is_not_finite_stops_the_training():
    with pytest.raises(TrainingError, match="finite loss, got nan in epoch 1"):
        list(
            run(net(), loss=lambda z, _: (z * float("nan")).mean() if z.requires_grad else z.mean())
        )


def test_test_images_have_the_same_noise_each_time_and_training_images_do_not():
    train, test = feeds()
    first, again = (torch.cat([x for x, _ in test.in_order(10, 0)]) for _ in range(2))
    assert torch.equal(first, again)
    assert first.min() >= 0
    assert first.max() <= 1
    generator = torch.Generator().manual_seed(0)
    one, other = (train.take(slice(0, 4), generator)[0] for _ in range(2))
    assert not torch.equal(one, other)
    assert (one - other).abs().max() < 5 / 232
    assert one.is_contiguous(memory_format=torch.channels_last)
