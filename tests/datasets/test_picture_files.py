"""Pictures as people have them: 16 bits, turned, hidden, mixed, and damaged in every way."""

import contextlib
import importlib.util
import os
import struct
import time
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from lamella.data.files import DataError
from lamella.data.picture_files import read_picture
from lamella.data.png import NotReadable, read_png
from lamella.registry import datasets

CORPUS = Path(__file__).parents[1] / "hostile" / "corpus.py"


def corpus():
    spec = importlib.util.spec_from_file_location("hostile_corpus", CORPUS)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def arrays(folder, count=4):
    folder.mkdir(parents=True)
    for at in range(count):
        np.save(folder / f"{at}.npy", np.full((8, 8), at, np.uint8))


@pytest.mark.parametrize("suffix", ["tif", "png", "pgm"])
def test_grey_of_sixteen_bits_keeps_them(tmp_path, suffix):
    values = np.arange(64, dtype=np.uint16).reshape(8, 8) * 1000
    Image.fromarray(values).save(tmp_path / f"x.{suffix}")
    read = read_picture(tmp_path / f"x.{suffix}")
    assert read.shape == (8, 8, 1)
    assert np.allclose(read[..., 0], values / 65535, atol=1e-7)


def test_colours_of_sixteen_bits_keep_them(tmp_path):
    values = (np.arange(48, dtype=np.uint16) * 1300).reshape(4, 4, 3)
    rows = np.concatenate(
        [np.zeros((4, 1), np.uint8), values.astype(">u2").view(np.uint8).reshape(4, 24)], 1
    )
    chunk = corpus().chunk
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 4, 4, 16, 2, 0, 0, 0))
    body = chunk(b"IDAT", zlib.compress(rows.tobytes())) + chunk(b"IEND", b"")
    (tmp_path / "x.png").write_bytes(b"\x89PNG\r\n\x1a\n" + head + body)
    assert np.allclose(read_picture(tmp_path / "x.png"), values / 65535, atol=1e-7)


def test_photographs_stand_upright(tmp_path):
    pixels = np.zeros((16, 12, 3), np.uint8)
    pixels[:4] = 255
    turned = Image.Exif()
    turned[0x0112] = 6  # the camera was held on its side
    Image.fromarray(pixels).save(tmp_path / "x.jpg", exif=turned, quality=95)
    read = read_picture(tmp_path / "x.jpg")
    assert read.shape == (12, 16, 3)
    assert read[:, -4:].mean() > 0.9
    assert read[:, :12].mean() < 0.1


@pytest.mark.parametrize("other", ["test", "val", "valid", "validation", "dev"])
def test_a_folder_beside_train_is_the_test_split(tmp_path, other):
    for split, count in (("train", 6), (other, 3)):
        for name in ("ants", "bees"):
            arrays(tmp_path / split / name, count)
    made = datasets["images"](folder=tmp_path)
    assert made.class_names == ("ants", "bees")
    assert (len(made.train), len(made.test)) == (12, 6)


def test_an_unknown_split_is_no_class(tmp_path):
    for split in ("train", "holdout"):
        for name in ("ants", "bees"):
            arrays(tmp_path / split / name)
    with pytest.raises(DataError, match="none of test, val, valid, validation, dev beside it"):
        datasets["images"](folder=tmp_path)


def test_classes_may_be_called_train(tmp_path):
    arrays(tmp_path / "train")
    arrays(tmp_path / "tram")
    assert datasets["images"](folder=tmp_path).class_names == ("train", "tram")


def test_hidden_files_are_left_out(tmp_path):
    for name in "ab":
        arrays(tmp_path / name)
    (tmp_path / "a" / "._0.png").write_bytes(b"\0\5\x16\7")
    (tmp_path / "a" / "__MACOSX").mkdir()
    (tmp_path / "a" / "__MACOSX" / "0.png").write_bytes(b"none")
    arrays(tmp_path / "__MACOSX" / "a")
    made = datasets["images"](folder=tmp_path)
    assert len(made.train) + len(made.test) == 8


def test_mixed_modes_are_brought_to_one(tmp_path):
    for name in "ab":
        (tmp_path / name).mkdir()
        for at, mode in enumerate(("L", "RGB", "RGBA", "CMYK", "P", "1")):
            kind = "jpg" if mode == "CMYK" else "png"
            Image.new("RGB", (8, 8), "white").convert(mode).save(tmp_path / name / f"{at}.{kind}")
    with pytest.raises(DataError, match=r"or channels \(1 or 3\)"):
        datasets["images"](folder=tmp_path)
    for channels in (1, 3):
        made = datasets["images"](folder=tmp_path, channels=channels)
        assert made.input_shape == (channels, 8, 8)
        assert np.allclose(made.train.inputs, 1, atol=0.02)


def test_the_folder_may_begin_at_home(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in "ab":
        arrays(tmp_path / "pictures" / name)
    assert datasets["images"](folder="~/pictures").classes == 2


def test_every_malformed_picture_is_skipped_or_named(tmp_path):
    corpus().write_pictures(tmp_path / "pictures", np.random.default_rng(0))
    begun = time.monotonic()
    made = datasets["images"](folder=tmp_path / "pictures", size=(8, 8), channels=3, skip_bad=True)
    assert time.monotonic() - begun < 5
    assert 8 <= len(made.train) + len(made.test) < 30
    with pytest.raises(DataError, match="cannot be read"):
        datasets["images"](folder=tmp_path / "pictures")


@pytest.mark.parametrize("name", list(corpus().bad_pictures()))
def test_what_is_no_picture_is_not_readable(tmp_path, name):
    (tmp_path / name).write_bytes(corpus().bad_pictures()[name])
    with pytest.raises(NotReadable, match=r"."):
        read_picture(tmp_path / name)


def test_a_pipe_is_no_picture(tmp_path):
    os.mkfifo(tmp_path / "x.png")
    with pytest.raises(NotReadable, match="not a regular file"):
        read_picture(tmp_path / "x.png")


def test_our_own_reader_survives_any_damage():
    made, rng = corpus(), np.random.default_rng(1)
    whole = made.png(rng.integers(0, 256, (6, 5, 3)).astype(np.uint8))
    for _ in range(400):
        chunks = [
            b"IHDR",
            struct.pack(">IIBBBBB", *rng.integers(0, 20, 2), *rng.integers(0, 17, 5)),
        ]
        body = zlib.compress(rng.bytes(int(rng.integers(0, 300))))
        parts = made.chunk(*chunks) + made.chunk(b"IDAT", body) + made.chunk(b"IEND", b"")
        data = bytearray(whole[:8] + parts if rng.random() < 0.7 else whole)
        if rng.random() < 0.3:
            data[int(rng.integers(len(data)))] ^= 255
        with contextlib.suppress(NotReadable):
            assert read_png(bytes(data)).ndim == 3
