import struct
import zlib

import numpy as np
import pytest

from lamella import dataset
from lamella.datasets.files import DataError
from lamella.datasets.load import load_dataset
from lamella.datasets.picture_files import read_picture, resized
from lamella.datasets.png import NotReadable, read_png
from lamella.datasets.steps import apply_steps, divide, standardise, undo_steps
from lamella.errors import InputError, UnknownName


def chunk(name, body):
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def png(lines, width, bits, colour, extra=b""):
    header = struct.pack(">IIBBBBB", width, len(lines), bits, colour, 0, 0, 0)
    data = zlib.compress(b"".join(lines))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        [chunk(b"IHDR", header), extra, chunk(b"IDAT", data), chunk(b"IEND", b"")]
    )


def filtered(pixels, kind):
    """The slow plain twin: every filter of the standard applied byte by byte."""
    height, width, channels = pixels.shape
    raw = pixels.reshape(height, -1).astype(int)
    lines = []
    for y in range(height):
        out = [kind]
        for x in range(width * channels):
            left = raw[y, x - channels] if x >= channels else 0
            up = raw[y - 1, x] if y else 0
            corner = raw[y - 1, x - channels] if y and x >= channels else 0
            near = min((left, up, corner), key=lambda v: abs(v - (left + up - corner)))
            guess = (0, left, up, (left + up) // 2, near)[kind]
            out.append((raw[y, x] - guess) % 256)
        lines.append(bytes(out))
    return lines


@pytest.mark.parametrize("kind", range(5))
@pytest.mark.parametrize(("channels", "colour"), [(1, 0), (2, 4), (3, 2), (4, 6)])
def test_every_png_filter_is_undone(kind, channels, colour):
    pixels = np.random.default_rng(kind).integers(0, 256, (5, 4, channels), dtype=np.uint8)
    assert np.array_equal(read_png(png(filtered(pixels, kind), 4, 8, colour)), pixels)


def test_png_of_few_bits_palettes_and_sixteen_bits():
    assert read_png(png([b"\0\xb0"], 4, 1, 0))[0, :, 0].tolist() == [255, 0, 255, 255]
    palette = chunk(b"PLTE", bytes([1, 2, 3, 4, 5, 6]))
    assert read_png(png([b"\0\x40"], 2, 1, 3, palette)).tolist() == [[[1, 2, 3], [4, 5, 6]]]
    assert read_png(png([b"\0\x12\x34"], 1, 16, 0)).tolist() == [[[0x1234]]]


def test_our_own_pictures_are_read_back():
    from lamella.views.image_grid import png as written

    pixels = np.random.default_rng(0).integers(0, 256, (7, 5, 3), dtype=np.uint8)
    assert np.array_equal(read_png(written(pixels)), pixels)


@pytest.mark.parametrize("cut", [0, 5, 40, -6])
def test_truncated_png_is_not_readable(cut):
    whole = png(filtered(np.zeros((4, 4, 1), np.uint8), 0), 4, 8, 0)
    with pytest.raises(NotReadable, match=r"truncated|not a PNG"):
        read_png(whole[:cut])
    damaged = bytearray(whole)
    damaged[45] ^= 255
    with pytest.raises(NotReadable, match="damaged"):
        read_png(bytes(damaged))


def write(path, value, shape=(6, 4), channels=1, count=4):
    path.mkdir(parents=True, exist_ok=True)
    for number in range(count):
        pixels = np.full((*shape, channels), value + number, np.uint8)
        colour = {1: 0, 3: 2}[channels]
        name = path / f"{number}.png"
        name.write_bytes(png(filtered(pixels, 0), shape[1], 8, colour))


@pytest.fixture
def folder(tmp_path):
    write(tmp_path / "cats", 0, count=10)
    write(tmp_path / "dogs", 100, count=10)
    return tmp_path


def test_classes_are_folders(folder):
    made = dataset["images"](folder=folder)
    assert made.class_names == ("cats", "dogs")
    assert made.input_shape == (1, 6, 4)
    assert (len(made.train), len(made.test)) == (16, 4)
    assert np.bincount(made.test.labels).tolist() == [2, 2]
    values = np.concatenate([made.train.inputs, made.test.inputs])[:, 0, 0, 0] * 255
    labels = np.concatenate([made.train.labels, made.test.labels])
    assert np.array_equal(labels, values > 50)


def test_train_and_test_folders_are_kept(tmp_path):
    for name, count in (("train", 5), ("test", 2)):
        write(tmp_path / name / "a", 0, channels=3, count=count)
        write(tmp_path / name / "b", 90, channels=3, count=count)
    made = load_dataset(str(tmp_path), train_size=4, standardised=True)
    assert (len(made.train), len(made.test)) == (4, 4)
    assert made.input_shape == (3, 6, 4)
    assert made.train.inputs.mean() == pytest.approx(0, abs=1e-5)
    assert made.train.inputs.std() == pytest.approx(1, abs=1e-4)
    assert not set(made.train.ids) & set(made.test.ids)


def test_any_number_of_channels_as_arrays(tmp_path):
    for name in "ab":
        (tmp_path / name).mkdir()
        for number in range(5):
            np.save(tmp_path / name / f"{number}.npy", np.ones((3, 3, 7), np.float32))
    assert dataset["images"](folder=tmp_path).input_shape == (7, 3, 3)


def test_netpbm_is_read(tmp_path):
    (tmp_path / "x.ppm").write_bytes(b"P6\n# made by hand\n2 1\n255\n\xff\0\0\0\xff\0")
    assert read_picture(tmp_path / "x.ppm").tolist() == [[[1, 0, 0], [0, 1, 0]]]
    (tmp_path / "x.pgm").write_bytes(b"P5 2 1 255\n\xff")
    with pytest.raises(NotReadable, match=r"not enough image data|truncated"):
        read_picture(tmp_path / "x.pgm")


def test_a_bad_file_is_named_and_skipped_only_when_asked(folder):
    (folder / "cats" / "3.png").write_bytes(b"\x89PNG\r\n\x1a\nnothing")
    with pytest.raises(DataError, match=r"cats/3.png cannot be read: .*--skip-bad"):
        dataset["images"](folder=folder)
    made = dataset["images"](folder=folder, skip_bad=True)
    assert len(made.train) + len(made.test) == 19


def test_a_pickled_array_is_not_opened(folder):
    np.save(folder / "cats" / "evil.npy", np.array([{}], object), allow_pickle=True)
    with pytest.raises(DataError, match=r"evil.npy cannot be read: .*Python objects"):
        dataset["images"](folder=folder)


def test_an_empty_class_is_named(folder):
    (folder / "birds").mkdir()
    with pytest.raises(DataError, match=r"class folder .*birds has no image"):
        dataset["images"](folder=folder)


def test_mixed_sizes_are_counted_and_mended_by_size(folder):
    write(folder / "cats", 0, shape=(8, 8), count=1)
    with pytest.raises(
        DataError, match=r"of \(6, 4, 1\) and 1 of \(8, 8, 1\) \(first: .*Pass size"
    ):
        dataset["images"](folder=folder)
    assert dataset["images"](folder=folder, size=(4, 4)).input_shape == (1, 4, 4)


def test_no_folder_and_one_class_are_refused(tmp_path):
    with pytest.raises(InputError, match="wants a folder of images"):
        dataset["images"](folder=tmp_path / "none")
    write(tmp_path / "only", 0)
    with pytest.raises(DataError, match="two or more classes, got 1"):
        dataset["images"](folder=tmp_path)
    with pytest.raises(UnknownName, match="Nearest: mnist"):
        load_dataset("mnst")
    with pytest.raises(UnknownName, match="there is no folder my-images, and no data set"):
        load_dataset("my-images")


def test_resizing_takes_the_middle():
    picture = np.zeros((4, 8, 1), np.float32)
    picture[:, 2:6] = 1
    assert np.allclose(resized(picture, (2, 2)), 1)
    assert resized(np.ones((3, 5, 2), np.float32), (6, 6)).shape == (6, 6, 2)


def test_steps_are_taken_back_for_pictures():
    images = np.random.default_rng(0).integers(0, 256, (2, 3, 4, 4))
    steps = [divide(255.0), standardise((0.1, 0.2, 0.3), (0.5, 0.6, 0.7))]
    made = apply_steps(images, steps)
    by_hand = (images[:, 1] / 255 - 0.2) / 0.6
    assert np.allclose(made[:, 1], by_hand, atol=1e-6)
    assert np.allclose(undo_steps(made, steps), images / 255, atol=1e-6)
