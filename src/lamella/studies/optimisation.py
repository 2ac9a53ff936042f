"""The study of the pieces of training: optimisers and regularisers on the same net."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import numpy as np

from lamella.checks import check_least, check_range
from lamella.errors import TrainingError
from lamella.experiments.recorded_training import FEWEST
from lamella.registry import datasets, studies
from lamella.results import Curve, Matrix
from lamella.story import Cell, Picture, Section, Sentence, Story

if TYPE_CHECKING:
    from lamella.store import Run

# Learning rates under which each optimiser does about its best on the default data.
RATES = {
    "sgd": 0.3,
    "momentum": 0.05,
    "nesterov": 0.05,
    "adagrad": 0.03,
    "rmsprop": 2e-3,
    "adam": 3e-3,
    "nadam": 3e-3,
}
PIECES = ("plain", "batch norm", "dropout", "weight decay", "early stop")
MEASURES = ("neighbour_error", "fisher_ratio", "twonn", "dead_units")
WIDTHS = (64, 64)
LAYERS = ("act1", "act2", "head")


@studies.register
def optimisation(
    *,
    out: Annotated[Path, "folder for the runs and the report"] = Path("runs/optimisation"),
    dataset: Annotated[str, "data set to train on: digits, spheres, circle, ..."] = "digits",
    optimisers: Annotated[str, "by name, separated by commas; all by default"] = ",".join(RATES),
    pieces: Annotated[str, "what is added, separated by commas"] = ",".join(PIECES),
    epochs: Annotated[int, "epochs of training"] = 20,
    batch_size: Annotated[int, "samples in a step"] = 64,
    rate_factor: Annotated[float, "multiplies every optimiser's learning rate"] = 1.0,
    probe: Annotated[int, "samples of each split that are recorded"] = 400,
    seed: Annotated[int, "seed of data and weights"] = 0,
    overwrite: Annotated[bool, "replace runs that are there"] = False,
    progress: Annotated[bool, "show progress in a terminal"] = True,
) -> dict[str, Any]:
    """Train one net with each optimiser, with and without each regulariser, and compare.

    SGD, momentum, Nesterov, Adagrad, RMSprop, Adam and Nadam; plain, with batch normalisation,
    dropout, weight decay and early stop. Every run is recorded: curves, and what each changes in
    the measures of the latent space.
    """
    started = time.perf_counter()
    check_least("study optimisation", 1, epochs=epochs, batch_size=batch_size)
    check_least("study optimisation", FEWEST, probe=probe)
    check_range(rate_factor, "optimisation()", "rate_factor", low=1e-9)
    chosen = [checked(n, RATES, "optimiser") for n in split(optimisers)]
    added = [checked(n, PIECES, "piece of training") for n in split(pieces)]
    data = datasets[dataset](seed=seed)
    from lamella.training import progress as bar

    steps: Any = iter([(o, p) for o in chosen for p in added])
    total = len(chosen) * len(added)
    cases: Any = bar(steps, total, "optimisation", show=None if progress else False)
    runs, failed = {}, {}
    for case in cases:
        place = Path(out) / "-".join(case).replace(" ", "-") / f"seed-{seed}"
        options = {"epochs": epochs, "batch_size": batch_size, "seed": seed}
        runs[case], why = train(place, case, data, options, rate_factor, probe, overwrite)
        failed |= {case: why} if why else {}
    story = optimisation_story(runs, chosen, added, data.name, failed)
    from lamella.page.report import write_report

    shown = {", ".join(case): [run] for case, run in runs.items()}
    report = write_report(story, Path(out) / "report.html", nets=shown)
    return {
        "study": "optimisation",
        "seconds": time.perf_counter() - started,
        "report": str(report),
        "nets": {", ".join(case): facts(run) for case, run in runs.items()},
    }


def split(names: str) -> list[str]:
    """Names between commas."""
    return [name.strip() for name in names.split(",") if name.strip()]


def checked(name: str, known: Any, kind: str) -> str:
    """`name`, or UnknownName."""
    from lamella.checks import check_choice

    return check_choice(name, known, kind)


def make_optimiser(name: str) -> str | Callable[..., Any]:
    """What `lamella.train` takes for each name: SGD's three kinds differ only in momentum."""
    import torch

    plain = torch.optim.SGD
    kinds: dict[str, Callable[..., Any]] = {
        "sgd": plain,
        "momentum": partial(plain, momentum=0.9),
        "nesterov": partial(plain, momentum=0.9, nesterov=True),
    }
    return kinds.get(name, name)


