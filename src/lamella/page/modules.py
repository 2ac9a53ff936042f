"""The page's ES modules joined into one classic script, and its style sheets into one."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from posixpath import dirname, join, normpath

from lamella.errors import LamellaError

Read = Callable[[str], str]
IMPORT = re.compile(r'^import (?:\{([^}]*)\} from )?"([^"]+)";\n', re.M)
REEXPORT = re.compile(r'^export \{([^}]*)\} from "([^"]+)";\n', re.M)
EXPORT = re.compile(r"^export (?=(?:const|class|(?:async )?function\*?) (\w+))", re.M)
OTHER = re.compile(r"^(?:import|export)\b.*", re.M)
SHEET = re.compile(r'^@import "([^"]+)";\n', re.M)


class ModuleError(LamellaError):
    """Modules of the page that cannot be joined."""


@dataclass(frozen=True)
class Module:
    """A module: what it imports as names by path, what it exports, and its text without either.

    Names are pairs of the name in the other module and the name here.
    """

    path: str
    imports: Mapping[str, tuple[tuple[str, str], ...]]
    reexports: Mapping[str, tuple[tuple[str, str], ...]]
    exports: tuple[str, ...]
    body: str

    @property
    def needs(self) -> tuple[str, ...]:
        """The paths of the modules that must stand before this one."""
        return tuple(dict.fromkeys([*self.imports, *self.reexports]))

    @property
    def offers(self) -> tuple[str, ...]:
        """All names that other modules may import from here."""
        return (*self.exports, *(name for names in self.reexports.values() for _, name in names))


def parsed(path: str, text: str) -> Module:
    """A module from its text.

    Imports and exports begin a line and name what they take: `import { a, b as c } from "./x.js";`,
    `import "./x.js";`, `export { a } from "./x.js";`, `export const`, `function` or `class`. What
    is exported never changes, since an importing module gets the value and not the binding.
    """
    imports = {_resolved(path, source): _names(names) for names, source in IMPORT.findall(text)}
    reexports = {_resolved(path, source): _names(names) for names, source in REEXPORT.findall(text)}
    body = REEXPORT.sub("", IMPORT.sub("", text))
    exports = tuple(EXPORT.findall(body))
    body = EXPORT.sub("", body)
    if other := OTHER.search(body):
        raise ModuleError(
            f"{path} wants imports and exports as lamella.page.modules.parsed describes them, got "
            f"{other.group(0)!r}. Write it so, without default, * or a changing binding."
        )
    return Module(path, imports, reexports, exports, body)


def modules_of(entry: str, read: Read) -> list[Module]:
    """The modules that an entry needs, itself last, in the order in which a browser runs them.

    Raises ModuleError where they need each other in a circle, or import what is not exported.
    """
    found: dict[str, Module] = {}
    _collect(entry, read, found, ())
    for module in found.values():
        _check_names(module, found)
    return list(found.values())


def joined_script(entry: str, read: Read, name: str) -> str:
    """The modules of an entry as one classic script; what the entry exports becomes `window.name`.

    Each module keeps a scope of its own.
    """
    parts = [_wrapped(module) for module in modules_of(entry, read)]
    head = '"use strict";\n(() => {\nconst modules = {};\n'
    return f"{head}{''.join(parts)}window.{name} = modules[{entry!r}];\n}})();\n"


def joined_sheet(entry: str, read: Read) -> str:
    """The style sheets that an entry imports, in its order, then its own rules."""
    text = read(entry)
    parts = [joined_sheet(_resolved(entry, source), read) for source in SHEET.findall(text)]
    return "".join([*parts, SHEET.sub("", text)])


def _collect(path: str, read: Read, found: dict[str, Module], above: tuple[str, ...]) -> None:
    if path in above:
        circle = " -> ".join([*above[above.index(path) :], path])
        raise ModuleError(f"The page wants modules without a circle, got {circle}. Move one out.")
    if path in found:
        return
    try:
        module = parsed(path, read(path))
    except KeyError as error:
        raise ModuleError(
            f"{above[-1] if above else 'The page'} wants a module {path}, got none."
        ) from error
    for each in module.needs:
        _collect(each, read, found, (*above, path))
    found[path] = module


def _check_names(module: Module, found: Mapping[str, Module]) -> None:
    for wanted in (module.imports, module.reexports):
        for path, names in wanted.items():
            for name, _ in names:
                if name not in found[path].offers:
                    raise ModuleError(
                        f"{module.path} wants {name} of {path}, got no such export. "
                        f"It exports {', '.join(found[path].offers) or 'nothing'}."
                    )


def _wrapped(module: Module) -> str:
    heads = [
        f"const {{ {', '.join(_bound(*pair) for pair in names)} }} = modules[{path!r}];\n"
        for path, names in module.imports.items()
        if names
    ]
    own = [*module.exports]
    own += [
        f"{name}: modules[{path!r}].{theirs}"
        for path, names in module.reexports.items()
        for theirs, name in names
    ]
    body = f"{''.join(heads)}{module.body.strip()}\nreturn {{ {', '.join(own)} }};\n"
    return f"modules[{module.path!r}] = (() => {{\n{body}}})();\n"


def _bound(theirs: str, here: str) -> str:
    return here if theirs == here else f"{theirs}: {here}"


def _names(text: str) -> tuple[tuple[str, str], ...]:
    pairs = [part.split(" as ") for part in map(str.strip, text.split(",")) if part]
    return tuple((pair[0].strip(), pair[-1].strip()) for pair in pairs)


def _resolved(path: str, source: str) -> str:
    return normpath(join(dirname(path), source))
