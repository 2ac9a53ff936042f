"""The records that measures return, the store keeps, and views draw.

Records are frozen and few. Each converts to a pandas frame with `.frame()`, and to plain bytes
and back with `pack` and `unpack` (safetensors and JSON, never pickle).
"""

from __future__ import annotations

import dataclasses
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from lamella import in_brief
from lamella.errors import LamellaError, bad_input, unknown_name
from lamella.record_checks import fault_of

if TYPE_CHECKING:
    import pandas

VERSION = 1


@dataclass(frozen=True, eq=False)
class Table:
    """Tidy columns of equal length; one row for a single number.

    The number of a table of one row is `value`, or `float(table)`: that of the column `main`, by
    default the first.

    >>> Table({"error": [0.25]}).frame()
       error
    0   0.25
    >>> Table({"error": [0.25]}).value
    0.25
    """

    columns: dict[str, np.ndarray]
    title: str = ""
    main: str = ""

    def __post_init__(self) -> None:
        columns = {name: np.atleast_1d(np.asarray(c)) for name, c in self.columns.items()}
        object.__setattr__(self, "columns", columns)
        if len({len(c) for c in columns.values()}) > 1:
            raise bad_input(
                "Table",
                wanted="columns of equal length",
                got=", ".join(f"{n}: {len(c)}" for n, c in columns.items()),
                do="Repeat or cut them",
            )
        if self.main and self.main not in columns:
            raise unknown_name("column", self.main, columns)

    @property
    def value(self) -> float:
        """The one number of a table of one row; InputError for a table of more."""
        rows = len(next(iter(self.columns.values()), ()))
        if rows != 1:
            raise bad_input(
                "Table.value",
                wanted="a table of one row",
                got=f"{rows} rows",
                do="Take a column of `.columns`, or `.frame()`",
            )
        return float(self.columns[self.main or next(iter(self.columns))][0])

    def __float__(self) -> float:
        return self.value

    def __repr__(self) -> str:
        columns = self.columns
        rows = len(next(iter(columns.values()), ()))
        if rows == 1:
            numbers = (f"{name} {in_brief.number(column[0])}" for name, column in columns.items())
            return f"{in_brief.headed('Table', self.title, ())}: {', '.join(numbers)}"
        shown = [
            f"{name}: {in_brief.listed(column)}"
            for name, column in list(columns.items())[: in_brief.SHOWN]
        ]
        left = len(columns) - len(shown)
        shown += [f"and {left} columns more"] * bool(left)
        return in_brief.headed(f"Table of {rows:,} rows", self.title, shown)

    def frame(self) -> pandas.DataFrame:
        """The columns as a frame."""
        import pandas

        return pandas.DataFrame(self.columns)


@dataclass(frozen=True, eq=False)
class Curve:
    """One or more series over one axis, each with an optional band.

    `x` has shape (points,), `y`, `low` and `high` have shape (series, points).
    """

    x: np.ndarray
    y: np.ndarray
    series: tuple[str, ...] = ("",)
    x_label: str = ""
    y_label: str = ""
    title: str = ""
    low: np.ndarray | None = None
    high: np.ndarray | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "x", np.asarray(self.x))
        object.__setattr__(self, "y", np.atleast_2d(np.asarray(self.y, dtype=float)))
        object.__setattr__(self, "series", tuple(self.series))
        for name in ("low", "high"):
            if getattr(self, name) is not None:
                object.__setattr__(self, name, np.atleast_2d(getattr(self, name)))
        if self.y.shape != (len(self.series), len(self.x)):
            raise bad_input(
                "Curve",
                wanted=f"y of shape ({len(self.series)} series, {len(self.x)} points)",
                got=str(self.y.shape),
                do="Transpose or name the series",
            )

    def __repr__(self) -> str:
        axis = f"{self.x_label or 'x'}: {in_brief.range_of(self.x)}"
        series = zip(self.series, self.y, strict=True)
        lines = [f"{name or self.y_label or 'y'}: {in_brief.range_of(y)}" for name, y in series]
        more = [f"and {len(lines) - in_brief.SHOWN} series more"] * (len(lines) > in_brief.SHOWN)
        kind = f"Curve of {len(self.x):,} points"
        return in_brief.headed(kind, self.title, [axis, *lines[: in_brief.SHOWN], *more])

    def frame(self) -> pandas.DataFrame:
        """Long format: series, x, y and, where there is a band, low and high."""
        import pandas

        columns: dict[str, Any] = {
            "series": np.repeat(self.series, len(self.x)),
            "x": np.tile(self.x, len(self.series)),
            "y": self.y.ravel(),
        }
        for name in ("low", "high"):
            if getattr(self, name) is not None:
                columns[name] = getattr(self, name).ravel()
        return pandas.DataFrame(columns)


