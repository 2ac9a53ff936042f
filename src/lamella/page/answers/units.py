"""`maps`, `patches`, `filters`: what the units of a layer give, see, and are made of."""

from __future__ import annotations

from typing import Any

import numpy as np

from lamella.errors import RunError, bad_input
from lamella.page.answers.cloud import check_cell
from lamella.page.answers.samples import SIDE, pictures
from lamella.page.models import boxes, filters_of, passed, shown_filters
from lamella.page.records import record_facts
from lamella.results import Images
from lamella.store import Run
from lamella.subject.clouds import chosen
from lamella.subject.stored_results import INPUT
from lamella.subject.subject import Subject

CHANNELS = 64  # shown at most
BEST = 6  # patches of a channel


def maps(
    subject: Subject, net: str, seed: int, layer: str, epoch: int, sample: int
) -> dict[str, Any]:
    """The recorded map of each channel for one sample of the clouds, on one scale."""
    run = subject.run(net, seed)
    probe, row = place_of(subject, run, sample)
    values = as_maps(run, layer, epoch, probe, [row])[0][:CHANNELS]
    pixels, scale = as_bytes(values)
    return {"pixels": pixels, "scale": scale, "of": channels_of(run, layer)}


def as_bytes(values: np.ndarray) -> tuple[np.ndarray, list[float]]:
    """Values from 0 for the least finite one to 255 for the greatest, and these two.

    NaN becomes 0; infinities become the end on their side.

    >>> as_bytes(np.array([np.nan, -np.inf, 2.0, 3.0, 4.0, np.inf]))
    (array([  0,   0,   0, 128, 255, 255], dtype=uint8), [2.0, 4.0])
    """
    known = values[np.isfinite(values)].astype(float)
    low, high = (float(known.min()), float(known.max())) if known.size else (0.0, 0.0)
    span = high - low if high > low else 1.0
    share = (np.clip(np.nan_to_num(values.astype(float), nan=low), low, high) - low) / span
    return np.round(share * 255).astype(np.uint8), [low, high]


def patches(subject: Subject, net: str, seed: int, layer: str, epoch: int) -> dict[str, Any]:
    """For each channel the parts of the clouds' pictures that activate it most, best first.

    Cut out by the receptive field where the model can be rebuilt, else the whole picture.
    """
    run = subject.run(net, seed)
    found = chosen(subject, run)
    shown = pictures(run, found, whole=True)
    if shown is None:
        raise RunError(f"the samples of {net} are no pictures, so there are no patches.")
    parts = [as_maps(run, layer, epoch, probe, at) for probe, at in found.rows.items()]
    values = np.concatenate(parts)[:, :CHANNELS]
    count, channels = values.shape[:2]
    flat = values.reshape(count, channels, -1)
    order = np.argsort(-flat.max(axis=2), axis=0)[:BEST].T
    spots = flat.argmax(axis=2)[order, np.arange(channels)[:, None]]
    field = boxes(subject.cache, run, layer)
    cut = cut_out(shown, order, spots, values.shape[3], field)
    at_best = flat.max(axis=2)[order, np.arange(channels)[:, None]]
    return {
        "pixels": cut,
        "ids": found.ids[order],
        "samples": order.astype(np.int32),
        "values": at_best.astype(np.float32),
        "box": None if field is None else list(field.size),
        "of": channels_of(run, layer),
    }


def filters(subject: Subject, net: str, seed: int, layer: str, epoch: int) -> dict[str, Any]:
    """The weights before a layer as pictures; over many channels their sum."""
    run = subject.run(net, seed)
    name, weights = filters_of(run, layer, epoch)
    shown, how = shown_filters(weights[:CHANNELS], run)
    low, high = float(shown.min()), float(shown.max())
    pixels = (shown - low) / (high - low if high > low else 1.0)
    captions = tuple(f"{name} [{at}]" for at in range(len(pixels)))
    title = f"{len(pixels)} of {len(weights)} filters of {name}{how}"
    return {"record": record_facts(Images(pixels, captions, scale=(low, high), title=title))}


def place_of(subject: Subject, run: Run, sample: int) -> tuple[str, int]:
    """The probe and the row in it of one of the clouds' samples."""
    left = sample
    for probe, at in chosen(subject, run).rows.items():
        if 0 <= left < len(at):
            return probe, int(at[left])
        left -= len(at)
    count = len(chosen(subject, run).ids)
    raise bad_input("maps", wanted=f"a sample below {count}", got=str(sample), do="Choose another")


def as_maps(run: Run, layer: str, epoch: int, probe: str, rows: Any) -> np.ndarray:
    """Activations as samples x channels x height x width; units are maps of one place.

    Of a layer that was recorded reduced those of the network, where it can be built again.
    """
    check_cell(run, layer, epoch)
    if is_reduced(run, layer):
        values = passed(run, layer, epoch, probe, rows)
    else:
        values = np.asarray(run.activations(layer, epoch, probe)[rows], np.float32)
    if values.ndim == 2:
        return values[:, :, None, None]
    return values if values.ndim == 4 else values.reshape(*values.shape[:2], -1, 1)


def is_reduced(run: Run, layer: str) -> bool:
    """Whether a layer was recorded as fewer numbers than it gives."""
    facts = {facts["name"]: facts for facts in run.info["layers"]}.get(layer)
    return facts is not None and list(facts["stored"]) != list(facts["shape"])


def channels_of(run: Run, layer: str) -> int:
    """How many channels a layer has."""
    if layer == INPUT:
        return int(next(iter(run.info["probes"].values()))["shape"][0])
    return int(next(f for f in run.info["layers"] if f["name"] == layer)["shape"][0])


def cut_out(
    shown: np.ndarray, order: np.ndarray, spots: np.ndarray, width: int, field: Any
) -> np.ndarray:
    """The best parts of pictures: channels x best x height x width x colours, bytes.

    What lies outside the picture is grey.
    """
    tall, wide = shown.shape[1:3] if field is None else np.minimum(field.size, shown.shape[1:3])
    by = -(-max(tall, wide) // SIDE)
    size = (*order.shape, -(-tall // by), -(-wide // by), shown.shape[3])
    cut = np.full(size, 128, np.uint8)
    for place in np.ndindex(*order.shape):
        picture, spot = shown[order[place]], divmod(int(spots[place]), width)
        part = picture if field is None else picture[field.box(*_within(field, spot))]
        small = part[::by, ::by][: size[2], : size[3]]
        cut[place][: small.shape[0], : small.shape[1]] = small
    return cut


def _within(field: Any, spot: tuple[int, int]) -> tuple[int, int]:
    rows, columns = field.top.shape
    return min(spot[0], rows - 1), min(spot[1], columns - 1)
