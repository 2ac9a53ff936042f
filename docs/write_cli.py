"""Write docs/cli.md from the help texts of all commands.

python docs/write_cli.py
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

PAGE = Path(__file__).with_name("cli.md")
HEAD = """# The command line

Written by `python docs/write_cli.py` from the commands themselves: edit those.
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
        optional = parameter.param_type_name == "option"
        name = ", ".join(parameter.opts) if optional else parameter.name.upper()
        words = getattr(parameter, "help", "") or ""
        yield f"| `{name}` | {shown(parameter)} | {words} |\n"


def shown(parameter: Any) -> str:
    """The default as one would type it."""
    default = parameter.default
    if default in (None, False, "") or callable(default) or "Sentinel" in type(default).__name__:
        return ""
    return f"`{default}`"


if __name__ == "__main__":
    os.environ["COLUMNS"] = "100"
    PAGE.write_text(page())
    print(PAGE)
