"""The recorder, end to end on small models, and everything that may go wrong."""

import errno
import os
import warnings
from pathlib import Path

import numpy as np
import pytest
import torch
from support.recorded_nets import Awkward, Many, perceptron, probes, samples
from torch import nn

import lamella
from lamella.errors import BudgetError, InputError, RecordingError, RunError, UnknownName
from lamella.recording import RecordingWarning


def record(path, model=None, **options):
    return lamella.record(path / "run", model or perceptron(), probes(), **options)


def run_of(path):
    return lamella.open_run(path / "run")


def test_what_is_recorded_is_what_the_layers_give(tmp_path):
    model = perceptron(inplace=True)
    with record(tmp_path, model, class_names=("a", "b", "c")) as recorder:
        recorder.epoch(loss=2.0)
        with torch.no_grad():
            model[0].weight.mul_(2)
        recorder.epoch(loss=torch.tensor(1.0), accuracy=np.float32(0.5))
    run = run_of(tmp_path)
    assert (run.layers, run.epochs, run.splits) == (
        ("0", "1", "2"),
        (0, 1),
        ("train", "test", "both"),
    )
    assert (run.status, run.class_names, run.problems) == ("finished", ("a", "b", "c"), ())
    points = probes()["test"][0]
    with torch.no_grad():
        linear = points @ model[0].weight.T + model[0].bias
        torch.testing.assert_close(torch.tensor(run.activations("0", 1, "test")), linear)
        torch.testing.assert_close(torch.tensor(run.activations("1", 1, "test")), linear.relu())
        logits = model(points)
    torch.testing.assert_close(torch.tensor(run.activations("2", 1, "test")), logits)
    assert isinstance(run.activations("2", 1, "test"), np.memmap)
    assert run.activations("0", 1, "both").shape == (24, 5)
    assert run.activations("input", 0, "train").tolist() == probes()["train"][0].tolist()
    assert run.weights(0)["0.weight"] * 2 == pytest.approx(run.weights(1)["0.weight"])
    frame = run.scalars()
    assert list(frame) == ["epoch", "loss", "accuracy"]
    assert frame.loss.tolist() == [2.0, 1.0]
    assert set(run.health().parameter) == {"0.weight", "0.bias", "2.weight", "2.bias"}


def test_moments_and_the_last_epoch(tmp_path):
    with record(tmp_path) as recorder:
        for _ in range(7):
            recorder.epoch()
    assert run_of(tmp_path).epochs == (0, 1, 2, 4, 6)


def test_epochs_can_be_numbered_by_the_loop(tmp_path):
    with record(tmp_path, moments=[3, 5]) as recorder:
        for epoch in (3, 4, 5):
            recorder.epoch(epoch=epoch, loss=epoch)
    assert run_of(tmp_path).epochs == (3, 5)
    assert run_of(tmp_path).scalars().epoch.tolist() == [3, 4, 5]


def test_a_loss_with_its_graph_is_a_number_too(tmp_path):
    with record(tmp_path, strict=True) as recorder:  # Torch would warn, here an error
        recorder.epoch(loss=torch.tensor(2.5, requires_grad=True) * 2)
    assert run_of(tmp_path).scalars().loss.tolist() == [5.0]


@pytest.mark.parametrize("epoch", ["x", 2.5, -1, [1]])
def test_what_is_no_epoch_is_warned_of_and_counted(tmp_path, epoch):
    with (
        record(tmp_path) as recorder,
        pytest.warns(RecordingWarning, match=r"InputError: epoch\(\) wants epochs"),
    ):
        recorder.epoch(epoch=epoch, loss=2)
    assert run_of(tmp_path).scalars().loss.tolist() == [2.0]
    assert run_of(tmp_path).epochs == (0,)
    with pytest.raises(InputError, match=r"epoch\(\) wants epochs"):
        record(tmp_path, strict=True, overwrite=True).epoch(epoch=epoch)


@pytest.mark.parametrize("epoch", [3.0, np.int64(3), torch.tensor(3)])
def test_epochs_of_any_whole_type(tmp_path, epoch):
    with record(tmp_path, strict=True, moments=[3]) as recorder:
        recorder.epoch(epoch=epoch)
    assert run_of(tmp_path).epochs == (3,)


def test_convolutions_are_kept_whole_or_reduced(tmp_path):
    torch.manual_seed(0)
    model = nn.Sequential(nn.Conv2d(1, 3, 3), nn.ReLU(), nn.Flatten(), nn.Linear(12, 2))
    images = {"test": (torch.rand(5, 1, 4, 4), [0, 1, 0, 1, 0])}
    for reduce, shape in (("whole", (5, 3, 2, 2)), ("mean", (5, 3)), (("project", 4), (5, 4))):
        with lamella.record(tmp_path / "run", model, images, reduce=reduce, overwrite=True) as r:
            r.epoch()
        assert run_of(tmp_path).activations("0", 0, "test").shape == shape
    assert run_of(tmp_path).info["layers"][0]["shape"] == [3, 2, 2]


