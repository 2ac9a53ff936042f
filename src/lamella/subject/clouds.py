"""The clouds of a run: the same samples everywhere, their principal axes, their neighbours."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lamella.data.dataset import stratified
from lamella.embeddings import align
from lamella.errors import RunError
from lamella.store import Run
from lamella.subject.stored_results import INPUT
from lamella.subject.subject import Subject, data_of

AXES = 3
ROUNDS, SPARE = 6, 8  # of the subspace iteration, and directions beyond those wanted
SMALL = 300  # features or samples up to which eigenvectors are computed exactly
HUGE = 1e15  # its square times some thousand features still fits single precision
FEATURES = 4096  # of a wide layer, that many features spread evenly stand for all


@dataclass(frozen=True, eq=False)
class Chosen:
    """The samples of a cloud: rows in each probe, and for all of them label, id and probe."""

    rows: dict[str, np.ndarray]
    label: np.ndarray
    ids: np.ndarray
    split: np.ndarray
    samples: int


def chosen(subject: Subject, run: Run) -> Chosen:
    """At most `subject.points` samples over all probes, stratified by label; the same each time."""
    key = ("chosen", str(run.path), run.info.get("created"))
    return subject.cache.get(key, lambda: _choose(run, subject.points))


def cloud_of(subject: Subject, run: Run, layer: str, epoch: int) -> np.ndarray:
    """What a layer gives for the chosen samples, flattened: samples x features, float32.

    What is not finite is 0; values whose squares single precision cannot hold are scaled down, all
    alike, which changes neither the picture nor the neighbours.
    """
    flat = raw_cloud(subject, run, layer, epoch)
    flat = np.nan_to_num(flat, nan=0.0, posinf=0.0, neginf=0.0)
    most = float(np.abs(flat).max(initial=0.0))
    return flat / np.float32(most) if most > HUGE else flat


def raw_cloud(subject: Subject, run: Run, layer: str, epoch: int) -> np.ndarray:
    """The cloud as it was recorded, which may hold NaN and infinity."""
    rows = chosen(subject, run).rows
    parts = [run.activations(layer, epoch, probe)[at] for probe, at in rows.items()]
    flat = [np.asarray(part, np.float32).reshape(len(part), -1) for part in parts]
    widths = {part.shape[1] for part in flat}
    if len(widths) > 1 or widths == {0}:
        raise RunError(
            f"{layer} of {run.path} at epoch {epoch} wants as many features in each probe, at "
            f"least one, got {' and '.join(map(str, sorted(widths)))}. Record it again."
        )
    flat = np.concatenate(flat)
    if flat.shape[1] > FEATURES:
        flat = flat[:, np.linspace(0, flat.shape[1] - 1, FEATURES).astype(int)]
    return flat


def aligned(
    subject: Subject, run: Run, layer: str, epoch: int, dimensions: int
) -> tuple[np.ndarray, np.ndarray]:
    """The principal scores at root mean square radius 1, and the shares of variance.

    Each epoch is turned onto the one before, the first epoch onto the layer before, so that a
    sample stays where it was as far as it can.
    """
    picture, shares = None, np.zeros(dimensions)
    for place in chain(run, layer, epoch):
        picture, shares = _step(subject, run, place, dimensions, picture)
    assert picture is not None
    return picture, shares


def chain(run: Run, layer: str, epoch: int) -> list[tuple[str, int]]:
    """The cells from the input at the first epoch down to a layer, then on to an epoch."""
    layers = [INPUT, *(name for name in run.layers if name != INPUT)]
    first = run.epochs[0]
    down = [(name, first) for name in layers[: layers.index(layer) + 1]]
    on = [(layer, e) for e in run.epochs if first < e <= epoch]
    return down if layer == INPUT else down + on


def check_comparable(subject: Subject, net: str, run: Run) -> bool:
    """Whether a run was probed with the very samples of the first of its net.

    Raises RunError where the classes of its cloud are others, sample by sample, so that colours
    and selection would be wrong.
    """
    first = subject.run(net, 0)
    if data_of(first) == data_of(run):
        return True
    mine, theirs = chosen(subject, run), chosen(subject, first)
    same = np.array_equal(mine.label, theirs.label) and np.array_equal(mine.split, theirs.split)
    if same:
        return False
    raise RunError(
        f"{run.path} was probed with other samples than the first run of {net}, and of other "
        "classes. Show it alone: lamella view RUN"
    )


def _choose(run: Run, points: int) -> Chosen:
    probes = run.info["probes"]
    sizes = {name: int(facts["samples"]) for name, facts in probes.items()}
    total = sum(sizes.values())
    share = min(1.0, points / max(total, 1))
    labels = {name: _labels(run, name, size) for name, size in sizes.items()}
    counts = {name: max(1, round(size * share)) for name, size in sizes.items() if size}
    rows = {name: _rows(labels[name], count) for name, count in counts.items()}
    return Chosen(
        rows,
        np.concatenate([labels[name][at] for name, at in rows.items()]),
        np.concatenate([np.asarray(run.ids(name))[at] for name, at in rows.items()]),
        np.concatenate([np.full(len(at), _side(name, list(sizes))) for name, at in rows.items()]),
        total,
    )


def _rows(labels: np.ndarray, count: int) -> np.ndarray:
    """Rows drawn by label, in the order of their labels: alike in seeds of other samples."""
    rows = stratified(labels, count, 0)
    return rows[np.argsort(labels[rows], kind="stable")]


def _labels(run: Run, probe: str, size: int) -> np.ndarray:
    """One class a sample; -1 where the probe has none, or several numbers a sample."""
    if run.info["probes"][probe].get("labels"):
        labels = np.asarray(run.labels(probe))
        if labels.ndim == 1 and labels.dtype.kind in "iub":
            return labels.astype(np.int32)
    return np.full(size, -1, np.int32)


def _side(probe: str, probes: list[str]) -> int:
    """0 for train, 1 for test, and from 2 on for probes of other names."""
    others = [name for name in probes if name not in ("train", "test")]
    return others.index(probe) + 2 if probe in others else int(probe == "test")


def _step(
    subject: Subject,
    run: Run,
    place: tuple[str, int],
    dimensions: int,
    before: np.ndarray | None,
) -> tuple[np.ndarray, np.ndarray]:
    key = ("aligned", str(run.path), run.info.get("created"), *place, dimensions)

    def make() -> tuple[np.ndarray, np.ndarray]:
        scores, shares = _scores(subject, run, *place)
        picture = _radius_one(scores[:, :dimensions])
        turned = picture if before is None else align(picture, before)
        return turned, shares[:dimensions]

    return subject.cache.get(key, make)


def _scores(subject: Subject, run: Run, layer: str, epoch: int) -> tuple[np.ndarray, np.ndarray]:
    key = ("scores", str(run.path), run.info.get("created"), layer, epoch)
    return subject.cache.get(key, lambda: scores(cloud_of(subject, run, layer, epoch)))


def scores(cloud: np.ndarray, axes: int = AXES) -> tuple[np.ndarray, np.ndarray]:
    """The scores on the first principal axes, and each axis' share of variance.

    Wide clouds by subspace iteration from a fixed start (Halko, Martinsson, Tropp 2011, Finding
    structure with randomness, algorithm 4.4): the pictures only need the leading axes.
    """
    centred = cloud - cloud.mean(axis=0)
    total = float((centred.astype(np.float64) ** 2).sum())
    if not total > 0:
        return np.zeros((len(cloud), axes)), np.zeros(axes)
    basis = _exact(centred) if min(centred.shape) <= SMALL else _iterated(centred, axes)
    left, sizes, _ = np.linalg.svd(centred @ basis, full_matrices=False)
    found = (left * sizes)[:, :axes].astype(np.float64)
    share = (sizes**2)[:axes] / total
    missing = axes - found.shape[1]
    return np.pad(found, ((0, 0), (0, missing))), np.pad(share, (0, missing))


def _exact(centred: np.ndarray) -> np.ndarray:
    """The leading principal axes by the smaller of the two Gram matrices."""
    if centred.shape[1] <= centred.shape[0]:
        return np.linalg.eigh(centred.T @ centred)[1][:, ::-1][:, : AXES + SPARE]
    left = np.linalg.eigh(centred @ centred.T)[1][:, ::-1][:, : AXES + SPARE]
    return np.linalg.qr(centred.T @ left)[0]


def _iterated(centred: np.ndarray, axes: int) -> np.ndarray:
    start = np.random.default_rng(0).normal(size=(centred.shape[1], axes + SPARE))
    basis = start.astype(np.float32)
    for _ in range(ROUNDS):
        basis = np.linalg.qr(centred.T @ (centred @ basis))[0]
    return basis


def _radius_one(points: np.ndarray) -> np.ndarray:
    radius = np.sqrt((points**2).sum(axis=1).mean())
    return points / radius if radius > 0 else points
