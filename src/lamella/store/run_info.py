"""run.json, checked once against what docs/run-format.md says, so that all else may rely on it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from math import prod
from pathlib import Path
from typing import Any

from lamella.errors import RunError
from lamella.store.layout import DATABASE, FOLDERS, FORMAT, INFO, VERSION, info_path
from lamella.store.opening import check_inside, read_regular

MOST_BYTES = 8_000_000  # of run.json: some 50,000 layers
DEPTH = 60  # lists within lists; what shows them is recursive
NAME_LENGTH = 2000
STATUSES = ("running", "finished", "stopped", "failed")
PROBE = re.compile(r"\w[\w.-]*")  # the name of a file and of a split
RESERVED = ("both", "input")
CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")  # what moves a terminal's cursor
WHOLE = 2**53  # greater numbers are not exact in every reader
Check = Callable[[Any], str]


def load_info(path: Path) -> dict[str, Any]:
    """run.json of a run; RunError that names the file and the first thing that is wrong in it."""
    file = info_path(path)
    if not file.exists() and not file.is_symlink():
        raise RunError(
            f"open_run() wants a run folder (one with {INFO}), got {path}. "
            "Record one with lamella.record(), or list them with: lamella runs FOLDER."
        )
    try:
        info = json.loads(read_regular(file, MOST_BYTES, path).decode())
    except RecursionError:
        raise wrong(file, "a few levels of lists", "more than can be read") from None
    except ValueError as error:
        raise RunError(f"{file} cannot be read: {error}. Copy the run again.") from error
    if not isinstance(info, dict) or info.get("format") != FORMAT:
        raise RunError(f"{file} is not of a lamella run. Choose another folder.")
    check_version(path, info.get("version"))
    for wanted, got in faults(info):
        raise wrong(file, wanted, got)
    for name in (*FOLDERS, DATABASE):
        check_inside(path / name, path)
    return info


def complete(info: Mapping[str, Any], path: Path) -> dict[str, Any]:
    """The same facts with what older or foreign runs may leave out."""
    filled = {"name": path.absolute().name, "class_names": [], "model": {}, "process": {}}
    filled |= {"versions": {}, "hardware": {}, "skipped": {}, "description": ""}
    given = {name: value for name, value in info.items() if value is not None}
    layers = [{"type": "", "shape": [], **layer} for layer in info["layers"]]
    probes = {name: {"shape": [], **facts} for name, facts in info["probes"].items()}
    return {**info, **filled, **given, "layers": layers, "probes": probes}


def check_version(path: Path, version: Any) -> None:
    """RunError for a run of a format that this lamella does not know."""
    if isinstance(version, bool) or version not in range(1, VERSION + 1):
        raise RunError(
            f"{path} is a run of format version {version!r:.40}, this lamella reads "
            f"versions 1 to {VERSION}. Upgrade lamella."
        )


def wrong(file: Path, wanted: str, got: str) -> RunError:
    """The error for a run.json that says something impossible."""
    return RunError(f"{file} wants {wanted}, got {got}. Copy the run again.")


def faults(info: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """What is wrong: what was wanted and what was there."""
    yield from strange_values(info)
    for key, check in KEYS.items():
        if key not in info and key in OPTIONAL:
            continue
        if said := check(info.get(key)):
            yield f"{key}{said}", shown(info.get(key))
    names = [layer["name"] for layer in info["layers"]]
    if len(set(names)) < len(names):
        yield "layers of different names", shown(max(names, key=names.count))


def strange_values(value: Any) -> Iterator[tuple[str, str]]:
    """Depth, texts and numbers that a page, a terminal or JavaScript could not show."""
    level, depth = [value], 0
    while level:
        depth += 1
        if depth > DEPTH:
            yield f"at most {DEPTH} levels of lists", "more"
            return
        below: list[Any] = []
        for item in level:
            if isinstance(item, dict):
                below += [*item, *item.values()]
            elif isinstance(item, list):
                below += item
            elif isinstance(item, str) and not encodable(item):
                yield "texts that can be written as UTF-8", ascii(item)[:60]
            elif isinstance(item, int) and abs(item) > 2**63:
                yield "numbers of at most 64 bits", f"{len(str(item))} digits"
        level = below


def encodable(text: str) -> bool:
    """Whether a text is without lone halves of surrogate pairs."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def shown(value: Any) -> str:
    """A value as it stands in an error."""
    return repr(value)[:80]


def is_name(value: Any) -> bool:
    """Whether a value can be a name on a line of its own."""
    return is_label(value) and value != "" and not CONTROL.search(value)


