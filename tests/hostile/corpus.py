"""Runs and pictures that a stranger might send, made by a seed; each is a healthy one, changed.

    python tests/hostile/corpus.py FOLDER

writes them all into a folder, beside the healthy run `healthy` and what nobody may touch.
"""

from __future__ import annotations

import io
import json
import os
import shutil
import socket
import sqlite3
import struct
import sys
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

from lamella import store
from lamella.results import Diagrams, Embedding, Table, pack
from lamella.store.layout import activation_path, database_path, probe_path, weight_path

Change = Callable[[Path], None]
EVIL = "from pathlib import Path\nPath({canary!r}).write_text('x')\ndef f(): return 1\n"
ENDLESS = "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n)"
LAYERS = {"fc1": (8,), "head": (3,)}


def build(folder: Path, seed: int = 0, step: int = 1) -> list[str]:
    """Write the corpus, or every `step`-th run of it; the names of the hostile runs."""
    outside = folder / "outside"
    outside.mkdir(parents=True)
    (outside / "secret.txt").write_text("secret")
    working = folder / "working"
    working.mkdir()
    (working / "evil.py").write_text(EVIL.format(canary=str(outside / "executed")))
    runs = folder / "runs"
    healthy(runs / "healthy")
    shutil.copytree(runs / "healthy", outside / "run")
    names = []
    for name, change in list(all_changes(outside, np.random.default_rng(seed)))[::step]:
        path = runs / name
        shutil.copytree(runs / "healthy", path)
        change(path)
        names.append(name)
    write_pictures(folder / "pictures", np.random.default_rng(seed))
    return names


def healthy(path: Path) -> None:
    """A small run of a registered perceptron, measured, with weights."""
    rng = np.random.default_rng(0)
    layers = [
        {"name": n, "type": "Linear", "shape": list(s), "stored": list(s), "parameters": 1}
        for n, s in LAYERS.items()
    ]
    probes = {n: {"samples": 9, "shape": [4], "labels": True} for n in ("train", "test")}
    study = {"net": "perceptron", "options": {"widths": [8]}}
    store.create_run(
        path,
        {
            "layers": layers, "probes": probes, "study": study, "status": "finished", "seed": 0,
            "class_names": ["a", "b", "c"], "model": {"class": "Sequential", "parameters": 67},
            "versions": {}, "hardware": {}, "description": "",
        },
    )  # fmt: skip
    for at, probe in enumerate(probes):
        inputs = rng.normal(size=(9, 4)).astype(np.float32)
        store.write_probe(path, probe, inputs, np.arange(9) % 3, np.arange(9) + 9 * at)
    weights = {"fc1.weight": (8, 4), "fc1.bias": (8,), "head.weight": (3, 8), "head.bias": (3,)}
    for epoch in (0, 1):
        arrays = {n: rng.normal(size=s).astype(np.float32) for n, s in weights.items()}
        store.write_weights(path, epoch, arrays)
        for probe in probes:
            outputs = {n: rng.normal(size=(9, *s)).astype(np.float32) for n, s in LAYERS.items()}
            store.write_activations(path, epoch, probe, outputs)
        store.write_scalars(path, epoch, {"train_loss": 1.0}, cost=(0.1, 10, 2.0))
    bars = Diagrams([0, 0, 1], [2, np.inf, 3], [0, 0, 1], mean_distance=1.0)
    store.write_result(path, "neighbour_error", "fc1", 1, "test", Table({"error": [0.5]}))
    store.write_result(path, "homology", "fc1", 1, "test", bars)


def all_changes(outside: Path, rng: np.random.Generator) -> Iterator[tuple[str, Change]]:
    """Every change with the name of its run."""
    kinds = {
        "json": json_changes(),
        "model": model_changes(),
        "file": file_changes(outside),
        "header": header_changes(),
        "flip": flip_changes(rng),
        "rows": row_changes(),
        "sql": database_changes(),
        "record": record_changes(),
    }
    for kind, changes in kinds.items():
        for at, change in enumerate(changes):
            yield f"{kind}-{at:02d}", change


