"""A registry finds functions by name and says which names are near."""

import pytest

from lamella.errors import LamellaError, UnknownName
from lamella.registry import Registry


def square(points):
    """Squares.

    Range: 0 upwards.
    """
    return points**2


def test_decorating_registers_with_facts():
    registry = Registry("measure", "lamella.measures")
    registry._loaded = True
    assert registry.register(value="x")(square) is square
    assert registry["square"](3) == 9
    assert registry.facts("square") == {"value": "x"}
    assert registry.card("square").sections == {"Range": "0 upwards."}
    assert list(registry) == ["square"]
    assert len(registry) == 1


def test_an_unknown_name_shows_the_nearest():
    registry = Registry("measure", "lamella.measures")
    registry._loaded = True
    registry.register(square)
    with pytest.raises(UnknownName, match="Nearest: square"):
        registry["sqare"]
    assert "sqare" not in registry


def test_two_files_cannot_share_a_name():
    registry = Registry("measure", "lamella.measures")
    registry.register(square)
    twin = type(square)(square.__code__, {}, "square")
    twin.__module__ = "elsewhere"
    with pytest.raises(LamellaError, match="two files register"):
        registry.register(twin)
