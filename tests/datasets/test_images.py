"""Folders of images as data sets."""

import numpy as np
import pytest
from support.png_files import write

from lamella.data.files import DataError
from lamella.data.load import load_dataset
from lamella.errors import InputError, UnknownName
from lamella.registry import datasets


@pytest.fixture
def folder(tmp_path):
    write(tmp_path / "cats", 0, count=10)
    write(tmp_path / "dogs", 100, count=10)
    return tmp_path


def test_classes_are_folders(folder):
    made = datasets["images"](folder=folder)
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
    assert datasets["images"](folder=tmp_path).input_shape == (7, 3, 3)


def test_a_bad_file_is_named_and_skipped_only_when_asked(folder):
    (folder / "cats" / "3.png").write_bytes(b"\x89PNG\r\n\x1a\nnothing")
    with pytest.raises(DataError, match=r"cats/3.png cannot be read: .*--skip-bad"):
        datasets["images"](folder=folder)
    made = datasets["images"](folder=folder, skip_bad=True)
    assert len(made.train) + len(made.test) == 19


def test_a_pickled_array_is_not_opened(folder):
    np.save(folder / "cats" / "evil.npy", np.array([{}], object), allow_pickle=True)
    with pytest.raises(DataError, match=r"evil.npy cannot be read: .*Python objects"):
        datasets["images"](folder=folder)


def test_an_empty_class_is_named(folder):
    (folder / "birds").mkdir()
    with pytest.raises(DataError, match=r"class folder .*birds has no image"):
        datasets["images"](folder=folder)


def test_mixed_sizes_are_counted_and_mended_by_size(folder):
    write(folder / "cats", 0, shape=(8, 8), count=1)
    with pytest.raises(
        DataError, match=r"of \(6, 4, 1\) and 1 of \(8, 8, 1\) \(first: .*Pass size"
    ):
        datasets["images"](folder=folder)
    assert datasets["images"](folder=folder, size=(4, 4)).input_shape == (1, 4, 4)


def test_no_folder_and_one_class_are_refused(tmp_path):
    with pytest.raises(InputError, match="wants a folder of images"):
        datasets["images"](folder=tmp_path / "none")
    write(tmp_path / "only", 0)
    with pytest.raises(DataError, match="two or more classes, got 1"):
        datasets["images"](folder=tmp_path)
    with pytest.raises(UnknownName, match="Nearest: mnist"):
        load_dataset("mnst")
    with pytest.raises(UnknownName, match="there is no folder my-images, and no data set"):
        load_dataset("my-images")
