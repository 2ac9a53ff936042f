"""Running a model in eval mode; afterwards every bit of it and of chance is as it was.

Every value that the model can reach is kept before and compared after: many things change without
a trace (`batch_norm` its running statistics, `.data`, NumPy arrays), so nothing is taken on trust.
"""

from __future__ import annotations

import copy
import random
import types
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import torch
from torch import nn

from lamella.recording.modules import unwrap
from lamella.recording.reachable import Held, Names, Path, in_words, reachable
from lamella.recording.same_bits import WHOLE, same_bits

BY_VALUE = 500_000_000  # bytes of tensors that are kept; of the rest only a checksum
CHUNK = 1 << 22
Undo = tuple[Path, Callable[[], bool]]  # what is put back, and how; True where it had changed


@dataclass
class Findings:
    """What a pass changed: what was put back, and what could not be."""

    put_back: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)


@contextmanager
def preserved_state(model: nn.Module) -> Iterator[Findings]:
    """Inside: eval mode, no gradients, no autocast, wrappers bypassed. Afterwards: as before.

    What is put back, also after an exception: parameters, buffers and all other tensors, arrays,
    containers, attributes and random generators that the model holds to any depth, gradients,
    and the random streams of torch (CPU, CUDA, MPS), NumPy and Python. The findings say what had
    changed, once the block is left; tensors beyond 500 MB are checked, but cannot be put back.
    """
    findings = Findings()
    held = reachable(model)
    undo, spent = keep(held), watch_streams(held)
    grads = set_aside_gradients(held)
    streams = random_streams()
    modules = list(model.modules())
    try:
        with ExitStack() as stack:
            stack.enter_context(torch.no_grad())
            for device in ("cpu", "cuda", "mps", "xpu"):
                if torch.is_autocast_enabled(device):
                    stack.enter_context(torch.autocast(device, enabled=False))
            for module in modules:
                prepare(module)
            yield findings
    finally:
        for path, put_back in undo:
            with suppress_into(findings, path):
                if put_back():
                    findings.put_back.append(in_words(path))
        for parameter, grad in grads:
            parameter.grad = grad
        restore_streams(streams)
        findings.lost += [in_words(path) for path, has_moved in spent if has_moved()]
        findings.lost += [f"{MANY} of {type(unwrap(model)).__name__}"] * held.cut


MANY = "whatever is behind the first 200,000 objects"


@contextmanager
def suppress_into(findings: Findings, path: Path) -> Iterator[None]:
    """One thing that cannot be put back does not keep the others from it."""
    try:
        yield
    except Exception:
        findings.lost.append(in_words(path))


def prepare(module: nn.Module) -> None:
    """Eval mode by the flag alone: `train()` may be overridden to do more."""
    module.training = False
    if isinstance(module, torch.jit.ScriptModule):
        return
    if module.__dict__.get("_compiled_call_impl") is not None:
        module.__dict__["_compiled_call_impl"] = None
    for name, child in module._modules.items():
        if child is not None and unwrap(child) is not child:
            module._modules[name] = unwrap(child)


def keep(held: Held) -> list[Undo]:
    """Copies of everything, as functions that put it back where it differs; containers first."""
    undo: list[Undo] = [(path, container_undo(thing)) for path, thing in held.containers]
    left = BY_VALUE
    for path, tensor in held.tensors:
        if tensor.is_meta:
            continue
        left -= size_of(tensor)
        with suppress(Exception):  # a tensor of another library that cannot be copied
            undo.append((path, tensor_undo(tensor) if left >= 0 else tensor_check(tensor)))
    undo += [(path, array_undo(array)) for path, array in held.arrays]
    return undo + [(path, generator_undo(generator)) for path, generator in held.generators]


def size_of(tensor: torch.Tensor) -> int:
    """The bytes of a tensor; roughly, for a sparse one."""
    return tensor.numel() * tensor.element_size() if tensor.layout == torch.strided else 0


