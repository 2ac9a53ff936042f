"""Our readers, on files made here, and on the real ones where they are."""

import gzip
import io
import os
import pickle
import tarfile
from pathlib import Path

import numpy as np
import pytest

from lamella.data import cifar_files, cifar_pickle
from lamella.data.cifar_pickle import read_batch
from lamella.data.files import DataError, DataFile, check_hash, find_files
from lamella.data.idx import read_idx
from lamella.datasets.mnist import FILES
from lamella.registry import datasets

REAL = os.environ.get("LAMELLA_DATA", "")


@pytest.fixture
def no_network(monkeypatch, tmp_path):
    """No data folder, an empty cache, and mirrors that refuse."""
    import pooch

    class Refused:
        def __init__(self, **options):
            pass

        def __call__(self, url, *rest, **options):
            raise OSError("refused")

    monkeypatch.delenv("LAMELLA_DATA", raising=False)
    monkeypatch.setenv("LAMELLA_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(pooch, "HTTPDownloader", Refused)


def idx(array):
    shape = b"".join(n.to_bytes(4, "big") for n in array.shape)
    return bytes([0, 0, 8, array.ndim]) + shape + array.astype(np.uint8).tobytes()


@pytest.mark.parametrize("zipped", [False, True])
def test_idx_is_read_as_its_header_says(tmp_path, zipped):
    array = np.arange(24).reshape(2, 3, 4)
    raw = idx(array)
    (tmp_path / "x").write_bytes(gzip.compress(raw, mtime=0) if zipped else raw)
    assert np.array_equal(read_idx(tmp_path / "x"), array)


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (idx(np.zeros((4, 5)))[:-3], r"wants 20 bytes for shape \(4, 5\), got 17: it is truncated"),
        (b"\0\0\x0d\x01" + b"\0\0\0\x01" + b"\0\0\0\0", "wants an idx header of unsigned bytes"),
        (b"", "wants an idx header"),
        (gzip.compress(idx(np.zeros((50, 50))), mtime=0)[:-20], "truncated or damaged archive"),
    ],
)
def test_damaged_idx_is_refused(tmp_path, raw, words):
    (tmp_path / "x").write_bytes(raw)
    with pytest.raises(DataError, match=words):
        read_idx(tmp_path / "x")


def test_a_wrong_hash_says_which_file_and_what_to_do(tmp_path):
    (tmp_path / "x").write_bytes(b"other")
    with pytest.raises(DataError, match=r"x wants md5 0123, got .*Delete it and run again"):
        check_hash(tmp_path / "x", "md5:0123")


def test_missing_files_are_all_named_with_their_place(no_network, tmp_path):
    with pytest.raises(DataError) as raised:
        datasets["mnist"](data=tmp_path)
    for file in FILES:
        assert file.name in str(raised.value)
    assert f"put them into {tmp_path}/mnist." in str(raised.value)
    assert "ossci-datasets" in str(raised.value)
    with pytest.raises(DataError, match=r"put it into D/cifar-10 and set LAMELLA_DATA=D"):
        datasets["cifar10"]()


def test_files_are_found_in_all_the_usual_places(no_network, monkeypatch, tmp_path):
    file = DataFile("x", "md5:d41d8cd98f00b204e9800998ecf8427e", ())
    for place in ("mnist", "MNIST/raw", "."):
        path = tmp_path / place / "x"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"")
        assert find_files([file], [place], tmp_path) == [path]
    monkeypatch.setenv("LAMELLA_DATA", str(tmp_path))
    assert find_files([file], ["mnist"], None) == [tmp_path / "mnist" / "x"]


needs_cifar = pytest.mark.skipif(
    not REAL
    or cifar_files.find_local(list(cifar_files.ARCHIVES), cifar_files.PLACES, REAL) is None,
    reason="LAMELLA_DATA holds no CIFAR-10",
)


@needs_cifar
def test_cifar10_is_counted_and_unpacked_into_the_cache_only():
    before = sorted(Path(REAL).rglob("*"))
    (train, train_labels), (test, test_labels) = cifar_files.read_cifar(REAL)
    assert train.shape == (50_000, 3, 32, 32)
    assert test.shape == (10_000, 3, 32, 32)
    assert np.bincount(train_labels).tolist() == [5000] * 10
    assert np.bincount(test_labels).tolist() == [1000] * 10
    assert train_labels[:5].tolist() == [6, 9, 9, 4, 1]  # frog, truck, truck, deer, automobile
    means = train[::50].reshape(1000, 3, -1).mean(axis=(0, 2)) / 255
    assert means == pytest.approx((0.4914, 0.4822, 0.4465), abs=0.01)
    assert sorted(Path(REAL).rglob("*")) == before


def batch(labels, seed=0):
    pixels = np.random.default_rng(seed).integers(0, 256, (len(labels), 3072), dtype=np.uint8)
    return np.column_stack([np.asarray(labels, np.uint8), pixels])


def test_binary_records_are_label_then_red_green_blue(tmp_path):
    records = batch([3, 7])
    (tmp_path / "b.bin").write_bytes(records.tobytes())
    images, labels = cifar_files.read_binary(tmp_path / "b.bin")
    assert labels.tolist() == [3, 7]
    assert images[1, 2, 4, 5] == records[1, 1 + 2 * 1024 + 4 * 32 + 5]


