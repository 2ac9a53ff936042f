"""The python layout of CIFAR-10: a pickle, opened only when its hash is known, by a reader that
can build arrays and plain containers and nothing else."""

from __future__ import annotations

import io
import pickle
from pathlib import Path
from typing import Any

import numpy as np

from lamella.data.files import DataError
from lamella.data.image_splits import Raw

ALLOWED = {
    ("numpy.core.multiarray", "_reconstruct"),
    ("numpy._core.multiarray", "_reconstruct"),
    ("numpy", "ndarray"),
    ("numpy", "dtype"),
    ("_codecs", "encode"),
}


class ArrayUnpickler(pickle.Unpickler):
    """Refuses every name but those an array is rebuilt from."""

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) not in ALLOWED:
            raise DataError(
                f"a CIFAR batch wants arrays only, got {module}.{name}. Do not open it."
            )
        return super().find_class(module.replace("numpy.core", "numpy._core"), name)


def read_batch(path: Path) -> Raw:
    """Images and labels of one batch whose hash the caller has checked."""
    batch = ArrayUnpickler(io.BytesIO(path.read_bytes()), encoding="bytes").load()
    images = np.asarray(batch[b"data"], np.uint8).reshape(-1, 3, 32, 32)
    return images, np.asarray(batch[b"labels"], np.int64)