def told(**facts) -> Change:
    """Other facts in run.json."""

    def change(path: Path) -> None:
        info = json.loads((path / "run.json").read_text())
        (path / "run.json").write_text(json.dumps({**info, **facts}))

    return change


def text(content: bytes | str) -> Change:
    """Another text in place of run.json."""
    data = content.encode() if isinstance(content, str) else content
    return lambda path: (path / "run.json").write_bytes(data) and None


def json_changes() -> Iterator[Change]:
    """What run.json may say that cannot be."""
    probe = {"samples": 9, "shape": [4], "labels": True}
    odd = [None, 3, -1, "x", [], {}, [[]], 1e400, True, {"a": None}, [None], 2**70]
    for key in ("layers", "probes", "status", "name", "class_names", "study", "process"):
        for value in odd[:: 3 if key in ("process", "study", "name") else 4]:
            yield told(**{key: value})
    upwards = ("x/../../../../pwned", "..", "a/b", "", "both", "input", "\x1b[2J", "a" * 5000)
    yield from (told(probes={name: probe}) for name in upwards)
    names = ("", "input", "\x00", "\ud800", "../../x", "a" * 3000, "\x1b]0;owned\x07", "\u202e")
    yield from (told(layers=[{"name": name, "shape": [8]}]) for name in names)
    yield from (
        told(layers=[{"name": "fc1", "shape": shape}]) for shape in ([2**62] * 3, [-1], "x", [1.5])
    )
    yield told(probes={"train": {**probe, "samples": 10**12}, "test": probe})
    yield told(probes={"train": {**probe, "shape": [2**50]}, "test": probe})
    yield told(probes={})
    yield told(layers=[])
    yield told(class_names=["\x1b[31m"] * 3)
    here = socket.gethostname()
    yield told(process={"pid": "../../etc/passwd", "host": here}, status="running")
    yield told(process={"pid": 2**80, "host": here}, status="running")
    yield told(version=99)
    yield told(description="(" * 100_000)
    yield text("{}")
    yield text("[" * 200_000)
    yield text('{"format": "lamella run", "version": 1, "study": ' + "[" * 900 + "]" * 900 + "}")
    yield text(b"\xff\xfe")
    yield text('{"format": "lamella run", "version": 1' + "0" * 6000 + "}")
    yield text("")


def model_changes() -> Iterator[Change]:
    """Models that a run may name."""
    names = ["evil.py:f", "evil:f", "timm:evil.py:f", "timm:evil:f", "torchvision:evil.py:f"]
    names += ["timm:hf-hub:evil/x", "timm:local-dir:.", "os:system", "lenet5", ":", "a:b:c"]
    for name in names:
        yield told(study={"model": name})
    for options in ({"widths": [10**12]}, {"widths": [8] * 3000}, {"seed": "x"}, {"evil": 1}):
        yield told(study={"net": "perceptron", "options": options})
    yield told(study={"net": "perceptron", "options": {"widths": [8]}, "steps": [{"step": 3}]})


def replaced(place: str, make: Callable[[Path], None]) -> Change:
    """Something else where a file of the run was."""

    def change(path: Path) -> None:
        target = path / place
        shutil.rmtree(target) if target.is_dir() else target.unlink(missing_ok=True)
        make(target)

    return change


def file_changes(outside: Path) -> Iterator[Change]:
    """Pipes, devices, links and holes in place of files."""
    tensors = "activations/000001/test.safetensors"
    places = ("run.json", "results.sqlite", tensors, "probes/train.safetensors")
    for place in (*places, "weights/000001.safetensors", "results.sqlite-wal"):
        yield replaced(place, os.mkfifo)
        yield replaced(place, lambda path: path.symlink_to("/dev/zero"))
        yield replaced(place, lambda path: path.mkdir())
    yield replaced("run.json", lambda path: path.symlink_to(outside / "run" / "run.json"))
    for folder in ("activations", "probes", "weights"):
        inside = outside / "run" / folder
        yield replaced(folder, lambda path, inside=inside: path.symlink_to(inside))
        yield replaced(folder, lambda path: path.symlink_to(path))
    yield replaced("export-csv", lambda path: path.symlink_to(outside))
    yield replaced("results.sqlite", lambda p: p.symlink_to(outside / "run" / "results.sqlite"))
    yield replaced(tensors, lambda path: hole(path, 6_000_000_000, b""))
    yield replaced(tensors, lambda path: hole(path, 7_000_000_000, struct.pack("<Q", 6 * 10**9)))
    yield replaced("run.json", lambda path: hole(path, 6_000_000_000, b"{"))
    yield replaced("results.sqlite", lambda path: hole(path, 2_000_000_000, b"SQLite format 3\0"))


