"""The story of any recorded runs: what can be said without knowing what they were for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from lamella.narrative.embedding_grids import embedding_grids
from lamella.narrative.findings import say_separation, say_spread
from lamella.narrative.paired_verdict import paired_verdict
from lamella.narrative.slices import Runs, diagrams_of, learning_table, plane, values
from lamella.registry import measures
from lamella.story import Cell, Picture, Section, Sentence, Story

MEASURES = ("neighbour_error", "class_distances", "homology", "total_persistence", "betti_numbers")


def measure_missing(nets: Mapping[str, Runs], names: Sequence[str] | None) -> None:
    """Measure what the story needs; cells that were measured before are kept."""
    import lamella

    for run in (run for runs in nets.values() for run in runs):
        lamella.measure(run, names or MEASURES)


def story_of_runs(nets: Mapping[str, Runs], *, tsne: bool = False) -> Story:
    """Training, words, moving clouds, barcodes and the cube of any runs."""
    split = _split(nets)
    labelled = [net for net, runs in nets.items() if _has(runs, "neighbour_error", split)]
    sentences = [s for net in labelled for s in say_separation(net, nets[net], split)]
    if len(nets) == 2 and len(labelled) == 2:
        sentences += say_spread(nets, _measured(nets, split), split)
    sections = [
        _training(nets),
        Section("Analysis", tuple(sentences)),
        Section(
            "How the data moves",
            (),
            embedding_grids(nets, ("pca", "tsne")[: 1 + tsne], split),
        ),
        Section("Persistent homology", (), tuple(_barcodes(nets, split))),
        Section(f"The cube: layer by epoch, {split}", (), tuple(_planes(nets, split))),
    ]
    kept = tuple(s for s in sections if s.sentences or s.pictures)
    return _with_verdict(nets, sentences, kept)


def verdict_of_runs(nets: Mapping[str, Runs]) -> Story:
    """What `story_of_runs` says of the runs that recorded an epoch, in a moment: no pictures."""
    recorded = {net: [run for run in runs if run.epochs] for net, runs in nets.items()}
    nets = {net: runs for net, runs in recorded.items() if runs}
    if not nets:
        return Story("", Sentence("Nothing has been recorded yet."))
    split = _split(nets)
    labelled = [net for net, runs in nets.items() if _has(runs, "neighbour_error", split)]
    sentences = [s for net in labelled for s in say_separation(net, nets[net], split)]
    if len(nets) == 2 and len(labelled) == 2:
        sentences += say_spread(nets, _measured(nets, split), split)
    section = (Section("Analysis", tuple(sentences)),) if sentences else ()
    return _with_verdict(nets, sentences, section)


def _split(nets: Mapping[str, Runs]) -> str:
    """The probe that the story is about: test, else train, else the first."""
    known = next(iter(nets.values()))[0].splits
    return next((name for name in ("test", "train", *known) if name in known), "test")


def _with_verdict(
    nets: Mapping[str, Runs], sentences: Sequence[Sentence], sections: tuple[Section, ...]
) -> Story:
    """The story of two comparable nets begins with where they differ, and by what rule."""
    paired = paired_verdict(nets)
    verdict, rule = paired or (_verdict(nets, sentences), "")
    facts = {"rule": rule, **_facts(nets)} if rule else _facts(nets)
    return Story(" and ".join(nets), verdict, sections, facts)


def _verdict(nets: Mapping[str, Runs], sentences: Sequence[Sentence]) -> Sentence:
    """A sentence for each net where they are one or two; of more, the best and the worst."""
    if not sentences:
        return _recorded(nets)
    split = sentences[0].cell.split if sentences[0].cell else "test"
    least = {net: _least(runs, split or "test") for net, runs in nets.items()}
    least = {net: found for net, found in least.items() if found is not None}
    if len(nets) < 3 or len(least) < 2:
        said = sentences[: max(1, len(least))]
        return replace(said[0], text=" ".join(s.text for s in said), numbers=_numbers(said))
    return _say_extremes(len(nets), least, split or "test")


def _recorded(nets: Mapping[str, Runs]) -> Sentence:
    layers = {net: len(runs[0].layers) for net, runs in nets.items()}
    said = ", ".join(
        f"{net} at {count} {'layer' if count == 1 else 'layers'}" for net, count in layers.items()
    )
    return Sentence(f"Recorded: {said}.")


def _least(runs: Runs, split: str) -> tuple[float, str, int] | None:
    """The least 1-NN error behind the input at the last epoch, its layer, and that epoch."""
    if not _has(runs, "neighbour_error", split):
        return None
    layers, epochs, cube = values(runs, "neighbour_error", split)
    last = cube.mean(axis=0)[1:, -1]
    if not np.isfinite(last).any():
        return None
    place = int(np.nanargmin(last))
    return float(last[place]), layers[place + 1], epochs[-1]


def _say_extremes(count: int, least: Mapping[str, tuple[float, str, int]], split: str) -> Sentence:
    best, worst = min(least, key=lambda n: least[n][0]), max(least, key=lambda n: least[n][0])
    (low, layer, epoch), (high, elsewhere, _) = least[best], least[worst]
    text = (
        f"Of {count} nets, {best} comes to the least 1-NN error on {split}, {low:.1f} % at "
        f"{layer}; {worst} comes to no less than {high:.1f} %, at {elsewhere}."
    )
    numbers = {net: round(found[0], 3) for net, found in least.items()}
    return Sentence(text, numbers, Cell(best, layer, epoch, split, "neighbour_error"))


def _numbers(said: Sequence[Sentence]) -> dict:
    """The numbers behind one sentence; those of two have the same names and stand below."""
    return said[0].numbers if len(said) == 1 else {}


def _training(nets: Mapping[str, Runs]) -> Section:
    logged = {net: learning_table(runs) for net, runs in nets.items()}
    logged = {net: t for net, t in logged.items() if any("loss" in name for name in t.columns)}
    if not logged:
        return Section("Training")
    names = {name for table in logged.values() for name in table.columns}
    wanted = [q for q, c in (("error", "accuracy"), ("loss", "loss")) if f"test_{c}" in names]
    if not wanted:
        return Section("Training")
    return Section(
        "Training",
        (),
        (Picture("training_curves", logged, "What was logged.", {"quantities": wanted}),),
    )


def _barcodes(nets: Mapping[str, Runs], split: str) -> list[Picture]:
    pictures = []
    for net, runs in nets.items():
        last = runs[0].epochs[-1]
        bars = {k: d.normalised() for k, d in diagrams_of(runs[0], last, split).items()}
        if bars:
            caption = f"{net}, epoch {last}, {split}: in units of each layer's mean distance."
            pictures.append(Picture("barcodes", bars, caption))
    return pictures


def _planes(nets: Mapping[str, Runs], split: str) -> list[Picture]:
    pictures = []
    for name in _measured(nets, split):
        better = measures.facts(name).get("better")
        matrices = {net: plane(runs, name, split) for net, runs in nets.items()}
        caption = measures.card(name).summary
        if len({(m.rows, m.columns) for m in matrices.values()}) == 1 and len(matrices) == 2:
            pictures.append(Picture("comparison", matrices, caption, {"better": better}))
        else:
            pictures += [
                Picture("heat_map", matrix, f"{net}: {caption}", {"better": better})
                for net, matrix in matrices.items()
            ]
    return pictures


def _measured(nets: Mapping[str, Runs], split: str) -> list[str]:
    """Measures with a number at some cell of every net."""
    stored = set.intersection(
        *(set(runs[0].results()["measure"]) & set(measures) for runs in nets.values())
    )
    return [name for name in sorted(stored) if all(_has(r, name, split) for r in nets.values())]


def _has(runs: Runs, name: str, split: str) -> bool:
    if not measures.facts(name).get("value") or name == "homology":
        return False
    return bool(np.isfinite(values(runs, name, split)[2]).any())


def _facts(nets: Mapping[str, Runs]) -> dict:
    run = next(iter(nets.values()))[0]
    return {
        "runs": {net: [str(r.path) for r in runs] for net, runs in nets.items()},
        "recorded epochs": list(run.epochs),
        "probes": run.info["probes"],
        "versions": run.info["versions"],
        "hardware": run.info["hardware"],
    }
