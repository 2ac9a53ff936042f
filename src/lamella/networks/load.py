"""Models by name, by file, from timm or torchvision, with weights from a file."""

from __future__ import annotations

import importlib
import importlib.util
import inspect
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lamella.errors import InputError, LamellaError, bad_input, missing_extra
from lamella.networks.seeded import seeded_weights
from lamella.registry import models

if TYPE_CHECKING:
    from torch import nn

SPECS = "a registered name, package.module:factory, file.py:factory, timm:NAME or torchvision:NAME"
LIBRARY_NAME = re.compile(r"[\w.]+", re.ASCII)  # nothing that a library would fetch or open


class WeightsError(LamellaError):
    """A file of weights cannot be read, or does not fit the model."""


def load_model(
    spec: str,
    input_shape: tuple[int, ...],
    classes: int,
    *,
    weights: str | Path | None = None,
    pretrained: bool = False,
    seed: int = 0,
) -> nn.Module:
    """The model that `spec` names, for that input and number of classes.

    `spec` is a registered name, `package.module:factory`, `path/to/file.py:factory`, `timm:NAME`
    or `torchvision:NAME`. A factory is called with those of input_shape, classes and seed that it
    has parameters for. `weights` is a .safetensors file or a checkpoint of tensors; `pretrained`
    asks timm or torchvision for their weights and keeps their own classes.

    Raises UnknownName, MissingExtra, InputError, or WeightsError for weights that do not fit.
    """
    facts = {"input_shape": input_shape, "classes": classes, "seed": seed}
    named = parse_model(spec)
    if named.kind == "registered":
        net = models[named.name](input_shape, classes, seed=seed)
    elif named.kind == "library":
        net = LIBRARIES[named.source](named.name, input_shape, classes, pretrained, seed)
    else:
        net = call_factory(find_factory(named, spec), facts, spec, seed)
    if weights is not None:
        load_weights(net, weights)
    return net.eval()


@dataclass(frozen=True)
class ModelName:
    """What names a model: its kind ("registered", "library", "file" or "module") and parts."""

    kind: str
    source: str
    name: str

    @property
    def runs_code(self) -> bool:
        """Whether building it runs code that neither lamella nor an installed library has."""
        return self.kind in ("file", "module")


def parse_model(spec: str) -> ModelName:
    """The one reading of a model's name; InputError for what names nothing.

    What begins with a library's name is a model of that library or nothing, so that
    `timm:file.py:f` is no file. A library's names are letters, digits, dots and underscores.

    >>> parse_model("timm:resnet18.a1_in1k").kind, parse_model("net.py:make").kind
    ('library', 'file')
    """
    source, colon, name = spec.partition(":")
    if source in LIBRARIES and colon:
        if not LIBRARY_NAME.fullmatch(name):
            do = f"Name a model of {source} by letters, digits, dots and underscores"
            raise bad_input("load_model()", wanted=f"{source}:NAME", got=repr(spec), do=do)
        return ModelName("library", source, name)
    source, colon, name = spec.rpartition(":")
    if not colon and spec.endswith(".py"):
        do = f"Write {spec}:FACTORY, with the function in it that returns the model"
        raise bad_input("load_model()", wanted=SPECS, got=repr(spec), do=do)
    if not colon:
        return ModelName("registered", "", spec)
    return ModelName("file" if source.endswith(".py") else "module", source, name)


def find_factory(named: ModelName, spec: str) -> Callable[..., Any]:
    """The function that a name means in a module or a Python file; InputError if there is none."""
    try:
        file = named.kind == "file"
        module = import_file(Path(named.source)) if file else import_module(named.source)
        return getattr(module, named.name)
    except Exception as error:  # a file of the user's may raise anything while it is imported
        raise bad_input(
            "load_model()",
            wanted=SPECS,
            got=f"{spec!r} ({type(error).__name__}: {error})",
            do="Correct it, or put its folder on PYTHONPATH",
        ) from error


def import_module(name: str) -> Any:
    """A module by its dotted name, the current folder included."""
    import sys

    if "" not in sys.path:
        sys.path.append("")
    return importlib.import_module(name)


def import_file(path: Path) -> Any:
    """A Python file as a module of its own name."""
    spec = importlib.util.spec_from_file_location(path.stem, path)
    if spec is None or spec.loader is None or not path.is_file():
        raise ImportError(f"there is no Python file {path}")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def call_factory(
    factory: Callable[..., Any], facts: dict[str, Any], spec: str, seed: int
) -> nn.Module:
    """The module that a factory makes; a module itself is taken as it is."""
    from torch import nn

    if isinstance(factory, nn.Module):
        return factory
    try:
        accepted = inspect.signature(factory).parameters
        with seeded_weights(seed):
            net = factory(**{k: v for k, v in facts.items() if k in accepted})
    except LamellaError:
        raise
    except Exception as error:  # the factory is the user's
        raise InputError(
            f"{spec} wants to be called with some of {', '.join(facts)} and to return a "
            f"torch.nn.Module, got {type(error).__name__}: {error}. Give its other parameters "
            "defaults, or correct it."
        ) from error
    if not isinstance(net, nn.Module):
        raise InputError(
            f"{spec} wants to return a torch.nn.Module, got {type(net).__name__}. Change it."
        )
    return net


