"""Sentences say what the numbers say."""

import numpy as np
import pandas
import pytest

from lamella.narrative.findings import say_loss, say_separation, say_spread
from lamella.narrative.lost_samples import Loss
from lamella.narrative.slices import learning_table, plane, through_layers, values


class FakeRun:
    """A run whose error at (layer, epoch) is given as rows of layers, columns of epochs."""

    layers, epochs = ("fc1", "fc2"), (0, 1, 4)

    def __init__(self, errors):
        self.errors = np.asarray(errors, float)

    def results(self, name=None):
        if name is None:
            return pandas.DataFrame({"measure": ["neighbour_error"]})
        cells = [
            (layer, epoch, split, self.errors[i, j])
            for i, layer in enumerate(("input", *self.layers))
            for j, epoch in enumerate(self.epochs)
            for split in ("train", "test")
        ]
        return pandas.DataFrame(cells, columns=["layer", "epoch", "split", "error"])

    def scalars(self):
        return pandas.DataFrame({"epoch": self.epochs, "test_accuracy": [0.5, 0.6, 0.7]})


GOOD = FakeRun([[30, 30, 30], [29, 28, 20], [28, 14, 2]])
FLAT = FakeRun([[30, 30, 30], [29, 28, 28], [28, 27, 29]])


def test_values_has_seeds_layers_and_epochs():
    layers, epochs, cube = values([GOOD, FLAT], "neighbour_error", "test")
    assert layers == ("input", "fc1", "fc2")
    assert epochs == (0, 1, 4)
    np.testing.assert_array_equal(cube, [GOOD.errors, FLAT.errors])


def test_a_measure_that_failed_everywhere_is_unknown():
    assert np.isnan(values([GOOD], "class_distances", "test")[2]).all()


def test_an_unmeasured_cell_stays_unknown():
    run = FakeRun([[30, np.nan, np.nan], [1, 2, np.nan], [3, 4, 5]])
    matrix = plane([run], "neighbour_error", "test")
    np.testing.assert_array_equal(matrix.values[0], [30, 30, 30])
    assert np.isnan(matrix.values[1, 2])


def test_lines_carry_the_least_and_greatest_seed():
    curve = through_layers({"net": [GOOD, FLAT]}, "neighbour_error", 4, ("test",))
    np.testing.assert_array_equal(curve.y, [[30, 24, 15.5]])
    np.testing.assert_array_equal(curve.low, [[30, 20, 2]])
    np.testing.assert_array_equal(curve.high, [[30, 28, 29]])


def test_learning_tables_name_the_seed():
    columns = learning_table([GOOD, FLAT]).columns
    assert columns["seed"].tolist() == [0, 0, 0, 1, 1, 1]
    assert columns["test_accuracy"].tolist() == [0.5, 0.6, 0.7] * 2


def test_where_and_when_a_net_separates():
    (sentence,) = say_separation("wide", [GOOD])
    assert "separates the classes at fc2" in sentence.text
    assert "2.0 %, against 30.0 %" in sentence.text
    assert "from epoch 1 on" in sentence.text
    assert (sentence.cell.layer, sentence.cell.epoch) == ("fc2", 1)


def test_a_net_that_separates_nowhere():
    (sentence,) = say_separation("flat", [FLAT])
    assert "In the flat net no layer halves the 1-NN error of the input" in sentence.text


def test_a_net_whose_input_is_separated_already_is_not_said_to_fail():
    """Digits: the classes are apart in the pixels, and the net classifies them as well."""
    (sentence,) = say_separation("digits", [FakeRun([[1, 1, 1], [5, 3, 2], [9, 4, 1.6]])])
    assert sentence.text == (
        "In the digits net no layer separates the classes better than the input does: on test the "
        "1-NN error is 1.6 % at fc2, the least of its layers, and 1.0 % at the input."
    )
    assert (sentence.cell.layer, sentence.cell.split) == ("fc2", "test")


def test_spread_needs_seeds_and_counts_overlaps():
    assert "--seeds 3" in say_spread({"a": [GOOD], "b": [FLAT]}, ["neighbour_error"])[0].text
    shifted = FakeRun(np.add(GOOD.errors, [[0], [0.5], [0.5]]))
    nets = {"wide": [GOOD, shifted], "narrow": [FLAT, FLAT]}
    (sentence,) = say_spread(nets, ["neighbour_error"])
    assert "narrow is higher at fc1 and fc2 than wide" in sentence.text
    (sentence,) = say_spread({"a": [GOOD, FLAT], "b": [FLAT, GOOD]}, ["neighbour_error"])
    assert "b differs nowhere from a" in sentence.text


def test_spread_compares_layers_of_one_name_and_no_others():
    deeper = FakeRun([[30] * 3, [29] * 3, [28, 27, 50], [1, 1, 1]])
    deeper.layers = ("fc1", "fc2", "head")
    (sentence,) = say_spread({"a": [GOOD, GOOD], "b": [deeper, deeper]}, ["neighbour_error"])
    assert "b is higher at fc1 and fc2 than a" in sentence.text
    other = FakeRun(GOOD.errors)
    other.layers = ("conv1", "conv2")
    assert say_spread({"a": [GOOD, GOOD], "b": [other, other]}, ["neighbour_error"]) == []


def loss(layer, epoch, p, only_bad=20):
    return Loss(layer, epoch, 1.0, 9.0, only_bad, 1, p, 1, 1)


def test_a_loss_is_told_with_its_layer_its_epoch_and_the_layer_before():
    losses = [loss("input", 4, 1.0, 0), loss("fc1", 0, 1.0), loss("fc1", 4, 0.5)]
    losses += [loss("fc2", 0, 0.2), loss("fc2", 4, 1e-6)]
    first, since, before = say_loss("wide", "narrow", losses)
    assert first.text.startswith("The narrow net loses the classes at fc2")
    assert "9.0 % against 1.0 %" in first.text
    assert "from epoch 4 on" in since.text
    assert "at fc1" in before.text


@pytest.mark.parametrize("p", [0.02, 1.0])
def test_no_loss_is_told_as_none(p):
    (sentence,) = say_loss("wide", "narrow", [loss("fc1", 4, p)])
    assert "At no layer" in sentence.text
