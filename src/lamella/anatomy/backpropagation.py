"""Backpropagation step by step: an expression as a graph, value and gradient on every edge."""

from __future__ import annotations

import ast
import operator
from dataclasses import dataclass, replace
from functools import reduce
from typing import TYPE_CHECKING

import numpy as np

from lamella.anatomy.local_derivatives import BINARY, EXTREMES, FUNCTIONS, binary, function
from lamella.errors import bad_input
from lamella.results import Table

if TYPE_CHECKING:
    import torch

OPERATORS = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "**": operator.pow,
}


@dataclass(frozen=True)
class Node:
    """One value: an input, a number or the result of an operation; `level` is its depth."""

    name: str
    operation: str
    value: float
    gradient: float
    inputs: tuple[int, ...]
    level: int


@dataclass(frozen=True)
class Edge:
    """What flows between two nodes: the value forward, `gradient` = upstream x local back."""

    source: int
    target: int
    value: float
    local: float
    gradient: float


@dataclass(frozen=True)
class Graph:
    """The computational graph of an expression, nodes in order of evaluation.

    `forward` and `backward` tell each step in words, in the order in which it happens.
    """

    expression: str
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    forward: tuple[str, ...]
    backward: tuple[str, ...]

    @property
    def value(self) -> float:
        """The value of the whole expression."""
        return self.nodes[-1].value

    @property
    def gradients(self) -> dict[str, float]:
        """The derivative of the expression with respect to each named input."""
        return {node.name: node.gradient for node in self.nodes if node.operation == "input"}

    def record(self) -> Table:
        """One row per node."""
        columns = ("name", "operation", "value", "gradient")
        return Table(
            {name: np.array([getattr(node, name) for node in self.nodes]) for name in columns},
            title=self.expression,
        )


def backpropagate(expression: str, **values: float) -> Graph:
    """Evaluate an expression forward, then send the gradient of its value back through it.

    Knows + - * / **, unary minus, and exp, log, sqrt, sin, cos, tanh, sigmoid, relu, square, max
    and min. Every name needs a value. Raises InputError for anything else, and where a value is
    not finite. Gradients of an input that is used twice are added up.

    >>> graph = backpropagate("(x + y) * z", x=-2, y=5, z=-4)
    >>> graph.value, graph.gradients
    (-12.0, {'x': -4.0, 'y': -4.0, 'z': 3.0})
    """
    try:
        tree = ast.parse(expression, mode="eval").body
    except SyntaxError as error:
        raise _refuse(expression, f"{error.msg} at column {error.offset}") from None
    nodes: list[Node] = []
    locals_: list[tuple[float, ...]] = []
    _visit(tree, expression, values, nodes, locals_)
    return _backward(expression, nodes, locals_)


def _refuse(expression: str, got: str) -> Exception:
    return bad_input(
        "backpropagate()",
        wanted=f"an expression of + - * / **, names with values and {', '.join(FUNCTIONS)}",
        got=f"{got} in {expression!r}",
        do="Rewrite it",
    )


def _visit(
    tree: ast.AST,
    text: str,
    values: dict[str, float],
    nodes: list[Node],
    locals_: list[tuple[float, ...]],
) -> int:
    """Append the nodes of a subtree; the index of its last one."""

    def add(name: str, operation: str, value: float, local: tuple[float, ...], *inputs: int) -> int:
        if not np.isfinite(value) or not np.isfinite(local).all():
            raise _refuse(text, f"{operation} gives {value} with slopes {local}")
        level = 1 + max((nodes[i].level for i in inputs), default=-1)
        nodes.append(Node(name, operation, float(value), 0.0, inputs, level))
        locals_.append(local)
        return len(nodes) - 1

    if isinstance(tree, ast.Name):
        known = {node.name: i for i, node in enumerate(nodes) if node.operation == "input"}
        if tree.id not in values:
            raise _refuse(text, f"no value for {tree.id!r}")
        return (
            known.get(tree.id) if tree.id in known else add(tree.id, "input", values[tree.id], ())
        )  # type: ignore[return-value]
    if isinstance(tree, ast.Constant) and isinstance(tree.value, (int, float)):
        return add(f"{tree.value:g}", "number", float(tree.value), ())
    if isinstance(tree, ast.UnaryOp) and isinstance(tree.op, ast.USub):
        if isinstance(tree.operand, ast.Constant):
            return add(f"-{tree.operand.value:g}", "number", -float(tree.operand.value), ())  # type: ignore[arg-type, str-format]
        inside = _visit(tree.operand, text, values, nodes, locals_)
        return add(ast.unparse(tree), "-", -nodes[inside].value, (-1.0,), inside)
    if isinstance(tree, ast.BinOp) and type(tree.op) in BINARY:
        left = _visit(tree.left, text, values, nodes, locals_)
        right = _visit(tree.right, text, values, nodes, locals_)
        value, local = binary(type(tree.op), nodes[left].value, nodes[right].value)
        return add(ast.unparse(tree), BINARY[type(tree.op)], value, local, left, right)
    if isinstance(tree, ast.Call) and getattr(tree.func, "id", "") in FUNCTIONS and tree.args:
        inputs = [_visit(arg, text, values, nodes, locals_) for arg in tree.args]
        name = tree.func.id  # type: ignore[attr-defined]
        value, local = function(name, [nodes[i].value for i in inputs])
        return add(ast.unparse(tree), name, value, local, *inputs)
    raise _refuse(text, ast.unparse(tree))


