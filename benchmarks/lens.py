"""How long the lens takes beside captum, and what maximal patches cost on CIFAR-10's test images.

    OMP_NUM_THREADS=1 python benchmarks/lens.py [--pairs 9] [--threads 1] [--json FILE]

LeNet-5 on 3 x 32 x 32 with random weights. Ours and captum's run in turns in one process, warmed
up; ratio = the median over pairs of calls of captum / ours in processor time, so that other work
on the machine counts as little as can be. Captum's occlusion gets our batch size, its integrated
gradients our 50 steps. Without captum its columns stay empty; without CIFAR-10 noise of the same
shape takes its place. Exit code 1 when a limit is exceeded.
"""

from __future__ import annotations

import argparse
import json
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import torch

from lamella import LamellaError, lens
from lamella.registry import datasets, models

LIMITS = {"occlusion": 1.0, "maximal patches": 30.0}  # seconds on one thread
MEMORY = 300  # megabytes beyond the model and the images
BATCH = 128
SECONDS, MOST_PAIRS = 4.0, 1500  # of each method's pairs


def captum_methods(net: torch.nn.Module, images: torch.Tensor) -> dict[str, Callable[[], Any]]:
    """The same questions to captum; empty where it is not installed."""
    try:
        from captum import attr
    except ImportError:
        return {}
    occlusion = {"sliding_window_shapes": (3, 5, 5), "perturbations_per_eval": BATCH}
    return {
        "occlusion": lambda: attr.Occlusion(net).attribute(images[:1], target=1, **occlusion),
        "saliency": lambda: attr.Saliency(net).attribute(images[:1], target=1),
        "saliency of 64": lambda: attr.Saliency(net).attribute(images, target=1),
        "guided backprop": lambda: attr.GuidedBackprop(net).attribute(images[:1], target=1),
        "guided backprop of 64": lambda: attr.GuidedBackprop(net).attribute(images, target=1),
        "deconvnet": lambda: attr.Deconvolution(net).attribute(images[:1], target=1),
        "integrated gradients": lambda: attr.IntegratedGradients(net).attribute(
            images[:1], target=1, n_steps=50
        ),
        "integrated gradients of 64": lambda: attr.IntegratedGradients(net).attribute(
            images, target=1, n_steps=50
        ),
        "grad-cam": lambda: attr.LayerGradCam(net, net.act2).attribute(images[:1], target=1),
    }


def our_methods(net: torch.nn.Module, images: torch.Tensor) -> dict[str, Callable[[], Any]]:
    """Every method on one image, some on a batch."""
    one = images[:1]
    return {
        "occlusion": lambda: lens.occlusion_map(net, one, 1, patch=5, batch_size=BATCH),
        "saliency": lambda: lens.gradient(net, one, 1),
        "saliency of 64": lambda: lens.gradient(net, images, 1),
        "guided backprop": lambda: lens.guided_backprop_map(net, one, 1),
        "guided backprop of 64": lambda: lens.guided_backprop_map(net, images, 1),
        "deconvnet": lambda: lens.deconvnet_map(net, one, 1),
        "integrated gradients": lambda: lens.integrated_gradients_map(net, one, 1, steps=50),
        "integrated gradients of 64": lambda: lens.integrated_gradients_map(
            net, images, 1, steps=50
        ),
        "grad-cam": lambda: lens.grad_cam_map(net, one, 1, maps_of="act2"),
    }


def in_pairs(
    ours: Callable[[], Any], theirs: Callable[[], Any] | None, least: int
) -> dict[str, float]:
    """Medians of processor seconds, and the median ratio of calls that directly follow each other.

    Who begins changes from pair to pair. Other work on the machine slows both calls of a pair, or
    few pairs; short calls get more pairs, until SECONDS have gone by.
    """
    pair = [ours, theirs or (lambda: None)]
    for _ in range(3):
        began = time.perf_counter()
        for function in pair:
            function()
    pairs = max(least, min(MOST_PAIRS, int(SECONDS / (time.perf_counter() - began))))
    taken = np.empty((pairs, 2))
    for number in range(pairs):
        for which in (0, 1) if number % 2 else (1, 0):
            taken[number, which] = seconds(pair[which])
    ours_, theirs_ = np.median(taken, axis=0)
    found = {"ours": float(ours_), "pairs": pairs}
    if theirs is None:
        return found
    return found | {"captum": float(theirs_), "ratio": float(np.median(taken[:, 1] / taken[:, 0]))}


