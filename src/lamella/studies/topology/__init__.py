"""The study of topology of deep neural networks: how layers undo the topology of the data."""

from __future__ import annotations

import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

from lamella.checks import check_least, check_range
from lamella.data.dataset import Dataset, Split
from lamella.errors import TrainingError
from lamella.experiments.recorded_training import ExistingRuns
from lamella.registry import measures, studies
from lamella.store import Run
from lamella.studies.topology.claims import MEASURE, Net, check_claims, read_net
from lamella.studies.topology.data import Source, draw, sources
from lamella.studies.topology.nets import PLAIN, Kind, kinds, make_net, perfect_runs

SEEDS, FULL_SEEDS = 5, 30


@studies.register
def topology(
    *,
    out: Annotated[Path, "folder for the runs and the report"] = Path("runs/topology"),
    data: Annotated[
        str | None, "discs (D-I), linked_rings (D-II), shells (D-III) or all; all with --full"
    ] = None,
    full: Annotated[
        bool,
        "as in the paper: all three data sets, 30 nets of each kind; about 8 hours on 2 cores, "
        "said beforehand, and --resume goes on",
    ] = False,
    seeds: Annotated[int | None, "perfect nets of each deep kind; 5, or 30 with --full"] = None,
    neighbours: Annotated[
        int | None, "nearest neighbours that are joined, itself counted; 35, 14 or 12 by the data"
    ] = None,
    scale: Annotated[
        float | None, "coordinates are divided by it; 10, 10 or 5, their largest nearly"
    ] = None,
    seed: Annotated[int, "seed of the data and of the first net"] = 0,
    jobs: Annotated[int | None, "workers that measure; one for each core by default"] = None,
    resume: Annotated[bool, "take runs that are there"] = False,
    overwrite: Annotated[bool, "replace runs that are there"] = False,
    progress: Annotated[bool, "show progress in a terminal"] = True,
) -> dict[str, Any]:
    """Train nets on nine discs and their surroundings, and count what is left of both, by layer.

    Ten hidden layers of 15 with leaky ReLU, ReLU and tanh, the same with a bottleneck of 3, and
    three layers of ReLU; only nets that fit every point are kept. Betti numbers of each class are
    measured at each layer in hops between nearest neighbours, and `report.html` says which claims
    of the paper hold. The same for nine pairs of linked rings and nine nests of spheres, each with
    a report in its folder. `scale` leaves hops as they are, but with raw coordinates the first
    layer of tanh saturates.

    Source: Naitzat, Zhitnikov, Lim 2020, Topology of deep neural networks, JMLR 21(184), data
    D-I, D-II and D-III.
    """
    started = time.perf_counter()
    check_least("study topology", 1, seeds=seeds, jobs=jobs)
    check_least("study topology", 2, neighbours=neighbours)
    check_range(1.0 if scale is None else scale, "topology()", "scale", low=1e-6)
    asked = sources(data, full, neighbours, scale)
    wanted = {s.name: kinds(seeds or (FULL_SEEDS if full else SEEDS), s.name) for s in asked}
    drawn = {source.name: draw(source, seed) for source in asked}
    expected = [expected_seconds(wanted[s.name], *drawn[s.name], s.neighbours, jobs) for s in asked]
    if full or progress:
        say_expected([kind for found in wanted.values() for kind in found], sum(expected))
    parts: dict[str, dict[str, Any]] = {}
    for source in asked:
        try:
            parts[source.name] = explore(
                source,
                *drawn[source.name],
                wanted[source.name],
                source.folder(Path(out)),
                seed=seed,
                kept=ExistingRuns(resume, overwrite),
                options={"jobs": jobs, "progress": progress},
            )
        except TrainingError as error:
            if len(asked) == 1:
                raise
            parts[source.name] = {"problem": str(error)}
    told = next((part for part in parts.values() if "problem" not in part), None)
    if told is None:
        raise TrainingError(" ".join(part["problem"] for part in parts.values()))
    return {
        "study": "topology",
        "seconds": time.perf_counter() - started,
        "expected_seconds": sum(expected),
        **told,
        **({"data": parts} if len(asked) > 1 else {}),
    }


