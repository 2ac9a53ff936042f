"""How long a layer table takes beside torchinfo's, on a ResNet-50 built from torch's modules.

    OMP_NUM_THREADS=1 python benchmarks/anatomy.py [--repeats 7] [--json]

Both run in turns in one process, warmed up; medians of processor seconds; ratio = torchinfo / ours.
torchinfo runs the model on the CPU as it does by default, and once more with model and input on the
meta device, its fastest way. Ours adds receptive fields, borders and formulas that torchinfo has
not. Exit code 1 when ours is slower than torchinfo's default. Needs pip install 'lamella[bench]'.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from support.networks import Bottleneck, resnet

from lamella.anatomy import layer_table

SHAPE = (3, 224, 224)


def main() -> int:
    """Time all three and print the ratios."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--repeats", type=int, default=7)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    from torchinfo import summary

    model = resnet(Bottleneck, (3, 4, 6, 3)).eval()
    hollow = resnet(Bottleneck, (3, 4, 6, 3)).to("meta").eval()
    blank = torch.empty(1, *SHAPE, device="meta")
    ways: dict[str, Callable[[], Any]] = {
        "lamella": lambda: layer_table(model, SHAPE),
        "torchinfo": lambda: summary(model, (1, *SHAPE), device="cpu", verbose=0),
        "torchinfo, meta": lambda: summary(hollow, input_data=blank, device="meta", verbose=0),
    }
    seconds = timed(ways, options.repeats)
    ratios = {name: seconds[name] / seconds["lamella"] for name in ways}
    agree = ways["lamella"]().parameters == ways["torchinfo"]().total_params
    result = {"seconds": seconds, "ratio": ratios, "parameters_agree": agree}
    print(json.dumps(result) if options.json else told(seconds, ratios, agree))
    return int(ratios["torchinfo"] < 1 or not agree)


def timed(ways: dict[str, Callable[[], Any]], repeats: int) -> dict[str, float]:
    """Median processor seconds of each way, in turns."""
    found: dict[str, list[float]] = {name: [] for name in ways}
    for turn in range(repeats + 1):
        for name, way in ways.items():
            start = time.process_time()
            way()
            if turn:  # the first is the warm-up
                found[name].append(time.process_time() - start)
    return {name: statistics.median(times) for name, times in found.items()}


def told(seconds: dict[str, float], ratios: dict[str, float], agree: bool) -> str:
    """The result as lines of text."""
    lines = [f"{n:16s} {1000 * s:8.1f} ms   {ratios[n]:6.2f} x" for n, s in seconds.items()]
    return "\n".join([*lines, f"parameter counts agree: {agree}"])


if __name__ == "__main__":
    raise SystemExit(main())
