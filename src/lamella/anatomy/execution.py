"""Run a model once, without touching it, and keep every call of every layer."""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import torch

from lamella.anatomy import reach
from lamella.anatomy.border import Border, borders
from lamella.anatomy.dataflow import Dataflow, Ledger, Operation, key_of, tensors
from lamella.anatomy.input_spec import InputSpec, parse_input
from lamella.anatomy.operation_rules import Field
from lamella.errors import InputError, bad_input


@dataclass(eq=False)
class Call:
    """One call of one layer, or one operation outside all layers (then `module` is None)."""

    name: str
    kind: str
    module: torch.nn.Module | None
    inputs: tuple[torch.Tensor, ...]
    output: torch.Tensor | None = None
    field: Field | None = None
    macs: int = 0
    uses: dict[int, None] = dataclasses.field(default_factory=dict)  # an ordered set of ids
    depth: int = 0
    moves: bool = False
    borders: tuple[Border, ...] = ()


@dataclass(frozen=True, eq=False)
class Execution:
    """All calls in order, with the parameters by identity as (name, tensor) pairs."""

    calls: tuple[Call, ...]
    parameters: Mapping[int, tuple[str, torch.Tensor]]
    ledger: Ledger
    inputs: tuple[InputSpec, ...]
    batch: int
    real: bool

    @property
    def axes(self) -> tuple[int, ...]:
        """Lengths of the input's axes that fields are measured on: those behind channels."""
        shape = self.inputs[0].shape
        tokens = len(shape) == 1 and "int" in self.inputs[0].dtype
        return shape if tokens else shape[1:]


def execute(
    model: torch.nn.Module,
    inputs: str | InputSpec | Sequence[Any],
    *,
    batch: int = 1,
    device: str = "auto",
) -> Execution:
    """Run `model` on zeros and follow every operation.

    The model runs on the meta device, where shapes are worked out and nothing is computed; when
    its forward needs numbers it runs again on the CPU ("meta" or "cpu" forces one). Evaluation
    mode; parameters, buffers, modes and random streams stay as they are. Raises InputError with
    the layer and the shape it got when the forward fails.
    """
    specs = _specs(inputs)
    model = unwrap(model)
    _refuse_lazy(model)
    if any(parameter.is_meta for parameter in model.parameters()):
        device = "meta"  # it has no numbers to fall back on
    if device == "auto":
        with contextlib.suppress(Exception):
            return _run(model, specs, batch, "meta")
        device = "cpu"
    return _run(model, specs, batch, device)


def _specs(inputs: Any) -> tuple[InputSpec, ...]:
    several = isinstance(inputs, (list, tuple)) and not all(isinstance(n, int) for n in inputs)
    return tuple(map(parse_input, inputs)) if several else (parse_input(inputs),)


def unwrap(model: torch.nn.Module) -> torch.nn.Module:
    """The module inside `torch.compile` and `DataParallel` wrappers."""
    while True:
        inner = getattr(model, "_orig_mod", None)
        if inner is None and type(model).__name__.endswith("DataParallel"):
            inner = getattr(model, "module", None)
        if not isinstance(inner, torch.nn.Module):
            return model
        model = inner


def _refuse_lazy(model: torch.nn.Module) -> None:
    lazy = [n for n, p in model.named_parameters() if torch.nn.parameter.is_lazy(p)]
    if lazy:
        raise bad_input(
            "anatomy",
            wanted="a model whose parameters have shapes",
            got=f"{len(lazy)} lazy ones (first: {lazy[0]})",
            do="Run the model once on a batch before",
        )


def _run(
    model: torch.nn.Module, specs: tuple[InputSpec, ...], batch: int, device: str
) -> Execution:
    state = _copies(model, device)
    arguments = tuple(spec.tensor(batch, device) for spec in specs)
    watch = Watch(model, {id(t): n for n, t in state.items()})
    watch.ledger.fields[key_of(arguments[0])] = input_field(arguments[0])
    with undisturbed(model), torch.no_grad(), watch:
        try:
            torch.func.functional_call(model, state, arguments)
        except InputError:
            raise
        except Exception as error:
            raise _failure(watch, specs, error) from error
    named = {id(state[n]): (n, p) for n, p in model.named_parameters()}
    return Execution(tuple(watch.calls), named, watch.ledger, specs, batch, device != "meta")


def _copies(model: torch.nn.Module, device: str) -> dict[str, torch.Tensor]:
    if device != "meta":  # parameters are only read, buffers may be written
        buffers = {n: b.detach().to(device, copy=True) for n, b in model.named_buffers()}
        return {n: p.detach().to(device) for n, p in model.named_parameters()} | buffers
    both = [*model.named_parameters(), *model.named_buffers()]
    return {n: torch.empty_like(t, device="meta", requires_grad=False) for n, t in both}


