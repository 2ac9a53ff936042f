"""Write docs/cli.md from the help texts of all commands.

python docs/write_cli.py
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

PAGE = Path(__file__).with_name("cli.md")
HEAD = """# The command line

Written by `python docs/write_cli.py` from the commands themselves: edit those. In the column of
defaults a dash is an option that is not set; a flag with nothing there is off.
"""


def page() -> str:
    """The whole page."""
    import typer

    from lamella.cli import build_app

    root = typer.main.get_command(build_app())
    return HEAD + "".join(sections("lamella", root))


def sections(path: str, command: Any):
    """A section for a command, or for each command of a group."""
    context = command.make_context(path, [], resilient_parsing=True)
    if hasattr(command, "list_commands"):
        for name in command.list_commands(context):
            yield from sections(f"{path} {name}", command.get_command(context, name))
        return
    yield f"\n## {path}\n\n{(command.help or '').strip()}\n\n"
    yield "| argument | default | what |\n|---|---|---|\n"
    for parameter in command.params:
        words, default = told(parameter)
        default = default or default_of(parameter, context)
        yield f"| {name_of(parameter)} | {default} | {words} |\n"


def told(parameter: Any) -> tuple[str, str]:
    """The help text, and the default that it ends with: "workers; one for each core by default"."""
    words = getattr(parameter, "help", "") or ""
    found = re.fullmatch(r"(.*); ([^;]*) by default(\.?)", words)
    return (found[1] + found[3], found[2]) if found else (words, "")


def name_of(parameter: Any) -> str:
    """An argument in capitals; an option with its short and its opposite form."""
    if parameter.param_type_name != "option":
        return f"`{parameter.name.upper()}`"
    return ", ".join(f"`{name}`" for name in (*parameter.opts, *parameter.secondary_opts))


def default_of(parameter: Any, context: Any) -> str:
    """The default as one would type it, in words where the command has words, or a dash."""
    default, words = parameter.get_default(context), getattr(parameter, "show_default", None)
    if parameter.required:
        return "required"
    if isinstance(words, str):
        return words
    if isinstance(default, bool):
        return flag(parameter, default)
    if isinstance(default, list | tuple):
        return ", ".join(f"`{item}`" for item in default) or "-"
    return "-" if default is None or default == "" else f"`{default}`"


def flag(parameter: Any, default: bool) -> str:
    """The form of a flag that holds unless the other is given; nothing for a lone one."""
    forms = parameter.opts if default else parameter.secondary_opts
    return f"`{forms[0]}`" if forms and parameter.secondary_opts else ""


if __name__ == "__main__":
    os.environ["COLUMNS"] = "100"
    PAGE.write_text(page())
    print(PAGE)
