"""A command from the signature of a study: one place for its arguments, their types and words."""

from __future__ import annotations

import inspect
import typing
from collections.abc import Callable, Mapping
from typing import Annotated, Any

import typer

from lamella.cli.output import print_json
from lamella.cli.stopping import stopping


def command_of(function: Callable[..., dict[str, Any]]) -> Callable[..., None]:
    """A typer command with an option for each keyword of a study, and `--json`.

    A keyword annotated `Annotated[int, "how many"]` becomes `--keyword` with that help text.
    """
    hints = typing.get_type_hints(function, include_extras=True)
    keywords = inspect.signature(function).parameters.values()
    options = [k.replace(annotation=_option(hints[k.name])) for k in keywords]
    as_json = inspect.Parameter(
        "as_json",
        inspect.Parameter.KEYWORD_ONLY,
        default=False,
        annotation=Annotated[bool, typer.Option("--json", help="Print the result as JSON.")],
    )

    def command(as_json: bool, **arguments: Any) -> None:
        with stopping(lambda: kept_words(arguments)):
            result = function(**arguments)
        print_json(result) if as_json else print_summary(result)

    signature = inspect.Signature([*options, as_json])
    command.__signature__ = signature  # type: ignore[attr-defined]
    command.__annotations__ = {p.name: p.annotation for p in signature.parameters.values()}
    command.__doc__ = inspect.getdoc(function)
    return command


def _option(hint: Any) -> Any:
    """The hint with its words as a typer option."""
    if typing.get_origin(hint) is not Annotated:
        return hint
    kind, *words = typing.get_args(hint)
    return Annotated[kind, typer.Option(help=str(words[0]))]


def kept_words(arguments: Mapping[str, Any]) -> str:
    """What is left of a study that was stopped, by the arguments that it has.

    >>> kept_words({"out": "runs/a", "resume": False})
    'stopped; what was finished is kept in runs/a, and the same command with --resume goes on.'
    >>> kept_words({"out": "runs/a"})
    'stopped before the report was written; this study starts anew.'
    """
    if "resume" in arguments:
        more = "" if arguments["resume"] else " with --resume"
        return (
            f"stopped; what was finished is kept in {arguments['out']}, "
            f"and the same command{more} goes on."
        )
    again = ", with --overwrite" if "overwrite" in arguments else ""
    return f"stopped before the report was written; this study starts anew{again}."


def print_summary(result: dict[str, Any]) -> None:
    """What a study found, in a few lines for a terminal."""
    from rich.console import Console

    console = Console()
    console.print(f"\n[bold]{result['study']}[/bold] took {result['seconds']:.0f} s")
    for name, facts in result.get("nets", {}).items():
        shown = ", ".join(f"{k} {_short(v)}" for k, v in facts.items() if _is_number(v))
        console.print(f"  {name}: {shown}", highlight=False)
    if "premise" in result:
        premise = result["premise"]
        verdict = "holds" if premise["holds"] else "[red]does not hold[/red]"
        console.print(f"  The premise {verdict}: {premise['why']}", highlight=False)
    console.print(
        f"Report: [link=file://{result['report']}]{result['report']}[/link]", soft_wrap=True
    )


def _is_number(value: Any) -> bool:
    if isinstance(value, list | tuple):
        return bool(value) and all(isinstance(v, int | float) for v in value)
    return isinstance(value, int | float)


def _short(value: Any) -> str:
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_short(v) for v in value) + "]"
    return f"{value:.4g}" if isinstance(value, float) else str(value)
