"""The study of activation functions: what each is, and the same net trained with each."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from lamella.checks import check_least
from lamella.experiments.trials import Trial, by_layer, curves, final, listed, run_trial
from lamella.registry import datasets, studies
from lamella.story import Cell, Picture, Section, Sentence, Story

if TYPE_CHECKING:
    from torch import nn

WIDTHS = (64, 64, 64)
LAYERS = tuple(f"act{number}" for number in range(1, len(WIDTHS) + 1))


@studies.register
def activations(
    *,
    out: Annotated[Path, "folder for the report"] = Path("runs/activations"),
    dataset: Annotated[str, "data set to train on: digits, spheres, circle, ..."] = "digits",
    only: Annotated[str, "activations by name, separated by commas; all by default"] = "",
    epochs: Annotated[int, "epochs of training"] = 20,
    learning_rate: Annotated[float, "of Adam"] = 2e-3,
    seeds: Annotated[int, "how many seeds to train of each"] = 1,
    seed: Annotated[int, "random seed of the first net of each; the next ones count on"] = 0,
    timed: Annotated[bool, "measure the cost of each, which differs between machines"] = True,
    progress: Annotated[bool, "show progress in a terminal"] = True,
) -> dict[str, Any]:
    """Compare activation functions, alone and in the same perceptron of three hidden layers.

    Value, slope, range, saturation and dead share of each under a normal distribution; then
    curves, dead units and the size of signals and gradients by layer while it trains.
    """
    from lamella.anatomy.activations import activation, names

    started = time.perf_counter()
    check_least("study activations", 1, seeds=seeds, epochs=epochs)
    chosen = [activation(n.strip()).name for n in only.split(",") if n.strip()] or list(names())
    data = datasets[dataset](seed=seed)
    trials = {
        name: train_each(name, data, seeds, seed, epochs, learning_rate)
        for name in shown(chosen, progress)
    }
    story = activations_story(trials, chosen, data.name, timed)
    from lamella.page.report import write_report

    report = write_report(story, Path(out) / "report.html")
    return {
        "study": "activations",
        "seconds": time.perf_counter() - started,
        "report": str(report),
        "nets": {name: facts(group) for name, group in trials.items()},
    }


def shown(names: list[str], progress: bool) -> Any:
    """The names one by one, with a bar in a terminal."""
    from lamella.training import progress as bar

    steps: Any = iter(names)
    return bar(steps, len(names), "activations", show=None if progress else False)


def train_each(
    name: str, data: Any, seeds: int, seed: int, epochs: int, rate: float
) -> list[Trial]:
    """The same net with one activation, once per seed."""
    return [
        run_trial(
            name,
            make_net(name, data.input_shape, data.classes, seed + number),
            data,
            LAYERS,
            epochs=epochs,
            seed=seed + number,
            learning_rate=rate,
        )
        for number in range(seeds)
    ]


def make_net(name: str, input_shape: tuple[int, ...], classes: int, seed: int) -> nn.Module:
    """The perceptron with one activation; PReLU learns its slope, maxout has two pieces a unit."""
    from torch import nn

    from lamella.anatomy.activations import make_module
    from lamella.registry import models

    widths = tuple(2 * w for w in WIDTHS) if name == "maxout" else WIDTHS
    net = models["perceptron"](input_shape, classes, widths=widths, seed=seed)
    for layer in LAYERS:
        setattr(net, layer, nn.PReLU() if name == "prelu" else make_module(name))
    return with_pieces(net, classes, seed) if name == "maxout" else net


def with_pieces(net: Any, classes: int, seed: int) -> nn.Module:
    """Every hidden layer hands on the larger of its two halves."""
    from torch import nn

    from lamella.networks.seeded import seeded_weights

    with seeded_weights(seed):
        for number, width in enumerate(WIDTHS, start=1):
            setattr(net, f"act{number}", pieces_module())
            following = f"fc{number + 1}" if number < len(WIDTHS) else "head"
            outputs = 2 * WIDTHS[number] if number < len(WIDTHS) else classes
            setattr(net, following, nn.Linear(width, outputs))
    return net


def pieces_module() -> nn.Module:
    """A module that takes the larger of the two halves of its inputs."""
    import torch

    class Pieces(torch.nn.Module):
        def forward(self, x: Any) -> Any:
            one, other = x.chunk(2, dim=1)
            return torch.maximum(one, other)

    return Pieces()


def facts(group: list[Trial]) -> dict[str, Any]:
    """The end of one activation's trainings as plain numbers."""
    return {
        "test_accuracy": final(group, "test_accuracy"),
        "train_loss": final(group, "train_loss"),
        "dead": float(group[0].dead[-1].mean()),
        "failed": next((t.failed for t in group if t.failed), ""),
    }