def train(
    place: Path,
    case: tuple[str, str],
    data: Any,
    options: dict[str, Any],
    factor: float,
    probe: int,
    overwrite: bool,
) -> tuple[Run, str]:
    """One recorded and measured run, and why it stopped where its loss was not finite."""
    import lamella

    optimiser, piece = case
    net = lamella.models.perceptron(
        data.input_shape,
        data.classes,
        widths=WIDTHS,
        batch_norm=piece == "batch norm",
        dropout=0.3 if piece == "dropout" else 0.0,
        seed=options["seed"],
    )
    parts = {"train": data.train.take(probe, seed=0), "test": data.test.take(probe, seed=0)}
    probes = {name: (part.inputs, part.labels, part.ids) for name, part in parts.items()}
    study_facts = {"study": "optimisation", "optimiser": optimiser, "piece": piece, **options}
    why = ""
    with lamella.record(
        place,
        net,
        probes,
        layers=LAYERS,
        moments=lamella.doubling(),
        class_names=data.class_names,
        name=f"{optimiser}, {piece}",
        seed=options["seed"],
        study=study_facts,
        overwrite=overwrite,
    ) as recorder:
        steps = lamella.train(
            net,
            data,
            optimiser=make_optimiser(optimiser),
            learning_rate=RATES[optimiser] * factor,
            weight_decay=0.001 if piece == "weight decay" else 0.0,
            early_stop=3 if piece == "early stop" else None,
            device="cpu",
            **options,
        )
        try:
            for epoch in steps:
                recorder.epoch(epoch=epoch.epoch, **epoch.scalars())
        except TrainingError as error:
            why = str(error).split(". ")[0]
    run = lamella.open_run(place)
    lamella.measure(run, MEASURES, epochs=[run.epochs[-1]], splits=["test"], jobs=1, progress=False)
    return lamella.open_run(place), why


def facts(run: Run) -> dict[str, Any]:
    """The ends of one run as plain numbers."""
    end = last(run)
    names = ("epoch", "train_loss", "test_loss", "train_accuracy", "test_accuracy")
    measured = {name: at_layer(run, name, "act2") for name in MEASURES}
    return {name: end[name] for name in names} | measured


def last(run: Run) -> dict[str, float]:
    """The scalars of the last epoch."""
    return {str(name): float(v) for name, v in run.scalars().iloc[-1].to_dict().items()}


def at_layer(run: Run, measure: str, layer: str) -> float:
    """A measure's value at one layer, test split, last recorded epoch; NaN where it is missing."""
    from lamella.registry import measures

    found = run.results(measure)
    found = found[(found.layer == layer) & (found.split == "test")]
    column = measures.facts(measure)["value"]
    return float(list(found[column])[-1]) if len(found) else float("nan")


Runs = dict[tuple[str, str], "Run"]


def optimisation_story(
    runs: Runs, chosen: list[str], added: list[str], data: str, failed: dict[tuple[str, str], str]
) -> Story:
    """The report: optimisers, pieces, latent space."""
    ends = {case: last(run)["test_accuracy"] for case, run in runs.items()}
    best = max(ends, key=lambda case: ends[case])
    worst = min(ends, key=lambda case: ends[case])
    verdict = Sentence(
        f"On {data}, {best[0]} ({best[1]}) ends best with {100 * ends[best]:.1f} % of the test "
        f"right, {worst[0]} ({worst[1]}) worst with {100 * ends[worst]:.1f} %.",
        {", ".join(case): value for case, value in ends.items()},
        Cell(", ".join(best)),
    )
    stops = tuple(Sentence(f"{', '.join(case)} stopped: {why}.") for case, why in failed.items())
    first = Section(
        "Optimisers",
        (*speed(runs, chosen, added), *stops),
        optimiser_pictures(runs, chosen, added),
    )
    second = Section(
        "With each piece", (gain(runs, chosen, added),), piece_pictures(runs, chosen, added)
    )
    facts = {"data set": data, "net": f"perceptron, widths {WIDTHS}", "learning rates": str(RATES)}
    title = "Optimisers and regularisers"
    return Story(title, verdict, (first, second, latent(runs, chosen, added)), facts)


