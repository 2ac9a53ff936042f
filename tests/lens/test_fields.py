"""Receptive fields and crops against what changing single pixels changes."""

import numpy as np
import pytest
import torch
from support.image_nets import Reused, Skip, pictures, plain, seeded
from torch import nn

from lamella import lens
from lamella.lens.activation_maps import FRAME

NETS = {
    "stride": (
        lambda: nn.Sequential(nn.Conv2d(2, 3, 3, stride=2), nn.ReLU(), nn.Conv2d(3, 2, 2)),
        "2",
    ),
    "dilation": (lambda: nn.Sequential(nn.Conv2d(2, 3, 3, dilation=2), nn.Conv2d(3, 2, 2)), "1"),
    "holes": (lambda: nn.Sequential(nn.Conv2d(2, 3, 3, dilation=3)), "0"),
    "gaps": (lambda: nn.Sequential(nn.MaxPool2d(2, 3), nn.Conv2d(2, 1, 2)), "1"),
    "padding": (lambda: nn.Sequential(nn.Conv2d(2, 3, 5, padding=2), nn.MaxPool2d(3, 2, 1)), "1"),
    "mean": (lambda: nn.Sequential(nn.AvgPool2d(2), nn.Conv2d(2, 1, 3, padding=1)), "1"),
    "skip": (Skip, "pool"),
    "grouped": (
        lambda: nn.Sequential(nn.Conv2d(2, 4, 3, groups=2, padding=1), nn.MaxPool2d(2)),
        "1",
    ),
    "global": (lambda: plain(), "7"),
}


def changed_by(net, layer, place, size=12, tries=6):
    """Pixels of which a change changes a unit at `place`, for one of several random images."""
    hit = np.zeros((size, size), bool)
    spots = list(np.ndindex(size, size))
    for seed in range(tries):
        image = torch.from_numpy(pictures(1, 2, size, seed)[0])
        moved = image.repeat(len(spots), 1, 1, 1)
        for at, (r, c) in enumerate(spots):
            moved[at, :, r, c] += 30 * (-1) ** seed
        outputs = lens.activations(net, torch.cat([image[None], moved]), layer)
        if outputs.ndim == 4:
            outputs = outputs[:, :, *place]
        hit |= (outputs[1:] != outputs[:1]).flatten(1).any(dim=1).numpy().reshape(size, size)
    return hit


def places(net, layer, size):
    top = lens.fields(net, (2, size, size), layer).top
    rows, columns = top.shape
    return {(0, 0), (rows // 2, columns // 2), (rows - 1, 0), (rows - 1, columns - 1)}


@pytest.mark.parametrize("name", NETS)
def test_field_is_exactly_what_influences_the_unit(name):
    make, layer = NETS[name]
    net, size = seeded(make()), 8 if name == "global" else 12
    for place in places(net, layer, size):
        hit = changed_by(net, layer, place, size)
        assert np.array_equal(lens.influence(net, (2, size, size), layer, place), hit)
        rows, columns = np.nonzero(hit)
        box = lens.fields(net, (2, size, size), layer).box(*place)
        assert box == (slice(rows.min(), rows.max() + 1), slice(columns.min(), columns.max() + 1))


def test_crops_hold_exactly_the_influencing_pixels():
    for name in ("holes", "padding", "skip", "stride"):
        make, layer = NETS[name]
        net, images = seeded(make()), pictures(4, 2, 12)
        found = lens.find_maxima(net, images, layer, count=2)
        for unit in range(len(found.units)):
            for k in range(2):
                hit = changed_by(net, layer, tuple(found.places[unit, k]))
                patch = found.patches[unit, k]
                kept = patch[~np.isnan(patch)]
                inside = images[found.samples[unit, k]][:, hit]
                assert np.allclose(np.sort(kept), np.sort(inside.ravel()), atol=1e-6)


def test_blocks_and_later_calls_have_fields_too():
    block = seeded(nn.Sequential(nn.Conv2d(2, 2, 3), nn.Sequential(nn.Conv2d(2, 2, 3), nn.ReLU())))
    found, inner = (lens.fields(block, (2, 9, 9), layer) for layer in ("1", "1.1"))
    for end in ("top", "bottom", "left", "right"):
        assert np.array_equal(getattr(found, end), getattr(inner, end))
    reused = seeded(Reused())
    assert lens.fields(reused, (2, 9, 9), "act#1").size == (3, 3)
    assert lens.fields(reused, (2, 9, 9), "act#2").size == (5, 5)


def test_the_frame_lies_on_the_border_of_the_field():
    net = seeded(nn.Sequential(nn.Conv2d(2, 1, 3)))
    shown = lens.field_on_image(net, pictures(1, 2, 8)[0], "0", (2, 3))
    times = 128 // 8
    framed = (np.abs(shown.pixels[0] - FRAME) < 1e-6).all(axis=-1)
    rows, columns = np.nonzero(framed)
    assert (rows.min(), rows.max()) == (2 * times, 5 * times - 1)
    assert (columns.min(), columns.max()) == (3 * times, 6 * times - 1)
    assert shown.captions[0].endswith("rows 2..4, columns 3..5")
    with pytest.raises(lens.LensError, match="called 0 times") as caught:
        lens.fields(Unused().double(), (2, 8, 8), "spare")
    assert "Choose another" in str(caught.value)


class Unused(nn.Module):
    def __init__(self):
        super().__init__()
        self.used, self.spare = nn.Conv2d(2, 1, 3), nn.Conv2d(2, 1, 3)

    def forward(self, x):
        return self.used(x)