def archive(folder, names, name="cifar-10-binary.tar.gz"):
    folder.mkdir(parents=True, exist_ok=True)
    with tarfile.open(folder / name, "w:gz") as tar:
        for member, content in names.items():
            info = tarfile.TarInfo(f"cifar-10-batches-bin/{member}")
            info.size = len(content)
            tar.addfile(info, io.BytesIO(content))
    return folder / name


@pytest.fixture
def small_cifar(monkeypatch):
    """The published files replaced by two records each, with their hashes."""
    import hashlib

    contents = {
        name: batch(np.arange(10), at).tobytes() for at, name in enumerate(cifar_files.BINARY)
    }
    hashes = {n: "sha256:" + hashlib.sha256(c).hexdigest() for n, c in contents.items()}
    monkeypatch.setattr(cifar_files, "BINARY", hashes)
    monkeypatch.setattr(
        cifar_files, "LAYOUTS", {"cifar-10-batches-bin": hashes, "cifar-10-batches-py": {"x": ""}}
    )
    monkeypatch.setattr(cifar_files, "PER_BATCH", 10)
    return contents


def test_an_archive_is_unpacked_once_and_known_files_only(no_network, small_cifar, tmp_path):
    data = tmp_path / "data"
    made = archive(data / "cifar-10", {**small_cifar, "../../evil": b"x"})
    first = datasets["cifar10"](train_size=50, test_size=10, data=data)
    assert first.train.inputs.shape == (50, 3, 32, 32)
    assert not list(tmp_path.rglob("evil"))
    assert [p.name for p in (data / "cifar-10").iterdir()] == [made.name]
    made.write_bytes(b"no longer read")
    again = datasets["cifar10"](train_size=50, test_size=10, data=data)
    assert np.array_equal(first.train.inputs, again.train.inputs)


def test_an_archive_with_other_files_is_refused(no_network, small_cifar, tmp_path):
    data = tmp_path / "data"
    archive(data / "cifar-10", {**small_cifar, "test_batch.bin": b"other"})
    with pytest.raises(DataError, match=r"test_batch.bin wants sha256"):
        datasets["cifar10"](data=data)
    archive(data / "cifar-10", {"data_batch_1.bin": small_cifar["data_batch_1.bin"]})
    with pytest.raises(DataError, match=r"got none of data_batch_2\.bin, data_batch_3\.bin"):
        datasets["cifar10"](data=data)
    assert not list((tmp_path / "cache").rglob("*.bin"))


def test_a_cache_that_cannot_be_written_is_named(no_network, small_cifar, monkeypatch, tmp_path):
    archive(tmp_path / "cifar-10", small_cifar)
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("LAMELLA_CACHE", str(tmp_path / "file"))
    with pytest.raises(DataError, match=r"cannot be unpacked to .*file/cifar-10.*LAMELLA_CACHE"):
        datasets["cifar10"](data=tmp_path)


def test_a_truncated_archive_is_named(no_network, small_cifar, tmp_path):
    path = archive(tmp_path / "cifar-10", small_cifar)
    path.write_bytes(path.read_bytes()[:2000])
    with pytest.raises(DataError, match=r"binary.tar.gz is a truncated or damaged archive"):
        datasets["cifar10"](data=tmp_path)


def test_a_truncated_unpacked_file_is_named(no_network, small_cifar, tmp_path):
    folder = tmp_path / "cifar-10" / "cifar-10-batches-bin"
    folder.mkdir(parents=True)
    for name, content in small_cifar.items():
        (folder / name).write_bytes(content)
    assert len(datasets["cifar10"](train_size=50, test_size=10, data=tmp_path).test) == 10
    (folder / "data_batch_3.bin").write_bytes(b"short")
    with pytest.raises(DataError, match=r"data_batch_3.bin wants 30,730 bytes, got 5"):
        datasets["cifar10"](train_size=50, test_size=10, data=tmp_path)


def test_a_pickled_batch_gives_arrays_and_nothing_else(tmp_path):
    records = batch([1, 2])
    content = {b"data": records[:, 1:], b"labels": [1, 2]}
    (tmp_path / "good").write_bytes(pickle.dumps(content, protocol=2))
    images, labels = read_batch(tmp_path / "good")
    assert labels.tolist() == [1, 2]
    assert np.array_equal(images.reshape(2, -1), records[:, 1:])
    (tmp_path / "bad").write_bytes(pickle.dumps({b"data": os.getcwd}))
    with pytest.raises(DataError, match=r"wants arrays only, got posix.getcwd"):
        read_batch(tmp_path / "bad")


def test_a_pickle_without_its_hash_is_never_opened(no_network, monkeypatch, tmp_path):
    folder = tmp_path / "cifar-10" / "cifar-10-batches-py"
    folder.mkdir(parents=True)
    for name in cifar_files.PICKLED:
        (folder / name).write_bytes(pickle.dumps({b"data": 1}))
    monkeypatch.setattr(cifar_pickle, "ArrayUnpickler", lambda *a, **k: pytest.fail("opened"))
    with pytest.raises(DataError, match=r"data_batch_1 wants md5 c99cafc1"):
        datasets["cifar10"](data=tmp_path)