def test_half_precision_on_disk(tmp_path):
    with record(tmp_path, dtype="float16") as recorder:
        recorder.epoch()
    assert run_of(tmp_path).activations("2", 0, "train").dtype == np.float16


def test_too_large_for_half_precision_is_said_not_stored(tmp_path):
    model = perceptron()
    model[0].bias.data += 1e5
    with record(tmp_path, model, dtype="float16") as recorder, pytest.warns(RecordingWarning):
        recorder.epoch()
    assert (
        "'0' was left out: RecordingError: layer '0' has values beyond 65504"
        in recorder.problems[0]
    )
    run = run_of(tmp_path)
    with pytest.raises(RunError, match="has no '0' of epoch 0, probe 'train': it was left out"):
        run.activations("0", 0, "train")


@pytest.mark.parametrize("dtype", [torch.float64, torch.bfloat16])
def test_models_of_other_precision(tmp_path, dtype):
    with record(tmp_path, perceptron().to(dtype), strict=True) as recorder:
        recorder.epoch()
    assert run_of(tmp_path).activations("2", 0, "train").dtype == np.float32


def test_another_forward_and_many_outputs(tmp_path):
    model = Many()
    with lamella.record(
        tmp_path / "run", model, {"test": (torch.ones(4, 2), None)},
        forward=lambda model, x: model(x + 1), batch_size=3, strict=True,
    ) as recorder:  # fmt: skip
        recorder.epoch()
    run = run_of(tmp_path)
    assert run.activations("dict.b", 0, "test").tolist() == [[6, 6]] * 4
    assert run.info["skipped"]["text"] == "it gives no tensor but a str"
    with pytest.raises(RunError, match="no labels"):
        run.labels("test")


def test_sizes_of_batches_do_not_matter(tmp_path):
    for size in (5, None):
        with record(tmp_path, batch_size=size, overwrite=True) as recorder:
            recorder.epoch()
        found = np.array(run_of(tmp_path).activations("2", 0, "train"))
        previous = found if size else previous
    np.testing.assert_allclose(found, previous, rtol=1e-6)


def epochs(recorder, losses):
    for loss in losses:
        recorder.epoch(loss=loss)


# What is refused before training begins


def test_layers_named_exactly_must_give_something(tmp_path):
    with pytest.raises(RecordingError, match=r"got 'text': it gives no tensor but a str\. Leave"):
        lamella.record(
            tmp_path / "run", Many(), {"test": torch.ones(4, 2)}, layers=["text", "dict"]
        )
    with pytest.raises(RecordingError, match="at least one layer to record"):
        lamella.record(tmp_path / "run", Many(), {"test": torch.ones(4, 2)}, layers="t[eo]*t?l")
    assert not (tmp_path / "run").exists()


@pytest.mark.parametrize(
    ("options", "error", "text"),
    [
        ({"layers": "fc"}, UnknownName, "no layer is called 'fc'"),
        ({"dtype": "int8"}, InputError, "float32 or float16, got 'int8'"),
        ({"batch_size": 0}, InputError, "batch_size"),
        ({"budget_mb": 0.0001}, BudgetError, "room for one epoch"),
        ({"moments": "often"}, InputError, "moments"),
        ({"reduce": "median"}, InputError, "reduce"),
        ({"class_names": 3}, InputError, "class_names as a list of names, got 3"),
        ({"study": 3}, InputError, "study as a dict of facts, got 3"),
        ({"budget_mb": "x"}, InputError, "budget_mb as a number, got 'x'"),
        ({"batch_size": "x"}, InputError, "batch_size as a number from 1, got 'x'"),
        ({"model": "net"}, InputError, r"a torch\.nn\.Module, got str"),
        ({"model": nn.LazyLinear(2)}, RecordingError, "Run one batch"),
        ({"model": nn.Linear(9, 2)}, RecordingError, "takes its probes"),
    ],
)
def test_bad_arguments_leave_no_folder(tmp_path, options, error, text):
    with pytest.raises(error, match=text):
        record(tmp_path, **options)
    assert not (tmp_path / "run").exists()


def test_a_folder_is_a_path():
    with pytest.raises(InputError, match=r"record\(\) wants the path of a folder, got 3\. Pass"):
        lamella.record(3, perceptron(), probes())


def test_a_run_is_never_overwritten_unasked(tmp_path):
    with record(tmp_path) as recorder:
        recorder.epoch()
    with pytest.raises(RunError, match="Pass overwrite=True to replace it, or resume=True"):
        record(tmp_path)
    assert run_of(tmp_path).epochs == (0,)