def hole(path: Path, size: int, head: bytes) -> None:
    """A file that takes no room and is long."""
    with open(path, "wb") as file:
        file.write(head)
        file.truncate(size)


def header(entries: dict | bytes, data: bytes = bytes(288), place: str = "") -> Change:
    """Another header in a file of activations."""
    body = entries if isinstance(entries, bytes) else json.dumps(entries).encode()
    content = struct.pack("<Q", len(body)) + body + data
    return lambda path: (
        (path / place if place else activation_path(path, 1, "test")).write_bytes(content) and None
    )


def header_changes() -> Iterator[Change]:
    """Headers that break a rule of the format."""
    good = {"dtype": "F32", "shape": [9, 8], "data_offsets": [0, 288]}
    changes = [
        {"dtype": "F99"}, {"dtype": None}, {"shape": [9, 9]}, {"shape": [-9, -8]}, {"shape": "x"},
        {"shape": [2**62, 2**62]}, {"shape": [0, 2**62, 2**62]}, {"shape": [True, 72]},
        {"shape": [1] * 70}, {"data_offsets": [288, 0]}, {"data_offsets": [0]},
        {"data_offsets": [0, 2**70]}, {"data_offsets": [-1, 287]}, {"data_offsets": None},
    ]  # fmt: skip
    yield from (header({"fc1": {**good, **change}}) for change in changes)
    yield header({"fc1": 3})
    yield header({"fc1": good, "head": good})
    yield header({"__metadata__": 3, "fc1": good})
    yield header(b'{"fc1": ' + json.dumps(good).encode() + b', "fc1": 1}')
    yield header(b"[" * 100_000)
    yield header(b'{"a":' * 100_000)
    yield header({"fc1": good}, place=str(probe_path(Path(), "test")))
    yield header({"fc1.weight": good}, place=str(weight_path(Path(), 1)))
    yield lambda path: activation_path(path, 1, "test").write_bytes(b"\xff" * 8) and None
    yield lambda path: (path / "activations" / "\u00b2").mkdir()
    yield lambda path: (path / "activations" / ("9" * 200)).mkdir()


def flip_changes(rng: np.random.Generator) -> Iterator[Change]:
    """One bit of one file turned."""
    places = ("activations/000001/test.safetensors", "probes/test.safetensors")
    for place in (*places, "weights/000001.safetensors", "results.sqlite", "run.json") * 6:
        share, bit = rng.random(), int(rng.integers(8))

        def change(path: Path, place=place, share=share, bit=bit) -> None:
            data = bytearray((path / place).read_bytes())
            data[int(share * min(len(data), 4096))] ^= 1 << bit
            (path / place).write_bytes(bytes(data))

        yield change


def row_changes() -> Iterator[Change]:
    """Tensors that do not fit the samples, or hold what they should not."""
    floats = np.full((9, 8), np.nan, np.float32)
    for arrays in ({"fc1": floats[:3]}, {"fc1": floats}, {"fc1": np.zeros((9, 0), np.float32)}, {}):
        yield lambda path, arrays=arrays: store.write_activations(path, 1, "test", arrays) and None
    inputs = np.zeros((9, 4), np.float32)
    labels = (np.full(9, -5), np.full(9, 2**62), np.zeros(3, int), np.zeros(9))
    for each in labels:
        yield lambda path, each=each: store.write_probe(path, "test", inputs, each) and None
    strange = (inputs[:, 0], inputs[:0], np.full((9, 4), np.inf, np.float32), inputs > 0)
    for each in strange:
        yield lambda path, each=each: store.write_probe(path, "test", each) and None


