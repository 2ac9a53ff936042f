"""The command line: one file per command, found by its name."""

from __future__ import annotations

import importlib
import pkgutil
import re
import sys
from typing import Annotated

import typer

from lamella.cli.output import json_on_failure, shown
from lamella.cli.stopping import INTERRUPTED, Stopped
from lamella.errors import LamellaError


def build_app(*, plain: bool = False) -> typer.Typer:
    """An app with the `command` function, or the `app` group, of every file beside this one.

    With `plain` what is wrong with a command line is said in one line, without a box.
    """
    app = typer.Typer(
        rich_markup_mode=None if plain else "markdown",
        name="lamella",
        help="A microscope for the layers of a neural network.",
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        add_completion=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    app.callback()(_options)
    for found in pkgutil.iter_modules(__path__):
        module = importlib.import_module(f"{__name__}.{found.name}")
        if hasattr(module, "app"):
            app.add_typer(module.app, name=found.name)
        elif hasattr(module, "command"):
            app.command(found.name)(module.command)
    return app


def _print_version(asked: bool) -> None:
    if asked:
        from lamella import __version__

        print(__version__)
        raise typer.Exit


def _options(
    version: Annotated[
        bool,
        typer.Option(
            "--version", help="Print the version.", callback=_print_version, is_eager=True
        ),
    ] = False,
) -> None:
    """A microscope for the layers of a neural network."""


def main() -> None:
    """Run the command line; a LamellaError ends it with its message and exit code 1.

    After Ctrl-C the code is 130, and there is always a word on what is kept. With --json there is
    one JSON object on standard output also where the command fails, with the same exit code.
    """
    with json_on_failure("--json" in sys.argv[1:]) as plain:
        try:
            (build_app(plain=True) if plain else build_app())()
        except Stopped as stopped:
            print(f"\nlamella: {stopped}", file=sys.stderr)
            raise SystemExit(INTERRUPTED) from None
        except LamellaError as error:
            print(shown(as_command(str(error), sys.argv[1:])), file=sys.stderr)
            raise SystemExit(1) from None
        except SystemExit as end:  # typer makes it of a KeyboardInterrupt that no command caught
            if end.code == INTERRUPTED:
                print("\nlamella: stopped.", file=sys.stderr)
            raise


def as_command(text: str, words: list[str]) -> str:
    """The line for an error: what a Python function wants is what the command wants.

    >>> as_command("measure() wants jobs of at least 1, got 0.", ["measure", "runs", "--jobs", "0"])
    'lamella measure wants jobs of at least 1, got 0.'
    >>> as_command("no study is called 'sphere'.", ["study", "sphere"])
    "lamella: no study is called 'sphere'."
    """
    text = re.sub(r"^\w+\([^()]*\) wants ", f"{' '.join(['lamella', *words[:1]])} wants ", text)
    return text if text.startswith("lamella ") else f"lamella: {text}"
