"""`lamella data`: make a data set, write it to disk, or look at it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from lamella.cli.output import print_json

FORMATS = "by its suffix: .safetensors, or .hdf5 (extra hdf5; rectangles only)"


def command(
    name: Annotated[str, typer.Argument(help="Data set; without one, all are listed.")] = "",
    count: Annotated[int | None, typer.Option(help="How many samples.")] = None,
    out: Annotated[
        Path | None, typer.Option(help=f"File to write, {FORMATS}; or the report's folder.")
    ] = None,
    explore: Annotated[
        bool, typer.Option("--explore", help="Write a report on the data instead.")
    ] = False,
    option: Annotated[
        list[str] | None,
        typer.Option("--option", "-o", help="A keyword of the data set, as in delta=10."),
    ] = None,
    shard: Annotated[int, typer.Option(help="Images in one file (rectangles).")] = 20_000,
    seed: Annotated[int, typer.Option(help="Fixes all samples.")] = 0,
    progress: Annotated[bool, typer.Option(help="Show progress in a terminal.")] = True,
    as_json: Annotated[bool, typer.Option("--json", help="Print as JSON.")] = False,
) -> None:
    """Make a data set and write it to disk, or explore it.

    Rectangles are streamed: any number of images takes less than 1 GB of memory, and more than
    --shard of them are several files. Others are written whole, as train and test arrays.
    """
    if not name:
        return _list(as_json)
    options = parse_options(option or [])
    if name == "rectangles":
        result = _rectangles(count, out, explore, options, shard, seed, progress)
    else:
        result = _other(name, count, out, explore, {**options, "seed": seed})
    print_json(result) if as_json else _show(result)


def parse_options(pairs: list[str]) -> dict[str, Any]:
    """Keywords from `key=value`; values are read as JSON where they are, else as text.

    >>> parse_options(["delta=10", "factors=OnlyH", "inside=true"])
    {'delta': 10, 'factors': 'OnlyH', 'inside': True}
    """
    import json

    from lamella.errors import bad_input

    found = {}
    for pair in pairs:
        key, equals, value = pair.partition("=")
        if not equals:
            raise bad_input(
                "lamella data", wanted="options as key=value", got=repr(pair), do="Write delta=10"
            )
        try:
            found[key.strip()] = json.loads(value)
        except ValueError:
            found[key.strip()] = value
    return found


def _rectangles(
    count: int | None,
    out: Path | None,
    explore: bool,
    options: dict[str, Any],
    shard: int,
    seed: int,
    progress: bool,
) -> dict[str, Any]:
    from lamella.checks import check_choice, check_least
    from lamella.data.rectangles.scenes import Scene, factors_of

    check_least("lamella data", 1, count=count, shard=shard)
    known = ("classes", "image_size", "delta", "inside", "factors", "half_sizes", "top", "moving")
    for key in options:
        check_choice(key, (*known, "beneath"), "option of rectangles")
    if "factors" in options:
        options["factors"] = factors_of(str(options["factors"]))
    scene = Scene(**options)
    if explore:
        place = out or Path("runs/rectangles-data")
        return _explore(50_000 if count is None else count, place, scene, seed, progress)
    return _write(1000 if count is None else count, out, scene, shard, seed, progress)


def _explore(count: int, out: Path, scene: Any, seed: int, progress: bool) -> dict[str, Any]:
    from lamella.page.report import write_report
    from lamella.studies.rectangles.exploration import exploration_story, explore

    with _bar("exploring rectangles", 2 * count, progress) as tick:
        section, numbers = explore(count, scene, seed, tick)
    report = write_report(exploration_story(count, scene, seed, section), out / "report.html")
    return {"data": "rectangles", "count": count, "samples": numbers, "report": str(report)}


def _write(
    count: int, out: Path | None, scene: Any, shard: int, seed: int, progress: bool
) -> dict[str, Any]:
    import time

    from lamella.data.rectangles.files import write_rectangles

    out = out or Path("rectangles.safetensors")
    start = time.perf_counter()
    with _bar("writing rectangles", count, progress) as tick:
        files = write_rectangles(out, count, scene=scene, seed=seed, shard=shard, tick=tick)
    return {
        "data": "rectangles",
        "count": count,
        "files": [str(file) for file in files],
        "megabytes": sum(file.stat().st_size for file in files) / 1e6,
        "seconds": time.perf_counter() - start,
    }


def _other(
    name: str, count: int | None, out: Path | None, explore: bool, options: dict[str, Any]
) -> dict[str, Any]:
    from lamella.checks import check_choice
    from lamella.errors import bad_input
    from lamella.registry import datasets

    make = datasets[name]
    import inspect

    known = inspect.signature(make).parameters
    for key in options:
        check_choice(key, known, f"option of {name}")
    if count is not None and "train_size" in known:
        options.setdefault("train_size", count)
    made = make(**options)
    facts = {
        "data": made.name,
        "count": len(made.train) + len(made.test),
        "train": len(made.train),
        "test": len(made.test),
        "input_shape": list(made.input_shape),
        "classes": list(made.class_names),
        "least": float(made.train.inputs.min()),
        "greatest": float(made.train.inputs.max()),
    }
    if explore or out is None:
        return facts
    if out.suffix != ".safetensors":
        raise bad_input(
            "lamella data", wanted="a .safetensors file", got=out.name, do="Change the suffix"
        )
    _save(out, made)
    return {**facts, "files": [str(out)], "megabytes": out.stat().st_size / 1e6}


def _save(out: Path, made: Any) -> None:
    """Write both splits to one file; RunError where it cannot be written."""
    from safetensors import SafetensorError
    from safetensors.numpy import save_file

    from lamella.errors import RunError

    parts = {"train": made.train, "test": made.test}
    fields = ("inputs", "labels", "ids")
    try:
        save_file({f"{p}.{f}": getattr(s, f) for p, s in parts.items() for f in fields}, out)
    except (OSError, SafetensorError) as error:
        raise RunError(
            f"lamella data wants a file it can write, got {out}: {error}. "
            "Choose another with --out, or make its folder."
        ) from error


class _bar:
    """A progress bar over samples as a context; silent where nobody watches."""

    def __init__(self, title: str, total: int, show: bool) -> None:
        import sys

        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn

        self.bar = Progress(
            "{task.description}",
            BarColumn(bar_width=24),
            MofNCompleteColumn(),
            TimeRemainingColumn(compact=True, elapsed_when_finished=True),
            console=Console(stderr=True),
            disable=not (show and sys.stderr.isatty()),
        )
        self.task = self.bar.add_task(title, total=total)

    def __enter__(self) -> Any:
        self.bar.start()
        return lambda done: self.bar.update(self.task, completed=done)

    def __exit__(self, *_: Any) -> None:
        self.bar.stop()


def _list(as_json: bool) -> None:
    from lamella.registry import datasets

    cards = {name: datasets.card(name).summary for name in datasets}
    if as_json:
        return print_json(cards)
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    for name, summary in cards.items():
        table.add_row(f"[bold]{name}[/bold]", summary)
    Console().print(table)


def _show(result: dict[str, Any]) -> None:
    from rich.console import Console

    console = Console(highlight=False)
    rate = f" in {result['seconds']:.1f} s" if "seconds" in result else ""
    console.print(f"[bold]{result['data']}[/bold]: {result['count']:,} samples{rate}")
    for name, numbers in result.get("samples", {}).items():
        for title, values in numbers.items():
            shown = ", ".join(f"{100 * v:.2f} %" for v in values)
            console.print(f"  {name}, {title}: {shown}")
    for key in ("input_shape", "classes", "least", "greatest"):
        if key in result:
            console.print(f"  {key.replace('_', ' ')}: {result[key]}", markup=False)
    for file in result.get("files", [])[:12]:
        console.print(f"  {file}", soft_wrap=True, markup=False)
    if len(result.get("files", [])) > 12:
        console.print(f"  and {len(result['files']) - 12} more")
    if "megabytes" in result:
        console.print(f"  {result['megabytes']:,.0f} MB")
    if "report" in result:
        console.print(f"Report: {result['report']}", soft_wrap=True)
