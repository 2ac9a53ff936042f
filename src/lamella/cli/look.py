"""`lamella look`: what the units of a network see."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from lamella.cli.output import print_json

if TYPE_CHECKING:
    from lamella.lens.sheet_subject import Subject


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

    if is_run(source):
        subject = subject_of_run(source, epoch, split, model)
    else:
        subject = subject_of_model(source, data, split, samples, input, classes, weights)
    ask = Ask(layer, parse_unit(unit), tuple(image or (0,)), target, count, steps, model)
    names = list(PARTS) if what == "all" else [name.strip() for name in what.split(",")]
    story = sheet(subject, ask, names)
    files = write(story, out)
    if as_json:
        return print_json({"what": names, "epoch": subject.epoch, "files": files})
    for file in files:
        print(file)


def is_run(source: str) -> bool:
    """Whether a source is a run's folder rather than a model's name."""
    return Path(source).name == "run.json" or Path(source).is_dir()


def subject_of_run(source: str, epoch: int | None, split: str, model: str | None) -> Subject:
    """The network of a run at an epoch, with the samples of one of its probes."""
    from lamella.lens.networks import input_shape, network_of, pixels_of, recorded_epochs
    from lamella.lens.sheet_subject import Subject
    from lamella.store import open_run

    run = open_run(source)
    net = network_of(run, epoch, model=model)
    split = split if split in run.splits else run.splits[0]
    labelled = run.info["probes"].get(run.probes(split)[0], {}).get("labels")
    return Subject(
        run.name,
        net,
        input_shape(run),
        run.inputs(split),
        run.labels(split) if labelled else None,
        run.class_names,
        pixels_of(run),
        run,
        recorded_epochs(run)[-1] if epoch is None else epoch,
    )


def subject_of_model(
    source: str,
    data: str | None,
    split: str,
    samples: int,
    input: str | None,
    classes: int,
    weights: Path | None,
) -> Subject:
    """A model by name with the images of a data set, or with none."""
    from lamella.anatomy.input_spec import parse_input
    from lamella.errors import bad_input
    from lamella.lens.pictures import Pixels
    from lamella.lens.sheet_subject import Subject
    from lamella.networks.load import load_model
    from lamella.registry import dataset

    if data is None and input is None:
        raise bad_input(
            "lamella look",
            wanted="--data or --input with a model",
            got="neither",
            do="Pass --data NAME for images, or --input 3x32x32 for filters and ascent only",
        )
    if data is None:
        shape = parse_input(str(input)).shape
        return Subject(source, load_model(source, shape, classes, weights=weights), shape)
    found = dataset[data]()
    part: Any = getattr(found, "train" if split == "train" else "test").take(samples)
    net = load_model(source, found.input_shape, found.classes, weights=weights)
    pixels = Pixels.of_steps(list(found.steps)) if len(found.input_shape) == 3 else None
    return Subject(
        source, net, found.input_shape, part.inputs, part.labels, found.class_names, pixels
    )


def parse_unit(text: str | None) -> tuple[int, ...] | None:
    """A channel, or a unit as channel,row,column.

    >>> parse_unit("3"), parse_unit("3,0,2")
    ((3,), (3, 0, 2))
    """
    from lamella.errors import bad_input

    if text is None:
        return None
    parts = text.split(",")
    if len(parts) not in (1, 3) or not all(part.strip().isdigit() for part in parts):
        raise bad_input(
            "lamella look --unit",
            wanted="a channel such as 3, or channel,row,column such as 3,0,2",
            got=repr(text),
            do="Count from 0",
        )
    return tuple(int(part) for part in parts)


def write(story: Any, out: Path) -> list[Path]:
    """One HTML file; or in a folder a PNG for each picture, tables as CSV, and the captions."""
    import json

    from lamella.lens.sheet import records
    from lamella.page.report import write_report
    from lamella.plots.lens_picture import as_png
    from lamella.results import Images

    if out.suffix in (".html", ".htm"):
        return [write_report(story, out)]
    out.mkdir(parents=True, exist_ok=True)
    files, captions = [], {}
    for name, record in records(story):
        if isinstance(record, Images):
            files.append(out / f"{name}.png")
            files[-1].write_bytes(as_png(record))
            captions[name] = {
                "title": record.title,
                "scale": record.scale,
                "columns": record.columns,
                "captions": list(record.captions),
            }
        else:
            files.append(out / f"{name}.csv")
            record.frame().to_csv(files[-1], index=False)
    files.append(out / "captions.json")
    files[-1].write_text(json.dumps(captions, indent=1, ensure_ascii=False))
    return files