def is_label(value: Any) -> bool:
    """Whether a value can name a layer or a class, whatever its letters."""
    return isinstance(value, str) and len(value) <= NAME_LENGTH


def is_count(value: Any) -> bool:
    """Whether a value is a whole number from 0."""
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= WHOLE


def is_shape(value: Any) -> bool:
    """Whether a value is a list of sizes whose product a computer can count."""
    return isinstance(value, list) and all(map(is_count, value)) and prod(value) <= WHOLE


def of(kind: type, words: str) -> Check:
    """A check of a type."""
    return lambda value: "" if isinstance(value, kind) else f" as {words}"


def maybe(check: Check) -> Check:
    """The same check where null is allowed."""
    return lambda value: "" if value is None else check(value)


def checked(right: Callable[[Any], bool], words: str) -> Check:
    """A check by a function."""
    return lambda value: "" if right(value) else f" as {words}"


def layer_fault(layers: Any) -> str:
    """What is wrong with the list of layers."""
    if not isinstance(layers, list) or not all(isinstance(layer, dict) for layer in layers):
        return " as a list of objects"
    for layer in layers:
        name = layer.get("name")
        if not is_label(name) or name in ("", "input"):
            return f" with names, not {shown(name)}"
        if not is_label(layer.get("type", "")) or not is_count(layer.get("parameters", 0)):
            return f" with a type and a number of parameters, not as in {shown(name)}"
        if not is_shape(layer.get("shape", [])) or not is_shape(layer.get("stored") or []):
            return f" with shapes of whole numbers, not as in {shown(name)}"
    return ""


def probe_fault(probes: Any) -> str:
    """What is wrong with the probes."""
    if not isinstance(probes, dict) or not all(isinstance(p, dict) for p in probes.values()):
        return " as objects by name"
    if not probes:
        return ", at least one"
    for name, facts in probes.items():
        if not PROBE.fullmatch(name) or len(name) > 200 or name in RESERVED:
            return f" named by letters, digits, . _ and -, not {shown(name)}"
        if not is_count(facts.get("samples")) or not isinstance(facts.get("labels"), bool):
            return f" with a number of samples and whether there are labels, not as in {name!r}"
        if not is_shape(facts.get("shape", [])) or not is_label(facts.get("fingerprint", "")):
            return f" with a shape and a fingerprint, not as in {name!r}"
    return ""


def process_fault(process: Any) -> str:
    """What is wrong with the process that writes or wrote a run."""
    if process == {}:
        return ""
    if not isinstance(process, dict) or not isinstance(process.get("host"), str):
        return " as an object with pid, host and started"
    pid, started = process.get("pid"), process.get("started")
    right = type(pid) is int and 0 < pid < 2**31
    if not right or not isinstance(started, str | None):
        return " with the number of a process"
    return ""


def study_fault(study: Any) -> str:
    """What is wrong with the facts of a study; `net` and `model` are names where they are."""
    if not isinstance(study, dict):
        return " as an object"
    for key in ("net", "model", "study"):
        if not isinstance(study.get(key), str | None) or len(study.get(key) or "") > NAME_LENGTH:
            return f" with a name as {key}"
    return "" if isinstance(study.get("options"), dict | None) else " with options as an object"


def class_fault(names: Any) -> str:
    """What is wrong with the names of the classes."""
    return "" if isinstance(names, list) and all(map(is_label, names)) else " as a list of texts"


def model_fault(model: Any) -> str:
    """What is wrong with the facts of the model."""
    if not isinstance(model, dict) or not is_label(model.get("class", "")):
        return " as an object with the name of a class"
    return "" if is_count(model.get("parameters", 0)) else " with a number of parameters"


OBJECT, TEXT = of(dict, "an object"), of(str, "a text")
KEYS: dict[str, Check] = {
    "layers": layer_fault,
    "probes": probe_fault,
    "status": checked(lambda s: s in STATUSES, f"one of {', '.join(STATUSES)}"),
    "name": maybe(checked(is_name, "a name on one line")),
    "created": maybe(checked(is_label, "a time")),
    "process": maybe(process_fault),
    "model": maybe(model_fault),
    "class_names": maybe(class_fault),
    "study": maybe(study_fault),
    "seed": maybe(of(int, "a whole number")),
    "versions": maybe(OBJECT),
    "hardware": maybe(OBJECT),
    "skipped": maybe(OBJECT),
    "cost": maybe(OBJECT),
    "description": maybe(TEXT),
    "problems": maybe(of(list, "a list")),
}
OPTIONAL = set(KEYS) - {"layers", "probes", "status"}