@dataclass(frozen=True, eq=False)
class Diagrams:
    """Persistence diagrams of one cloud: bars with birth, death and homology dimension.

    Births and deaths are edge lengths in the units of the points; a bar that never dies has
    death infinity. `diameter` and `mean_distance` are those of the cloud, so that diagrams of
    layers of different scale compare after `normalised`. `bound` limits the bottleneck distance
    to the diagram of all points when only landmarks were used, `threshold` is the length above
    which a bar counts as signal, `vertices` has one cycle per bar where it was asked for, and
    `edges` the indices of four points: the ends of the edge that gave birth to each bar, and of
    the one that ended it (a point twice where it is born with a point, -1 where it never ends).
    """

    birth: np.ndarray
    death: np.ndarray
    dimension: np.ndarray
    points: int = 0
    diameter: float = float("nan")
    mean_distance: float = float("nan")
    bound: float = 0.0
    threshold: float | None = None
    why_empty: str = ""
    unit: str = "edge length"
    vertices: tuple[tuple[int, ...], ...] = ()
    edges: np.ndarray | None = None

    def __post_init__(self) -> None:
        for name, dtype in (("birth", float), ("death", float), ("dimension", int)):
            object.__setattr__(self, name, np.asarray(getattr(self, name), dtype).reshape(-1))

    def bars(self, dimension: int) -> np.ndarray:
        """The bars of one homology dimension as a (bars, 2) array of birth and death."""
        chosen = self.dimension == dimension
        return np.column_stack([self.birth[chosen], self.death[chosen]])

    @property
    def dimensions(self) -> tuple[int, ...]:
        """The homology dimensions that have at least one bar."""
        return tuple(int(d) for d in np.unique(self.dimension))

    def normalised(self, by: str = "mean_distance") -> Diagrams:
        """The same bars in units of the cloud's `diameter` or `mean_distance`.

        Raises InputError where that length is not known, as for bars from another package.
        """
        if by not in ("diameter", "mean_distance"):
            raise bad_input(
                "normalised()", wanted="'diameter' or 'mean_distance'", got=repr(by), do="Choose"
            )
        scale = getattr(self, by)
        if not scale >= 0:
            raise bad_input(
                "normalised()",
                wanted=f"diagrams that know the {by} of their cloud",
                got=f"{scale}",
                do=f"Pass {by}= when building them, or compare them with unit='raw'",
            )
        if scale == 0:  # all points identical: no bar has a length
            return dataclasses.replace(self, unit=by.replace("_", " "))
        threshold = None if self.threshold is None else self.threshold / scale
        return dataclasses.replace(
            self,
            birth=self.birth / scale,
            death=self.death / scale,
            diameter=self.diameter / scale,
            mean_distance=self.mean_distance / scale,
            bound=self.bound / scale,
            threshold=threshold,
            unit=by.replace("_", " "),
        )

    def __repr__(self) -> str:
        lines = [_bars_in_brief(dimension, self.bars(dimension)) for dimension in self.dimensions]
        if not lines:
            lines = [self.why_empty or "no bars"]
        of = f" of {self.points:,} points" if self.points else ""
        return in_brief.headed(f"Diagrams{of}, in units of {self.unit}", "", lines)

    def frame(self) -> pandas.DataFrame:
        """One row per bar: dimension, birth, death."""
        import pandas

        return pandas.DataFrame(
            {"dimension": self.dimension, "birth": self.birth, "death": self.death}
        )


def _bars_in_brief(dimension: int, bars: np.ndarray) -> str:
    lengths = bars[:, 1] - bars[:, 0]
    dying = lengths[np.isfinite(lengths)]
    parts = [f"H{dimension}: {len(bars):,} {'bar' if len(bars) == 1 else 'bars'}"]
    if len(dying):
        parts.append(f"the longest {in_brief.number(dying.max())}")
    if len(bars) > len(dying):
        parts.append(f"{len(bars) - len(dying):,} without end")
    return ", ".join(parts)


