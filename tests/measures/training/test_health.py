"""Dead and saturated units, activation and update sizes, neural persistence."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lamella.errors import InputError
from lamella.measures.training.activation_size import activation_size
from lamella.measures.training.dead_units import dead_units
from lamella.measures.training.gradient_norm import gradient_norm
from lamella.measures.training.neural_persistence import neural_persistence
from lamella.measures.training.saturated_units import saturated_units
from lamella.measures.training.update_sizes import update_sizes


def values(table):
    return {name: column[0] for name, column in table.columns.items()}


def test_dead_units_are_constant_ones():
    maps = np.maximum(np.random.default_rng(0).standard_normal((20, 6)), 0)
    maps[:, 1], maps[:, 4] = 0.0, 3.5
    slow = [len({row[k] for row in maps.tolist()}) == 1 for k in range(6)]
    found = values(dead_units(maps))
    assert (found["dead"], found["count"], found["units"]) == (np.mean(slow), 2, 6)
    assert found["zeros"] == np.mean(maps == 0)


def test_a_channel_is_dead_only_if_all_its_places_are():
    maps = np.zeros((5, 3, 4, 4))
    maps[2, 1, 3, 3] = 1.0
    assert values(dead_units(maps))["dead"] == pytest.approx(2 / 3)
    assert values(dead_units(maps))["units"] == 3


def test_saturated_units_one_by_one():
    maps = np.tanh(4 * np.random.default_rng(1).standard_normal((60, 8)) * np.arange(8))
    slow = [sum(abs(v) >= 0.95 for v in column) >= 0.95 * 60 for column in maps.T.tolist()]
    loose = [sum(abs(v) >= 0.95 for v in column) >= 0.6 * 60 for column in maps.T.tolist()]
    assert values(saturated_units(maps))["saturated"] == np.mean(slow)
    found = values(saturated_units(maps, share=0.6))
    assert found["saturated"] == np.mean(loose) > 0
    assert found["values"] == pytest.approx(np.mean(np.abs(maps) >= 0.95))


def test_layers_beyond_the_range_have_no_ends():
    assert values(saturated_units(np.full((4, 2), 5.0)))["saturated"] == 0
    sigmoid = np.array([[0.99, 0.5], [0.01, 0.4]])
    assert values(saturated_units(sigmoid, low=0.0))["saturated"] == 0.5


def test_sizes():
    points = np.array([[1.0, -2.0], [3.0, 0.0]], dtype=np.float32)
    found = values(activation_size(points))
    assert found == pytest.approx({"rms": 3.5**0.5, "mean": 0.5, "std": 3.25**0.5, "greatest": 3})


def test_updates_weight_by_weight():
    rng = np.random.default_rng(2)
    before = {"fc1": rng.random((3, 4)), "fc2": np.zeros((2, 2)), "fc3": np.zeros(2)}
    now = {"fc1": before["fc1"] + 0.1, "fc2": np.ones((2, 2)), "fc3": np.zeros(2)}
    found = update_sizes(now, before).frame()
    assert found["name"].tolist() == ["fc1", "fc2", "fc3"]
    np.testing.assert_allclose(found["update"], [0.1 * 12**0.5, 2, 0])
    norm = np.sqrt((before["fc1"] ** 2).sum())
    np.testing.assert_allclose(found["ratio"], [0.1 * 12**0.5 / norm, np.inf, 0])


def test_the_gradient_of_a_layer_is_that_of_all_its_parameters_together():
    parts = [np.random.default_rng(k).random((3, 4)) for k in (0, 1)]
    health = [[2.0, np.linalg.norm(part), 0.1] for part in parts]
    found = values(gradient_norm(health))
    assert found["gradient"] == pytest.approx(np.linalg.norm(np.concatenate(parts)))
    assert found["weight"] == pytest.approx(8**0.5)
    assert found["ratio"] == pytest.approx(found["gradient"] / 8**0.5)
    assert values(gradient_norm(health[::-1])) == pytest.approx(found)
    assert values(gradient_norm([[0.0, 1.0, 0.0]]))["ratio"] == np.inf
    assert values(gradient_norm([[0.0, 0.0, 0.0]]))["ratio"] == 0


def test_gradients_that_are_not_there():
    with pytest.raises(InputError, match=r"parameters x 3 norms: weight, gradient, update, got"):
        gradient_norm([1.0, 2.0])
    with pytest.raises(InputError, match="got negative or unknown ones"):
        gradient_norm([[1.0, np.nan, 0.1]])


def test_known_neural_persistence():
    found = values(neural_persistence([[1.0, -0.5], [0.25, 0.75]]))
    assert found["persistence"] == pytest.approx(1.1456439, abs=5e-8)
    assert found["normalised"] == pytest.approx(0.6614378, abs=5e-8)


def slow_persistence(weight, power):
    """Kruskal's algorithm over the connections, strongest first."""
    strength = np.abs(weight) / np.abs(weight).max()
    outputs, inputs = strength.shape
    group = list(range(outputs + inputs))
    total = 1.0
    for value, i, j in sorted(
        ((strength[i, j], i, outputs + j) for i in range(outputs) for j in range(inputs)),
        reverse=True,
    ):
        if group[i] != group[j]:
            total += (1 - value) ** power
            old = group[j]
            group = [group[i] if g == old else g for g in group]
    return total ** (1 / power)


@given(st.integers(0, 10**6), st.integers(1, 6), st.integers(1, 6), st.booleans())
@settings(max_examples=25, deadline=None)
def test_neural_persistence_equals_kruskal(seed, outputs, inputs, ties):
    weight = np.random.default_rng(seed).standard_normal((outputs, inputs))
    weight = np.round(weight) + (np.eye(outputs, inputs) if ties else 0) if ties else weight
    for power in (1, 2, 3):
        if weight.any():
            found = values(neural_persistence(weight, power=power))["persistence"]
            assert found == pytest.approx(slow_persistence(weight, power))


def test_neural_persistence_does_not_feel_scale_sign_or_order():
    rng = np.random.default_rng(3)
    weight = rng.standard_normal((5, 7))
    here = values(neural_persistence(weight))
    assert values(neural_persistence(-3 * weight)) == pytest.approx(here)
    assert values(
        neural_persistence(weight[rng.permutation(5)][:, rng.permutation(7)])
    ) == pytest.approx(here)
    assert values(neural_persistence(weight.T)) == pytest.approx(here)
    assert values(neural_persistence(np.zeros((3, 4)))) == {"persistence": 0, "normalised": 0}


def test_messages():
    with pytest.raises(InputError, match=r"saturated_units.. wants low below high, got 1 and 1"):
        saturated_units(np.ones((2, 2)), low=1.0)
    with pytest.raises(InputError, match=r"the same weights at both epochs, got .*fc1"):
        update_sizes({"fc1": np.ones(2)}, {"fc1": np.ones(3)})
    with pytest.raises(InputError, match=r"neural_persistence.. wants finite points, got NaN"):
        neural_persistence([[np.nan, 1.0]])
    with pytest.raises(InputError, match=r"dead_units.. wants numbers of shape points x features"):
        dead_units([1.0, 2.0])
