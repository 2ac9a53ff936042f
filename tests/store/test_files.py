"""Files appear whole and together, or not at all."""

import errno
import os

import pytest

from lamella.store.files import remove_parts, whole_file, whole_files, write_all


def write(path, data, failure=None):
    with whole_file(path) as file:
        write_all(file, data)
        if failure:
            raise failure


def test_a_file_appears_under_its_name(tmp_path):
    write(tmp_path / "deep" / "file", b"data")
    assert [p.name for p in (tmp_path / "deep").iterdir()] == ["file"]
    assert (tmp_path / "deep" / "file").read_bytes() == b"data"


@pytest.mark.parametrize("failure", [ValueError, KeyboardInterrupt])
def test_an_exception_leaves_the_old_file(tmp_path, failure):
    write(tmp_path / "file", b"old")
    with pytest.raises(failure):
        write(tmp_path / "file", b"new", failure)
    assert [p.name for p in tmp_path.iterdir()] == ["file"]
    assert (tmp_path / "file").read_bytes() == b"old"


def test_nothing_has_its_name_before_all_is_synced(tmp_path, monkeypatch):
    synced = []
    sync = os.fsync
    monkeypatch.setattr(os, "fsync", lambda d: (synced.append(names(tmp_path)), sync(d)))
    with whole_files() as open_part:
        for name in ("a", "b"):
            with open_part(tmp_path / name) as file:
                file.write(b"x")
            assert names(tmp_path) == []
    assert synced[:2] == [[], []]
    assert synced[2:] == [["a", "b"]]  # the folder, so that the names are on the disk too
    assert names(tmp_path) == ["a", "b"]


def names(folder):
    return sorted(p.name for p in folder.iterdir() if not p.name.startswith("."))


def write_two(folder):
    with whole_files() as open_part:
        for name in ("a", "b"):
            with open_part(folder / name) as file:
                file.write(b"new")


def test_one_that_cannot_be_synced_takes_all_back(tmp_path, monkeypatch):
    write(tmp_path / "b", b"old")

    def full(descriptor):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        write_two(tmp_path)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["b"]
    assert (tmp_path / "b").read_bytes() == b"old"


def test_short_writes_go_on():
    class Slow:
        data = b""

        def write(self, rest):
            self.data += bytes(rest[:2])
            return min(2, len(rest))

    file = Slow()
    write_all(file, b"abcde")
    assert file.data == b"abcde"


def test_rests_of_a_killed_process_are_removed(tmp_path):
    rests = [".run.json.7.part", "activations/000001/.train.safetensors.7.part"]
    kept = ["own.part", "activations/000001/train.safetensors", "notes/.x.part"]
    for name in rests + kept:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    remove_parts(tmp_path)
    assert {str(p.relative_to(tmp_path)) for p in tmp_path.rglob("*") if p.is_file()} == set(kept)