def explore(
    source: Source,
    data: Dataset,
    probe: Split,
    wanted: Sequence[Kind],
    out: Path,
    *,
    seed: int,
    kept: ExistingRuns,
    options: Mapping[str, Any],
) -> dict[str, Any]:
    """Train, measure and tell one data set: the report, the nets, the input and the claims."""
    started = time.perf_counter()
    arguments = {MEASURE: {"neighbours": source.neighbours}}
    nets, dropped = train_and_measure(
        wanted, data, probe, out, seed=seed, kept=kept, options={"arguments": arguments, **options}
    )
    titles = {kind.name: kind.title for kind in wanted}
    claims = check_claims(nets, titles)
    from lamella.page.report import write_report
    from lamella.studies.topology.story import topology_story

    seconds = time.perf_counter() - started
    story = topology_story(nets, titles, claims, data, source, len(probe.labels), dropped, seconds)
    return {
        "report": str(write_report(story, out / "report.html")),
        "nets": {
            kind.name: net_facts(kind, nets[kind.name], dropped[kind.name]) for kind in wanted
        },
        "input_betti": input_betti(nets, data),
        "claims": [vars(claim) for claim in claims],
    }


def train_and_measure(
    wanted: Sequence[Kind],
    data: Dataset,
    probe: Split,
    out: Path,
    *,
    seed: int,
    kept: ExistingRuns,
    options: Mapping[str, Any],
) -> tuple[dict[str, list[Net]], dict[str, int]]:
    """The measured nets of each kind, and how many more were trained that did not fit."""
    import lamella

    nets: dict[str, list[Net]] = {kind.name: [] for kind in wanted}
    dropped = dict.fromkeys(nets, 0)
    for kind in wanted:
        for run, fits in perfect_runs(kind, data, probe, out, seed=seed, kept=kept):
            if not fits:
                dropped[kind.name] += 1
                continue
            lamella.measure(run, MEASURE, splits="train", **options)
            nets[kind.name].append(read_net(run, kind.name))
            if options["progress"]:
                say_net(run, nets[kind.name][-1])
    if not any(nets.get(kind) for kind in PLAIN):
        raise TrainingError(
            f"topology() wants deep nets that fit every training point of {data.name}, got none "
            f"of {sum(dropped.values())}. Try another --seed or --scale."
        )
    return nets, dropped


def expected_seconds(
    wanted: Sequence[Kind], data: Dataset, probe: Split, neighbours: int, jobs: int | None
) -> float:
    """About how long the study takes, from one epoch of training and one cell measured."""
    import lamella
    from lamella.measuring.workers import check_jobs

    kind = replace(wanted[0], epochs=1)
    net = make_net(kind, data, 0)
    (*_, last) = lamella.train(net, data, epochs=1, batch_size=kind.batch_size)
    function = measures[MEASURE]
    function(probe.inputs[:200], probe.labels[:200], neighbours=min(neighbours, 20))  # compiles
    begin = time.perf_counter()
    function(probe.inputs, probe.labels, neighbours=neighbours)
    cell = time.perf_counter() - begin
    total = 0.0
    for kind in wanted:
        epochs = 0.65 * kind.epochs * last.seconds * wanted[0].batch_size / kind.batch_size
        total += kind.seeds * (epochs + 2 * (len(kind.widths) + 1) * cell / check_jobs(jobs))
    return total


def say_expected(wanted: Sequence[Kind], seconds: float) -> None:
    """Say beforehand, where people read, how much there is to do."""
    from lamella.measuring.report import in_words

    count = sum(kind.seeds for kind in wanted)
    text = f"{count} nets to train and measure, about {in_words(seconds)}."
    print(text, file=sys.stderr, flush=True)


def say_net(run: Run, net: Net) -> None:
    """One line for a net that is done, on a terminal."""
    from rich.console import Console

    console = Console(stderr=True)
    if console.is_terminal:
        console.print(f"{run.name}: {' '.join(map(str, net.totals))}", highlight=False)


def net_facts(kind: Kind, nets: Sequence[Net], dropped: int) -> dict[str, Any]:
    """What the JSON says of one kind."""
    return {
        "widths": list(kind.widths),
        "activation": kind.activation,
        "fitted": len(nets),
        "not_fitted": dropped,
        "epochs": [net.epochs for net in nets],
        "layers": list(nets[0].layers) if nets else [],
        "betti": [net.betti.tolist() for net in nets],
        "halving_layer": [net.halving for net in nets],
    }


def input_betti(nets: Mapping[str, Sequence[Net]], data: Dataset) -> dict[str, list[int]]:
    """The measured Betti numbers of each class at the input."""
    net = next(net for found in nets.values() for net in found)
    return {
        name: numbers.tolist() for name, numbers in zip(data.class_names, net.betti[0], strict=True)
    }
