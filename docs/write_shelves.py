"""Write the stubs of the shelves, by which editors and type checkers know their functions.

python docs/write_shelves.py
"""

from __future__ import annotations

from pathlib import Path

from lamella.registry import REGISTRIES, Registry

SOURCE = Path(__file__).parents[1] / "src"
WIDTH = 100


def stub(registry: Registry) -> str:
    """An import of each function that lies in the package, by file, and their names."""
    own = {n: f for n, f in registry.items() if f.__module__.startswith(f"{registry.package}.")}
    files = sorted({function.__module__ for function in own.values()})
    imports = [line(file, sorted(n for n in own if own[n].__module__ == file)) for file in files]
    names = "".join(f'    "{name}",\n' for name in sorted(own))
    return "\n".join(imports) + f"\n\n__all__ = [\n{names}]\n"


def line(file: str, names: list[str]) -> str:
    """One import, wrapped where it is too long."""
    text = f"from {file} import {', '.join(names)}"
    if len(text) <= WIDTH:
        return text
    wrapped = "".join(f"    {name},\n" for name in names)
    return f"from {file} import (\n{wrapped})"


def place(registry: Registry) -> Path:
    """Where the stub of a registry lies."""
    return SOURCE.joinpath(*registry.package.split("."), "__init__.pyi")


if __name__ == "__main__":
    for each in REGISTRIES:
        place(each).write_text(stub(each))