def seconds(function: Callable[[], Any]) -> float:
    """The processor time of one call."""
    began = time.process_time()
    function()
    return time.process_time() - began


def compare(least: int) -> list[dict[str, Any]]:
    """One row for each method."""
    net = models["lenet5"]((3, 32, 32), 10).eval()
    images = torch.from_numpy(np.random.default_rng(0).standard_normal((64, 3, 32, 32))).float()
    images.requires_grad_()
    theirs, rows = captum_methods(net, images), []
    for name, ours in our_methods(net, images).items():
        row = {"what": name, "limit": LIMITS.get(name)}
        rows.append(row | in_pairs(ours, theirs.get(name), least))
    return rows


def maximal_patches() -> dict[str, Any]:
    """All 64 channels of the third convolution of `cifar_convnet` over 10,000 images."""
    try:
        images, source = datasets["cifar10"]().test.inputs, "CIFAR-10"
    except LamellaError:
        rng = np.random.default_rng(0)
        images, source = rng.standard_normal((10_000, 3, 32, 32), np.float32), "noise"
    net = models["cifar_convnet"]().eval()
    lens.find_maxima(net, images[:100], "conv1", count=1, units=[0])  # what Torch itself needs
    before, began = memory(reset=True), (time.perf_counter(), time.process_time())
    found = lens.find_maxima(net, images, "act3", count=9)
    wall, seconds = time.perf_counter() - began[0], time.process_time() - began[1]
    row = {"what": "maximal patches", "ours": seconds, "wall": wall, "limit": 30.0}
    return row | {"images": f"{len(images)} of {source}", "units": len(found.units),
                  "megabytes": memory() - before}  # fmt: skip


def memory(*, reset: bool = False) -> float:
    """The most memory this process has held since the last reset, in megabytes.

    Where the system cannot forget a peak (it is not Linux), the peak since the start.
    """
    status = Path("/proc/self/status")
    if not status.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    if reset:
        Path("/proc/self/clear_refs").write_text("5")
    line = next(text for text in status.read_text().splitlines() if text.startswith("VmHWM"))
    return int(line.split()[1]) / 1024


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--pairs", type=int, default=9, help="at least, for each method")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args()
    torch.set_num_threads(asked.threads)
    rows = [*compare(asked.pairs), maximal_patches()]
    for row in rows:
        words = [f"{row['what']:28} {row['ours'] * 1e3:10.2f} ms"]
        words += (
            [
                f"captum {row['captum'] * 1e3:10.2f} ms, ratio {row['ratio']:.3f} "
                f"({row['pairs']} pairs)"
            ]
            if "captum" in row
            else []
        )
        words += [f"at most {row['limit']:g} s"] if row["limit"] else []
        words += [f"{row['images']}, {row['units']} units, {row['wall']:.1f} s by the clock, "
                  f"{row['megabytes']:.0f} MB"] if "megabytes" in row else []  # fmt: skip
        print("  ".join(words))
    if asked.json:
        asked.json.write_text(json.dumps(rows, indent=1) + "\n")
    slow = [r["what"] for r in rows if r["limit"] and r["ours"] > r["limit"]]
    slow += [r["what"] for r in rows if r.get("ratio", 1) < 1 or r.get("megabytes", 0) > MEMORY]
    if slow:
        sys.exit(f"slower than captum or beyond a limit: {', '.join(slow)}")


if __name__ == "__main__":
    main()