def activations_story(
    trials: dict[str, list[Trial]], chosen: list[str], data: str, timed: bool
) -> Story:
    """The report: each activation alone, then in training."""
    from lamella.anatomy.activations import activation_table, compare_activations

    accuracy = {name: final(group, "test_accuracy") for name, group in trials.items()}
    order = sorted(accuracy, key=lambda name: -accuracy[name])
    best = [name for name in order if accuracy[name] > accuracy[order[0]] - 0.005]
    verdict = Sentence(
        f"On {data}, {listed(best)} {'end' if len(best) > 1 else 'ends'} best "
        f"({100 * accuracy[order[0]]:.1f} % of the test right), {order[-1]} worst "
        f"({100 * accuracy[order[-1]]:.1f} %).",
        accuracy,
    )
    alone = compare_activations(chosen, timed=timed)
    words = Sentence(
        "Under a standard normal, `vanished` is the share of inputs whose slope is below 0.01, "
        "`dead` the share where value and slope are both 0, `gradient` the factor by which one "
        "layer scales gradients" + (", and `cost` the time relative to ReLU's." if timed else ".")
    )
    return Story(
        "Activation functions",
        verdict,
        (
            Section(
                "What each one is",
                (words,),
                (
                    Picture("anatomy_activations", activation_table(chosen), "value and slope"),
                    Picture("table", alone, "on a normal distribution"),
                ),
            ),
            training_section(trials, order),
            signal_section(trials),
        ),
        {"data set": data, "net": f"perceptron, widths {WIDTHS}", "optimiser": "Adam"},
    )


def training_section(trials: dict[str, list[Trial]], order: list[str]) -> Section:
    """Curves of test accuracy and training loss, the best eight and the worst two apart."""
    kept = order if len(order) <= 9 else [*order[:6], *order[-3:]]
    some = {name: trials[name] for name in kept}
    stopped = [t.failed for group in trials.values() for t in group if t.failed]
    sentences = [Sentence(f"Shown: {listed(kept)}. The others' ends stand behind the verdict.")]
    sentences += [Sentence(f"A training stopped: {why}.") for why in stopped]
    return Section(
        "The same net with each",
        tuple(sentences),
        (
            Picture("lines", curves(some, "test_accuracy", "test accuracy")),
            Picture(
                "lines", curves(some, "train_loss", "training loss"), arguments={"log_y": True}
            ),
        ),
    )


def signal_section(trials: dict[str, list[Trial]]) -> Section:
    """Dead units and the sizes of signals and gradients, before and after training."""
    dead = {name: float(group[0].dead[-1].mean()) for name, group in trials.items()}
    worst = max(dead, key=lambda name: dead[name])
    sentence = Sentence(
        f"After training, {worst} has the most units that say the same for every sample "
        f"({100 * dead[worst]:.0f} %).",
        dead,
        Cell(worst, None, None, "test", "dead"),
    )
    views = [
        ("dead", "share of constant units", -1, {}),
        ("gradient_std", "gradient's deviation, untrained", 0, {"log": True}),
        ("gradient_std", "gradient's deviation, trained", -1, {"log": True}),
        ("activation_std", "output's deviation, trained", -1, {}),
    ]
    pictures = [
        Picture("heat_map", by_layer(trials, what, label, moment), label, arguments)
        for what, label, moment, arguments in views
    ]
    return Section("Signals and gradients by layer", (sentence,), tuple(pictures))