def input_field(tensor: torch.Tensor) -> Field:
    """One reach per spatial axis: those behind channels; positions of a sequence of tokens."""
    tokens = tensor.dim() == 2 and not tensor.is_floating_point()
    dims = (1,) if tokens else range(2, tensor.dim())
    return tuple(reach.start(tuple(tensor.shape), dim) for dim in dims)


@contextlib.contextmanager
def undisturbed(model: torch.nn.Module) -> Iterator[None]:
    """Evaluation mode and a spare random stream for the length of a `with` block."""
    modes = {module: module.training for module in model.modules()}
    fast = torch.backends.mha.get_fastpath_enabled()
    torch.backends.mha.set_fastpath_enabled(False)
    try:
        with torch.random.fork_rng(devices=[]):
            for module in modes:
                module.training = False
            yield
    finally:
        torch.backends.mha.set_fastpath_enabled(fast)
        for module, mode in modes.items():
            module.training = mode


def _failure(watch: Watch, specs: tuple[InputSpec, ...], error: Exception) -> InputError:
    where = watch.stack[-1] if watch.stack else None
    shapes = ", ".join("x".join(map(str, t.shape)) for t in where.inputs) if where else ""
    place = (
        f"layer {where.name!r} ({where.kind}), which got {shapes or 'no tensor'}"
        if where
        else "its forward"
    )
    reason = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
    return bad_input(
        "anatomy",
        wanted=f"a model that runs on {', '.join(map(str, specs))}",
        got=f"{type(error).__name__} in {place}: {reason}",
        do="Change the input's shape or that layer",
    )


class Watch:
    """Hooks on every module and the dataflow underneath, for the length of a `with` block."""

    def __init__(self, model: torch.nn.Module, parameters: dict[int, str]) -> None:
        self.model, self.parameters = model, parameters
        self.ledger, self.calls, self.stack = Ledger(), [], []
        self.counts: dict[str, int] = {}
        self.flow = Dataflow(self.ledger, self._operation)
        self.handles: list[Any] = []

    def __enter__(self) -> Watch:
        for name, module in self.model.named_modules():
            self.handles.append(
                module.register_forward_pre_hook(self._enter(name), with_kwargs=True)
            )
            self.handles.append(module.register_forward_hook(self._leave))
        self.flow.__enter__()
        return self

    def __exit__(self, *failure: Any) -> None:
        self.flow.__exit__(*failure)
        for handle in self.handles:
            handle.remove()

    def _enter(self, name: str) -> Any:
        def hook(module: torch.nn.Module, args: tuple, kwargs: dict) -> None:
            call = Call(name, type(module).__name__, module, tuple(tensors((args, kwargs))))
            call.depth = len(self.stack)
            if self._layer() is None and is_layer(module):
                call.name = self._numbered(name or call.kind)
                call.uses = dict.fromkeys(map(id, module.parameters()))
                self.calls.append(call)
            self.stack.append(call)

        return hook

    def _leave(self, module: torch.nn.Module, args: tuple, result: Any) -> None:
        call = self.stack.pop()
        call.output = next(tensors(result), None)
        if call.output is not None:
            call.field = self.ledger.fields.get(key_of(call.output))

    def _layer(self) -> Call | None:
        return next(
            (call for call in self.stack if call.module is not None and is_layer(call.module)), None
        )

    def _numbered(self, name: str) -> str:
        self.counts[name] = self.counts.get(name, 0) + 1
        return name if self.counts[name] == 1 else f"{name}#{self.counts[name]}"

    def _operation(self, operation: Operation) -> None:
        layer = self._layer()
        if layer is None:
            layer = self._bare(operation)
        layer.macs += operation.macs
        layer.borders += borders(operation)

    def _bare(self, operation: Operation) -> Call:
        inside = self.stack[-1].name if self.stack else ""
        kind = operation.name.removesuffix("_with_indices").strip("_")
        name = self._numbered(f"{inside}.{kind}".lstrip("."))
        out = operation.outputs[0]
        call = Call(name, kind, None, operation.inputs, out, moves=operation.moves)
        call.field = self.ledger.fields.get(key_of(out))
        call.uses = dict.fromkeys(id(t) for t in operation.inputs if id(t) in self.parameters)
        call.depth = len(self.stack)
        self.calls.append(call)
        return call


def is_layer(module: torch.nn.Module) -> bool:
    """Whether a module is one row: without children, or torch's own with weights of its own.

    What `weight_norm` and its like put into a module is no child: it computes a weight.
    """
    kind = type(module)
    if torch.nn.utils.parametrize.is_parametrized(module):
        kind = kind.__bases__[0]
    own = kind.__module__.startswith("torch.nn.modules") and module._parameters
    return not set(module._modules) - {"parametrizations"} or bool(own)
