"""A table of all layers of a model, from one executed forward pass."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from lamella.results import Table

if TYPE_CHECKING:
    import pandas
    import torch

    from lamella.anatomy.execution import Call, Execution
    from lamella.anatomy.input_spec import InputSpec

HIDDEN = ("detach", "alias", "clone", "_to_copy", "unbind", "split", "t")


@dataclass(frozen=True)
class Sight:
    """The receptive field along one input axis, in pixels.

    `size` and `jump` and `offset` (first pixel of unit 0, negative in the padding) hold on an image
    without ends; where units follow no one pattern (`regular` false) `size` is the largest extent
    inside the image, and jump and offset are NaN. `whole`: some unit sees the whole axis.
    """

    size: int
    jump: float
    offset: float
    whole: bool
    regular: bool


@dataclass(frozen=True)
class LayerRow:
    """One call of one layer. Shapes include the batch; `memory` is bytes of its output."""

    layer: str
    type: str
    input_shapes: tuple[tuple[int, ...], ...]
    output_shape: tuple[int, ...]
    parameters: int
    formula: str
    macs: int
    memory: int
    sight: tuple[Sight, ...] = ()
    note: str = ""
    warning: str = ""


@dataclass(frozen=True)
class LayerTable:
    """All rows in order of execution, with totals.

    `parameters` counts each tensor of the model once, used or not; `unused` names those that the
    forward pass did not touch. `memory` is the sum of all outputs, in bytes, at batch size `batch`.
    """

    model: str
    inputs: tuple[str, ...]
    batch: int
    rows: tuple[LayerRow, ...]
    parameters: int
    trainable: int
    parameter_memory: int
    unused: tuple[str, ...]
    notes: tuple[str, ...]

    @property
    def macs(self) -> int:
        """Multiply-accumulates of one pass of the whole batch."""
        return sum(row.macs for row in self.rows)

    @property
    def memory(self) -> int:
        """Bytes of all layers' outputs."""
        return sum(row.memory for row in self.rows)

    @property
    def warnings(self) -> tuple[str, ...]:
        """One line for each layer that drops a border of its input."""
        return tuple(f"{row.layer} {row.warning}" for row in self.rows if row.warning)

    def record(self) -> Table:
        """The rows as a tidy record."""
        lines = [columns_of(row, self.batch) for row in self.rows]
        names = lines[0].keys() if lines else ()
        columns = {name: np.asarray([line[name] for line in lines]) for name in names}
        return Table(columns, title=self.model)

    def frame(self) -> pandas.DataFrame:
        """The rows as a pandas frame."""
        return self.record().frame()

    def json(self) -> dict[str, Any]:
        """Everything as plain numbers, strings and lists."""
        totals = {"macs": self.macs, "memory": self.memory, "warnings": self.warnings}
        return _plain(asdict(self) | totals)


def layer_table(
    model: torch.nn.Module,
    inputs: str | InputSpec | Sequence[Any],
    *,
    batch: int = 1,
    device: str = "auto",
) -> LayerTable:
    """What each layer of `model` is and costs, from the calls that a forward pass makes.

    `inputs` is one sample's shape such as "3x32x32", or a list of them for several arguments.
    Every call of a module without children is a row, and so is every operation that a plain
    Python forward makes outside such modules. Multiply-accumulates count the products of
    convolutions, matrix products and attention, with taps on padding and without biases. A weight
    that is used twice is counted where it is used first. Raises InputError with the failing layer.

    >>> import torch
    >>> layer_table(torch.nn.Linear(784, 800), "784").rows[0].formula
    '800 x 784 + 800'
    """
    from lamella.anatomy.execution import execute, unwrap

    done = execute(model, inputs, batch=batch, device=device)
    return table_of(done, unwrap(model))


def table_of(done: Execution, model: torch.nn.Module) -> LayerTable:
    """The table of a model that was executed."""
    owner: dict[int, str] = {}
    rows = tuple(_row(call, done, owner) for call in done.calls if _shown(call))
    tensors = {identity: tensor for identity, (_, tensor) in done.parameters.items()}
    unused = tuple(name for i, (name, _) in done.parameters.items() if i not in owner)
    return LayerTable(
        type(model).__name__,
        tuple(map(str, done.inputs)),
        done.batch,
        rows,
        sum(t.numel() for t in tensors.values()),
        sum(t.numel() for t in tensors.values() if t.requires_grad),
        sum(t.numel() * t.element_size() for t in tensors.values()),
        unused,
        tuple(_notes(done, rows, unused)),
    )