def sql(*texts: str) -> Change:
    """The database changed by statements."""

    def change(path: Path) -> None:
        connection = sqlite3.connect(database_path(path))
        for each in texts:
            connection.execute(each)
        connection.commit()
        connection.close()

    return change


def database_changes() -> Iterator[Change]:
    """Views, triggers and values that do not belong there."""
    cell = "'m' AS measure, 'fc1' AS layer, 0 AS epoch, 'test' AS split, 'table' AS kind"
    rest = "1 AS version, '' AS key, zeroblob(100000000) AS record"
    yield sql(
        "DROP TABLE results", f"CREATE VIEW results AS {ENDLESS} SELECT {cell}, {rest} FROM n"
    )
    yield sql("DROP TABLE results", f"CREATE VIEW results AS SELECT {cell}, {rest}")
    cost = "i AS epoch, 1.0 AS seconds, 1 AS bytes, 1.0 AS wall_seconds"
    yield sql("DROP TABLE costs", f"CREATE VIEW costs AS {ENDLESS} SELECT {cost} FROM n")
    yield sql("CREATE TRIGGER t BEFORE INSERT ON results BEGIN DELETE FROM scalars; END")
    yield sql("CREATE VIRTUAL TABLE v USING fts5(a)")
    yield sql("PRAGMA user_version=99")
    yield sql("PRAGMA user_version=0")
    yield sql("DROP TABLE problems")
    values = ["epoch = 'x'", "epoch = 9e18", "split = x'ff'", "kind = 'x'", "layer = ''"]
    values += ["record = x''", "record = 'text'", "measure = CAST(x'ff' AS TEXT)"]
    values += ["measure = 'x/../../../pwned'", "measure = 'a' || char(27) || '[2J'"]
    for change in values:
        yield sql(f"UPDATE results SET {change} WHERE measure = 'homology'")
    yield sql("UPDATE scalars SET value = 'x'")
    yield sql("UPDATE scalars SET name = x'00'")
    yield sql("INSERT INTO problems VALUES ('x', char(27) || ']0;owned' || char(7))")
    yield sql(f"INSERT INTO scalars {ENDLESS} SELECT i, 'a', 1.0 FROM n LIMIT 3000")


def record(data: bytes, kind: str = "table") -> Change:
    """A result with these bytes."""

    def change(path: Path) -> None:
        connection = sqlite3.connect(database_path(path))
        values = ("neighbour_error", "fc1", 1, "test", kind, 1, "", data)
        connection.execute("INSERT OR REPLACE INTO results VALUES (?,?,?,?,?,?,?,?)", values)
        connection.commit()
        connection.close()

    return change


def record_changes() -> Iterator[Change]:
    """Records that are of no kind, or whose parts do not fit."""
    told = [
        {}, [], {"kind": "table"}, {"kind": [], "version": 1, "facts": {}},
        {"kind": "table", "version": 1, "facts": {"columns": {"columns": ["no"]}}},
        {"kind": "table", "version": 1, "facts": {"columns": 3}},
        {"kind": "table", "version": "x", "facts": {}},
        {"kind": "diagrams", "version": 1, "facts": {"birth": [0], "death": [], "dimension": [1]}},
        {"kind": "diagrams", "version": 1, "facts": {"birth": "x", "death": [1], "dimension": []}},
        {"kind": "embedding", "version": 1, "facts": {"points": 3}},
        {"kind": "embedding", "version": 1, "facts": {"points": [[1, 2]], "labels": [1, 2, 3]}},
        {"kind": "matrix", "version": 1, "facts": {"values": [[1]], "rows": 3, "columns": []}},
        {"kind": "images", "version": 1, "facts": {"pixels": [[[[2]]]], "captions": 3}},
        {"kind": "curve", "version": 1, "facts": {"x": [1], "y": [[1, 2]], "series": [None]}},
        {"kind": "curve", "version": 1, "facts": {"x": ["a"], "y": [["b"]], "series": ["s"]}},
    ]  # fmt: skip
    for each in told:
        body = json.dumps({"__metadata__": {"record": json.dumps(each)}}).encode()
        yield record(struct.pack("<Q", len(body)) + body)
    yield record(pack(Embedding(np.zeros((2, 9)))), "embedding")
    yield record(pack(Table({"error": np.array([np.nan, np.inf])})))
    yield record(pack(Diagrams([5, np.nan], [1, -np.inf], [0, 7])), "diagrams")
    yield record(struct.pack("<Q", 2**60))
    yield record(bytes(1000))


