"""Probes: copied, finite, one label and id per sample."""

from types import SimpleNamespace

import numpy as np
import pytest
import torch

from lamella.errors import InputError
from lamella.recording.probes import check_probes

POINTS = np.arange(8.0).reshape(4, 2)


def check(probe, name="train"):
    return check_probes({name: probe}, torch.float32)[name]


def test_inputs_are_copied_and_get_the_dtype_of_the_model():
    points = torch.zeros(3, 2, dtype=torch.float64)
    probe = check((points, [0, 1, 0]))
    points += 1
    assert probe.inputs.dtype == torch.float32
    assert probe.inputs.sum() == 0
    assert probe.labels.tolist() == [0, 1, 0]


def test_whole_numbers_stay():
    assert check((np.array([[1, 2]]), [0])).inputs.dtype == torch.int64


def test_ids_count_on_over_probes_unless_given():
    found = check_probes(
        {"train": (POINTS, None), "test": (POINTS, None), "own": (POINTS, None, [9, 8, 7, 6])},
        torch.float32,
    )
    assert found["test"].ids.tolist() == [4, 5, 6, 7]
    assert found["own"].ids.tolist() == [9, 8, 7, 6]


def test_a_split_of_a_data_set_will_do():
    split = SimpleNamespace(inputs=POINTS, labels=np.zeros(4), ids=np.arange(4))
    assert len(check(split)) == 4


def test_one_class_and_one_sample_can_be_recorded():
    assert len(check((POINTS[:1], [0]))) == 1


def test_the_fingerprint_depends_on_the_samples():
    other = POINTS.copy()
    other[0, 0] += 1
    marks = [check((points, None)).summary()["fingerprint"] for points in (POINTS, POINTS, other)]
    assert marks[0] == marks[1] != marks[2]


NAN = POINTS.copy()
NAN[2, 1] = np.nan


@pytest.mark.parametrize(
    ("probe", "text"),
    [
        ((NAN, None), r"probe 'train', wants finite samples, got NaN in 1 of 4 \(first: sample 2"),
        ((POINTS + np.inf, None), "got infinity in 4"),
        ((POINTS[:0], []), "at least one sample, got none"),
        ((POINTS, [0, 1]), r"4 labels, one per sample, got \(2,\)"),
        ((POINTS, np.eye(4)), r"4 labels, one per sample, got \(4, 4\)"),
        ((POINTS, [0.5, 0, 0, 0]), "whole numbers as labels, got float64"),
        ((POINTS, list("abcd")), "whole numbers as labels"),
        ((POINTS, [0, 1, 0, 1], [1]), "4 ids"),
        ((np.array(["a"]), [0]), "wants numbers"),
        (("a", "b", "c", "d"), r"wants \(inputs, labels\)"),
        (3, "got int"),
    ],
)
def test_bad_probes_are_refused(probe, text):
    with pytest.raises(InputError, match=text):
        check(probe)


@pytest.mark.parametrize("name", ["both", "input", "../up", "", 3])
def test_bad_names_are_refused(name):
    with pytest.raises(InputError, match="probe names"):
        check((POINTS, None), name)


@pytest.mark.parametrize("probes", [{}, None, [POINTS]])
def test_probes_must_have_names(probes):
    with pytest.raises(InputError, match="probes by name"):
        check_probes(probes, torch.float32)


def test_a_data_set_of_torch_is_stacked():
    from torch.utils.data import Subset, TensorDataset

    inputs, labels = torch.rand(6, 4), torch.arange(6) % 3
    data = TensorDataset(inputs, labels)
    probe = check_probes({"train": data, "part": Subset(data, [4, 1])}, torch.float32)
    assert torch.equal(probe["train"].inputs, inputs)
    assert probe["part"].labels.tolist() == [1, 1]
    ragged = [torch.rand(2), torch.rand(3)]
    with pytest.raises(InputError, match="wants a Dataset of inputs of one shape"):
        check_probes({"train": Ragged(ragged)}, torch.float32)


class Ragged(torch.utils.data.Dataset):
    def __init__(self, items):
        self.items = items

    def __len__(self):
        return len(self.items)

    def __getitem__(self, at):
        return self.items[at], 0


def test_a_list_of_pairs_is_refused():
    pairs = [(torch.rand(4), 0), (torch.rand(4), 1)]
    with pytest.raises(InputError, match="a list of pairs of one sample and its label"):
        check_probes({"train": pairs}, torch.float32)


def test_foreign_byte_orders_are_turned():
    given = np.arange(8, dtype=">f4").reshape(2, 4)
    assert check_probes({"a": given}, torch.float32)["a"].inputs[1, 3] == 7


@pytest.mark.parametrize("names", [("a", "b"), ("a", "a", "b"), ("a", "b", "b")])
def test_class_names_are_as_many_and_differ(names):
    from lamella.recording.probes import check_class_names

    probes = check_probes({"train": (torch.rand(6, 4), torch.arange(6) % 3)}, torch.float32)
    with pytest.raises(InputError, match=r"class_names that differ|a name for each class"):
        check_class_names(names, probes)
    check_class_names(("a", "b", "c"), probes)
    check_class_names((), probes)
