"""The colours of every figure, by name, in light and dark: page, notebook and file share them.

Meaning owns colour. Runs are green and purple (`a`, `b`, `c`, `d`), classes are Okabe and Ito's
(2008) with four more (`class0` to `class9`), homology is grey (`h0`), vermillion (`h1`), blue
(`h2`) and olive (`h3`); vermillion also says worse (`bad`). Numbers go from paper to ink through
blue (`seq0` to `seq5`), differences from vermillion to blue (`div0` to `div4`). The page's style
sheet has the same colours, which a test holds it to.
"""

from __future__ import annotations

import numpy as np

from lamella.errors import unknown_name

GREYS = ("paper", "card", "sunk", "ink", "soft", "faint", "hair", "line")
RUNS = ("a", "b", "c", "d")
HOMOLOGY = ("h0", "h1", "h2", "h3")
CLASSES = tuple(f"class{k}" for k in range(10))
SEQUENTIAL = tuple(f"seq{k}" for k in range(6))
DIVERGING = tuple(f"div{k}" for k in range(5))
NAMES = (*GREYS, *RUNS, *HOMOLOGY, "bad", *CLASSES, *SEQUENTIAL, *DIVERGING)

_LIGHT = """
#fbfaf8 #ffffff #f3f1ed #1d1f21 #5b5f64 #696d72 #e3e0da #cfcbc3
#00745a #a3468a #2f5d9b #8f5d00   #5f666d #c14e00 #2f5d9b #7a6a00   #c14e00
#0072b2 #e08e00 #009e73 #cc79a7 #d55e00 #56b4e9 #b8a500 #3d3d3d #7b5bb0 #8a5a2b
#f4f1ea #c3d4de #7fabc8 #3b7cab #164a78 #0a2845   #b3470b #e59a6a #f4f1ea #8db3cf #1f5f93
"""
_DARK = """
#121416 #181b1e #202428 #eceae6 #a9adb2 #8f9499 #2a2e33 #3c4147
#35c39b #e08fc6 #7fb0ee #e0b050   #a5abb1 #ff8a3d #7fb0ee #d8c94a   #ff8a3d
#4aa8e8 #f0a830 #2fc49a #e39ac4 #ff7f3f #8fd3f7 #e8dc5a #d0d0d0 #a98be0 #c08a55
#1d2327 #22455e #2f6f98 #5d9fc6 #a5cbe0 #f3efe4   #ff9a57 #8d5430 #23282c #35688e #79bdf0
"""
LIGHT: dict[str, str] = dict(zip(NAMES, _LIGHT.split(), strict=True))
DARK: dict[str, str] = dict(zip(NAMES, _DARK.split(), strict=True))


def hex_of(colour: str, palette: dict[str, str] = LIGHT) -> str:
    """The colour of a name; `#rrggbb` is itself.

    >>> hex_of("h1"), hex_of("#102030")
    ('#c14e00', '#102030')
    """
    if colour.startswith("#"):
        return colour
    if colour not in palette:
        raise unknown_name("colour", colour, palette)
    return palette[colour]


def faded(colour: str, alpha: float, palette: dict[str, str] = LIGHT) -> str:
    """A colour with transparency.

    >>> faded("#ff8000", 0.2)
    'rgba(255, 128, 0, 0.2)'
    """
    red, green, blue = rgb_of(hex_of(colour, palette)).astype(int)
    return f"rgba({red}, {green}, {blue}, {alpha:g})"


def rgb_of(colour: str) -> np.ndarray:
    """Red, green and blue of `#rrggbb`, from 0 to 255."""
    return np.array([int(colour[at : at + 2], 16) for at in (1, 3, 5)], float)


def class_colour(index: int) -> str:
    """The colour of a class; after ten they repeat."""
    return CLASSES[index % len(CLASSES)]


def along(stops: tuple[str, ...], share: float, palette: dict[str, str] = LIGHT) -> np.ndarray:
    """Red, green and blue at a share of the way through colours at equal distances."""
    place = float(np.clip(share, 0, 1)) * (len(stops) - 1)
    at = min(int(place), len(stops) - 2)
    first, second = (rgb_of(hex_of(stop, palette)) for stop in stops[at : at + 2])
    return first + (place - at) * (second - first)


def ink_on(rgb: np.ndarray) -> str:
    """Black or white, whichever contrasts more: equal contrast lies at luminance 0.179."""
    return "#000000" if luminance(rgb) > 0.179 else "#ffffff"


def luminance(rgb: np.ndarray) -> float:
    """Relative luminance of WCAG 2.1."""
    share = rgb / 255
    linear = np.where(share <= 0.03928, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)
    return float(linear @ [0.2126, 0.7152, 0.0722])
