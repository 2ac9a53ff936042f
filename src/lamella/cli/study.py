"""`lamella study`: the ready studies."""

from __future__ import annotations

from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from lamella.cli.options import command_of
from lamella.cli.output import print_json


class Studies(TyperGroup):
    """A command for each registered study, made from its signature when it is asked for."""

    def list_commands(self, ctx: typer.Context) -> list[str]:
        from lamella.registry import studies

        return [*super().list_commands(ctx), *studies]

    def get_command(self, ctx: typer.Context, cmd_name: str) -> Any:
        from lamella.registry import studies

        if (own := super().get_command(ctx, cmd_name)) is not None:
            return own
        single = typer.Typer(rich_markup_mode="markdown", add_completion=False)
        single.command(cmd_name)(command_of(studies[cmd_name]))
        return typer.main.get_command(single)


app = typer.Typer(
    rich_markup_mode="markdown", cls=Studies, help="Run a ready study.", no_args_is_help=True
)


@app.callback()
def group() -> None:
    """Run a ready study."""


@app.command("list")
def list_studies(
    as_json: Annotated[bool, typer.Option("--json", help="Print as JSON.")] = False,
) -> None:
    """Name every study and what it shows."""
    from lamella.registry import studies

    cards = {name: studies.card(name).summary for name in studies}
    if as_json:
        return print_json(cards)
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    for name, summary in cards.items():
        table.add_row(f"[bold]{name}[/bold]", summary)
    Console().print(table)
