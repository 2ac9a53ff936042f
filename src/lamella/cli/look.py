"""`lamella look`: what the units of a network see."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from lamella.cli.output import print_json


def command(
    source: Annotated[
        str, typer.Argument(help="A run folder; or a model: registered name or file.py:factory.")
    ],
    what: Annotated[
        str,
        typer.Option(
            help="Techniques, comma-separated: filters, maps, top, neighbours, saliency, "
            "smooth_grad, integrated_gradients, guided_backprop, deconvnet, occlusion, grad_cam, "
            "sanity, ascent, fooling, dream, inversion, texture, style, classes; or all."
        ),
    ] = "filters,maps,top,saliency",
    layer: Annotated[str | None, typer.Option(help="Layer, act#2 for a second call.")] = None,
    unit: Annotated[
        str | None, typer.Option(help="Channel of the layer, or channel,row,column.")
    ] = None,
    image: Annotated[
        list[int] | None, typer.Option(help="Number of a sample; again for more.")
    ] = None,
    target: Annotated[
        int | None, typer.Option(help="Class to explain; the highest by default.")
    ] = None,
    epoch: Annotated[int | None, typer.Option(help="Epoch of a run; the last by default.")] = None,
    split: Annotated[str, typer.Option(help="Where the images come from: train, test.")] = "test",
    data: Annotated[str | None, typer.Option(help="Data set of the images of a model.")] = None,
    samples: Annotated[int, typer.Option(help="Samples of --data to search.")] = 1000,
    input: Annotated[
        str | None, typer.Option(help="Input of a model without --data: 3x32x32.")
    ] = None,
    classes: Annotated[int, typer.Option(help="Classes of a model without --data.")] = 10,
    model: Annotated[
        str | None,
        typer.Option(
            help="How a run's model is built, where the run does not say: net.py:FACTORY, where "
            "FACTORY() in net.py returns it, or a registered name."
        ),
    ] = None,
    weights: Annotated[Path | None, typer.Option(help="A file of weights for a model.")] = None,
    count: Annotated[int, typer.Option(help="Patches for each unit.")] = 9,
    steps: Annotated[int | None, typer.Option(help="Steps of ascent and inversion.")] = None,
    out: Annotated[
        Path, typer.Option("--out", "-o", help="An .html file, or a folder for PNG files.")
    ] = Path("look.html"),
    as_json: Annotated[bool, typer.Option("--json", help="Print as JSON.")] = False,
) -> None:
    """Show filters, maps, patches, attributions and synthesised images as a sheet or as files."""
    from lamella.lens.sheet import PARTS, sheet
    from lamella.lens.sheet_subject import Ask
    from lamella.verbs.looking import (
        chosen,
        is_run,
        parse_unit,
        subject_of_model,
        subject_of_run,
        write,
    )

    if is_run(source):
        subject = subject_of_run(source, epoch, split, model)
    else:
        subject = subject_of_model(source, data, split, samples, input, classes, weights)
    ask = Ask(layer, parse_unit(unit), tuple(image or (0,)), target, count, steps, model)
    names = chosen(what, list(PARTS))
    files = write(sheet(subject, ask, names), out)
    if as_json:
        return print_json({"what": names, "epoch": subject.epoch, "files": files})
    for file in files:
        print(file)