def from_timm(
    name: str, input_shape: tuple[int, ...], classes: int, pretrained: bool, seed: int
) -> nn.Module:
    """A model of timm, with the right number of channels and classes."""
    try:
        import timm  # type: ignore[import-not-found]
    except ImportError as error:
        raise missing_extra("timm", "timm", f"the model timm:{name}") from error
    own = {} if pretrained else {"num_classes": classes, "in_chans": input_shape[0]}
    with seeded_weights(seed), library_errors(f"timm:{name}"):
        return timm.create_model(name, pretrained=pretrained, **own)


def from_torchvision(
    name: str, input_shape: tuple[int, ...], classes: int, pretrained: bool, seed: int
) -> nn.Module:
    """A model of torchvision, with the right number of classes."""
    try:
        import torchvision  # type: ignore[import-not-found]
    except ImportError as error:
        raise missing_extra(
            "torchvision", "torchvision", f"the model torchvision:{name}"
        ) from error
    with seeded_weights(seed), library_errors(f"torchvision:{name}"):
        if pretrained:
            return torchvision.models.get_model(name, weights="DEFAULT")
        return torchvision.models.get_model(name, weights=None, num_classes=classes)


@contextmanager
def library_errors(spec: str) -> Iterator[None]:
    """What a library raises over a name of a model or its weights, as an InputError."""
    try:
        yield
    except Exception as error:  # each library has errors of its own
        raise bad_input(
            "load_model()",
            wanted="a model that its library can build",
            got=f"{spec} ({type(error).__name__}: {error})",
            do="Correct the name, or fetch its weights first",
        ) from error


LIBRARIES = {"timm": from_timm, "torchvision": from_torchvision}


def load_weights(net: nn.Module, path: str | Path) -> None:
    """Put the weights of a file into a model; WeightsError lists the keys that do not fit.

    Safetensors, or a checkpoint that Torch reads with weights_only: a dictionary of tensors, or
    one that has it under state_dict, model_state_dict or model. A common prefix such as
    "module." or our checkpoints' "model/" is dropped.
    """
    import torch

    state = read_weights(Path(path))
    mine = net.state_dict()
    state = matched(state, set(mine))
    missing, unexpected = sorted(set(mine) - set(state)), sorted(set(state) - set(mine))
    shapes = [
        f"{key} {tuple(state[key].shape)} for {tuple(mine[key].shape)}"
        for key in sorted(set(mine) & set(state))
        if state[key].shape != mine[key].shape
    ]
    if missing or unexpected or shapes:
        raise WeightsError(
            f"the weights of {path} do not fit {type(net).__name__}. Missing: {some(missing)}. "
            f"Unexpected: {some(unexpected)}. Of another shape: {some(shapes)}."
        )
    with torch.no_grad():
        net.load_state_dict(state)


def read_weights(path: Path) -> dict[str, Any]:
    """The tensors of a file by name; WeightsError if it is neither of the two kinds."""
    import torch

    try:
        if path.suffix == ".safetensors":
            from safetensors.torch import load_file

            return load_file(str(path))
        state = torch.load(path, map_location="cpu", weights_only=True)
    except Exception as error:  # both libraries have errors of their own
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise WeightsError(
            f"{path} wants to be a .safetensors file or a checkpoint of tensors only, got: "
            f"{reason}. Save the model's state_dict()."
        ) from error
    for key in ("state_dict", "model_state_dict", "model"):
        if isinstance(state, dict) and isinstance(state.get(key), dict):
            state = state[key]
    return {str(k): v for k, v in state.items() if hasattr(v, "shape")}


def matched(state: dict[str, Any], wanted: set[str]) -> dict[str, Any]:
    """The state without the prefix that keeps its keys from fitting.

    >>> matched({"module.fc": 1}, {"fc"})
    {'fc': 1}
    """
    for prefix in ("model/", "module.", "model.", "_orig_mod."):
        bare = {k[len(prefix) :]: v for k, v in state.items() if k.startswith(prefix)}
        if len(wanted & set(bare)) > len(wanted & set(state)):
            return bare
    return state


def some(names: list[str]) -> str:
    """The first eight names and how many more."""
    more = f" and {len(names) - 8} more" if len(names) > 8 else ""
    return ", ".join(names[:8]) + more or "none"
