"""The clouds that the homology benchmark measures: layers of small trained nets, and shapes."""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np

LARGEST = 4000
CLOUDS = (
    "mlp_early",
    "mlp_mid",
    "mlp_late",
    "tanh_late",
    "ball_d3",
    "ball_d10",
    "ball_d100",
    "circle_R50",
    "torus_R50",
    "sphere_R50",
    "relu_dups",
    "relu_grid",
)


def make_cloud(name: str, n: int, folder: Path) -> np.ndarray:
    """A cloud by name with n points; trained layers are kept in `folder`."""
    if name in SHAPES:
        return SHAPES[name](n, np.random.default_rng(n))
    path = folder / "homology-clouds.npz"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        np.savez(path, **trained_layers())
    return np.load(path)[name][:n].astype(np.float64)


def trained_layers() -> dict[str, np.ndarray]:
    """Activations of three small nets on two slightly intersecting noisy spheres in R^10."""
    import torch

    relu = train(100, torch.nn.ReLU)
    narrow = train(6, torch.nn.ReLU, epochs=60, seed=3)
    return {
        "mlp_early": relu[0],
        "mlp_mid": relu[2],
        "mlp_late": relu[5],
        "tanh_late": train(64, torch.nn.Tanh)[5],
        "relu_dups": narrow[5],
        "relu_grid": np.round(narrow[2] * 8) / 8,  # on a grid: ties, exact zeros, duplicates
    }


def spheres(n: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Points near two unit spheres in R^10, and which of them."""
    rng = np.random.default_rng(seed)
    points = rng.normal(size=(n, 10))
    points /= np.linalg.norm(points, axis=1, keepdims=True)
    points += 0.05 * rng.normal(size=points.shape)
    labels = rng.integers(0, 2, n)
    points[labels == 1, 0] += 1.7
    return points.astype(np.float32), labels


def train(width: int, activation, epochs: int = 30, seed: int = 0) -> list[np.ndarray]:
    """The activations of six layers of a trained net on new points."""
    import torch
    from torch import nn

    torch.manual_seed(seed)
    torch.set_num_threads(1)
    points, labels = (torch.tensor(a) for a in spheres(8000, seed))
    sizes = [10] + [width] * 6
    layers = nn.ModuleList(
        nn.Sequential(nn.Linear(a, b), activation()) for a, b in itertools.pairwise(sizes)
    )
    net = nn.Sequential(*layers, nn.Linear(width, 2))
    optimiser = torch.optim.Adam(net.parameters(), 1e-3)
    for _ in range(epochs):
        for batch in torch.randperm(len(points)).split(128):
            loss = nn.functional.cross_entropy(net(points[batch]), labels[batch])
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
    found, hidden = [], torch.tensor(spheres(LARGEST, seed + 100)[0])
    with torch.no_grad():
        for layer in layers:
            hidden = layer(hidden)
            found.append(hidden.numpy().copy())
    return found


def ball(n: int, dimension: int, rng: np.random.Generator) -> np.ndarray:
    points = rng.normal(size=(n, dimension))
    points /= np.linalg.norm(points, axis=1, keepdims=True)
    return points * rng.random((n, 1)) ** (1 / dimension)


def in_r50(points: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    rotation, _ = np.linalg.qr(rng.normal(size=(50, points.shape[1])))
    return points @ rotation.T + 0.02 * rng.normal(size=(len(points), 50))


def circle(n: int, rng: np.random.Generator) -> np.ndarray:
    t = rng.random(n) * 2 * np.pi
    return in_r50(np.column_stack([np.cos(t), np.sin(t)]), rng)


def torus(n: int, rng: np.random.Generator) -> np.ndarray:
    s, t = rng.random((2, n)) * 2 * np.pi
    ring = 2 + np.cos(s)
    return in_r50(np.column_stack([ring * np.cos(t), ring * np.sin(t), np.sin(s)]), rng)


def sphere(n: int, rng: np.random.Generator) -> np.ndarray:
    points = rng.normal(size=(n, 3))
    return in_r50(points / np.linalg.norm(points, axis=1, keepdims=True), rng)


SHAPES = {
    "ball_d3": lambda n, rng: ball(n, 3, rng),
    "ball_d10": lambda n, rng: ball(n, 10, rng),
    "ball_d100": lambda n, rng: ball(n, 100, rng),
    "circle_R50": circle,
    "torus_R50": torus,
    "sphere_R50": sphere,
}
