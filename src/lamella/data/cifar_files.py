"""The files of CIFAR-10: found, unpacked once, vouched for by their hashes, read."""

from __future__ import annotations

import gzip
import lzma
import os
import shutil
import tarfile
import zlib
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from lamella.data.cifar_pickle import read_batch
from lamella.data.files import (
    DataError,
    DataFile,
    cache_folder,
    check_hash,
    data_folders,
    download,
    find_local,
)
from lamella.data.image_splits import Raw

CLASSES = (
    "airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck",
)  # fmt: skip
BINARY = {
    "data_batch_1.bin": "sha256:cee916563c9f80d84e3cc88e17fdc0941787f1244f00a67874d45b261883ada5",
    "data_batch_2.bin": "sha256:a591ca11fa1708a91ee40f54b3da4784ccd871ecf2137de63f51ada8b3fa57ed",
    "data_batch_3.bin": "sha256:bbe8596564c0f86427f876058170b84dac6670ddf06d79402899d93ceea26f67",
    "data_batch_4.bin": "sha256:014e562d6e23c72197cc727519169a60359f5eccd8945ad5a09d710285ff4e48",
    "data_batch_5.bin": "sha256:755304fc0b379caeae8c14f0dac912fbc7d6cd469eb67a1029a08a39453a9add",
    "test_batch.bin": "sha256:8e2eb146ae340b09e24670f29cabc6326dba54da8789dab6768acf480273f65b",
}
PICKLED = {
    "data_batch_1": "md5:c99cafc152244af753f735de768cd75f",
    "data_batch_2": "md5:d4bba439e000b95fd0a9bffe97cbabec",
    "data_batch_3": "md5:54ebc095f3ab1f0389bbae665268c751",
    "data_batch_4": "md5:634d18415352ddfa80567beed471001a",
    "data_batch_5": "md5:482c414d41f54cd18b22e5b47cb7c3cb",
    "test_batch": "md5:40351d587109b95175f43aff81a1287e",
}
LAYOUTS = {"cifar-10-batches-bin": BINARY, "cifar-10-batches-py": PICKLED}
ARCHIVES = {
    "cifar-10-batches-bin.tar.xz": "cifar-10-batches-bin",
    "cifar-10-batches-bin.tar.gz": "cifar-10-batches-bin",
    "cifar-10-binary.tar.gz": "cifar-10-batches-bin",
    "cifar-10-python.tar.gz": "cifar-10-batches-py",
}
PLACES = ("cifar-10", "cifar10", ".")
REMOTE = DataFile(
    "cifar-10-binary.tar.gz",
    "md5:c32a1d4ab5d03f1284b67883e8d87530",
    ("https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz",),
)
RECORD, PER_BATCH = 1 + 3 * 32 * 32, 10_000


def read_cifar(data: str | Path | None) -> tuple[Raw, Raw]:
    """Train and test images (uint8, channels first) and labels, in the published order."""
    folder = find_folder(data)
    files = LAYOUTS[folder.name]
    read = read_binary if files is BINARY else read_batch
    check_all(folder, files)
    parts = [read(folder / name) for name in sorted(files)]
    train = tuple(np.concatenate([part[k] for part in parts[:-1]]) for k in (0, 1))
    return train, parts[-1]  # type: ignore[return-value]


def find_folder(data: str | Path | None) -> Path:
    """The folder with all batches of one layout: as it lies, or unpacked into the cache."""
    for folder in data_folders(data):
        for place in PLACES:
            for layout, files in LAYOUTS.items():
                path = folder / place / layout
                if all((path / name).is_file() for name in files):
                    return path
    archive = find_local(list(ARCHIVES), PLACES, data)
    if archive is None:
        archive = download(REMOTE, cache_folder() / PLACES[0], data, [REMOTE.name])
    layout = ARCHIVES[archive.name]
    return unpack(archive, cache_folder() / PLACES[0] / layout, LAYOUTS[layout])


def unpack(archive: Path, target: Path, files: Mapping[str, str]) -> Path:
    """Write the known files of an archive to `target`, which appears only when all are right."""
    part = target.with_name(f".{target.name}-{os.getpid()}")
    try:
        part.mkdir(parents=True, exist_ok=True)
        extract(archive, part, files)
        for name, known in files.items():
            check_hash(part / name, known)
        (part / "vouched").touch()
        shutil.rmtree(target, ignore_errors=True)
        os.replace(part, target)
    except OSError as error:
        raise DataError(
            f"{archive} cannot be unpacked to {target} ({error}). Set LAMELLA_CACHE to a folder "
            "that can be written and has 200 MB of room."
        ) from error
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return target


def extract(archive: Path, folder: Path, files: Mapping[str, str]) -> None:
    """Copy the members that we know by name, and nothing else; DataError if one is not there."""
    found = set()
    try:
        with tarfile.open(archive) as tar:
            for member in tar:
                name = Path(member.name).name
                source = tar.extractfile(member) if name in files and member.isfile() else None
                if source is not None:
                    with open(folder / name, "wb") as copy:
                        shutil.copyfileobj(source, copy, 1 << 20)
                    found.add(name)
    except (tarfile.TarError, EOFError, lzma.LZMAError, zlib.error, gzip.BadGzipFile) as error:
        raise DataError(
            f"{archive} is a truncated or damaged archive ({error}). Delete it and run again to "
            "fetch it anew, or put the published one there."
        ) from error
    if missing := sorted(set(files) - found):
        raise DataError(
            f"{archive} wants {', '.join(sorted(files))}, got none of {', '.join(missing)}. "
            "Put the published archive there."
        )


def check_all(folder: Path, files: Mapping[str, str]) -> None:
    """Check each file's hash; what `unpack` vouched for itself is checked by its size only."""
    for name, known in files.items():
        path = folder / name
        if files is not PICKLED and path.stat().st_size != PER_BATCH * RECORD:
            raise DataError(
                f"{path} wants {PER_BATCH * RECORD:,} bytes, got {path.stat().st_size:,}: it is "
                "truncated. Delete its folder and run again to unpack it anew."
            )
        if files is PICKLED or not (folder / "vouched").exists():
            check_hash(path, known)


def read_binary(path: Path) -> Raw:
    """Records of one label byte and 3,072 pixel bytes: red, green, blue, row by row."""
    records = np.fromfile(path, np.uint8).reshape(-1, RECORD)
    return records[:, 1:].reshape(-1, 3, 32, 32), records[:, 0].astype(np.int64)
