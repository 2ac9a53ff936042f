"""Rectangles on disk: whole, in shards, cut off, and on a full disk."""

import errno
import json

import numpy as np
import pytest
from safetensors.numpy import load_file

from lamella.data.rectangles import files
from lamella.data.rectangles.files import write_rectangles
from lamella.data.rectangles.reading import (
    find_shards,
    iterate_rectangles,
    read_rectangles,
)
from lamella.data.rectangles.scenes import Scene
from lamella.data.rectangles.stream import FIELDS, generate
from lamella.errors import BudgetError, InputError, UnknownName


def same(one, other):
    return all(np.array_equal(getattr(one, name), getattr(other, name)) for name in FIELDS)


def test_safetensors_are_read_by_the_format_s_own_library(tmp_path):
    write_rectangles(tmp_path / "r.safetensors", 300, seed=3)
    arrays, made = load_file(tmp_path / "r.safetensors"), generate(300, seed=3)
    assert set(arrays) == set(FIELDS)
    assert all(np.array_equal(arrays[name], getattr(made, name)) for name in FIELDS)


def test_hdf5_has_the_seed_s_layout(tmp_path):
    h5py = pytest.importorskip("h5py")
    write_rectangles(tmp_path / "r.hdf5", 50, seed=3)
    with h5py.File(tmp_path / "r.hdf5") as file:
        found = {name: (data.shape, data.dtype.name) for name, data in file.items()}
    assert found == {
        "image": ((50, 64, 64, 3), "uint8"),
        "mask": ((50, 64, 64, 4), "uint8"),
        "full_mask": ((50, 64, 64, 4), "uint8"),
        "parameters": ((50, 3, 7), "int32"),
        "order": ((50, 3), "int32"),
    }
    assert same(read_rectangles(tmp_path / "r.hdf5"), generate(50, seed=3))


@pytest.mark.parametrize("suffix", [".safetensors", ".hdf5"])
def test_shards_join_to_what_one_file_would_hold(tmp_path, suffix):
    path, ticks = tmp_path / f"r{suffix}", []
    names = write_rectangles(path, 250, seed=1, shard=100, tick=ticks.append)
    assert [n.name for n in names] == [f"r-0000{k}-of-00003{suffix}" for k in range(3)]
    assert ticks[-1] == 250
    assert ticks == sorted(ticks)
    assert same(read_rectangles(path, 90, 210), generate(120, seed=1, start=90))
    blocks = list(iterate_rectangles(path, 64))
    assert sum(map(len, blocks)) == 250
    if suffix == ".safetensors":
        assert json.loads((tmp_path / "r.safetensors.index.json").read_text())["count"] == 250


def test_the_same_call_goes_on_where_it_stopped(tmp_path):
    path = tmp_path / "r.safetensors"
    names = write_rectangles(path, 250, shard=100)
    kept = names[0].stat().st_mtime_ns
    names[1].unlink()
    write_rectangles(path, 250, shard=100)
    assert names[0].stat().st_mtime_ns == kept
    assert same(read_rectangles(path), generate(250))
    write_rectangles(path, 250, shard=100, scene=Scene(delta=3))
    assert names[0].stat().st_mtime_ns != kept


def test_a_full_disk_keeps_what_is_complete_and_names_the_rest(tmp_path, monkeypatch):
    write, full = files.SafetensorsWriter.write, []

    def fill(self, first, block):
        if "00002" in self.file.name and not full:
            raise OSError(errno.ENOSPC, "No space left on device")
        write(self, first, block)

    monkeypatch.setattr(files.SafetensorsWriter, "write", fill)
    path = tmp_path / "r.safetensors"
    with pytest.raises(
        BudgetError, match="disk is full: 2 of 6 files are complete and stay"
    ) as found:
        write_rectangles(path, 550, shard=100)
    assert "missing are r-00002-of-00006.safetensors" in str(found.value)
    assert "and 1 more (images 200 to 549)" in str(found.value)
    assert "Free 0.0 GB" in str(found.value)
    assert sorted(p.name for p in tmp_path.iterdir()) == [
        "r-00000-of-00006.safetensors",
        "r-00001-of-00006.safetensors",
    ]
    assert same(
        read_rectangles(tmp_path / "r-00001-of-00006.safetensors"), generate(100, start=100)
    )
    full.append(True)
    write_rectangles(path, 550, shard=100)
    assert len(read_rectangles(path)) == 550


@pytest.mark.parametrize("suffix", [".safetensors", ".hdf5"])
@pytest.mark.parametrize("left", [5, 2000, 100_000])
def test_a_truncated_shard_is_named(tmp_path, suffix, left):
    path = tmp_path / f"r{suffix}"
    names = write_rectangles(path, 60, shard=20)
    with open(names[1], "r+b") as file:
        file.truncate(left)
    with pytest.raises(InputError, match=f"the whole of the shard {names[1].name}.*truncated"):
        find_shards(path)


def test_unknown_suffix_missing_folder_and_missing_file(tmp_path):
    with pytest.raises(UnknownName, match=r"is called '\.hdf'\. Nearest: \.hdf5"):
        write_rectangles(tmp_path / "r.hdf", 5)
    with pytest.raises(InputError, match="a folder that exists"):
        write_rectangles(tmp_path / "no" / "r.hdf5", 5)
    with pytest.raises(InputError, match="is not there"):
        read_rectangles(tmp_path / "r.safetensors")
