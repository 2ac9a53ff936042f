"""What a unit really uses of its receptive field: the gradient that reaches each input pixel."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from lamella.anatomy.input_spec import parse_input
from lamella.anatomy.receptive_fields import ReceptiveField, field_of_unit, find_call
from lamella.results import Matrix, Table

if TYPE_CHECKING:
    import torch
    from jaxtyping import Float

THRESHOLD = 0.0455  # 1 - 95.45 %: two standard deviations of a Gaussian, as in Luo et al.


@dataclass(frozen=True, eq=False)
class EffectiveField:
    """Gradient mass of one unit over the input, beside its theoretical field.

    `mass` is the mean absolute gradient of the unit per pixel, scaled to a largest value of 1.
    """

    mass: Float[np.ndarray, "height width"]
    field: ReceptiveField

    @property
    def size(self) -> float:
        """The side of a square with as many pixels as those above 4.55 % of the largest."""
        return float(np.sqrt((self.mass > THRESHOLD).sum()))

    @property
    def share(self) -> float:
        """The effective area as a share of the theoretical field inside the image."""
        return float((self.mass > THRESHOLD).sum() / max(1, np.prod(self.field.clipped)))

    @property
    def deviation(self) -> tuple[float, float]:
        """Standard deviation of the mass along height and width, in pixels."""
        return tuple(_deviation(self.mass.sum(axis=1 - axis)) for axis in range(2))  # type: ignore[return-value]

    def record(self) -> Matrix:
        """The mass as a matrix of input rows and columns."""
        rows, columns = self.mass.shape
        return Matrix(
            self.mass,
            tuple(map(str, range(rows))),
            tuple(map(str, range(columns))),
            value_label="gradient mass",
            title=f"effective field of {self.field.layer} unit {self.field.unit}",
        )

    def summary(self) -> Table:
        """One row: theoretical and effective size."""
        theory = self.field.size[-1] if self.field.size[-1] is not None else self.field.clipped[-1]
        return Table(
            {
                "layer": np.array([self.field.layer]),
                "theoretical": np.array([theory]),
                "effective": np.array([self.size]),
                "share": np.array([self.share]),
            }
        )


def effective_receptive_field(
    model: torch.nn.Module,
    inputs: Any,
    layer: str,
    unit: tuple[int, int] | None = None,
    *,
    images: Any = None,
    samples: int = 16,
    seed: int = 0,
) -> EffectiveField:
    """Mean absolute gradient of one unit of `layer` with respect to every input pixel.

    As in the source, the unit's gradient is 1 in every channel, and the mean is over `images`
    (batch channels height width; the user's own), or over `samples` of Gaussian noise. The model
    runs in evaluation mode on its own device and is left as it was. Raises InputError and
    UnknownName as `receptive_field` does.

    Source: Luo, Li, Urtasun, Zemel (2016), Understanding the Effective Receptive Field in Deep
    Convolutional Neural Networks, NIPS.
    """
    from lamella.anatomy.execution import execute

    done = execute(model, inputs)
    field = field_of_unit(done, find_call(done, layer), unit)
    batch = _images(inputs, images, samples, seed)
    gradient = _gradient(model, layer, field.unit, batch)
    mass = np.abs(gradient).sum(axis=1).mean(axis=0)
    return EffectiveField(mass / (mass.max() or 1.0), field)


def _images(inputs: Any, images: Any, samples: int, seed: int) -> torch.Tensor:
    import torch

    from lamella.seeds import torch_generator

    if images is not None:
        batch = torch.as_tensor(images, dtype=torch.float32)
        return batch[None] if batch.dim() == 3 else batch
    shape = parse_input(inputs).shape
    return torch.randn(samples, *shape, generator=torch_generator(seed, "effective field"))


def _gradient(
    model: torch.nn.Module, layer: str, unit: tuple[int, ...], batch: torch.Tensor
) -> np.ndarray:
    import torch

    from lamella.anatomy.execution import undisturbed, unwrap

    inner = unwrap(model)
    device = next((p.device for p in inner.parameters()), torch.device("cpu"))
    with undisturbed(inner), torch.enable_grad():
        x = batch.to(device).requires_grad_()
        output = _output_of(inner, layer, x)
        target = output[(slice(None), slice(None), *unit)] if output.dim() > 2 else output
        (gradient,) = torch.autograd.grad(target.sum(), x)
    return gradient.cpu().numpy()


class _Found(Exception):
    """Raised to stop a forward pass at the wanted layer."""


def _output_of(model: torch.nn.Module, layer: str, x: torch.Tensor) -> torch.Tensor:
    """The output of the call `layer` (name, or name#2 for the second call)."""

    from lamella.errors import bad_input

    name, _, number = layer.partition("#")
    modules = dict(model.named_modules())
    if name not in modules:
        raise bad_input(
            "effective_receptive_field()",
            wanted="a layer that is a module",
            got=f"the operation {layer!r}",
            do="Choose the module before it, or wrap the operation in a module",
        )
    kept: list[torch.Tensor] = []
    wanted = int(number or 1)

    def keep(module: Any, args: Any, output: Any) -> None:
        kept.append(output)
        if len(kept) == wanted:
            raise _Found

    handle = modules[name].register_forward_hook(keep)
    try:
        model(x)
    except _Found:
        pass
    finally:
        handle.remove()
    return kept[-1]


def _deviation(line: Float[np.ndarray, " pixels"]) -> float:
    place = np.arange(len(line))
    weight = line / (line.sum() or 1.0)
    mean = (place * weight).sum()
    return float(np.sqrt((((place - mean) ** 2) * weight).sum()))