def _backward(expression: str, nodes: list[Node], locals_: list[tuple[float, ...]]) -> Graph:
    gradients = np.zeros(len(nodes))
    gradients[-1] = 1.0
    edges: list[Edge] = []
    words = [f"start: the derivative of {nodes[-1].name} with respect to itself is 1"]
    for at in range(len(nodes) - 1, -1, -1):
        for source, local in zip(nodes[at].inputs, locals_[at], strict=True):
            flow = gradients[at] * local
            gradients[source] += flow
            edges.append(Edge(source, at, nodes[source].value, local, float(flow)))
            words.append(_told(nodes[at], nodes[source], gradients[at], local, flow))
    told = tuple(replace(node, gradient=float(gradients[i])) for i, node in enumerate(nodes))
    forward = tuple(f"{n.name} = {n.value:.4g}" for n in nodes if n.operation != "number")
    return Graph(expression, told, tuple(edges), forward, tuple(words))


def _told(node: Node, source: Node, upstream: float, local: float, flow: float) -> str:
    return (
        f"{node.operation} passes to {source.name}: upstream {upstream:.4g} x local {local:.4g} "
        f"= {flow:.4g}"
    )


def two_layer_network(
    inputs: int = 2, hidden: int = 2, *, activation: str = "tanh", seed: int = 0
) -> tuple[str, dict[str, float]]:
    """The squared error of a two-layer net as an expression, with random values for its names.

    >>> two_layer_network(1, 1)[0]
    'square(v1 * tanh(w11 * x1 + b1) + c - t)'
    """
    from lamella.seeds import numpy_generator

    units = []
    for unit in range(1, hidden + 1):
        terms = [f"w{unit}{i} * x{i}" for i in range(1, inputs + 1)]
        units.append(f"v{unit} * {activation}({' + '.join(terms)} + b{unit})")
    expression = f"square({' + '.join(units)} + c - t)"
    named = sorted({n.id for n in ast.walk(ast.parse(expression)) if isinstance(n, ast.Name)})
    random = numpy_generator(seed, "two layers")
    wanted = [name for name in named if name not in FUNCTIONS]
    size = random.uniform(0.3, 1.5, len(wanted)).round(1)
    signs = random.choice((-1.0, 1.0), len(wanted))
    return expression, dict(zip(wanted, (size * signs).tolist(), strict=True))


def check_gradients(graph: Graph, step: float = 1e-5) -> Table:
    """Each input's gradient beside autograd's and central finite differences."""
    import torch

    names = list(graph.gradients)
    at = {n.name: n.value for n in graph.nodes if n.operation == "input"}
    leaves = {n: torch.tensor(v, dtype=torch.float64, requires_grad=True) for n, v in at.items()}
    value = _by_torch(graph, leaves)
    auto = torch.autograd.grad(value, [leaves[n] for n in names])
    finite = [
        (
            backpropagate(graph.expression, **(at | {n: at[n] + step})).value
            - backpropagate(graph.expression, **(at | {n: at[n] - step})).value
        )
        / (2 * step)
        for n in names
    ]
    return Table(
        {
            "input": np.array(names),
            "backpropagation": np.array([graph.gradients[n] for n in names]),
            "autograd": np.array([float(g) for g in auto]),
            "finite_difference": np.array(finite),
        }
    )


def _by_torch(graph: Graph, leaves: dict[str, torch.Tensor]) -> torch.Tensor:
    """The value of the graph with every operation done by torch."""
    import torch

    values: list[torch.Tensor] = []
    for node in graph.nodes:
        inputs = [values[i] for i in node.inputs]
        if node.operation == "input":
            values.append(leaves[node.name])
        elif node.operation == "number":
            values.append(torch.tensor(node.value, dtype=torch.float64))
        elif node.operation in EXTREMES:
            values.append(reduce(getattr(torch, f"{node.operation}imum"), inputs))
        elif node.operation in FUNCTIONS:
            values.append(getattr(torch, node.operation)(*inputs))
        elif len(inputs) == 1:
            values.append(-inputs[0])
        else:
            values.append(OPERATORS[node.operation](*inputs))
    return values[-1]


def gradient_depth(
    weights: tuple[float, ...] = (0.5, 1.0, 1.5),
    activation: str = "tanh",
    depth: int = 30,
    *,
    start: float = 0.5,
) -> Table:
    """The gradient at each layer of the chain h = f(w h): how it vanishes or explodes.

    Columns: weight, layer (0 is the input), value, gradient of the last value with respect to it.
    """
    import torch

    from lamella.anatomy.activations import activation as find

    kind = find(activation)
    rows = []
    for weight in weights:
        values = [start]
        for _ in range(depth):
            values.append(float(kind(torch.tensor(weight * values[-1], dtype=torch.float64))))
        before = torch.tensor(values[:-1], dtype=torch.float64) * weight
        slopes = weight * kind.derivative(before).numpy()
        gradient = np.append(np.cumprod(slopes[::-1])[::-1], 1.0)
        rows += [(weight, layer, values[layer], gradient[layer]) for layer in range(depth + 1)]
    names = ("weight", "layer", "value", "gradient")
    return Table(dict(zip(names, map(np.array, zip(*rows, strict=True)), strict=True)))
