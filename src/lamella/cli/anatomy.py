"""`lamella anatomy`: how a network is built and what it costs."""

from __future__ import annotations

import sys
from typing import Annotated, Any

import typer

from lamella.cli.output import print_json


def command(
    model: Annotated[
        str, typer.Argument(help="Registered name, package.module:factory or file.py:factory.")
    ],
    input: Annotated[
        list[str], typer.Option(help="One sample's shape: 3x32x32; again for a second argument.")
    ],
    batch: Annotated[int, typer.Option(help="Batch size that memory and work are for.")] = 1,
    classes: Annotated[int, typer.Option(help="Classes of a registered model.")] = 10,
    layer: Annotated[
        str | None, typer.Option(help="Show the receptive field of this layer instead.")
    ] = None,
    unit: Annotated[
        str | None, typer.Option(help="Unit of that layer as row,column; the middle by default.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print as JSON.")] = False,
    as_markdown: Annotated[bool, typer.Option("--markdown", help="Print as Markdown.")] = False,
) -> None:
    """Layers, shapes, parameters, work, memory and receptive fields of any model.

    Works from the calls that one forward pass executes. Warns for every layer whose window does
    not divide its input, so that rows or columns at the end are never read.
    """
    from lamella.anatomy.input_spec import parse_input
    from lamella.networks.load import load_model

    specs = [parse_input(text) for text in input]
    net = load_model(model, specs[0].shape, classes)
    if layer is not None:
        return show_field(net, specs, layer, unit, as_json)
    from lamella.anatomy.layer_tables import layer_table

    table = layer_table(net, specs, batch=batch)
    if as_json:
        return print_json(table.json())
    from lamella.anatomy.show_table import markdown, rich_table, totals

    if as_markdown:
        return print(markdown(table))
    from rich.console import Console

    console = Console(width=None if sys.stdout.isatty() else 160)
    console.print(rich_table(table))
    for line in totals(table):
        console.print(line, style="yellow" if line.startswith("Warning") else "", highlight=False)


def show_field(net: Any, specs: list[Any], layer: str, unit: str | None, as_json: bool) -> None:
    """Print the receptive field of one unit."""
    from dataclasses import asdict

    from lamella.anatomy.receptive_fields import receptive_field

    field = receptive_field(net, specs, layer, parse_unit(unit))
    if as_json:
        return print_json(asdict(field))
    sizes = " x ".join("no one size" if n is None else str(n) for n in field.size)
    places = ", ".join(f"{a}..{b}" for a, b in zip(field.low, field.high, strict=True))
    jumps = " x ".join("none" if j is None else f"{j:g}" for j in field.jump)
    offsets = " x ".join("none" if o is None else str(o) for o in field.offset)
    print(f"{field.layer}: field {sizes} pixels, jump {jumps}, offset {offsets}")
    print(f"unit {field.unit} of {field.map_size} sees {places} of {field.input_size}")


def parse_unit(text: str | None) -> tuple[int, ...] | None:
    """A unit's place such as 3,4.

    >>> parse_unit("3,4")
    (3, 4)
    """
    from lamella.errors import bad_input

    if text is None:
        return None
    try:
        return tuple(int(part) for part in text.split(","))
    except ValueError:
        raise bad_input(
            "anatomy --unit", wanted="row,column such as 3,4", got=repr(text), do="Count from 0"
        ) from None