def tensor_undo(tensor: torch.Tensor) -> Callable[[], bool]:
    """Puts back the memory that a tensor stands for, its values, and whether it wants gradients."""
    alias, copied, wants = tensor.detach(), tensor.detach().clone(), tensor.requires_grad
    version = version_of(tensor)

    def put_back() -> bool:
        changed = False
        if is_elsewhere(tensor, alias):
            tensor.data = alias
            changed = True
        if not same_bits(alias, copied):
            with torch.inference_mode(alias.is_inference()), torch.no_grad():
                alias.copy_(copied)
            changed = True
        if version_of(tensor) != version:
            set_version(tensor, version)
        if tensor.requires_grad is not wants and tensor.is_leaf:
            tensor.requires_grad_(wants)
            changed = True
        return changed

    return put_back


def tensor_check(tensor: torch.Tensor) -> Callable[[], bool]:
    """Sees whether a tensor too large to keep has changed; raises where it has."""
    alias, before = tensor.detach(), checksum(tensor)

    def put_back() -> bool:
        elsewhere = is_elsewhere(tensor, alias)
        if elsewhere:
            tensor.data = alias
        if checksum(tensor) != before:
            raise RuntimeError("changed, and too large to have been kept")
        return elsewhere

    return put_back


def checksum(tensor: torch.Tensor) -> int:
    """A number that changes with the bits and their places."""
    if tensor.layout != torch.strided or tensor.is_quantized or tensor.is_complex():
        return 0
    flat = tensor.detach().reshape(-1)
    whole = flat.view(WHOLE[flat.element_size()])
    weights = torch.arange(1, min(len(whole), CHUNK) + 1, device=tensor.device)
    parts = [int((part.long() * weights[: len(part)]).sum()) for part in whole.split(CHUNK)]
    return hash(tuple(parts))


def is_elsewhere(tensor: torch.Tensor, alias: torch.Tensor) -> bool:
    """Whether `.data` was given other memory."""
    if tensor.layout != torch.strided:
        return False
    return tensor.data_ptr() != alias.data_ptr() or tensor.shape != alias.shape


def version_of(tensor: torch.Tensor) -> int | None:
    """How often autograd saw a tensor changed; inference tensors do not count."""
    return None if tensor.is_inference() else tensor._version


def set_version(tensor: torch.Tensor, version: int | None) -> None:
    """Let a graph that was built before, and needs the value that is back, still be used."""
    with suppress(Exception):  # not in every Torch
        torch._C._autograd._unsafe_set_version_counter((tensor,), (version,))  # type: ignore


def array_undo(array: np.ndarray) -> Callable[[], bool]:
    """Puts back the values of an array."""
    copied = array.copy()

    def put_back() -> bool:
        same = array.dtype == object and all(
            a is b for a, b in zip(array.flat, copied.flat, strict=True)
        )
        if same or (array.dtype != object and array.tobytes() == copied.tobytes()):
            return False
        array[...] = copied
        return True

    return put_back


def generator_undo(generator: Any) -> Callable[[], bool]:
    """Puts back the state of a random generator of Torch, NumPy or Python."""
    if isinstance(generator, torch.Generator):
        state = generator.get_state()
        changed = lambda: not torch.equal(generator.get_state(), state)  # noqa: E731
        return lambda: changed() and generator.set_state(state) is not None
    if isinstance(generator, random.Random):
        numbers = generator.getstate()
        return lambda: generator.getstate() != numbers and generator.setstate(numbers) is None
    if isinstance(generator, np.random.RandomState):
        before = generator.get_state()
        return lambda: (
            not alike(generator.get_state(), before) and (generator.set_state(before) is None)
        )
    bits = getattr(generator, "bit_generator", generator)
    saved = copy.deepcopy(bits.state)

    def put_back() -> bool:
        if alike(bits.state, saved):
            return False
        bits.state = saved
        return True

    return put_back


