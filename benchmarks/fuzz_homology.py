"""Compare the engine with gudhi and ripser.py on random hard inputs for as long as told.

    python benchmarks/fuzz_homology.py --seconds 600

A failing case is stored as a test in tests/homology/fuzzed/, shrunk to fewer points if it can be.
"""

from __future__ import annotations

import argparse
import sys
import time
import warnings
from pathlib import Path

import numpy as np

TESTS = Path(__file__).resolve().parents[1] / "tests"
sys.path.insert(0, str(TESTS))

from support.clouds import KINDS, gudhi_bars, matrix_of_kind, ripser_bars, same_bars  # noqa: E402

from lamella.homology import homology  # noqa: E402


def agrees(matrix: np.ndarray, max_dimension: int) -> bool:
    """Whether all peers that are installed find the same bars."""
    ours = homology(matrix, max_dimension, metric="precomputed")
    for bars_of in (ripser_bars, gudhi_bars):
        if bars_of is gudhi_bars and len(matrix) > 30:
            continue
        try:
            theirs = bars_of(matrix, max_dimension)
        except ImportError:
            continue
        if not all(same_bars(ours.bars(k), theirs[k]) for k in range(max_dimension + 1)):
            return False
    return True


def shrunk(matrix: np.ndarray, max_dimension: int) -> np.ndarray:
    """The same failure on as few points as leaving out one at a time reaches."""
    vertex = 0
    while vertex < len(matrix):
        keep = np.delete(np.arange(len(matrix)), vertex)
        smaller = np.ascontiguousarray(matrix[np.ix_(keep, keep)])
        if len(keep) > 1 and not agrees(smaller, max_dimension):
            matrix = smaller
        else:
            vertex += 1
    return matrix


def store(matrix: np.ndarray, max_dimension: int) -> Path:
    """Keep a failing matrix where the tests find it."""
    folder = TESTS / "homology" / "fuzzed"
    folder.mkdir(exist_ok=True)
    path = folder / f"h{max_dimension}-{len(matrix)}-{abs(hash(matrix.tobytes())) % 10**8}.npy"
    np.save(path, matrix)
    return path


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=None, help="by default from the clock")
    parser.add_argument("--largest", type=int, default=45, help="points, about")
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    seed = options.seed if options.seed is not None else int(time.time())
    rng = np.random.default_rng(seed)
    cases = failed = 0
    stop = time.monotonic() + options.seconds
    while time.monotonic() < stop:
        max_dimension = int(rng.integers(1, 3))
        largest = options.largest if max_dimension == 1 else max(4, options.largest // 2)
        size, kind = int(rng.integers(2, largest)), KINDS[rng.integers(len(KINDS))]
        matrix = matrix_of_kind(kind, size, int(rng.integers(2**32)))
        cases += 1
        if not agrees(matrix, max_dimension):
            failed += 1
            path = store(shrunk(matrix, max_dimension), max_dimension)
            print(f"mismatch: {kind}, H{max_dimension}; stored as {path}", flush=True)
    print(f"{cases} cases with seed {seed}, {failed} mismatches")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
