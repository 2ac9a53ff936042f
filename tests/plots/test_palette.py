"""One palette: readable in both themes, and the same on the page."""

import re
from importlib.resources import files

import numpy as np
import pytest

from lamella.errors import UnknownName
from lamella.plots.palette import (
    CLASSES,
    DARK,
    DIVERGING,
    LIGHT,
    SEQUENTIAL,
    along,
    hex_of,
    ink_on,
    luminance,
    rgb_of,
)  # fmt: skip

THEMES = [LIGHT, DARK]


def contrast(first, second):
    light, dark = sorted([luminance(first), luminance(second)], reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", THEMES, ids=["light", "dark"])
@pytest.mark.parametrize("stops", [SEQUENTIAL, DIVERGING], ids=["sequential", "diverging"])
def test_numbers_on_cells_are_readable_in_both_themes(stops, theme):
    for share in np.linspace(0, 1, 101):
        under = along(stops, share, theme)
        assert contrast(under, rgb_of(ink_on(under))) >= 4.5


@pytest.mark.parametrize("theme", THEMES, ids=["light", "dark"])
@pytest.mark.parametrize("name", ["ink", "soft", "faint", "a", "b", "h0", "h1", "h2", "bad"])
def test_words_are_readable_on_the_page(name, theme):
    assert contrast(rgb_of(theme[name]), rgb_of(theme["paper"])) >= 4.5


def test_the_sequential_scale_is_monotone_in_lightness():
    for theme, way in ((LIGHT, -1), (DARK, 1)):
        light = [luminance(along(SEQUENTIAL, share, theme)) for share in np.linspace(0, 1, 50)]
        assert (way * np.diff(light) > 0).all()


def test_an_unknown_colour_names_its_neighbours():
    with pytest.raises(UnknownName, match=r"no colour is called 'clas1'. Nearest: class1"):
        hex_of("clas1")


@pytest.mark.parametrize("theme", THEMES, ids=["light", "dark"])
def test_the_page_has_the_same_colours(theme):
    sheet = (files("lamella.page") / "assets/styles/page.css").read_text()
    block = re.findall(r":root[^{]*{(.*?)}", sheet, re.S)[THEMES.index(theme)]
    there = dict(re.findall(r"--(\w+): ([^;]+);", block))
    lists = {"classes": CLASSES, "seq": SEQUENTIAL, "div": DIVERGING}
    for name, names in lists.items():
        assert there[name].split(", ") == [theme[each] for each in names]
    for name in set(theme) - {each for names in lists.values() for each in names}:
        assert there[name] == theme[name], name
