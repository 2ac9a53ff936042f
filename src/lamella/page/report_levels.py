"""How much a report carries: from nearly all to the least, each step said in the report."""

from __future__ import annotations

from dataclasses import dataclass, replace

from lamella.subject.subject import Subject


@dataclass(frozen=True)
class ReportLevel:
    """What goes into a report.

    `bars` of each diagram and dimension, `bits` of each number's mantissa, coordinates in steps
    of `step` / 8192 of the mean radius; `deep` seeds with all their epochs and three dimensions,
    the others with the first and last epoch in the plane; every `stride`-th epoch of the clouds;
    pictures of the story up to `pictures` bytes each.
    """

    bars: int = 200
    bits: int = 11
    step: int = 16
    tsne: bool = True
    units: bool = True
    deep: int = 1000
    stride: int = 1
    points: int = 1_000_000
    cells: str = "all"
    clouds: bool = True
    pictures: int = 4_000_000


FULL = ReportLevel()
FEWER_BARS = replace(FULL, bars=60, bits=9)
NO_TSNE = replace(FEWER_BARS, tsne=False)
ONE_DEEP = replace(NO_TSNE, deep=1)
FEW_UNITS = replace(ONE_DEEP, units=False)
FEWER_EPOCHS = replace(FEW_UNITS, stride=2)
FEWER_POINTS = replace(FEWER_EPOCHS, points=500, pictures=400_000)
FEW_CELLS = replace(FEWER_POINTS, cells="ends", bars=30, stride=4)
FEW_POINTS = replace(FEW_CELLS, points=200, stride=1000, pictures=60_000)
NO_CLOUDS = replace(FEW_POINTS, clouds=False, cells="none", pictures=20_000)
BARE = replace(NO_CLOUDS, points=50, pictures=0)
LEVELS = (
    FULL,
    FEWER_BARS,
    NO_TSNE,
    ONE_DEEP,
    FEW_UNITS,
    FEWER_EPOCHS,
    FEWER_POINTS,
    FEW_CELLS,
    FEW_POINTS,
    NO_CLOUDS,
    BARE,
)


def left_out(level: ReportLevel, subject: Subject) -> list[str]:
    """What a report of this level does not have, for the reader."""
    if not subject.nets:
        return []
    seeds = max(len(runs) for runs in subject.nets.values())
    samples = "a sample of each class" if level.units else "samples"
    said = [
        f"bars beyond the {level.bars} longest of a diagram and dimension",
        "t-SNE of all cells but the last epoch's" if level.tsne else "t-SNE and UMAP",
        f"maps of all but {samples} at the last epoch" if level.units else "maps and patches",
        "attributions",
        "tables of one row a sample",
    ]
    if level.deep < seeds and level.clouds:
        said.append("clouds of further seeds between their first and last epoch, and in 3-D")
    if level.stride > 1 and level.clouds:
        every = f"{level.stride}" if level.stride < 100 else "first and last"
        said.append(f"clouds of epochs other than every {every}")
    if not level.clouds:
        said.append("clouds")
    if level.points < subject.points:
        said.append(f"samples beyond {level.points}")
    if level.cells != "all":
        said.append("diagrams and curves" + (" between" if level.cells == "ends" else ""))
    return said
