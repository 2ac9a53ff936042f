"""What the units of a network see, as a sheet in one HTML file or as pictures in a folder."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lamella.errors import bad_input
from lamella.store import Run, open_run

if TYPE_CHECKING:
    from torch import nn

    from lamella.lens.sheet_subject import Subject
    from lamella.story import Story

TECHNIQUES = ("filters", "maps", "top", "saliency")


def look(
    source: Run | Path | str | nn.Module,
    what: str | Iterable[str] = TECHNIQUES,
    *,
    layer: str | None = None,
    unit: str | int | Sequence[int] | None = None,
    image: int | Sequence[int] = 0,
    target: int | None = None,
    epoch: int | None = None,
    split: str = "test",
    data: str | None = None,
    samples: int = 1000,
    input: str | None = None,
    classes: int = 10,
    model: str | None = None,
    weights: str | os.PathLike[str] | None = None,
    count: int = 9,
    steps: int | None = None,
    out: str | os.PathLike[str] = "look.html",
) -> list[Path]:
    """Write filters, maps, patches, attributions or synthesised images, and return the files.

    `source` is a run, or a model: a module, a registered name or file.py:factory. `what` names
    techniques (filters, maps, top, neighbours, saliency, smooth_grad, integrated_gradients,
    guided_backprop, deconvnet, occlusion, grad_cam, sanity, ascent, fooling, dream, inversion,
    texture, style, classes), or is "all". `layer` and `unit` (a channel, or channel, row, column)
    say where to look, `image` are numbers of samples, `target` is the class to explain.

    Of a run: `epoch` (the last unless given), `split`, and `model` where the run does not say how
    its model is built. Of a model: `data` (a data set's name) with `samples`, or `input`
    ("3x32x32") with `classes`; and a file of `weights`. `count` is patches for each unit, `steps`
    those of ascent and inversion. `out` is an .html file, or a folder for PNG and CSV files.

    Raises UnknownName for a technique, layer or data set, InputError for what does not fit.
    """
    from lamella.lens.sheet import PARTS, sheet
    from lamella.lens.sheet_subject import Ask

    subject = (
        subject_of_run(source, epoch, split, model)
        if isinstance(source, Run) or is_run(source)
        else subject_of_model(source, data, split, samples, input, classes, weights)
    )
    images = (image,) if isinstance(image, int) else tuple(image)
    ask = Ask(layer, parse_unit(unit), images, target, count, steps, model)
    return write(sheet(subject, ask, chosen(what, list(PARTS))), Path(out))


def chosen(what: str | Iterable[str], known: list[str]) -> list[str]:
    """The techniques that are meant.

    >>> chosen("filters, maps", []), chosen("all", ["ascent"])
    (['filters', 'maps'], ['ascent'])
    """
    if what == "all":
        return known
    return [name.strip() for name in (what.split(",") if isinstance(what, str) else what)]


def is_run(source: Any) -> bool:
    """Whether a source is a run's folder rather than a model or its name."""
    if not isinstance(source, str | Path):
        return False
    return Path(source).name == "run.json" or Path(source).is_dir()


def subject_of_run(
    source: Run | Path | str | Any, epoch: int | None, split: str, model: str | None
) -> Subject:
    """The network of a run at an epoch, with the samples of one of its probes."""
    from lamella.lens.networks import input_shape, network_of, pixels_of, recorded_epochs
    from lamella.lens.sheet_subject import Subject

    run = source if isinstance(source, Run) else open_run(source)
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
    source: Path | str | nn.Module | Any,
    data: str | None,
    split: str,
    samples: int,
    input: str | None,
    classes: int,
    weights: str | os.PathLike[str] | None,
) -> Subject:
    """A model, or one by its name, with the images of a data set, or with none."""
    from lamella.anatomy.input_spec import parse_input
    from lamella.lens.pictures import Pixels
    from lamella.lens.sheet_subject import Subject
    from lamella.registry import datasets

    if data is None and input is None:
        raise bad_input(
            "look()",
            wanted="data or input with a model",
            got="neither",
            do="Pass the name of a data set for images, or input 3x32x32 for filters and ascent",
        )
    name = source if isinstance(source, str) else type(source).__name__
    if data is None:
        shape = parse_input(str(input)).shape
        return Subject(name, net_of(source, shape, classes, weights), shape)
    found = datasets[data]()
    part: Any = getattr(found, "train" if split == "train" else "test").take(samples)
    net = net_of(source, found.input_shape, found.classes, weights)
    pixels = Pixels.of_steps(list(found.steps)) if len(found.input_shape) == 3 else None
    return Subject(
        name, net, found.input_shape, part.inputs, part.labels, found.class_names, pixels
    )


def net_of(
    source: Any, shape: tuple[int, ...], classes: int, weights: str | os.PathLike[str] | None
) -> nn.Module:
    """The model itself, or the one of a name, with the weights of a file where one is given."""
    from torch import nn

    from lamella.networks.load import load_model

    if not isinstance(source, nn.Module):
        file = None if weights is None else Path(weights)
        return load_model(str(source), shape, classes, weights=file)
    if weights is not None:
        raise bad_input(
            "look()",
            wanted="weights with the name of a model",
            got="them with a module",
            do="Load them into it yourself",
        )
    return source


def parse_unit(unit: str | int | Sequence[int] | None) -> tuple[int, ...] | None:
    """A channel, or a unit as channel, row, column.

    >>> parse_unit("3"), parse_unit("3,0,2"), parse_unit((3, 0, 2))
    ((3,), (3, 0, 2), (3, 0, 2))
    """
    if unit is None:
        return None
    text = ",".join(map(str, unit)) if isinstance(unit, Sequence) and unit != str(unit) else unit
    parts = str(text).split(",")
    if len(parts) not in (1, 3) or not all(part.strip().isdigit() for part in parts):
        raise bad_input(
            "look()",
            wanted="as unit a channel such as 3, or channel,row,column such as 3,0,2",
            got=repr(unit),
            do="Count from 0",
        )
    return tuple(int(part) for part in parts)


def write(story: Story, out: Path) -> list[Path]:
    """One HTML file; or in a folder a PNG for each picture, tables as CSV, and the captions."""
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
