"""A data set by its name, or by the folder that holds its images."""

from __future__ import annotations

import inspect
from pathlib import Path
from typing import Any

from lamella.data.dataset import Dataset
from lamella.errors import UnknownName, unknown_name
from lamella.registry import datasets


def load_dataset(spec: str, **options: Any) -> Dataset:
    """The registered data set of that name, or the images of that folder.

    Options that are None, or that the data set does not have, are left out. Raises UnknownName
    for what is neither.
    """
    known = spec in datasets
    if not known and not Path(spec).is_dir():
        raise UnknownName(
            f"there is no folder {spec}, and {unknown_name('data set', spec, datasets)}"
        )
    make = datasets[spec if known else "images"]
    if not known:
        options["folder"] = spec
    accepted = inspect.signature(make).parameters
    return make(**{k: v for k, v in options.items() if v is not None and k in accepted})
