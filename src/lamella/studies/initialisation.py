"""The study of initialisation: what first weights do to signals and gradients through depth."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import numpy as np

from lamella.checks import check_least
from lamella.experiments.recorded_training import FEWEST
from lamella.experiments.trials import Trial, curves, final, over_epochs, run_trial
from lamella.registry import datasets, studies
from lamella.results import Curve, Matrix
from lamella.story import Picture, Section, Sentence, Story

if TYPE_CHECKING:
    from torch import nn

    from lamella.anatomy.signals import SignalDepth

Signals = dict[str, "SignalDepth"]
STARTS = (
    ("zero", "tanh"),
    ("constant", "tanh"),
    ("small_normal", "tanh"),
    ("large_normal", "tanh"),
    ("xavier", "tanh"),
    ("orthogonal", "tanh"),
    ("lsuv", "tanh"),
    ("small_normal", "relu"),
    ("xavier", "relu"),
    ("kaiming", "relu"),
    ("orthogonal", "relu"),
    ("lsuv", "relu"),
    ("kaiming", "gelu"),
    ("xavier", "sigmoid"),
)
NORMED = (("small_normal", "tanh"), ("large_normal", "tanh"), ("xavier", "relu"))


@studies.register
def initialisation(
    *,
    out: Annotated[Path, "folder for the report"] = Path("runs/initialisation"),
    dataset: Annotated[str, "data set to train on: digits, spheres, circle, ..."] = "digits",
    depth: Annotated[int, "layers of the deep net"] = 10,
    width: Annotated[int, "units of each layer at step 0"] = 500,
    samples: Annotated[int, "samples sent through it at step 0"] = 1000,
    train_width: Annotated[int, "units of each layer of the nets that are trained"] = 64,
    epochs: Annotated[int, "epochs of training"] = 10,
    learning_rate: Annotated[float, "of SGD with momentum"] = 0.01,
    seed: Annotated[int, "seed of weights and data"] = 0,
    progress: Annotated[bool, "show progress in a terminal"] = True,
) -> dict[str, Any]:
    """Send signals and gradients through a deep net for each way to set its first weights.

    Zero, constant, small and large normal, Xavier, Kaiming, orthogonal and LSUV, with tanh, ReLU
    and others, with and without normalisation: deviations by layer beside the predicted ones, the
    histograms of CS231n's lecture 6, and the same nets while they train.
    """
    started = time.perf_counter()
    check_least("study initialisation", 2, depth=depth, width=width, train_width=train_width)
    check_least("study initialisation", 1, epochs=epochs)
    check_least("study initialisation", FEWEST, samples=samples)
    sizes = {"width": width, "depth": depth, "samples": samples, "seed": seed}
    signals = measure(STARTS, sizes)
    normed = {
        f"{name}, {kind} norm": signal
        for kind in ("batch", "layer")
        for name, signal in measure(NORMED, sizes | {"normalisation": kind}).items()
    }
    data = datasets[dataset](seed=seed)
    trials = train_all(data, depth, train_width, epochs, learning_rate, seed, progress)
    story = initialisation_story(signals, normed, trials, sizes | {"data set": data.name})
    from lamella.page.report import write_report

    report = write_report(story, Path(out) / "report.html")
    return {
        "study": "initialisation",
        "seconds": time.perf_counter() - started,
        "report": str(report),
        "nets": {
            name: {"test_accuracy": final(group, "test_accuracy"), "failed": group[0].failed}
            for name, group in trials.items()
        },
        "signals": {name: numbers(signal) for name, signal in (signals | normed).items()},
    }


def measure(starts: tuple[tuple[str, str], ...], options: dict[str, Any]) -> Signals:
    """The signals of each start, by name."""
    from lamella.anatomy.signals import signal_depth

    return {f"{a}, {m}": signal_depth(m, a, **options) for m, a in starts}


def numbers(signal: SignalDepth) -> dict[str, Any]:
    """Deviations of one net by layer."""
    return {
        "activation_std": signal.activation_std.tolist(),
        "predicted_std": signal.predicted_std.tolist(),
        "gradient_std": signal.gradient_std.tolist(),
    }


def train_all(
    data: Any, depth: int, width: int, epochs: int, rate: float, seed: int, progress: bool
) -> dict[str, list[Trial]]:
    """The deep net trained from each start, and from small weights behind batch normalisation."""
    from lamella.training import progress as bar

    starts = [(m, a, "none") for m, a in STARTS] + [("small_normal", "tanh", "batch")]
    steps: Any = iter(starts)
    shown: Any = bar(steps, len(starts), "initialisation", show=None if progress else False)
    found = {}
    for method, activation, norm in shown:
        name = f"{activation}, {method}" + (f", {norm} norm" if norm != "none" else "")
        net = make_net(data, depth, width, activation, norm)
        start(net, method, activation, data, seed)
        layers = [f"act{number}" for number in range(1, depth + 1)]
        trial = run_trial(
            name, net, data, layers, epochs=epochs, seed=seed, optimiser="sgd", learning_rate=rate
        )
        found[name] = [trial]
    return found


def make_net(data: Any, depth: int, width: int, activation: str, norm: str) -> nn.Module:
    """A perceptron of equal layers with the named activation and normalisation."""
    from lamella.anatomy.activations import make_module
    from lamella.registry import models

    net = models["perceptron"](
        data.input_shape, data.classes, widths=(width,) * depth, batch_norm=norm == "batch"
    )
    for number in range(1, depth + 1):
        setattr(net, f"act{number}", make_module(activation))
    return net


def start(net: nn.Module, method: str, activation: str, data: Any, seed: int) -> None:
    """Set the first weights."""
    import torch

    from lamella.anatomy.initialisation import initialise

    batch = torch.as_tensor(data.train.take(256, seed=0).inputs)
    initialise(net, method, activation=activation, seed=seed, batch=batch)


def initialisation_story(
    signals: Signals, normed: Signals, trials: dict[str, list[Trial]], facts: dict[str, Any]
) -> Story:
    """The report: step 0, normalisation, training."""
    alive = [n for n, s in signals.items() if s.activation_std[-1] > 0.2 * s.activation_std[0] > 0]
    ends = {name: final(group, "test_accuracy") for name, group in trials.items()}
    best = max(ends, key=lambda name: ends[name])
    verdict = Sentence(
        f"Of {len(signals)} starts, {len(alive)} keep more than a fifth of their signal through "
        f"{facts['depth']} layers; trained, {best} ends best "
        f"({100 * ends[best]:.1f} % of the test).",
        ends,
    )
    return Story(
        "Initialisation",
        verdict,
        (
            step_zero(signals),
            Section(
                "With normalisation",
                (Sentence("Batch or layer normalisation repairs what the first weights spoil."),),
                (
                    Picture("heat_map", matrix(normed, "activation_std", "output's deviation")),
                    histograms(normed),
                ),
            ),
            training(trials),
        ),
        facts,
    )


def step_zero(signals: Signals) -> Section:
    """Deviations and histograms before the first step."""
    off = worst_prediction(signals)
    sentences = (
        Sentence(
            "Prediction: the weights' variance times the inputs times the mean square that comes "
            "in, through the activation under a Gaussian, for infinite width. The largest "
            f"disagreement is {100 * off[1]:.0f} % ({off[0]}).",
            {off[0]: off[1]},
        ),
    )
    measured = matrix(signals, "activation_std", "output's deviation")
    predicted = matrix(signals, "predicted_std", "output's deviation")
    gradient = matrix(signals, "gradient_std", "gradient's deviation")
    both = beside(signals)
    dotted = [name for name in both.series if name.endswith("predicted")]
    pictures = (
        histograms(signals),
        Picture("heat_map", measured, "measured"),
        Picture("heat_map", predicted, "predicted"),
        Picture("lines", both, "measured, and predicted (dotted)", {"dotted": dotted}),
        Picture("heat_map", gradient, "gradient of a random read-out, 1 at the end", {"log": True}),
    )
    return Section("Before the first step", sentences, pictures)


def worst_prediction(signals: Signals) -> tuple[str, float]:
    """The start whose measured deviation lies furthest from its prediction, relatively."""
    found = {}
    for name, s in signals.items():
        fine = np.isfinite(s.predicted_std) & (s.predicted_std > 1e-9)
        ratio = np.abs(s.activation_std[fine] / s.predicted_std[fine] - 1)
        found[name] = float(ratio.max()) if len(ratio) else 0.0
    worst = max(found, key=lambda name: found[name])
    return worst, found[worst]


def beside(signals: Signals) -> Curve:
    """Measured and predicted deviations of four telling starts."""
    telling = ("tanh, xavier", "relu, kaiming", "relu, xavier", "tanh, small_normal")
    chosen = [name for name in telling if name in signals]
    lines = [(n, signals[n].activation_std) for n in chosen]
    lines += [(f"{n}, predicted", signals[n].predicted_std) for n in chosen]
    layers = np.arange(1, len(lines[0][1]) + 1)
    return Curve(
        layers,
        np.stack([y for _, y in lines]),
        tuple(n for n, _ in lines),
        x_label="layer",
        y_label="deviation of the outputs",
    )


def matrix(signals: Signals, what: str, label: str) -> Matrix:
    """Starts downwards, layers to the right."""
    rows = [getattr(signal, what) for signal in signals.values()]
    layers = tuple(str(number) for number in range(1, len(rows[0]) + 1))
    return Matrix(np.stack(rows), tuple(signals), layers, column_label="layer", value_label=label)


def histograms(signals: Signals) -> Picture:
    """The distribution of the outputs of every layer."""
    from lamella.anatomy.signals import histogram_table

    caption = "outputs of each layer; above each panel their deviation"
    return Picture("anatomy_histograms", histogram_table(signals), caption)


def training(trials: dict[str, list[Trial]]) -> Section:
    """Curves, and how signals change while four nets train."""
    stuck = [n for n, g in trials.items() if final(g, "test_accuracy") < 0.3]
    stopped = [f"{n}: {t.failed}" for n, g in trials.items() for t in g if t.failed]
    told = [Sentence(f"Hardly learned anything: {', '.join(stuck) or 'none'}.")]
    told += [Sentence(f"A training stopped: {why}.") for why in stopped]
    ends = sorted(trials, key=lambda n: -final(trials[n], "test_accuracy"))
    few = {n: trials[n] for n in (ends if len(ends) <= 9 else [*ends[:6], *ends[-3:]])}
    pictures = [Picture("lines", curves(few, "test_accuracy", "test accuracy"))]
    for name in ("tanh, small_normal", "tanh, xavier", "relu, kaiming"):
        if name in trials:
            trial = trials[name][0]
            for what, label in (("activation_std", "output"), ("gradient_std", "gradient")):
                record = over_epochs(trial, what, f"{label}'s deviation")
                caption = f"{name}: {label}'s deviation while it trains"
                pictures.append(
                    Picture("heat_map", record, caption, {"log": what != "activation_std"})
                )
    return Section("While training", tuple(told), tuple(pictures))
