"""Finding the runs of a folder."""

from __future__ import annotations

import os
from pathlib import Path

from lamella.store.arguments import as_path
from lamella.store.layout import INFO


def find_runs(folder: Path | str) -> list[Path]:
    """All run folders in or below `folder`, in the order of their names.

    >>> find_runs("no-such-folder")
    []
    """
    found = []
    for root, folders, files in os.walk(as_path(folder, "find_runs()")):
        if INFO in files:
            found.append(Path(root))
            folders.clear()
    return sorted(found)
