"""A computational graph with the value and the gradient on every edge, one step at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lamella.plots.anatomy_cells import play_buttons
from lamella.plots.style import (
    CARD,
    FAINT,
    INK,
    LINE,
    RUNS,
    SOFT,
    WORSE,
    colour_key,
    new_figure,
    plain,
)

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

    from lamella.anatomy.backpropagation import Graph


def anatomy_backpropagation(graph: Graph, *, step: int | None = None, title: str = "") -> Figure:
    """Nodes from left to right in order of evaluation; values forward, then gradients backward.

    `step` shows the state after that many steps (forward steps come first, -1 is the end); None
    gives a play button and a slider.
    """
    from plotly.graph_objects import Frame

    places = placed(graph)
    total = len(graph.nodes) + len(graph.edges) + 2
    shown = total - 1 if step is None or step < 0 else step
    levels = max(x for x, _ in places) + 1
    rows = max(y for _, y in places) + 1
    figure = new_figure(
        title or graph.expression,
        height=max(220, 74 * rows),
        left=20,
        right=20,
        bottom=20 if step is not None else 100,
        key=colour_key(["value, forward", "gradient, backward"], [RUNS[0], WORSE]),
    )
    for trace in traces(graph, places, shown):
        figure.add_trace(trace)
    figure.update_xaxes(visible=False, range=[-0.6, levels - 0.3])
    figure.update_yaxes(visible=False, range=[rows - 0.1, -0.9])
    figure.update_layout(hovermode=False, dragmode=False)
    if step is None:
        names = [str(number) for number in range(total)]
        figure.frames = [
            Frame(data=traces(graph, places, n), name=name) for n, name in enumerate(names)
        ]
        play_buttons(figure, names, "step")
        figure.layout.sliders[0].active = total - 1  # type: ignore[index]
    return figure


def placed(graph: Graph) -> list[tuple[float, float]]:
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
    leaves = {n for n in order if not graph.nodes[n].inputs}
    for node in order:
        if node not in leaves:
            rows[node] = sum(rows[s] for s in graph.nodes[node].inputs) / len(
                graph.nodes[node].inputs
            )
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


def _apart(places: list[tuple[float, float]]) -> list[tuple[float, float]]:
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


def traces(graph: Graph, places: list[tuple[float, float]], step: int) -> list[dict[str, Any]]:
    """Everything after `step` steps: values of the first nodes, gradients of the last edges."""
    forward = min(step, len(graph.nodes))
    backward = max(0, step - len(graph.nodes))
    return [
        _lines(graph, places),
        _arrow(graph, places, step),
        _circles(graph, places, forward),
        _labels(graph, places, forward, RUNS[0]),
        _flows(graph, places, backward),
        _told(graph, places, step),
    ]


def _lines(graph: Graph, places: list[tuple[float, float]]) -> dict[str, Any]:
    x: list[float | None] = []
    y: list[float | None] = []
    for edge in graph.edges:
        (x0, y0), (x1, y1) = places[edge.source], places[edge.target]
        x += [x0, x1, None]
        y += [y0, y1, None]
    return {
        "type": "scatter",
        "mode": "lines",
        "x": x,
        "y": y,
        "line": {"color": LINE, "width": 1.5},
    }


def _arrow(graph: Graph, places: list[tuple[float, float]], step: int) -> dict[str, Any]:
    """The edge that this backward step passes."""
    number = step - len(graph.nodes) - 1
    ends: list[Any] = [[], []]
    if 0 <= number < len(graph.edges):
        edge = graph.edges[number]
        ends = [[places[n][axis] for n in (edge.target, edge.source)] for axis in (0, 1)]
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "x": ends[0],
        "y": ends[1],
        "line": {"color": WORSE, "width": 3},
        "marker": {"symbol": "arrow", "size": 14, "angleref": "previous", "color": WORSE},
    }


def _circles(graph: Graph, places: list[tuple[float, float]], forward: int) -> dict[str, Any]:
    names = [n.name if not n.inputs else n.operation for n in graph.nodes]
    return {
        "type": "scatter",
        "mode": "markers+text",
        "x": [x for x, _ in places],
        "y": [y for _, y in places],
        "text": [plain(name) for name in names],
        "textfont": {"size": 11, "color": INK},
        "marker": {
            "size": 34,
            "color": CARD,
            "line": {
                "color": [RUNS[0] if i < forward else FAINT for i in range(len(names))],
                "width": 1.5,
            },
        },
    }


def _labels(
    graph: Graph, places: list[tuple[float, float]], forward: int, colour: str
) -> dict[str, Any]:
    """Value of each node that has been computed, above it."""
    return {
        "type": "scatter",
        "mode": "text",
        "x": [x for x, _ in places[:forward]],
        "y": [y - 0.42 for _, y in places[:forward]],
        "text": [f"{n.value + 0.0:.4g}" for n in graph.nodes[:forward]],
        "textfont": {"size": 12, "color": colour},
    }


def _flows(graph: Graph, places: list[tuple[float, float]], backward: int) -> dict[str, Any]:
    """Gradient on each edge that has been passed, nearer to its source; 1 at the end."""
    x, y, text = [], [], []
    if backward:
        x, y, text = [places[-1][0]], [places[-1][1] + 0.42], ["1"]
    for edge in graph.edges[: max(0, backward - 1)]:
        (x0, y0), (x1, y1) = places[edge.source], places[edge.target]
        x.append((x0 + x1) / 2)
        y.append((y0 + y1) / 2)
        text.append(f"{edge.gradient + 0.0:.4g}")
    return {
        "type": "scatter",
        "mode": "markers+text",
        "x": x,
        "y": y,
        "text": text,
        "marker": {"symbol": "square", "size": 17, "color": CARD, "opacity": 0.85},
        "textfont": {"size": 12, "color": WORSE},
    }


def _told(graph: Graph, places: list[tuple[float, float]], step: int) -> dict[str, Any]:
    """The step in words, below the graph."""
    words = words_of(graph, step)
    return {
        "type": "scatter",
        "mode": "text",
        "x": [-0.5],
        "y": [max(y for _, y in places) + 0.75],
        "text": [plain(words)],
        "textposition": "middle right",
        "textfont": {"size": 12, "color": SOFT},
    }


def words_of(graph: Graph, step: int) -> str:
    """What happens at one step: nothing at 0, then values, then gradients."""
    if step == 0:
        return "before the first step"
    if step <= len(graph.nodes):
        node = graph.nodes[step - 1]
        return f"forward: {node.name} = {node.value + 0.0:.4g}"
    return f"backward: {graph.backward[step - len(graph.nodes) - 1]}"
