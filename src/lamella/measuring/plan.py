"""What is to be measured: one task for each measure at each cell, dependencies first."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

from lamella.errors import unknown_name
from lamella.registry import measures as registry

if TYPE_CHECKING:
    from lamella.store import Run

HOMOLOGY = "homology"
BASELINES = ("shuffled_labels", "gaussian")


@dataclass(frozen=True)
class Task:
    """One measure at one cell. `variant` says against what, or on what instead of the cell.

    The result is stored under `name`: `cka` compares with the other layers, `cka@epochs` with the
    epoch before, `cka@narrow` with the run of that name, and `gdv@gaussian` is the value of a
    Gaussian cloud of the same mean and covariance.
    """

    measure: str
    layer: str
    epoch: int
    split: str
    variant: str = ""
    arguments: Mapping[str, Any] = field(default_factory=dict, compare=False)

    @property
    def name(self) -> str:
        """What the result is stored under."""
        return f"{self.measure}@{self.variant}" if self.variant else self.measure

    @property
    def cell(self) -> tuple[str, int, str]:
        """Where the result is stored."""
        return self.layer, self.epoch, self.split


@dataclass(frozen=True)
class Plan:
    """The tasks of one measure() in two stages; the second reads diagrams of the first.

    `any_homology` says that nobody asked for diagrams of certain arguments, so that those which
    the run has will do.
    """

    first: tuple[Task, ...]
    second: tuple[Task, ...]
    any_homology: bool = False

    def __len__(self) -> int:
        return len(self.first) + len(self.second)


def make_plan(
    run: Run,
    measures: tuple[str, ...],
    layers: tuple[str, ...],
    epochs: tuple[int, ...],
    splits: tuple[str, ...],
    *,
    arguments: Mapping[str, Mapping[str, Any]],
    against: str = "layers",
    baselines: tuple[str, ...] = (),
) -> Plan:
    """Every task that was asked for, and `homology` where a measure needs its diagrams."""
    tasks: dict[Task, None] = {}
    for epoch in epochs:
        for split in splits:
            for layer in layers:
                for name in measures:
                    for variant in variants(name, against, baselines):
                        given = with_epochs(run, name, complete(name, arguments.get(name, {})))
                        tasks[Task(name, layer, epoch, split, variant, given)] = None
    second = [t for t in tasks if reads_diagrams(t.measure)]
    given = complete(HOMOLOGY, arguments.get(HOMOLOGY, {})) if second else {}
    needed = {
        Task(HOMOLOGY, *cell, variant, given): None
        for task in second
        for cell, variant in diagrams_needed(run, task, layers)
    }
    first = [t for t in tasks if not reads_diagrams(t.measure)]
    free = HOMOLOGY not in measures and HOMOLOGY not in arguments
    return Plan(tuple({**needed, **dict.fromkeys(first)}), tuple(second), free)


def variants(name: str, against: str, baselines: tuple[str, ...]) -> Iterator[str]:
    """The variants of a measure that make sense: pairs have no baselines, and the other way."""
    if registry.facts(name).get("pairwise"):
        yield "" if against == "layers" else against
        return
    yield ""
    wanted = inputs_of(name)
    if "shuffled_labels" in baselines and "labels" in wanted:
        yield "shuffled_labels"
    if "gaussian" in baselines and {"points", "diagrams"} & set(wanted):
        yield "gaussian"


def diagrams_needed(
    run: Run, task: Task, layers: tuple[str, ...]
) -> Iterator[tuple[tuple[str, int, str], str]]:
    """The cells, with their variants, whose diagrams a task reads from its own run."""
    pairwise = registry.facts(task.measure).get("pairwise")
    if "sequence" in inputs_of(task.measure):
        last = task.epoch == run.epochs[-1]
        yield from (((task.layer, e, task.split), "") for e in epochs_until(run) if last)
        return
    yield task.cell, "" if pairwise or task.variant != "gaussian" else "gaussian"
    if pairwise and task.variant in ("", "epochs"):
        for layer, epoch in partners(run, task, layers):
            yield (layer, epoch, task.split), ""


def partners(run: Run, task: Task, layers: tuple[str, ...]) -> list[tuple[str, int]]:
    """The (layer, epoch) that a pairwise task compares its cell with, within the run.

    Each pair of layers is compared once, at the earlier one, unless the measure is registered
    with `symmetric=False`. An epoch is compared with the recorded one before it.
    """
    if task.variant == "epochs":
        return [(task.layer, epoch) for epoch in epochs_until(run, task.epoch)[-2:-1]]
    later = layers[layers.index(task.layer) + 1 :]
    symmetric = registry.facts(task.measure).get("symmetric", True)
    others = later if symmetric else [x for x in layers if x != task.layer]
    return [(layer, task.epoch) for layer in others]


def reads_diagrams(name: str) -> bool:
    """Whether a measure takes what `homology` finds."""
    return bool({"diagrams", "sequence"} & set(inputs_of(name)))


def epochs_until(run: Run, last: int | None = None) -> list[int]:
    """The recorded epochs in order, up to and with `last`."""
    return [epoch for epoch in run.epochs if last is None or epoch <= last]


def inputs_of(name: str) -> dict[str, bool]:
    """The inputs that a measure takes from the cell, and whether it cannot do without.

    >>> inputs_of("homology")
    {'points': True}
    """
    return {p.name: p.default is p.empty for p in _parameters(registry[name], keyword=False)}


def complete(name: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments of a measure, its defaults filled in; UnknownName for one it does not have."""
    defaults = {p.name: p.default for p in _parameters(registry[name], keyword=True)}
    for argument in given:
        if argument not in defaults:
            raise unknown_name(f"argument of measure {name!r}", argument, defaults)
    return {**defaults, **given}


def with_epochs(run: Run, name: str, given: dict[str, Any]) -> dict[str, Any]:
    """The arguments, told which epochs the diagrams of a sequence are of."""
    if "sequence" in inputs_of(name) and given.get("epochs", 0) is None:
        return {**given, "epochs": list(run.epochs)}
    return given


@cache
def _parameters(function: Callable[..., Any], *, keyword: bool) -> tuple[inspect.Parameter, ...]:
    """The positional or the keyword-only parameters of a function."""
    found = inspect.signature(function).parameters.values()
    return tuple(p for p in found if (p.kind is p.KEYWORD_ONLY) == keyword)
