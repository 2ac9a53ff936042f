"""`index`: the nets, their layers, epochs and splits, and the measures that there are."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from lamella.page.answers.cloud import methods
from lamella.page.answers.cube import layers_of
from lamella.page.answers.samples import picture_shape
from lamella.page.facts import base_of, measure_facts
from lamella.registry import measures as registry
from lamella.store import NOT_COMPUTED, Run
from lamella.subject.clouds import chosen
from lamella.subject.stored_results import INPUT, measured
from lamella.subject.subject import Subject, data_of, epochs_of


def index(subject: Subject) -> dict[str, Any]:
    """What there is to be asked for, over all nets."""
    kinds = {
        name: kind
        for net in subject.nets
        for run in subject.runs(net)
        for name, kind in measured(run).items()
    }
    return {
        "title": subject.title or " and ".join(subject.nets),
        "live": subject.live,
        "written": datetime.now(UTC).isoformat(timespec="seconds"),
        "measures": [measure_facts(name, kinds[name]) for name in ordered(kinds)],
        "left_out": [],
        "budget_mb": None,
        "nets": [net_facts(subject, net) for net in subject.nets],
        "story": subject.story is not None,
        "gone": list(subject.gone),
    }


def ordered(kinds: dict[str, str]) -> list[str]:
    """Measures to list: not the nulls, which are baselines; those with a direction first."""
    listed = [n for n in kinds if n != NOT_COMPUTED and not n.endswith(("@gaussian", "@shuffled"))]

    def place(name: str) -> tuple:
        facts = registry.facts(base_of(name)) if base_of(name) in registry else {}
        return not facts.get("value"), not facts.get("better"), "@" in name, name

    return sorted(listed, key=place)


def net_facts(subject: Subject, net: str) -> dict[str, Any]:
    """What the index says of a net."""
    runs = subject.runs(net)
    run = runs[0]
    found = chosen(subject, run)
    return {
        "name": net,
        "seeds": [other.info.get("seed", at) for at, other in enumerate(runs)],
        "status": [other.status for other in runs],
        "paths": [str(other.path) for other in runs],
        "layers": layers(run),
        "epochs": epochs_of(runs),
        "seed_epochs": [other.epochs for other in runs],
        "trained_epochs": max((other.last_epoch for other in runs), default=-1),
        "splits": run.splits,
        "class_names": run.class_names,
        "points": len(found.ids),
        "samples": {name: facts["samples"] for name, facts in run.info["probes"].items()},
        "picture": picture_shape(run),
        "methods": methods() if run.epochs else [],
        "description": described(run),
        "cost": run.cost,
        "problems": [problem for other in runs for problem in other.problems],
        "data": data_of(run),
    }


def layers(run: Run) -> list[dict[str, Any]]:
    """The rows of the cube with their types and shapes."""
    probes = list(run.info["probes"].values())
    shape = probes[0]["shape"] if probes else []
    first = {"name": INPUT, "type": "input", "shape": shape, "parameters": 0, "group": ""}
    known = {layer["name"]: layer for layer in run.info["layers"]}
    return [first, *(_layer(known[name]) for name in layers_of(run)[1:])]


def described(run: Run) -> str:
    """The widths from input to output, and the number of parameters.

    In words such as `12 - 48 - 48 - 2, 7,778 parameters`.
    """
    shapes = ["x".join(map(str, layer["shape"])) or "?" for layer in layers(run)]
    shown = shapes if len(shapes) <= 8 else [*shapes[:4], "...", *shapes[-3:]]
    count = run.info.get("model", {}).get("parameters")
    return " - ".join(shown) + (f", {count:,} parameters" if isinstance(count, int) else "")


def _layer(facts: dict[str, Any]) -> dict[str, Any]:
    name = facts["name"]
    return {
        "name": name,
        "type": facts.get("type", ""),
        "shape": facts.get("shape", []),
        "stored": facts.get("stored", []),
        "parameters": facts.get("parameters", 0),
        "group": name.rpartition(".")[0].split(".")[0],
    }