def alike(one: Any, other: Any) -> bool:
    """Whether two states of a generator of NumPy are the same."""
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(alike(one[k], other[k]) for k in one)
    if isinstance(one, tuple):
        return len(one) == len(other) and all(map(alike, one, other))
    return bool(np.array_equal(one, other))


def container_undo(thing: Any) -> Callable[[], bool]:
    """Puts the very objects back into a dict, list, set, or the names of a class."""
    if isinstance(thing, Names):
        return thing.put_back
    if isinstance(thing, dict):
        return dict_undo(thing)
    held = list(thing)

    def put_back() -> bool:
        now = list(thing)
        if isinstance(thing, set):
            same = set(now) == set(held)
        else:
            same = len(now) == len(held) and all(map(lambda a, b: a is b, now, held))
        if not same:
            thing.clear()
            thing.update(held) if isinstance(thing, set) else thing.extend(held)
        return not same

    return put_back


def dict_undo(thing: dict) -> Callable[[], bool]:
    """Puts back what a dict held, in its order; touches only what differs."""
    held = dict(thing)

    def put_back() -> bool:
        if list(thing) != list(held):
            thing.clear()
            thing.update(held)
            return True
        others = [(key, thing[key]) for key, value in held.items() if thing[key] is not value]
        for key, _ in others:
            thing[key] = held[key]
        return any(key not in OURS and not is_unwrapped(held[key], now) for key, now in others)

    return put_back


def is_unwrapped(before: Any, now: Any) -> bool:
    """Whether `prepare` has put the one in place of the other."""
    return isinstance(before, nn.Module) and unwrap(before) is now


OURS = ("training", "_compiled_call_impl")  # what `prepare` changes itself


def watch_streams(held: Held) -> list[Undo]:
    """Iterators, generators of Python and files: whether they still stand where they stood."""
    found = []
    for path, stream in held.streams:
        with suppress(Exception):  # a closed file, an iterator that does not say
            before = position(stream)
            found.append((path, lambda s=stream, b=before: position(s) != b))
    return found


def position(stream: Any) -> Any:
    """Where an iterator or a file stands, as far as it says."""
    if isinstance(stream, types.GeneratorType):
        frame = stream.gi_frame
        numbers = (int, float, str, bool)
        seen = {k: v for k, v in frame.f_locals.items() if type(v) in numbers} if frame else None
        return frame and frame.f_lasti, seen
    if hasattr(stream, "tell"):
        return stream.tell()
    hint = stream.__length_hint__() if hasattr(stream, "__length_hint__") else None
    return hint, repr(stream)


def set_aside_gradients(held: Held) -> list[tuple[torch.Tensor, torch.Tensor]]:
    """Take the gradients off, so that a backward pass inside `forward` adds to none of them."""
    grads = []
    for _, tensor in held.tensors:
        if tensor.is_leaf and tensor.requires_grad:
            grads.append((tensor, tensor.grad))
            tensor.grad = None
    return grads


def random_streams() -> dict[str, Any]:
    """The state of every global random stream."""
    return {
        "torch": torch.get_rng_state(),
        "cuda": torch.cuda.get_rng_state_all() if torch.cuda.is_initialized() else None,
        "mps": torch.mps.get_rng_state() if torch.backends.mps.is_available() else None,
        "numpy": np.random.get_state(),  # noqa: NPY002 - the user's global stream is kept
        "python": random.getstate(),
    }


def restore_streams(streams: dict[str, Any]) -> None:
    """Set every random stream back."""
    torch.set_rng_state(streams["torch"])
    if streams["cuda"] is not None:
        torch.cuda.set_rng_state_all(streams["cuda"])
    if streams["mps"] is not None:
        torch.mps.set_rng_state(streams["mps"])
    np.random.set_state(streams["numpy"])  # noqa: NPY002
    random.setstate(streams["python"])