# What goes wrong while training never harms it


class Breaks(nn.Module):
    """Raises in forward when it is told to."""

    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(4, 3)
        self.broken = False

    def forward(self, x):
        if self.broken:
            raise ValueError("broken")
        return self.fc(x)


def test_a_model_that_begins_to_raise_is_noted_once_warned_and_survived(tmp_path):
    model = Breaks().train()
    with record(tmp_path, model, moments=lamella.every(1)) as recorder:
        recorder.epoch(loss=1)
        model.broken = True
        with pytest.warns(RecordingWarning, match="training goes on") as seen:
            epochs(recorder, [2, 3])
        model.broken = False
        recorder.epoch(loss=4)
    run = run_of(tmp_path)
    assert len(seen) == 1
    assert run.epochs == (0, 3)
    assert run.scalars().loss.tolist() == [1, 2, 3, 4]
    assert [text[:19] for text in run.problems] == ["epoch 1: ValueError", "epoch 2: ValueError"]
    assert model.training
    assert not model.fc._forward_hooks


def test_strict_recorders_raise(tmp_path):
    model = Breaks()
    recorder = record(tmp_path, model, strict=True)
    model.broken = True
    with pytest.raises(RecordingError, match="epoch 0: ValueError: broken"), recorder:
        recorder.epoch()
    assert run_of(tmp_path).status == "failed"


def test_warnings_made_errors_do_not_stop_training(tmp_path, capsys):
    with record(tmp_path) as recorder, warnings.catch_warnings():
        warnings.simplefilter("error")
        recorder.epoch(loss="high", accuracy=0.5)
    assert "epoch() wants numbers, got loss=str" in capsys.readouterr().err
    assert run_of(tmp_path).scalars().accuracy.tolist() == [0.5]


def test_a_layer_that_changes_its_shape(tmp_path):
    model = perceptron()
    with record(tmp_path, model, moments=lamella.every(1)) as recorder:
        model[2] = nn.Linear(5, 7)
        with pytest.warns(RecordingWarning, match="'2'"):
            recorder.epoch()
    run = run_of(tmp_path)
    assert run.epochs == (0,)
    assert run.activations("1", 0, "train").shape == (12, 5)
    assert run.problems == ("epoch 0: '2' was left out: its shape is (7,), not (3,) any more",)


def test_the_budget_stops_activations_and_nothing_else(tmp_path):
    recorder = record(tmp_path, moments=lamella.every(1), budget_mb=0.01)
    with pytest.warns(RecordingWarning, match="budget"), recorder:
        epochs(recorder, range(9))
    run = run_of(tmp_path)
    assert 0 < len(run.epochs) < 9
    assert run.array_bytes < 16_000  # headers with checksums are not counted
    assert len(run.scalars()) == 9


def test_a_full_disk_costs_the_epoch_and_nothing_else(tmp_path, monkeypatch):
    def full(descriptor):
        raise OSError(errno.ENOSPC, "No space left on device")

    with record(tmp_path, moments=lamella.every(1)) as recorder:
        recorder.epoch(loss=1)
        recorder.flush()
        monkeypatch.setattr(os, "fsync", full)
        recorder.epoch(loss=2)
        with pytest.warns(RecordingWarning, match="No space left"):
            recorder.flush()
        monkeypatch.undo()
        recorder.epoch(loss=3)
    run = run_of(tmp_path)
    assert run.epochs == (0, 2)
    assert run.scalars().loss.tolist() == [1, 2, 3]
    assert not list(run.path.rglob(".*.part"))


def test_a_limit_on_the_size_of_files_is_survived(tmp_path):
    resource = pytest.importorskip("resource")
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    with record(tmp_path, moments=lamella.every(1)) as recorder, warnings.catch_warnings():
        warnings.simplefilter("ignore", RecordingWarning)
        recorder.epoch()
        resource.setrlimit(resource.RLIMIT_FSIZE, (500, limits[1]))  # every write beyond fails
        try:
            recorder.epoch()
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        recorder.epoch()
    assert run_of(tmp_path).epochs == (0, 2)


def interrupted():
    yield 1
    raise KeyboardInterrupt


def test_ctrl_c_leaves_a_readable_run(tmp_path):
    with pytest.raises(KeyboardInterrupt), record(tmp_path, moments=lamella.every(1)) as recorder:
        epochs(recorder, interrupted())
    run = run_of(tmp_path)
    assert (run.status, run.epochs) == ("stopped", (0,))


