"""The layer table against torch itself, and against the numbers of the literature."""

import pytest
import torch
from anatomy.test_dataflow import filled
from hypothesis import HealthCheck, given, settings
from support import networks as nets
from support.random_networks import networks
from torch import nn

from lamella.anatomy.layer_tables import layer_table
from lamella.errors import InputError


def built(make, *args):
    with torch.device("meta"):
        return make(*args)


@pytest.mark.parametrize(
    ("model", "inputs", "parameters", "macs"),
    [
        (built(nets.alexnet), "3x224x224", 61_100_840, 714_188_480),
        (built(nets.vgg16), "3x224x224", 138_357_544, 15_470_264_320),
        (built(nets.resnet, nets.Basic, (2, 2, 2, 2)), "3x224x224", 11_689_512, 1_814_073_344),
        (built(nets.resnet, nets.Bottleneck, (3, 4, 6, 3)), "3x224x224", 25_557_032, 4_089_184_256),
        (built(nets.lenet5), "1x32x32", 61_706, None),
    ],
    ids=["alexnet", "vgg16", "resnet18", "resnet50", "lenet5"],
)
def test_parameters_and_work_of_known_networks(model, inputs, parameters, macs):
    table = layer_table(model, inputs)
    assert table.parameters == parameters == sum(row.parameters for row in table.rows)
    assert macs is None or table.macs == macs
    assert not table.unused


def sights(table, kinds):
    return [(r.sight[0].size, r.sight[0].jump) for r in table.rows if r.type in kinds]


def test_fields_of_alexnet():
    table = layer_table(built(nets.alexnet, 0), "3x227x227")
    found = sights(table, ("Conv2d", "MaxPool2d"))
    assert [size for size, _ in found] == [11, 19, 51, 67, 99, 131, 163, 195]
    assert found[-1] == (195, 32)
    last = [r for r in table.rows if r.type == "MaxPool2d"][-1]
    assert last.sight[0].offset == -64


def test_fields_of_resnet18():
    table = layer_table(built(nets.resnet, nets.Basic, (2, 2, 2, 2)), "3x224x224")
    assert sights(table, ("add",))[-1] == (435, 32)


def test_fields_of_lenet5():
    found = sights(layer_table(nets.lenet5(), "1x32x32"), ("Conv2d", "AvgPool2d"))
    assert [size for size, _ in found] == [5, 6, 14, 16, 32]


def test_formulas_of_the_lecture_network():
    dense = nn.Sequential(nn.Linear(784, 800), nn.Linear(800, 400), nn.Linear(400, 10))
    rows = layer_table(dense, "784").rows
    assert [r.formula for r in rows] == ["800 x 784 + 800", "400 x 800 + 400", "10 x 400 + 10"]
    assert [r.parameters for r in rows] == [628_000, 320_400, 4_010]
    assert sum(r.parameters for r in rows) == 952_410


def shape_keeper(shapes, name):
    def keep(module, args, out):
        shapes[name] = tuple(out.shape)

    return keep


@settings(
    max_examples=300, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck)
)
@given(networks())
def test_shapes_and_parameters_equal_torch_on_random_networks(drawn):
    model, shape = drawn
    table = layer_table(model, shape, batch=2)
    model = filled(model)
    shapes = {}
    for name, module in model.named_modules():
        module.register_forward_hook(shape_keeper(shapes, name))
    model(torch.zeros(2, *shape, dtype=torch.float64))
    modules = dict(model.named_modules())
    named = [row for row in table.rows if row.layer in modules and row.layer]
    assert len(named) == sum(not m._modules for n, m in modules.items() if n)
    for row in named:
        assert row.output_shape == shapes[row.layer]
        assert row.parameters == sum(p.numel() for p in modules[row.layer].parameters())
    assert table.parameters == sum(p.numel() for p in model.parameters())


class Twice(nn.Module):
    """Uses one layer twice, ties a weight, and leaves a layer out."""

    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(6, 6)
        self.tied = nn.Linear(6, 6)
        self.tied.weight = self.fc.weight
        self.unused = nn.Linear(6, 9)
        self.scale = nn.Parameter(torch.ones(6))

    def forward(self, x):
        return self.tied(torch.relu(self.fc(torch.relu(self.fc(x))))) * self.scale


def test_shared_weights_are_counted_once_and_said_so():
    table = layer_table(Twice(), "6")
    counts = {row.layer: row.parameters for row in table.rows}
    assert counts == {"fc": 42, "relu": 0, "fc#2": 0, "relu#2": 0, "tied": 6, "mul": 6}
    assert "shares weights with fc" in next(r.note for r in table.rows if r.layer == "fc#2")
    assert table.parameters == 42 + 6 + 6 + 63
    assert table.unused == ("unused.weight", "unused.bias")
    assert any("63 parameters" in note for note in table.notes)


class Steered(nn.Module):
    """Its forward branches on a number, which the meta device does not have."""

    def forward(self, x):
        return x + 1 if float(x.sum()) >= 0 else x.flatten()


def test_a_forward_that_needs_numbers_runs_on_the_cpu():
    table = layer_table(Steered(), "2x3x3")
    assert table.rows[-1].output_shape == (1, 2, 3, 3)
    assert any("CPU" in note for note in table.notes)


def test_the_model_is_left_as_it_was():
    model = nn.Sequential(nn.Conv2d(1, 2, 3), nn.BatchNorm2d(2), nn.Dropout()).train()
    before = {n: t.clone() for n, t in model.state_dict().items()}
    state = torch.get_rng_state()
    layer_table(model, "1x5x5", device="cpu")
    layer_table(model, "1x5x5")
    assert all(torch.equal(before[n], t) for n, t in model.state_dict().items())
    assert torch.equal(state, torch.get_rng_state())
    assert all(
        m.training and not m._forward_hooks and not m._forward_pre_hooks for m in model.modules()
    )


