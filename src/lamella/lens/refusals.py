"""Why a technique does not hold for a model."""

from __future__ import annotations

from lamella.errors import LamellaError


class LensError(LamellaError):
    """A technique would give a wrong picture of this model, so it gives none."""


def refusal(technique: str, *, wanted: str, got: str, do: str) -> LensError:
    """A `LensError` worded by the one formula of lamella's messages.

    >>> print(refusal("grad_cam()", wanted="a layer of maps", got="'fc1'", do="Choose conv1"))
    grad_cam() wants a layer of maps, got 'fc1'. Choose conv1.
    """
    return LensError(f"{technique} wants {wanted}, got {got}. {do}.")
