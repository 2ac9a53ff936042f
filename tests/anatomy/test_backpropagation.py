"""Backpropagation against the classic example, autograd and finite differences."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lamella.anatomy.backpropagation import (
    backpropagate,
    check_gradients,
    gradient_depth,
    two_layer_network,
)
from lamella.errors import InputError


def test_the_sigmoid_neuron_of_cs231n():
    graph = backpropagate(
        "1 / (1 + exp(-(w0 * x0 + w1 * x1 + w2)))", w0=2, x0=-1, w1=-3, x1=-2, w2=-3
    )
    assert graph.value == pytest.approx(0.7311, abs=1e-4)
    expected = {"w0": -0.1966, "x0": 0.3932, "w1": -0.3932, "x1": -0.5898, "w2": 0.1966}
    assert graph.gradients == pytest.approx(expected, abs=1e-4)


def test_every_edge_carries_upstream_times_local():
    graph = backpropagate("(x + y) * z", x=-2, y=5, z=-4)
    flows = {(graph.nodes[e.source].name, e.gradient) for e in graph.edges}
    assert flows == {("x", -4.0), ("y", -4.0), ("x + y", -4.0), ("z", 3.0)}
    assert graph.backward[0].startswith("start")
    assert len(graph.backward) == 1 + len(graph.edges)


def test_a_value_used_twice_adds_its_gradients():
    assert backpropagate("x * x + x", x=3).gradients == {"x": 7.0}


UNARY = st.sampled_from(["exp", "tanh", "sigmoid", "sin", "cos", "square", "relu"])
EXPRESSIONS = st.recursive(
    st.sampled_from(["a", "b", "c", "2", "-1.5"]),
    lambda inside: st.one_of(
        st.tuples(inside, st.sampled_from("+-*"), inside).map(lambda t: f"({t[0]} {t[1]} {t[2]})"),
        st.tuples(UNARY, inside).map(lambda t: f"{t[0]}({t[1]})"),
        inside.map(lambda e: f"(-{e})"),
        st.tuples(inside, inside).map(lambda t: f"({t[0]} / (2 + tanh({t[1]})))"),
    ),
    max_leaves=8,
)


@settings(max_examples=150, deadline=None)
@given(EXPRESSIONS, *[st.floats(-1.2, 1.2)] * 3)
def test_gradients_equal_autograd(expression, a, b, c):
    expression = f"{expression} + 0 * (a + b + c)"
    try:
        graph = backpropagate(expression, a=a, b=b, c=c)
    except InputError:
        return
    if not abs(graph.value) < 1e6:
        return
    table = check_gradients(graph).frame()
    np.testing.assert_allclose(table.backpropagation, table.autograd, rtol=1e-9, atol=1e-9)


def test_a_two_layer_network_three_ways():
    for activation in ("tanh", "sigmoid", "relu"):
        expression, values = two_layer_network(2, 3, activation=activation)
        table = check_gradients(backpropagate(expression, **values)).frame()
        np.testing.assert_allclose(table.backpropagation, table.autograd, rtol=1e-12)
        np.testing.assert_allclose(table.finite_difference, table.autograd, rtol=1e-5, atol=1e-7)


@pytest.mark.parametrize(
    "expression",
    ["a ** 3", "a ** b", "2 ** a", "max(a, b) * min(a, c)", "log(a)", "sqrt(b)", "a / b"],
)
def test_other_operations(expression):
    graph = backpropagate(f"{expression} + 0 * (a + b + c)", a=1.3, b=2.1, c=0.4)
    table = check_gradients(graph).frame()
    np.testing.assert_allclose(table.backpropagation, table.autograd, rtol=1e-9)


def test_deep_chains_vanish_and_explode():
    table = gradient_depth((0.5, 1.5), "identity", depth=10).frame()
    first = table[table.layer == 0].set_index("weight").gradient
    assert first[0.5] == pytest.approx(0.5**10)
    assert first[1.5] == pytest.approx(1.5**10)
    tanh = gradient_depth((1.0,), "tanh", depth=20).frame()
    values, slopes = [0.5], []
    for _ in range(20):
        values.append(np.tanh(values[-1]))
        slopes.append(1 - values[-1] ** 2)
    assert tanh.gradient[0] == pytest.approx(np.prod(slopes))


@pytest.mark.parametrize(
    ("expression", "message"),
    [
        ("x +", "invalid syntax"),
        ("x + y", "no value for 'y'"),
        ("open('x')", "open"),
        ("x.real", "x.real"),
        ("log(x - 2)", "log gives nan"),
        ("1 / (x - 1)", "/ gives"),
        ("x if x else 1", "x if x"),
    ],
)
def test_what_cannot_be_is_refused(expression, message):
    with pytest.raises(InputError, match=r"expression of") as found:
        backpropagate(expression, x=1)
    assert message in str(found.value)