def test_wrappers_are_seen_through():
    model = nn.Sequential(nn.Linear(4, 3), nn.ReLU())
    plain = layer_table(model, "4")
    assert layer_table(nn.DataParallel(model), "4") == plain
    assert layer_table(torch.compile(model, backend="eager"), "4") == plain


class Pair(nn.Module):
    """Takes an image and a vector."""

    def __init__(self):
        super().__init__()
        self.conv, self.fc = nn.Conv2d(1, 2, 3, padding=1), nn.Linear(5, 2)

    def forward(self, image, vector):
        return self.conv(image) * self.fc(vector)[:, :, None, None]


def test_several_inputs():
    table = layer_table(Pair(), ["1x6x6", "5"])
    assert table.inputs == ("1x6x6", "5")
    assert table.rows[-1].output_shape == (1, 2, 6, 6)
    assert table.rows[-1].sight[0].size == 3


def test_tokens_have_a_field_along_their_sequence():
    model = nn.Sequential(nn.Embedding(10, 4), nn.Linear(4, 4))
    assert layer_table(model, "7:int64").rows[-1].sight[0].size == 1
    encoder = nn.Sequential(
        nn.Embedding(10, 4), nn.TransformerEncoderLayer(4, 2, 8, batch_first=True)
    )
    assert layer_table(encoder, "7:int64").rows[-1].sight[0].size == 7


class Vision(nn.Module):
    """A vision transformer in plain Python: parameters of its own, slices, attention."""

    def __init__(self, width=8):
        super().__init__()
        self.patches = nn.Conv2d(3, width, 8, 8)
        self.first, self.place = (nn.Parameter(torch.zeros(1, n, width)) for n in (1, 17))
        self.encoder = nn.TransformerEncoderLayer(width, 2, 16, batch_first=True)
        self.head = nn.Linear(width, 10)

    def forward(self, x):
        x = self.patches(x).flatten(2).transpose(1, 2)
        x = torch.cat([self.first.expand(len(x), -1, -1), x], 1) + self.place
        return self.head(self.encoder(x)[:, 0])


def test_a_vision_transformer():
    model = Vision()
    table = layer_table(model, "3x32x32", batch=4)
    assert table.parameters == sum(row.parameters for row in table.rows)
    assert table.parameters == sum(p.numel() for p in model.parameters())
    assert not table.unused
    assert not table.notes
    rows = {row.layer: row for row in table.rows}
    assert [rows[n].sight[0].size for n in ("patches", "add", "head")] == [8, 8, 32]
    assert rows["head"].output_shape == (4, 10)


def test_transposed_and_grouped_work():
    rows = layer_table(nn.ConvTranspose2d(4, 2, 3, 2), "4x5x5").rows
    assert rows[0].macs == 5 * 5 * 4 * 2 * 9
    rows = layer_table(nn.Conv2d(4, 8, 3, groups=2), "4x5x5").rows
    assert rows[0].macs == 3 * 3 * 8 * 2 * 9


def test_attention_and_recurrence_have_their_parameters():
    attention = nn.TransformerEncoderLayer(8, 2, 16, batch_first=True)
    table = layer_table(attention, "5x8")
    assert sum(r.parameters for r in table.rows) == table.parameters
    table = layer_table(nn.LSTM(8, 4, batch_first=True), "5x8")
    assert table.rows[0].parameters == 4 * 4 * (8 + 4 + 2)
    assert table.rows[0].output_shape == (1, 5, 4)


def test_dropped_borders_are_warned_of():
    model = nn.Sequential(nn.Conv2d(1, 1, 3, stride=3), nn.MaxPool2d(2))
    table = layer_table(model, "1x10x11")
    assert table.warnings == (
        "0 drops the last 1 of 10 rows (fits: size 9 or 12, padding 1) and "
        "drops the last 2 of 11 columns (fits: size 9 or 12, padding 2)",
        "1 drops the last 1 of 3 rows (fits: size 2 or 4) and "
        "drops the last 1 of 3 columns (fits: size 2 or 4)",
    )
    assert not layer_table(nn.Conv2d(1, 1, 1, stride=2), "1x8x8").warnings


def test_a_failing_layer_is_named_with_its_shape():
    model = nn.Sequential(nn.Conv2d(1, 4, 3), nn.Flatten(), nn.Linear(100, 10))
    with pytest.raises(InputError, match=r"layer '2' \(Linear\), which got 1x144"):
        layer_table(model, "1x8x8")


def test_a_kernel_larger_than_its_input_is_refused():
    with pytest.raises(InputError, match="Kernel size"):
        layer_table(nn.Conv2d(1, 1, 9), "1x5x5")


def test_a_lazy_model_is_refused():
    with pytest.raises(InputError, match="lazy"):
        layer_table(nn.LazyLinear(3), "4")


def test_memory_counts_outputs_at_the_batch_size():
    model = nn.Sequential(nn.Linear(4, 10), nn.ReLU(inplace=True), nn.Unflatten(1, (2, 5)))
    rows = layer_table(model, "4", batch=3).rows
    assert [row.memory for row in rows] == [3 * 10 * 4, 0, 0]


def test_frame_and_json_agree():
    table = layer_table(nets.lenet5(), "1x32x32")
    frame = table.frame()
    assert list(frame["parameters"]) == [row["parameters"] for row in table.json()["rows"]]
    assert frame["output_shape"][0] == "(None, 6, 28, 28)"
