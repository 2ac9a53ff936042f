"""How long measures take, beside the nearest thing that others offer, on one core.

    OMP_NUM_THREADS=1 python benchmarks/measures.py [--repeats 7] [--json FILE] [--docs]

1,000 points x 512 features in ten classes, as a layer behind a ReLU gives them; distances of
diagrams are those of the H0 and H1 of two such layers. Each pair runs in
turns in one process, warmed up, on one thread; medians of processor seconds, so that other work
on the machine counts as little as can be; ratio = peer / ours. Peers that are not installed are
left out (pip install 'lamella[bench]'). Exit code 1 when a measure exceeds its limit.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import time
import warnings
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"

import numpy as np  # noqa: E402
from docs_table import write_table  # noqa: E402

from lamella.registry import measures  # noqa: E402

POINTS, FEATURES, CLASSES = 1000, 512, 10
LIMITS = {  # seconds
    "compactness_profile": 0.15,
    "twonn": 0.1,
    "linear_cka": 0.1,
    "rbf_cka": 0.1,
    "gdv": 0.2,
    "perceptron_f1": 1.0,
}


@cache
def make_diagrams():
    """H0 and H1 of both layers."""
    from lamella.homology import homology

    return tuple(homology(cloud) for cloud in make_layers()[:2])


@cache
def make_layers() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Two layers of activations behind a ReLU and their labels, from a fixed seed."""
    rng = np.random.default_rng(0)
    labels = np.arange(POINTS) % CLASSES
    inputs = rng.standard_normal((POINTS, 40)) + 0.4 * rng.standard_normal((CLASSES, 40))[labels]
    first = np.maximum(inputs @ rng.standard_normal((40, FEATURES)) / 6, 0)
    second = np.maximum(first @ rng.standard_normal((FEATURES, FEATURES)) / 16, 0)
    return first.astype(np.float32), second.astype(np.float32), labels


def sklearn_profile(points, labels, _):
    from sklearn.neighbors import NearestNeighbors

    found = NearestNeighbors(n_neighbors=POINTS - 1).fit(points).kneighbors(return_distance=False)
    return (labels[found] != labels[:, None]).mean(axis=0)[0]


def sklearn_neighbours(points, labels, _):
    from sklearn.neighbors import NearestNeighbors

    found = NearestNeighbors(n_neighbors=1).fit(points).kneighbors(return_distance=False)
    return 100 * (labels[found[:, 0]] != labels).mean()


def sklearn_gdv(points, labels, _):
    from sklearn.metrics import pairwise_distances
    from sklearn.preprocessing import StandardScaler

    cloud = StandardScaler().fit_transform(points.astype(np.float64)) / 2
    groups = [cloud[labels == c] for c in range(CLASSES)]
    sizes = [len(group) * (len(group) - 1) for group in groups]
    intra = [pairwise_distances(g).sum() / n for g, n in zip(groups, sizes, strict=True)]
    inter = [pairwise_distances(a, b).mean() for k, a in enumerate(groups) for b in groups[:k]]
    return (np.mean(intra) - np.mean(inter)) / np.sqrt(FEATURES)


def sklearn_silhouette(points, labels, _):
    from sklearn.metrics import silhouette_score

    return silhouette_score(points.astype(np.float64), labels)


def sklearn_perceptron(points, labels, _):
    from sklearn.linear_model import Perceptron
    from sklearn.metrics import f1_score
    from sklearn.preprocessing import StandardScaler

    cloud = StandardScaler().fit_transform(points)
    return f1_score(labels, Perceptron().fit(cloud, labels).predict(cloud), average="micro")


def sklearn_linear_cka(points, _, other):
    from sklearn.metrics.pairwise import linear_kernel
    from sklearn.preprocessing import KernelCenterer

    kernels = [linear_kernel(cloud.astype(np.float64)) for cloud in (points, other)]
    one, two = (KernelCenterer().fit_transform(kernel) for kernel in kernels)
    return (one * two).sum() / np.sqrt((one**2).sum() * (two**2).sum())


def sklearn_rbf_cka(points, _, other):
    from sklearn.metrics import pairwise_distances
    from sklearn.preprocessing import KernelCenterer

    kernels = []
    for cloud in (points, other):
        far = pairwise_distances(cloud.astype(np.float64))
        median = np.median(far[np.triu_indices(POINTS, 1)])
        kernels.append(KernelCenterer().fit_transform(np.exp(-2 * (far / median) ** 2)))
    one, two = kernels
    return (one * two).sum() / np.sqrt((one**2).sum() * (two**2).sum())


def skdim_twonn(points, *_):
    from skdim.id import TwoNN

    return TwoNN(discard_fraction=0.1).fit(points).dimension_


def skdim_likelihood(points, *_):
    from skdim.id import MLE

    return MLE(K=20, neighborhood_based=True).fit(points, n_neighbors=20).dimension_


def sklearn_pca(points, *_):
    from sklearn.decomposition import PCA

    return PCA(0.95, svd_solver="full").fit(points.astype(np.float64)).n_components_


def scipy_procrustes(points, _, other):
    from scipy.spatial import procrustes

    return 2 - 2 * np.sqrt(1 - procrustes(points, other)[2])


def hera_distance(kind: str, **arguments) -> Callable[..., float]:
    def distance(*_):
        from gudhi import hera

        one, two = make_diagrams()
        function = getattr(hera, f"{kind}_distance")
        return [function(one.bars(d), two.bars(d), **arguments) for d in (0, 1)][-1]

    return distance


