"""Training throughput beside a bare PyTorch loop, and nearest neighbours and t-SNE beside peers.

    python benchmarks/images.py [--repeats 5] [--quick] [--json FILE]

Each pair runs in turns in one process, warmed up; medians of processor seconds, so that other
work on the machine counts as little as can be. The training ratio is bare / ours with recording
at the default moments of a study (goal: at least .95); recorded epochs are as rare as in six
epochs. Neighbours: 10,000 queries among 60,000 points of 256 features (limit 15 s), beside
scikit-learn's brute force and faiss' flat index (extra `bench`). t-SNE: 10,000 points (limit 60 s).
Exit code 1 when a limit is missed.
"""

from __future__ import annotations

import argparse
import json
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import torch

import lamella
from lamella.data.dataset import Dataset, Split


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--quick", action="store_true", help="a tenth of the sizes, no limits")
    parser.add_argument("--json")
    arguments = parser.parse_args()
    scale = 10 if arguments.quick else 1
    results = {
        "training": training(arguments.repeats, 12_000 // scale),
        "neighbours": neighbours(10_000 // scale, 60_000 // scale),
        "tsne": tsne(10_000 // scale),
    }
    for name, figures in results.items():
        print(name, ", ".join(f"{key} {value:.3g}" for key, value in figures.items()))
    if arguments.json:
        Path(arguments.json).write_text(json.dumps(results, indent=2))
    missed = [
        results["training"]["ratio"] < 0.95,
        results["neighbours"]["ours, wall s"] > 15,
        results["tsne"]["ours, wall s"] > 60,
    ]
    return int(any(missed) and not arguments.quick)


def training(repeats: int, images: int, epochs: int = 6) -> dict[str, float]:
    """LeNet-5 on images of noise: our loop with recording against the shortest PyTorch loop."""
    data = noise(images)
    bare, ours = [], []
    for repeat in range(repeats + 1):  # the first pair warms up
        pair = (timed(lambda: bare_loop(data, epochs)), timed(lambda: our_loop(data, epochs)))
        if repeat:
            bare.append(pair[0])
            ours.append(pair[1])
    ratio = statistics.median(b / o for b, o in zip(bare, ours, strict=True))
    per_second = images * epochs / statistics.median(ours)
    return {"ratio": ratio, "images a second": per_second, "bare s": statistics.median(bare)}


def noise(images: int) -> Dataset:
    """Images of the size of MNIST with random labels."""
    rng = np.random.default_rng(0)
    splits = []
    for count in (images, images // 6):
        inputs = rng.random((count, 1, 28, 28), dtype=np.float32)
        splits.append(Split(inputs, rng.integers(0, 10, count), np.arange(count)))
    return Dataset("noise", splits[0], splits[1], tuple("0123456789"))


def bare_loop(data: Dataset, epochs: int) -> None:
    """What one writes by hand: shuffled batches, Adam, test and train accuracy per epoch."""
    net = lamella.models.lenet5()
    x, y = (torch.from_numpy(a) for a in (data.train.inputs, data.train.labels))
    tx, ty = (torch.from_numpy(a) for a in (data.test.inputs, data.test.labels))
    optimiser = torch.optim.Adam(net.parameters(), lr=2e-3, fused=True)
    loss = torch.nn.functional.cross_entropy
    for _ in range(epochs):
        net.train()
        for rows in torch.randperm(len(x)).split(128):
            optimiser.zero_grad(set_to_none=True)
            loss(net(x[rows]), y[rows]).backward()
            optimiser.step()
        net.eval()
        with torch.no_grad():
            for inputs, labels in ((tx, ty), (x[: len(tx)], y[: len(tx)])):
                for part, wanted in zip(inputs.split(1000), labels.split(1000), strict=True):
                    logits = net(part)
                    loss(logits, wanted)
                    (logits.argmax(1) == wanted).double().mean()


def our_loop(data: Dataset, epochs: int) -> None:
    """The same with `lamella.train` under a recorder at its default moments."""
    net = lamella.models.lenet5()
    probes = {name: getattr(data, name).take(200) for name in ("train", "test")}
    with tempfile.TemporaryDirectory() as folder:
        layers = ["pool1", "pool2", "act3", "act4", "head"]
        with lamella.record(Path(folder) / "run", net, probes, layers=layers) as recorder:
            steps = lamella.train(net, data, epochs=epochs, train_sample=len(data.test))
            for epoch in steps:
                recorder.epoch(epoch=epoch.epoch, **epoch.scalars())


def neighbours(queries: int, points: int, features: int = 256, rounds: int = 3) -> dict[str, float]:
    """Exact nearest neighbours, ours and peers' in turns, and the share of places that agree."""
    rng = np.random.default_rng(0)
    cloud = rng.standard_normal((points, features)).astype(np.float32)
    asked = rng.standard_normal((queries, features)).astype(np.float32)
    from lamella.experiments.images.neighbours import nearest

    searches = {"ours": nearest, **peers()}
    found, walls, works = {}, {n: [] for n in searches}, {n: [] for n in searches}
    for _ in range(rounds):
        for name, search in searches.items():
            start = time.perf_counter(), time.process_time()
            found[name] = np.asarray(search(asked, cloud, 10)[0])
            walls[name].append(time.perf_counter() - start[0])
            works[name].append(time.process_time() - start[1])
    figures = {f"{name}, wall s": statistics.median(taken) for name, taken in walls.items()}
    for name in found:
        if name != "ours":
            ratios = [b / o for b, o in zip(works[name], works["ours"], strict=True)]
            figures[f"{name} / ours in processor time"] = statistics.median(ratios)
            figures[f"agreement with {name}"] = float((found[name] == found["ours"]).mean())
    return figures


def peers() -> dict[str, Callable[..., Any]]:
    """The brute force of scikit-learn and, where installed, of faiss."""

    def by_sklearn(asked, cloud, count):
        from sklearn.neighbors import NearestNeighbors

        search = NearestNeighbors(n_neighbors=count, algorithm="brute").fit(cloud)
        return (search.kneighbors(asked, return_distance=False),)

    found = {"scikit-learn": by_sklearn}
    try:
        import faiss  # type: ignore[import-not-found]
    except ImportError:
        return found

    def by_faiss(asked, cloud, count):
        index = faiss.IndexFlatL2(cloud.shape[1])
        index.add(cloud)
        return (index.search(asked, count)[1],)

    return {**found, "faiss": by_faiss}


def tsne(points: int) -> dict[str, float]:
    """t-SNE of ten blobs in 50 dimensions, quality figures included."""
    from lamella.embeddings import tsne as embed

    rng = np.random.default_rng(0)
    centres = 4 * rng.standard_normal((10, 50))
    cloud = centres[np.arange(points) % 10] + rng.standard_normal((points, 50))
    start = time.perf_counter()
    embed(cloud, jobs=-1)
    return {"ours, wall s": time.perf_counter() - start}


def timed(work: Callable[[], None]) -> float:
    """Processor seconds of `work`, all threads together."""
    start = time.process_time()
    work()
    return time.process_time() - start


if __name__ == "__main__":
    raise SystemExit(main())