def test_an_epoch_counts_only_when_its_last_file_has_its_name(tmp_path, monkeypatch):
    """A kill between any two renames must not leave an epoch without its weights."""
    real, kills = os.replace, []

    def replace_until_killed(source, target):
        if len(kills) and kills[0] == 0:
            raise KeyboardInterrupt
        if len(kills):
            kills[0] -= 1
        real(source, target)

    for renames in range(3):
        recorder = record(tmp_path, moments=lamella.every(1), overwrite=True, strict=True)
        monkeypatch.setattr(os, "replace", replace_until_killed)
        kills[:] = [renames]
        with pytest.raises(KeyboardInterrupt):
            recorder.epoch()
        monkeypatch.undo()
        kills.clear()
        assert run_of(tmp_path).epochs == ()
        assert len(list((tmp_path / "run").glob("[aw]*/**/*.safetensors"))) == renames
        recorder.close()


def test_ctrl_c_while_recording(tmp_path):
    class Interrupted(Breaks):
        def forward(self, x):
            if self.broken:
                raise KeyboardInterrupt
            return self.fc(x)

    model = Interrupted()
    recorder = record(tmp_path, model, moments=lamella.every(1))
    recorder.epoch()
    model.broken = True
    with pytest.raises(KeyboardInterrupt), recorder:
        recorder.epoch()
    run = run_of(tmp_path)
    assert (run.status, run.epochs) == ("stopped", (0,))
    assert not list(run.path.rglob(".*.part"))
    assert not model.fc._forward_hooks


def test_an_exception_in_the_loop_is_kept_and_passed_on(tmp_path):
    with pytest.raises(ZeroDivisionError), record(tmp_path) as recorder:
        epochs(recorder, (1 / k for k in (1, 0)))
    assert run_of(tmp_path).status == "failed"


def test_a_closed_recorder_only_warns(tmp_path):
    with record(tmp_path) as recorder:
        recorder.epoch()
    with pytest.warns(RecordingWarning, match="closed"):
        recorder.epoch()


# Resuming


def test_resuming_goes_on_counting(tmp_path):
    for _ in range(2):
        with record(tmp_path, resume=True, moments=lamella.every(1)) as recorder:
            for _ in range(3):
                recorder.epoch(loss=0)
    run = run_of(tmp_path)
    assert run.epochs == tuple(range(6))
    assert run.cost["bytes"] >= 6 * 24 * 13 * 4
    assert run.cost["share"] > 0


def test_resuming_with_something_else_is_refused(tmp_path):
    with record(tmp_path) as recorder:
        recorder.epoch()
    with pytest.raises(RunError, match=r"wants the layers that .* was recorded with"):
        record(tmp_path, layers="0", resume=True)
    with pytest.raises(RunError, match="wants the model"):
        record(
            tmp_path,
            nn.Sequential(*perceptron(), nn.ReLU(), nn.Linear(3, 3)),
            layers="[012]",
            resume=True,
        )
    points, labels = samples(24)
    with pytest.raises(RunError, match=r"wants the probes .* fingerprint"):
        lamella.record(
            tmp_path / "run", perceptron(),
            {"train": (points[:12] + 1, labels[:12]), "test": (points[12:], labels[12:])},
            resume=True,
        )  # fmt: skip


def test_recording_says_what_it_cost(tmp_path):
    with record(tmp_path) as recorder:
        recorder.epoch()
    cost = run_of(tmp_path).cost
    assert 0 < cost["seconds"] <= recorder.cost["seconds"]
    assert cost["bytes"] == recorder.cost["bytes"]
    assert abs(cost["bytes"] - run_of(tmp_path).bytes) < 150_000  # headers and the empty database


def test_awkward_models_are_recorded_whole(tmp_path):
    with record(tmp_path, Awkward(), strict=True) as recorder:
        recorder.epoch()
    assert "relu#2" in run_of(tmp_path).layers


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a GPU")
def test_a_model_on_another_device(tmp_path):
    model = perceptron().cuda()
    before = torch.cuda.get_rng_state()
    with record(tmp_path, model, strict=True) as recorder:
        recorder.epoch()
    assert torch.equal(before, torch.cuda.get_rng_state())
    with torch.no_grad():
        logits = model(probes()["train"][0].cuda()).cpu().numpy()
    np.testing.assert_allclose(run_of(tmp_path).activations("2", 0, "train"), logits, rtol=1e-5)


def test_a_device_that_holds_no_numbers_is_explained(tmp_path):
    with pytest.raises(RecordingError, match=r"got '0\.weight' without numbers"):
        record(tmp_path, perceptron().to("meta"))


def test_folders_that_cannot_be_written_are_named(tmp_path):
    (tmp_path / "run").write_text("a file")
    with pytest.raises(RunError, match="a folder it can write to"):
        record(tmp_path)
    if Path("/proc").is_dir():
        with pytest.raises(RunError, match="a folder it can write to"):
            record(Path("/proc/lamella"))
