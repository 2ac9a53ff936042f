"""From a task to what its measure is called with, and the key that its result is known by."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from lamella.errors import LamellaError
from lamella.measuring.cells import Cell, Cells
from lamella.measuring.inputs import diagrams_at, give, points_at
from lamella.measuring.plan import Task, inputs_of, partners
from lamella.registry import measures as registry

KEY_VERSION = 1  # raise it when the same key would stand for another result


class NotApplicable(LamellaError):
    """A measure has nothing to say about a cell, such as neural collapse before other layers."""


@dataclass(frozen=True, eq=False)
class Job:
    """A call ready to be made anywhere: arrays by name, and one more set for each partner."""

    task: Task
    function: Callable[..., Any]
    inputs: dict[str, Any]
    partners: tuple[tuple[str, dict[str, Any]], ...]
    pairwise: bool
    key: str
    sampled: tuple[int, int] | None


class Binder:
    """Makes jobs of tasks, reading the cells they need; `other` is the run to compare with."""

    def __init__(self, cells: Cells, layers: tuple[str, ...], other: Cells | None = None) -> None:
        self.cells, self.layers, self.other = cells, layers, other

    def __call__(self, task: Task) -> Job:
        """The job of a task; NotApplicable, or the LamellaError that its cell raises."""
        facts = registry.facts(task.measure)
        budget = min(self.cells.budget, facts.get("budget", self.cells.budget))
        pairwise = bool(facts.get("pairwise"))
        inputs, marks = self._own(task, budget, pairwise)
        others = self._others(task, budget, marks) if pairwise else ()
        total = self.cells.samples(task.split)
        used = len(self.cells.rows(task.split, budget))
        sampled = (used, total) if used < total else None
        key = make_key(task, marks, sampled, facts.get("version", 1))
        function = registry[task.measure]
        return Job(task, function, inputs, tuple(others), pairwise, key, sampled)

    def _own(self, task: Task, budget: int, pairwise: bool) -> tuple[dict, dict]:
        inputs, marks = {}, {}
        for name, required in inputs_of(task.measure).items():
            if pairwise and name.startswith("other"):
                continue
            found = give(name, self.cells, task, budget)
            if found is None and required:
                raise NotApplicable(f"{task.measure}() needs {name}, which this cell does not have")
            if found is not None:
                inputs[name], marks[name] = found
        return _baseline(task, inputs, self.cells.seed), marks

    def _others(self, task: Task, budget: int, marks: dict[str, str]) -> list:
        wanted = [n for n in inputs_of(task.measure) if n.startswith("other")]
        found = []
        for label, cells, cell in self._partner_cells(task):
            given = {}
            for name in wanted:
                if name == "other_diagrams":
                    value, mark = diagrams_at(cells, cell)
                else:
                    value, mark = points_at(cells, cell, budget)
                    self._same_samples(cells, task.split, budget)
                given[name], marks[f"{name} {label}"] = value, mark
            found.append((label, given))
        if not found:
            raise NotApplicable(f"{task.measure}() has nothing to compare this cell with")
        return found

    def _partner_cells(self, task: Task) -> list[tuple[str, Cells, Cell]]:
        if self.other is not None and task.variant == self.other.run.name:
            return [(self.other.run.name, self.other, task.cell)]
        found = partners(self.cells.run, task, self.layers)
        by_epoch = task.variant == "epochs"
        return [
            (str(epoch) if by_epoch else layer, self.cells, (layer, epoch, task.split))
            for layer, epoch in found
        ]

    def _same_samples(self, other: Cells, split: str, budget: int) -> None:
        if other is self.cells:
            return
        mine, theirs = (cells.ids(split, budget) for cells in (self.cells, other))
        if not np.array_equal(mine, theirs):
            raise LamellaError(
                f"measure(against=run) wants the same samples in both runs, got {len(mine)} and "
                f"{len(theirs)} with other ids in split {split!r}. Record both with one probe."
            )


def same_content(one: str, two: str) -> bool:
    """Whether two keys are of the same content and sample, whatever the arguments."""
    first, second = (json.loads(key) if key.startswith("{") else {} for key in (one, two))
    fields = ("content", "samples", "variant")
    return all(first.get(f) == second.get(f) for f in fields) and "content" in first


def is_narrower(new: str, old: str | None) -> bool:
    """Whether a result of the key `new` is of fewer samples than that of `old`.

    >>> is_narrower('{"samples": [10, 99]}', "{}"), is_narrower("{}", '{"samples": [10, 99]}')
    (True, False)
    """
    if not (old and old.startswith("{")):
        return False
    now, then = (json.loads(key).get("samples") for key in (new, old))
    return now is not None and (then is None or now[0] < then[0])


def make_key(
    task: Task, marks: dict[str, str], sampled: tuple[int, int] | None, version: int
) -> str:
    """What a result was computed of: content, arguments, sample and version, as JSON.

    >>> make_key(Task("gdv", "fc1", 0, "train"), {"points": "ab"}, None, 1)
    '{"arguments": {}, "content": {"points": "ab"}, "variant": "", "version": [1, 1]}'
    """
    facts: dict[str, Any] = {
        "content": dict(marks),
        "arguments": dict(task.arguments),
        "variant": task.variant,
        "version": [KEY_VERSION, version],
    }
    if sampled:
        facts["samples"] = sampled
    return json.dumps(facts, sort_keys=True, default=repr)


def _baseline(task: Task, inputs: dict[str, Any], seed: int) -> dict[str, Any]:
    """The inputs of a baseline in place of those of the cell."""
    if task.variant not in ("shuffled_labels", "gaussian"):
        return inputs
    from lamella.geometry import baselines

    if task.variant == "shuffled_labels":
        return {**inputs, "labels": baselines.shuffled_labels(inputs["labels"], seed=seed)}
    if "points" in inputs:
        return {**inputs, "points": baselines.gaussian_cloud(inputs["points"], seed=seed)}
    return inputs
