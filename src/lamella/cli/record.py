"""`lamella record`: a model that is trained already, looked at once."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from lamella.cli.output import print_json


def command(
    model: Annotated[
        str,
        typer.Option(
            help="A registered name, package.module:factory, file.py:factory, timm:NAME or "
            "torchvision:NAME."
        ),
    ],
    data: Annotated[str, typer.Option(help="A data set's name, or a folder of images by class.")],
    out: Annotated[Path, typer.Option(help="The run folder to write.")],
    weights: Annotated[
        Path | None, typer.Option(help="Weights: .safetensors, or a checkpoint of tensors.")
    ] = None,
    pretrained: Annotated[
        bool, typer.Option("--pretrained", help="The weights that timm or torchvision publish.")
    ] = False,
    layers: Annotated[str, typer.Option(help="Names or globs with commas.")] = "*",
    probe: Annotated[int, typer.Option(help="Samples of each split that are recorded.")] = 1000,
    size: Annotated[
        int | None, typer.Option(help="Cut and scale the images of a folder to this side.")
    ] = None,
    channels: Annotated[
        int | None, typer.Option(help="Make the images of a folder grey (1) or RGB (3).")
    ] = None,
    reduce: Annotated[
        str, typer.Option(help="whole, flatten, mean, max, or project:K (a random projection).")
    ] = "project:1024",
    skip_bad: Annotated[
        bool, typer.Option("--skip-bad", help="Leave out images that cannot be read.")
    ] = False,
    seed: Annotated[int, typer.Option(help="Seed of the model, the samples, the projection.")] = 0,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace a run.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
) -> None:
    """Record what a model does to a data set, without training; then measure and report it."""
    from lamella.checks import check_least
    from lamella.data.load import load_dataset
    from lamella.networks.load import load_model
    from lamella.training.fit import check_fit

    check_least("lamella record", 1, probe=probe, size=size)
    check_least("lamella record", 0, seed=seed)
    made = load_dataset(
        data,
        size=size and (size, size),
        channels=channels,
        skip_bad=skip_bad or None,
        seed=seed,
    )
    net = load_model(
        model, made.input_shape, made.classes, weights=weights, pretrained=pretrained, seed=seed
    )
    check_fit(net, made.input_shape, 1)
    facts = {"model": model, "data": made.name, "data_arguments": made.arguments}
    facts |= {"weights": weights and str(weights), "steps": list(made.steps)}
    facts |= {"pretrained": pretrained}
    run, numbers = record_once(out, net, made, layers, probe, reduce, seed, facts, overwrite)
    result = {"run": str(out), "layers": list(run.layers), "bytes": run.bytes, **numbers}
    print_json(result) if as_json else print_result(result)


def record_once(
    out: Path,
    net: Any,
    data: Any,
    layers: str,
    probe: int,
    reduce: str,
    seed: int,
    facts: dict[str, Any],
    overwrite: bool,
) -> tuple[Any, dict[str, float]]:
    """The run of one epoch, and the accuracy on both probes where the classes fit."""
    import lamella

    splits = {name: getattr(data, name).take(probe, seed=seed) for name in ("train", "test")}
    numbers = accuracies(net, splits, data.classes)
    with lamella.record(
        out,
        net,
        {name: (s.inputs, s.labels, s.ids) for name, s in splits.items()},
        layers=[name.strip() for name in layers.split(",")],
        moments=[0],
        reduce=reduction(reduce),
        class_names=data.class_names,
        name=out.name,
        seed=seed,
        study=facts,
        overwrite=overwrite,
        strict=True,
    ) as recorder:
        recorder.epoch(epoch=None, **numbers)
    return lamella.open_run(out), numbers


def accuracies(net: Any, splits: dict[str, Any], classes: int) -> dict[str, float]:
    """Loss and accuracy on each probe; nothing where the model has other classes."""
    from lamella.training import evaluate, predict

    if predict(net, splits["test"].inputs[:1]).shape[1:] != (classes,):
        return {}
    numbers: dict[str, float] = {}
    for name, split in splits.items():
        numbers[f"{name}_loss"], numbers[f"{name}_accuracy"] = evaluate(net, split)
    return numbers


def reduction(text: str) -> str | tuple[str, int]:
    """What `reduce` means to the recorder.

    >>> reduction("project:64"), reduction("mean")
    (('project', 64), 'mean')
    """
    kind, colon, count = text.partition(":")
    return (kind, int(count)) if colon and count.isdigit() else text


def print_result(result: dict[str, Any]) -> None:
    """What was recorded, and the next commands."""
    from rich.console import Console

    console = Console(highlight=False)
    console.print(f"Recorded {len(result['layers'])} layers ({result['bytes'] / 1e6:.1f} MB).")
    if "test_accuracy" in result:
        console.print(f"Accuracy on the test probe: {result['test_accuracy']:.2%}")
    console.print(f"Next: lamella measure {result['run']}; lamella report {result['run']}")