@dataclass(frozen=True, eq=False)
class Embedding:
    """Points placed in 2 or 3 dimensions, and how far the picture can be trusted.

    `points` has shape (points, 2 or 3). `trustworthiness` is Venna and Kaski's (2001) in [0, 1];
    `neighbours_kept` is the mean overlap of the 15 nearest neighbours with those in the layer.
    """

    points: np.ndarray
    labels: np.ndarray | None = None
    ids: np.ndarray | None = None
    method: str = ""
    axes: tuple[str, ...] = ()
    class_names: tuple[str, ...] = ()
    trustworthiness: float = float("nan")
    neighbours_kept: float = float("nan")
    title: str = ""

    def __repr__(self) -> str:
        points = np.asarray(self.points)
        kind = f"Embedding of {len(points):,} points in {points.shape[-1]} dimensions"
        lines = [f"method: {self.method}"] * bool(self.method)
        measured = ("trustworthiness", "neighbours_kept")
        found = {name: getattr(self, name) for name in measured}
        lines += [
            f"{n.replace('_', ' ')}: {in_brief.number(v)}"
            for n, v in found.items()
            if np.isfinite(v)
        ]
        return in_brief.headed(kind, self.title, lines)

    def frame(self) -> pandas.DataFrame:
        """One row per point: id, label, x, y and z where there is one."""
        import pandas

        columns: dict[str, Any] = {}
        if self.ids is not None:
            columns["id"] = self.ids
        if self.labels is not None:
            columns["label"] = self.labels
        columns.update(zip("xyz", np.asarray(self.points).T, strict=False))
        return pandas.DataFrame(columns)


@dataclass(frozen=True, eq=False)
class Matrix:
    """A named number for each pair of a row and a column; NaN where it was not computed."""

    values: np.ndarray
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    row_label: str = ""
    column_label: str = ""
    value_label: str = ""
    title: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "values", np.asarray(self.values, dtype=float))
        object.__setattr__(self, "rows", tuple(map(str, self.rows)))
        object.__setattr__(self, "columns", tuple(map(str, self.columns)))
        if self.values.shape != (len(self.rows), len(self.columns)):
            raise bad_input(
                "Matrix",
                wanted=f"values of shape ({len(self.rows)}, {len(self.columns)})",
                got=str(self.values.shape),
                do="Name every row and column",
            )

    def __repr__(self) -> str:
        kind = f"Matrix of {len(self.rows)} x {len(self.columns)}"
        lines = [
            f"{self.row_label or 'rows'}: {in_brief.listed(self.rows)}",
            f"{self.column_label or 'columns'}: {in_brief.listed(self.columns)}",
            f"{self.value_label or 'values'}: {in_brief.range_of(self.values)}",
        ]
        return in_brief.headed(kind, self.title, lines)

    def frame(self) -> pandas.DataFrame:
        """Long format: row, column, value."""
        import pandas

        return pandas.DataFrame(
            {
                "row": np.repeat(self.rows, len(self.columns)),
                "column": np.tile(self.columns, len(self.rows)),
                "value": self.values.ravel(),
            }
        )


@dataclass(frozen=True, eq=False)
class Images:
    """Pictures with captions.

    `pixels` has shape (images, height, width, channels) with 1 (grey) or 3 (RGB) channels,
    uint8, or float in [0, 1]. `scale` says what the darkest and lightest value stand for.
    """

    pixels: np.ndarray
    captions: tuple[str, ...] = ()
    columns: int = 0
    scale: tuple[float, float] | None = None
    title: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "pixels", np.asarray(self.pixels))
        object.__setattr__(self, "captions", tuple(self.captions))
        if self.pixels.ndim != 4 or self.pixels.shape[-1] not in (1, 3):
            raise bad_input(
                "Images",
                wanted="pixels of shape images x height x width x 1 or 3",
                got=str(self.pixels.shape),
                do="Move the channels last",
            )

    def __repr__(self) -> str:
        count, height, width, channels = self.pixels.shape
        kind = f"{count:,} Images of {height} x {width}, {'grey' if channels == 1 else 'in colour'}"
        lines = [f"captions: {in_brief.listed(self.captions)}"] * bool(self.captions)
        return in_brief.headed(kind, self.title, lines)

    def frame(self) -> pandas.DataFrame:
        """One row per image: caption, mean, least and greatest pixel."""
        import pandas

        flat = self.pixels.reshape(len(self.pixels), -1)
        captions = self.captions or ("",) * len(flat)
        return pandas.DataFrame(
            {
                "caption": captions,
                "mean": flat.mean(axis=1),
                "least": flat.min(axis=1),
                "greatest": flat.max(axis=1),
            }
        )


