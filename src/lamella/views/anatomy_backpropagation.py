"""A computational graph with the value and the gradient on every edge, one step at a time."""

from __future__ import annotations

import numpy as np

from lamella.anatomy.backpropagation import Graph
from lamella.plots.figure import Figure, Frame
from lamella.plots.marks import Dots, Line, Mark, Text
from lamella.plots.panels import Axis, Panel
from lamella.registry import view

KEY = (("value, forward", "a"), ("gradient, backward", "bad"))
Places = list[tuple[float, float]]


@view(record=Graph)
def anatomy_backpropagation(graph: Graph, *, step: int | None = None, title: str = "") -> Figure:
    """Nodes from left to right in order of evaluation; values forward, then gradients backward.

    `step` shows the state after that many steps (forward steps come first, -1 is the end); None
    gives a play button and a slider.
    """
    places = placed(graph)
    total = len(graph.nodes) + len(graph.edges) + 2
    levels, rows = (max(place[axis] for place in places) + 1 for axis in (0, 1))
    frames = () if step is not None else tuple(
        Frame(str(number), tuple(_moving(graph, places, number))) for number in range(total)
    )  # fmt: skip
    marks = _edges(graph, places)
    if step is not None:
        marks += _moving(graph, places, total - 1 if step < 0 else step)
    x, y = (
        Axis(range=(-0.6, levels - 0.3), hidden=True),
        Axis(range=(-0.9, rows - 0.1), flip=True, hidden=True),
    )
    panel = Panel(tuple(marks), x, y, height=max(220, 74 * rows))
    return Figure(
        (panel,),
        title or graph.expression,
        key=KEY,
        frames=frames,
        shown=total - 1 if frames else 0,
    )


def placed(graph: Graph) -> Places:
    """Column and row of each node: depth to the right, sources near what they feed."""
    order: list[int] = []

    def leave(node: int) -> None:
        if node in order:
            return
        for source in graph.nodes[node].inputs:
            leave(source)
        order.append(node)

    leave(len(graph.nodes) - 1)
    rows: dict[int, float] = {}
    for node in order:
        if not graph.nodes[node].inputs:
            rows[node] = len(rows)
    for node in order:
        if inputs := graph.nodes[node].inputs:
            rows[node] = sum(rows[source] for source in inputs) / len(inputs)
    columns = _columns(graph)
    return _apart([(columns[n], rows.get(n, 0.0)) for n in range(len(graph.nodes))])


def _columns(graph: Graph) -> list[int]:
    """Depth of each node; a leaf stands one column before the first that uses it."""
    columns = [node.level for node in graph.nodes]
    for at, node in enumerate(graph.nodes):
        users = [other.level for other in graph.nodes if at in other.inputs]
        if not node.inputs and users:
            columns[at] = min(users) - 1
    return columns


def _apart(places: Places) -> Places:
    """Rows pushed apart to at least one unit within each column."""
    moved = list(places)
    for column in {x for x, _ in places}:
        inside = sorted(
            (i for i, p in enumerate(places) if p[0] == column), key=lambda i: places[i][1]
        )
        lowest = -1e9
        for i in inside:
            lowest = max(moved[i][1], lowest + 1)
            moved[i] = (column, lowest)
    return moved


def _edges(graph: Graph, places: Places) -> list[Mark]:
    ends = [[*places[edge.source], *places[edge.target]] for edge in graph.edges]
    pairs = np.array([[a, c, np.nan, b, d, np.nan] for a, b, c, d in ends], float).reshape(-1, 6)
    return [Line(pairs[:, :3].ravel(), pairs[:, 3:].ravel(), "line", width=1.5)]


def _moving(graph: Graph, places: Places, step: int) -> list[Mark]:
    """Everything after `step` steps: values of the first nodes, gradients of the last edges."""
    forward = min(step, len(graph.nodes))
    x, y = np.array(places).T
    names = tuple(n.name if not n.inputs else n.operation for n in graph.nodes)
    values = tuple(f"{n.value + 0.0:.4g}" for n in graph.nodes[:forward])
    done = (np.arange(len(names)) < forward).astype(int)
    return [
        _passed(graph, places, step),
        Dots(x, y, groups=done, colours=("faint", "a"), size=37),
        Dots(x, y, colour="card", size=34),
        Text(x, y, names, "ink", size=11),
        Text(x[:forward], y[:forward] - 0.42, values, "a"),
        *_flows(graph, places, max(0, step - len(graph.nodes))),
        Text([-0.5], [y.max() + 0.75], (words_of(graph, step),), anchor="start"),
    ]


def _passed(graph: Graph, places: Places, step: int) -> Line:
    """The edge that this backward step passes."""
    number = step - len(graph.nodes) - 1
    if not 0 <= number < len(graph.edges):
        return Line([np.nan], [np.nan], "bad", width=3)
    edge = graph.edges[number]
    x, y = zip(places[edge.target], places[edge.source], strict=True)
    return Line(x, y, "bad", width=3)


def _flows(graph: Graph, places: Places, backward: int) -> list[Mark]:
    """Gradient on each edge that has been passed, at its middle; 1 at the end."""
    found = [(places[-1][0], places[-1][1] + 0.42, "1")] * (backward > 0)
    for edge in graph.edges[: max(0, backward - 1)]:
        (x0, y0), (x1, y1) = places[edge.source], places[edge.target]
        found.append(((x0 + x1) / 2, (y0 + y1) / 2, f"{edge.gradient + 0.0:.4g}"))
    x, y, texts = zip(*found, strict=True) if found else ((), (), ())
    behind = Dots(x, y, colour="card", size=17, symbol="square", opacity=0.85)
    return [behind, Text(x, y, texts, "bad")]


def words_of(graph: Graph, step: int) -> str:
    """What happens at one step: nothing at 0, then values, then gradients."""
    if step == 0:
        return "before the first step"
    if step <= len(graph.nodes):
        node = graph.nodes[step - 1]
        return f"forward: {node.name} = {node.value + 0.0:.4g}"
    return f"backward: {graph.backward[step - len(graph.nodes) - 1]}"
