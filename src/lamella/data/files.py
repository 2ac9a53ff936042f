"""Where data files are: a folder given, LAMELLA_DATA, the cache, or the network, in this order."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from lamella.errors import LamellaError


class DataError(LamellaError):
    """A data file is missing, damaged or not the one that was published."""


@dataclass(frozen=True)
class DataFile:
    """A published file: its name, its hash ("md5:..." or "sha256:...") and where it lies."""

    name: str
    hash: str
    urls: tuple[str, ...]


def cache_folder() -> Path:
    """Where downloads and unpacked archives go: LAMELLA_CACHE, else the user's cache folder."""
    if os.environ.get("LAMELLA_CACHE"):
        return Path(os.environ["LAMELLA_CACHE"])
    import pooch

    return Path(pooch.os_cache("lamella"))


def data_folders(data: str | Path | None) -> list[Path]:
    """Folders that may hold data files: the one given, LAMELLA_DATA, the cache."""
    given = [data, os.environ.get("LAMELLA_DATA")]
    return [*(Path(folder).expanduser() for folder in given if folder), cache_folder()]


def find_local(names: Sequence[str], places: Sequence[str], data: str | Path | None) -> Path | None:
    """The first file of one of `names` in one of `places` under the data folders; None if none."""
    for folder in data_folders(data):
        for place in places:
            for name in names:
                if (path := folder / place / name).is_file():
                    return path
    return None


def find_files(
    files: Sequence[DataFile], places: Sequence[str], data: str | Path | None
) -> list[Path]:
    """Published files whose hashes are right, from a folder or the network.

    DataError says what was expected of a file with another hash and how to fetch it again, or,
    when one is nowhere, which files to put where.
    """
    names, found = [file.name for file in files], []
    for file in files:
        path = find_local([file.name], places, data)
        if path is None:
            path = download(file, cache_folder() / places[0], data, names)
        check_hash(path, file.hash)
        found.append(path)
    return found


def check_hash(path: Path, known: str) -> None:
    """Raise DataError when a file does not have the hash that vouches for it."""
    import pooch

    algorithm, _, expected = known.partition(":")
    found = pooch.file_hash(str(path), alg=algorithm)
    if found != expected:
        raise DataError(
            f"{path} wants {algorithm} {expected}, got {found}. Delete it and run again to fetch "
            "it anew, or put the published file there."
        )


def download(file: DataFile, folder: Path, data: str | Path | None, names: Sequence[str]) -> Path:
    """Fetch a file from the first mirror that answers with the right content.

    DataError, when there is none, asks for all `names` of the data set at once.
    """
    import pooch

    pooch.get_logger().setLevel("WARNING")
    reasons = []
    for url in file.urls:
        try:
            return Path(
                pooch.retrieve(
                    url,
                    known_hash=file.hash,
                    fname=file.name,
                    path=folder,
                    downloader=pooch.HTTPDownloader(timeout=20),  # type: ignore[arg-type]
                )
            )
        except Exception as error:  # any mirror may be dead in its own way
            reasons.append(f"{url}: {type(error).__name__}")
    raise DataError(missing(names, folder.name, data, reasons))


def missing(
    names: Sequence[str], place: str, data: str | Path | None, reasons: Sequence[str]
) -> str:
    """One sentence that says which files to put where.

    >>> missing(["x.gz"], "mnist", "/d", ["u: OSError"])
    'x.gz is in no data folder and could not be fetched (u: OSError): put it into /d/mnist.'
    """
    folder = data or os.environ.get("LAMELLA_DATA")
    where = Path(folder) / place if folder else f"D/{place} and set LAMELLA_DATA=D (or --data D)"
    are, them = ("is", "it") if len(names) == 1 else ("are", "them")
    return (
        f"{' and '.join(names)} {are} in no data folder and could not be fetched "
        f"({'; '.join(reasons)}): put {them} into {where}."
    )