Record = Table | Curve | Diagrams | Embedding | Matrix | Images
KINDS: dict[str, type] = {
    kind.__name__.lower(): kind for kind in (Table, Curve, Diagrams, Embedding, Matrix, Images)
}


def kind_of(record: Record) -> str:
    """The tag of a record's kind: table, curve, diagrams, embedding, matrix or images."""
    return type(record).__name__.lower()


def pack(record: Record) -> bytes:
    """A record as bytes: numeric arrays as safetensors, the rest as JSON in its metadata."""
    from safetensors.numpy import save

    arrays: dict[str, np.ndarray] = {}
    facts: dict[str, Any] = {}
    for item in dataclasses.fields(record):
        _pack_value(item.name, getattr(record, item.name), arrays, facts)
    header = {"kind": kind_of(record), "version": VERSION, "facts": facts}
    # one key, because safetensors writes several in no fixed order
    return save(arrays, metadata={"record": json.dumps(header)})


def _pack_value(name: str, value: Any, arrays: dict, facts: dict) -> None:
    if isinstance(value, dict):
        facts[name] = {"columns": list(value)}
        for key, column in value.items():
            _pack_value(f"{name}.{key}", column, arrays, facts)
    elif isinstance(value, np.ndarray) and value.dtype.kind in "fiub":
        arrays[name] = np.ascontiguousarray(value)
    elif isinstance(value, np.ndarray):
        facts[name] = {"strings": value.astype(str).tolist()}
    else:
        facts[name] = value


def unpack(data: bytes) -> Record:
    """The record that `pack` wrote; LamellaError when the bytes are damaged or from the future."""
    from safetensors.numpy import load

    try:
        length = int.from_bytes(data[:8], "little")
        header = json.loads(json.loads(data[8 : 8 + length])["__metadata__"]["record"])
        arrays = load(data)
        facts = dict(header["facts"])
    except Exception as error:
        raise LamellaError(
            f"a stored record is damaged: {error}. Measure the cell again."
        ) from error
    kind, version = header.get("kind"), header.get("version")
    if not isinstance(kind, str) or kind not in KINDS or version not in range(1, VERSION + 1):
        raise LamellaError(
            f"a stored record is a {kind!r:.40} of version {version!r:.20}, this lamella "
            f"reads {', '.join(KINDS)} up to version {VERSION}. Upgrade lamella."
        )
    try:
        record = built(kind, arrays, facts)
        fault = fault_of(kind, record)
    except Exception as error:  # whatever the parts of a damaged record do to NumPy
        fault = f"{type(error).__name__}: {error}"
    if fault:
        raise LamellaError(f"a stored record is damaged: {fault}. Measure the cell again.")
    return record


def built(kind: str, arrays: dict[str, np.ndarray], facts: dict[str, Any]) -> Record:
    """A record of its parts; those that it does not have keep their defaults."""
    names = [item.name for item in dataclasses.fields(KINDS[kind])]
    return KINDS[kind](
        **{name: _unpack_value(name, arrays, facts) for name in names if _has(name, arrays, facts)}
    )


def _has(name: str, arrays: dict, facts: dict) -> bool:
    return name in arrays or name in facts


def _unpack_value(name: str, arrays: dict, facts: dict) -> Any:
    if name in arrays:
        return arrays[name]
    value = facts[name]
    if isinstance(value, dict) and "columns" in value:
        return {key: _unpack_value(f"{name}.{key}", arrays, facts) for key in value["columns"]}
    if isinstance(value, dict):
        return np.asarray(value["strings"])
    return _tuples(value)


def _tuples(value: Any) -> Any:
    return tuple(map(_tuples, value)) if isinstance(value, list) else value