def write_pictures(folder: Path, rng: np.random.Generator) -> None:
    """Two classes of good pictures, and files of every kind that are none."""
    for name in "ab":
        (folder / name).mkdir(parents=True)
        for at in range(4):
            pixels = rng.integers(0, 256, (8, 8, 3)).astype(np.uint8)
            (folder / name / f"good-{at}.png").write_bytes(png(pixels))
    whole = png(rng.integers(0, 256, (8, 8, 3)).astype(np.uint8))
    for at in range(40):
        data = bytearray(whole)
        for _ in range(1 + at % 4):
            data[int(rng.integers(len(data)))] ^= 1 << int(rng.integers(8))
        (folder / "a" / f"flip-{at}.png").write_bytes(bytes(data[: None if at % 3 else 60 + at]))
    for name, data in bad_pictures().items():
        (folder / "a" / name).write_bytes(data)
    os.mkfifo(folder / "a" / "pipe.png")
    (folder / "a" / "zero.png").symlink_to("/dev/zero")


def bad_pictures() -> dict[str, bytes]:
    """Files by name that end, lie or burst."""
    short = chunk(b"IHDR", b"\0\0") + chunk(b"IDAT", zlib.compress(b"\0\0")) + chunk(b"IEND", b"")
    bomb = chunk(b"IHDR", struct.pack(">IIBBBBB", 50_000, 50_000, 8, 2, 0, 0, 0))
    bomb += chunk(b"IDAT", zlib.compress(bytes(10**6))) + chunk(b"IEND", b"")
    array = io.BytesIO()
    np.save(array, np.zeros((8, 8), np.uint8))
    lying = array.getvalue().replace(b"(8, 8)", b"(99999, 99999)")
    objects = io.BytesIO()
    np.save(objects, np.array([{"a": 1}], dtype=object), allow_pickle=True)
    signature = b"\x89PNG\r\n\x1a\n"
    return {
        "short.png": signature + short, "bomb.png": signature + bomb, "empty.png": b"",
        "cut.jpg": b"\xff\xd8\xff\xe0\0\x10JFIF", "odd.gif": b"GIF89a" + b"\xff" * 30,
        "odd.tif": b"II*\0\xff\xff\xff\xff", "odd.bmp": b"BM" + b"\xff" * 60,
        "odd.webp": b"RIFF\xff\xff\xff\xffWEBPVP8 ", "page.png": b"<html></html>",
        "lying.npy": lying, "objects.npy": objects.getvalue(),
        "odd.npy": b"\x93NUMPY\x01\0\xff\xff",
        "huge.ppm": b"P6 99999999 99999999 255 ", "odd.pgm": b"P5 8 8 70000 ", "no.pgm": b"P5",
    }  # fmt: skip


def png(pixels: np.ndarray) -> bytes:
    """A picture of 8 bits as PNG."""
    height, width, channels = pixels.shape
    colour = {1: 0, 3: 2}[channels]
    rows = np.concatenate([np.zeros((height, 1), np.uint8), pixels.reshape(height, -1)], 1)
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, colour, 0, 0, 0))
    body = chunk(b"IDAT", zlib.compress(rows.tobytes()))
    return b"\x89PNG\r\n\x1a\n" + head + body + chunk(b"IEND", b"")


def chunk(name: bytes, body: bytes) -> bytes:
    """One part of a PNG with its checksum."""
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


if __name__ == "__main__":
    print(f"{len(build(Path(sys.argv[1])))} hostile runs in {sys.argv[1]}")
