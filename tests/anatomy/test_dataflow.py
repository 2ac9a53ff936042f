"""Fields by propagation against the truth: which outputs turn NaN when an input row does."""

import pytest
import torch
from hypothesis import HealthCheck, given, settings
from support.random_networks import networks
from torch import nn

from lamella.anatomy.execution import execute

OFTEN = settings(
    max_examples=200,
    deadline=None,
    derandomize=True,
    suppress_health_check=[
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
        HealthCheck.filter_too_much,
    ],
)


def rows_seen(model: nn.Module, shape: tuple[int, ...], axis: int) -> torch.Tensor:
    """Whether output position o along `axis` depends on input position i: (outputs, inputs)."""
    size = shape[axis + 1]
    batch = torch.zeros(size, *shape, dtype=torch.float64)
    for place in range(size):
        batch[place].select(axis + 1, place).fill_(float("nan"))
    with torch.no_grad():
        changed = model(batch).isnan()
    others = [d for d in range(1, changed.dim()) if d != axis + 2]
    return changed.amax(others).T if others else changed.T


def filled(model: nn.Module) -> nn.Module:
    """The same network on the CPU, in double precision, with weights of one."""
    model = model.to_empty(device="cpu").double().eval()
    with torch.no_grad():
        for tensor in [*model.parameters(), *model.buffers()]:
            tensor.fill_(1)
    return model


@OFTEN
@given(networks())
def test_fields_equal_the_truth_on_random_networks(drawn):
    model, shape = drawn
    call = execute(model, shape).calls[-1]
    model = filled(model)
    for axis in range(2):
        seen = rows_seen(model, shape, axis)
        reach = call.field[axis]
        for unit in range(seen.shape[0]):
            first, last = hull(reach, axis, unit)
            truth = seen[unit].nonzero().flatten().tolist()
            if truth:
                assert (first, last) == (truth[0], truth[-1])
            else:
                assert first > last


@OFTEN
@given(networks())
def test_the_plane_without_ends_agrees_with_units_far_from_the_border(drawn):
    model, shape = drawn
    for call in execute(model, shape).calls:
        for axis, reach in enumerate(call.field):
            plane = reach.plane
            if plane is None or reach.shape[axis + 2] < 3:
                continue
            for unit in range(reach.shape[axis + 2]):
                low, high = hull(reach, axis, unit)
                first, last = plane.sees(unit)
                if first >= 0 and last < shape[axis + 1] and low <= high and plain(model):
                    assert first <= low
                    assert high <= last


def plain(model: nn.Module) -> bool:
    """Whether no padding repeats pixels: those are read from afar, on a plane they are not."""
    return not any(getattr(m, "padding_mode", "zeros") != "zeros" for m in model.modules())


def hull(reach, axis: int, unit: int) -> tuple[int, int]:
    """First and last input position that any element at one output position sees."""
    low, high = (v.expand(reach.shape).select(axis + 2, unit) for v in (reach.low, reach.high))
    return int(low.min()), int(high.max())


FOUND_BY_CHANCE = {  # networks on which an earlier version was wrong
    "a window wholly in the padding": nn.Sequential(
        nn.Conv2d(2, 2, 1, (1, 4)), nn.Conv2d(2, 2, (1, 2), padding=(0, 1), dilation=(1, 3))
    ),
    "first pixels equal, last pixels not": nn.Sequential(
        nn.Conv2d(2, 2, 3, padding=1, padding_mode="reflect"),
        nn.Conv2d(2, 2, (3, 1), dilation=(2, 1)),
        nn.AvgPool2d((2, 1), (2, 1), (1, 0)),
        nn.Conv2d(2, 2, 3, padding=1, padding_mode="circular"),
    ),
}


@pytest.mark.parametrize("name", FOUND_BY_CHANCE)
def test_networks_that_were_wrong_once(name):
    model, shape = FOUND_BY_CHANCE[name], (2, 7, 7)
    call = execute(model, shape).calls[-1]
    for axis in range(2):
        for unit, line in enumerate(rows_seen(filled(model), shape, axis)):
            truth = line.nonzero().flatten().tolist()
            low, high = hull(call.field[axis], axis, unit)
            assert (low, high) == (truth[0], truth[-1]) if truth else low > high


class Writes(nn.Module):
    """Fills a tensor in two strided halves, in place."""

    def forward(self, x):
        y = torch.zeros_like(x)
        y[:, :, ::2] = x[:, :, ::2]
        y[:, :, 1::2] = nn.functional.avg_pool2d(x, 3, 1, 1)[:, :, 1::2]
        return y


class Excite(nn.Module):
    """Squeeze and excitation: a global mean multiplies every position."""

    def forward(self, x):
        return x * x.mean((2, 3), keepdim=True).sigmoid()


class Patches(nn.Module):
    """Patches of 4 x 4 by reshaping, as vision transformers cut them."""

    def forward(self, x):
        n, c, h, w = x.shape
        return x.view(n, c, h // 4, 4, w // 4, 4).permute(0, 2, 4, 1, 3, 5).flatten(3).mean(3)


@pytest.mark.parametrize(
    "model",
    [
        Writes(),
        Excite(),
        nn.Sequential(nn.Conv2d(2, 2, 3, padding=1), nn.PixelShuffle(1)),
        nn.Sequential(nn.Conv2d(2, 2, 3), nn.InstanceNorm2d(2)),
        nn.Sequential(nn.Conv2d(2, 2, 3), nn.GroupNorm(1, 2)),
        nn.AdaptiveAvgPool2d(5),
        nn.Upsample(size=(5, 17)),
        nn.Upsample(scale_factor=1.7, mode="bilinear"),
        nn.Upsample(size=(9, 20), mode="bicubic", align_corners=True),
        nn.Softmax(2),
    ],
    ids=lambda m: type(m).__name__,
)
def test_fields_of_unusual_layers_equal_the_truth(model):
    shape = (2, 8, 12)
    field = execute(model, shape).calls[-1].field
    model = model.double().eval()
    for axis in range(2):
        seen = rows_seen(model, shape, axis)
        low = field[axis].low.expand(field[axis].shape).amin([d for d in range(4) if d != axis + 2])
        high = (
            field[axis].high.expand(field[axis].shape).amax([d for d in range(4) if d != axis + 2])
        )
        for unit, line in enumerate(seen):
            truth = line.nonzero().flatten().tolist()
            assert (int(low[unit]), int(high[unit])) == (truth[0], truth[-1])


def test_patches_by_reshaping_see_their_own_pixels():
    reach = execute(Patches(), "2x8x12").calls[-1].field[1]
    assert [reach.sees((0, 0, x)) for x in range(3)] == [(0, 3), (4, 7), (8, 11)]


def test_an_unknown_operation_sees_everything_and_is_named():
    class Odd(nn.Module):
        def forward(self, x):
            return torch.cdist(x, x)

    done = execute(Odd(), "1x4x6")
    assert done.ledger.assumed
    assert done.calls[-1].field[0].extent() == 4