PEERS: dict[str, tuple[str, Callable[..., Any]]] = {
    "compactness_profile": ("scikit-learn neighbours", sklearn_profile),
    "neighbour_error": ("scikit-learn neighbours", sklearn_neighbours),
    "gdv": ("scikit-learn distances", sklearn_gdv),
    "silhouette": ("scikit-learn", sklearn_silhouette),
    "perceptron_f1": ("scikit-learn Perceptron", sklearn_perceptron),
    "linear_cka": ("scikit-learn kernels", sklearn_linear_cka),
    "rbf_cka": ("scikit-learn kernels", sklearn_rbf_cka),
    "twonn": ("scikit-dimension", skdim_twonn),
    "maximum_likelihood_dimension": ("scikit-dimension", skdim_likelihood),
    "pca_dimension": ("scikit-learn PCA", sklearn_pca),
    "procrustes": ("SciPy", scipy_procrustes),
    "bottleneck": ("gudhi hera, exact", hera_distance("bottleneck", delta=0.0)),
    "wasserstein": ("gudhi hera, to 1 %", hera_distance("wasserstein", delta=0.01)),
}


def ours(name: str, points, labels, other) -> Callable[[], Any]:
    """A call of the measure with what it takes."""
    paired, bare = ("linear_cka", "rbf_cka", "procrustes"), ("twonn", "pca_dimension")
    if name in ("bottleneck", "wasserstein"):
        one, two = make_diagrams()
        return lambda: measures[name](one, two, unit="raw")
    if name in paired:
        return lambda: measures[name](points, other)
    if name in bare or name == "maximum_likelihood_dimension":
        return lambda: measures[name](points)
    return lambda: measures[name](points, labels)


def headline(name: str, record: Any) -> float:
    """The number that the peer's is compared with."""
    if name == "compactness_profile":
        return float(record.y[0, 0])
    value = "cka" if name.endswith("cka") else measures.facts(name)["value"]
    return float(record.columns[value][-1])


def in_turns(calls: list[Callable[[], Any]], repeats: int) -> tuple[list[float], list[Any]]:
    """Median seconds and last answer of each call, made in turns after one warm-up."""
    answers = [call() for call in calls]
    seconds: list[list[float]] = [[] for _ in calls]
    for _ in range(repeats):
        for k, call in enumerate(calls):
            began = time.process_time()
            answers[k] = call()
            seconds[k].append(time.process_time() - began)
    return [statistics.median(times) for times in seconds], answers


def compare(name: str, repeats: int) -> dict[str, Any]:
    """One row: our time and the peer's, the ratio, the limit, and both answers."""
    points, other, labels = make_layers()
    peer, function = PEERS[name]
    mine = ours(name, points, labels, other)
    try:
        times, answers = in_turns([mine, lambda: function(points, labels, other)], repeats)
    except ImportError:
        times, answers = in_turns([mine], repeats)
    row = {
        "measure": name,
        "ours_seconds": times[0],
        "limit_seconds": LIMITS.get(name),
        "ours": headline(name, answers[0]),
        "peer": peer if len(times) > 1 else None,
    }
    if len(times) > 1:
        row |= {"peer_seconds": times[1], "ratio": times[1] / times[0], "theirs": float(answers[1])}
    return row


def shown(row: dict[str, Any]) -> str:
    limit = f"{row['limit_seconds'] * 1e3:5.0f}" if row["limit_seconds"] else "     "
    line = f"{row['measure']:30}{row['ours_seconds'] * 1e3:8.1f}  {limit}  {row['ours']:10.4f}"
    if row["peer"] is None:
        return line
    return (
        f"{line}  {row['peer']:24}{row['peer_seconds'] * 1e3:9.1f}{row['ratio']:8.1f}x"
        f"  {row['theirs']:10.4f}"
    )


def table(rows: list[dict[str, Any]]) -> str:
    """The rows in Markdown."""
    lines = [
        "| measure | lamella | wanted | peer | takes | ratio |",
        "|---|---|---|---|---|---|",
    ]
    for row in rows:
        limit = row["limit_seconds"]
        peer, takes, ratio = row["peer"], row.get("peer_seconds"), row.get("ratio")
        lines.append(
            f"| {row['measure']} | {in_ms(row['ours_seconds'])} | {in_ms(limit)} "
            f"| {peer or ''} | {in_ms(takes)} | {f'{ratio:.1f}x' if ratio else ''} |"
        )
    return "\n".join(lines)


def in_ms(seconds: float | None) -> str:
    return "" if seconds is None else f"{seconds * 1e3:.0f} ms"


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--repeats", type=int, default=7)
    parser.add_argument("--json", type=Path, metavar="FILE")
    parser.add_argument("--docs", action="store_true", help="write the table into docs")
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    print(f"{POINTS} points x {FEATURES} features, one thread, medians of {options.repeats}, ms")
    print(f"{'measure':30}{'ours':>8}  limit  {'value':>10}  {'peer':24}{'peer':>9}{'ratio':>9}")
    rows = []
    for name in PEERS:
        rows.append(compare(name, options.repeats))
        print(shown(rows[-1]), flush=True)
    if options.json:
        options.json.write_text(json.dumps(rows, indent=1))
    if options.docs:
        write_table("measures", table(rows))
    over = [r for r in rows if r["limit_seconds"] and r["ours_seconds"] > r["limit_seconds"]]
    for row in over:
        print(f"{row['measure']} takes {row['ours_seconds']:.3f} s, over its limit")
    return 1 if over else 0


if __name__ == "__main__":
    raise SystemExit(main())