def _shown(call: Call) -> bool:
    if call.output is None or call.output.numel() == 0:
        return False
    return call.module is not None or (call.kind not in HIDDEN and bool(call.inputs))


def _row(call: Call, done: Execution, owner: dict[int, str]) -> LayerRow:
    used = [(i, *done.parameters[i]) for i in call.uses if i in done.parameters]
    new = [(i, name, tensor) for i, name, tensor in used if i not in owner]
    shared = sorted({owner[i] for i in call.uses if i in owner})
    owner.update((i, call.name) for i, _, _ in new)
    count = sum(tensor.numel() for _, _, tensor in new)
    notes = [f"shares weights with {', '.join(shared)}, counted there"] * bool(shared)
    notes += [str(b) for b in call.borders if b.skipped]
    assert call.output is not None  # _shown has seen to it
    inputs = tuple(tuple(t.shape) for t in call.inputs if id(t) not in call.uses)
    return LayerRow(
        call.name,
        call.kind,
        inputs,
        tuple(call.output.shape),
        count,
        formula(tensor for _, _, tensor in used),
        call.macs,
        _bytes(call),
        tuple(_sight(call, a, n) for a, n in enumerate(done.axes if call.field else ())),
        "; ".join(notes),
        " and ".join(str(b) for b in call.borders if b.dropped),
    )


def formula(parameters: Iterable[torch.Tensor]) -> str:
    """The parameter count spelled out: products of shapes, added up."""
    return " + ".join(" x ".join(map(str, p.shape)) or "1" for p in parameters)


def _bytes(call: Call) -> int:
    """Bytes of the output, 0 where it lies in the memory of an input (in place, or a view)."""
    assert call.output is not None
    place = call.output.untyped_storage()._cdata
    if any(t.untyped_storage()._cdata == place for t in call.inputs):
        return 0
    return call.output.numel() * call.output.element_size()


def _sight(call: Call, axis: int, length: int) -> Sight:
    assert call.field is not None
    reach = call.field[axis]
    size = reach.extent()
    whole = size > 0 and size == length
    if reach.plane is None:
        return Sight(size, float("nan"), float("nan"), whole, False)
    plane = reach.plane
    return Sight(plane.size, float(plane.jump), float(plane.sees(0)[0]), whole, True)


def _notes(done: Execution, rows: tuple[LayerRow, ...], unused: tuple[str, ...]) -> Iterable[str]:
    if unused:
        count = sum(t.numel() for n, t in done.parameters.values() if n in unused)
        yield f"{count:,} parameters play no part in this forward pass: {', '.join(unused)}"
    shared = [row.layer for row in rows if row.note.startswith("shares")]
    if shared:
        yield f"shared weights are counted once ({', '.join(shared)} use them again)"
    if done.ledger.assumed:
        names = ", ".join(sorted(done.ledger.assumed))
        yield f"receptive fields behind {names} are upper bounds: taken to see all of their input"
    if done.real:
        yield "this forward pass needs numbers, so it ran on zeros on the CPU"


def columns_of(row: LayerRow, batch: int) -> dict[str, Any]:
    """One row as flat columns; shapes with None for the batch, fields as height x width."""
    return {
        "layer": row.layer,
        "type": row.type,
        "input_shape": ", ".join(shape_text(s, batch) for s in row.input_shapes),
        "output_shape": shape_text(row.output_shape, batch),
        "parameters": row.parameters,
        "formula": row.formula,
        "macs": row.macs,
        "memory": row.memory,
        "receptive_field": _axes(row.sight, "size"),
        "jump": _axes(row.sight, "jump"),
        "offset": _axes(row.sight, "offset"),
        "note": "; ".join(part for part in (row.warning, row.note) if part),
    }


def shape_text(shape: tuple[int, ...], batch: int) -> str:
    """A shape as Keras writes it.

    >>> shape_text((1, 6, 28, 28), 1)
    '(None, 6, 28, 28)'
    """
    axes = [str(n) for n in shape]
    if shape and shape[0] == batch:
        axes[0] = "None"
    return f"({', '.join(axes)})"


def _axes(sight: tuple[Sight, ...], what: str) -> str:
    values = [getattr(s, what) for s in sight]
    texts = ["" if v != v else f"{v:g}" for v in values]
    return "" if not any(texts) else texts[0] if len(set(texts)) == 1 else " x ".join(texts)


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    return None if isinstance(value, float) and value != value else value