def curve(runs: Runs, cases: dict[str, tuple[str, str]], number: str, label: str) -> Curve:
    """One line per name over epochs."""
    lines = {name: runs[case].scalars()[number].to_numpy() for name, case in cases.items()}
    length = max(map(len, lines.values()))
    padded = [np.append(y, np.full(length - len(y), np.nan)) for y in lines.values()]
    return Curve(np.arange(length), np.stack(padded), tuple(lines), x_label="epoch", y_label=label)


def speed(runs: Runs, chosen: list[str], added: list[str]) -> tuple[Sentence, ...]:
    """After how many epochs each optimiser reaches nine tenths of the test."""
    first = added[0]
    when = {}
    for name in chosen:
        scores = runs[name, first].scalars()["test_accuracy"].to_numpy()
        reached = np.flatnonzero(scores >= 0.9)
        when[name] = int(reached[0]) if len(reached) else None
    texts = [f"{n} {'never' if w is None else f'after {w}'}" for n, w in when.items()]
    return (Sentence(f"Epochs ({first}) to 90 % of the test: {', '.join(texts)}.", when),)


def optimiser_pictures(runs: Runs, chosen: list[str], added: list[str]) -> tuple[Picture, ...]:
    """Curves of all optimisers with the first piece."""
    cases = {name: (name, added[0]) for name in chosen}
    loss = curve(runs, cases, "train_loss", "training loss")
    accuracy = curve(runs, cases, "test_accuracy", "test accuracy")
    return (
        Picture("lines", loss, added[0], {"log_y": True}),
        Picture("lines", accuracy, added[0]),
    )


def gain(runs: Runs, chosen: list[str], added: list[str]) -> Sentence:
    """What each piece does to the gap between training and test, mean over optimisers."""
    gaps = {}
    for piece in added:
        ends = [last(runs[name, piece]) for name in chosen]
        gaps[piece] = float(np.mean([e["train_accuracy"] - e["test_accuracy"] for e in ends]))
    text = ", ".join(f"{piece} {100 * gap:.1f}" for piece, gap in gaps.items())
    return Sentence(f"Points between training and test accuracy, optimisers' mean: {text}.", gaps)


def piece_pictures(runs: Runs, chosen: list[str], added: list[str]) -> tuple[Picture, ...]:
    """Test accuracy of every pair, and the curves of the pieces with the last optimiser but one."""
    shown = "adam" if "adam" in chosen else chosen[-1]
    cases = {piece: (shown, piece) for piece in added}
    values = [[last(runs[o, p])["test_accuracy"] for p in added] for o in chosen]
    ends = Matrix(np.array(values), tuple(chosen), tuple(added), value_label="test accuracy")
    return (
        Picture("heat_map", ends, "test accuracy at the end", {"better": "high"}),
        Picture("lines", curve(runs, cases, "test_loss", "test loss"), shown),
    )


def latent(runs: Runs, chosen: list[str], added: list[str]) -> Section:
    """The measures of the last hidden layer for every pair."""
    pictures, told = [], []
    for name in MEASURES:
        values = np.array([[at_layer(runs[o, p], name, "act2") for p in added] for o in chosen])
        if not np.isfinite(values).any():
            continue
        label = name.replace("_", " ")
        record = Matrix(values, tuple(chosen), tuple(added), value_label=label)
        pictures.append(Picture("heat_map", record, f"{label} at act2, test"))
        means = dict(zip(added, np.nanmean(values, axis=0).round(4).tolist(), strict=True))
        told.append(Sentence(f"{label}: mean over optimisers by piece.", means))
    return Section("The latent space", tuple(told), tuple(pictures))
