"""`network`, `field`, `attribution`: what follows from how the model is built."""

from __future__ import annotations

from typing import Any

import numpy as np

from lamella.checks import check_choice
from lamella.errors import LamellaError, RunError, unknown_name
from lamella.page.answers.index import layers
from lamella.page.answers.units import place_of
from lamella.page.models import network as model_of
from lamella.page.records import record_facts
from lamella.results import Table
from lamella.store import Run
from lamella.subject.subject import Subject

WANTS_A_LAYER = "grad_cam"  # every other attribution needs only the network and a picture


def network(subject: Subject, net: str) -> dict[str, Any]:
    """The layer table of a net: from its model where that can be built, else what was recorded."""
    run = subject.run(net, 0)
    try:
        table, source = built_table(run), "model"
    except LamellaError as error:
        table, source = recorded_table(run), f"what was recorded: {error}"
    facts = {"class": run.info.get("model", {}).get("class"), "source": source}
    total = run.info.get("model", {}).get("parameters")
    return {"layers": record_facts(table), "parameters": total, **facts}


def built_table(run: Run) -> Table:
    """Type, shapes, parameters, work and receptive field of every layer that is executed."""
    from lamella.anatomy.layer_tables import layer_table
    from lamella.lens.networks import build, input_shape

    return layer_table(build(run), "x".join(map(str, input_shape(run)))).record()


def recorded_table(run: Run) -> Table:
    """Type, output shape and parameters of every recorded layer."""
    rows = layers(run)[1:]
    return Table(
        {
            "layer": np.array([row["name"] for row in rows], dtype=str),
            "type": np.array([row["type"] for row in rows], dtype=str),
            "output_shape": np.array([" x ".join(map(str, row["shape"])) for row in rows], str),
            "parameters": np.array([row["parameters"] for row in rows], dtype=int),
        }
    )


def field(subject: Subject, net: str, layer: str) -> dict[str, Any]:
    """The receptive field of a layer's units: its size, its stride, and where unit 0's begins."""
    from lamella.anatomy.receptive_fields import receptive_field
    from lamella.lens.networks import build, input_shape

    run = subject.run(net, 0)
    if layer not in run.layers:
        raise unknown_name("layer", layer, run.layers)
    shape = input_shape(run)
    if len(shape) != 3:
        raise RunError(f"the samples of {net} are no pictures, so units have no place in them.")
    found = receptive_field(build(run), "x".join(map(str, shape)), layer.removesuffix("#1"))
    if None in (*found.size, *found.jump, *found.offset):
        raise RunError(f"the units of {layer} do not see the picture in one pattern.")
    return {"size": found.size, "stride": found.jump, "start": found.offset, "map": found.map_size}


def attribution(
    subject: Subject, net: str, seed: int, epoch: int, sample: int, technique: str
) -> dict[str, Any]:
    """How much each pixel of one sample matters for the network's answer, in bytes."""
    from lamella.lens.attributions import METHODS
    from lamella.lens.attributions import attribution as attribute

    check_choice(technique, [name for name in METHODS if name != WANTS_A_LAYER], "technique")
    run = subject.run(net, seed)
    probe, row = place_of(subject, run, sample)
    image = np.asarray(run.inputs(probe)[row : row + 1], np.float32)
    if image.ndim != 4:
        raise RunError(f"the samples of {net} are no pictures, so there is nothing to draw on.")
    values = attribute(technique, model_of(run, epoch), image)[0]
    top = float(values.max()) or 1.0
    pixels = np.round(np.clip(values / top, 0, 1) * 255).astype(np.uint8)
    return {"pixels": pixels, "scale": [0.0, top], "technique": technique}
