"""What the lens finds in a trained network on CIFAR-10: ascent, fooling, inversion, as JSON.

    python benchmarks/lens_quality.py RUN [--out FOLDER] [--images 5]

RUN is a run of the study cifar10 (`lamella study cifar10`). Ascent must raise the score of every
class above that of every test image; a fooling image must get another class with 90 % confidence
(its L2 distance in pixels from 0 to 1 is printed); inversion from the first convolution must be
recognisable (SSIM at least 0.8) and degrade with depth. With --out the figures are written too.
Exit code 1 when one of these does not hold.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

import numpy as np

from lamella import lens, open_run
from lamella.plots.lens_picture import as_png
from lamella.registry import datasets
from lamella.results import Images

STEPS = {"ascent": 200, "inversion": 300}


def check_ascent(net: Any, test: Any, pixels: lens.Pixels, out: Path | None) -> dict[str, Any]:
    """The score that ascent reaches for each class, beside the highest of all test images."""
    highest = lens.activations(net, test.inputs).max(dim=0).values.numpy()
    classes = list(range(len(highest)))
    shape = test.inputs.shape[1:]
    found = lens.ascend(
        net, classes, shape, count=len(classes), steps=STEPS["ascent"], pixels=pixels, jitter=1
    )
    shown = np.moveaxis(pixels.to_pixels(found.inputs), 1, -1).clip(0, 1)
    save(out, "ascent", Images(shown, columns=5))
    return {
        "highest_of_test_images": highest.round(2).tolist(),
        "reached": found.scores.round(2).tolist(),
        "test_images": len(test),
        "holds": bool((found.scores > highest).all()),
    }


def check_fooling(net: Any, test: Any, pixels: lens.Pixels, out: Path | None) -> dict[str, Any]:
    """An image of each class that the network knows, turned into the class after it."""
    logits = lens.activations(net, test.inputs[:500]).numpy()
    right = logits.argmax(axis=1) == test.labels[:500]
    rows = []
    for k in range(logits.shape[1]):
        at = int(np.flatnonzero(right & (test.labels[:500] == k))[0])
        target = (k + 1) % logits.shape[1]
        found = lens.fool(net, test.inputs[at], target, pixels=pixels)
        again = lens.activations(net, found.changed[None]).softmax(dim=1)[0]
        save(out, f"fooling-{k}", lens.fooling(net, test.inputs[at], target, pixels=pixels))
        rows.append(
            {
                "image": at,
                "was": found.was,
                "becomes": int(again.argmax()),
                "confidence": round(float(again.max()), 4),
                "l2": round(found.distance, 3),
                "largest": round(found.largest, 4),
            }
        )
    return {
        "images": rows,
        "holds": all(r["becomes"] != r["was"] and r["confidence"] >= 0.9 for r in rows),
    }


def check_inversion(
    net: Any, images: np.ndarray, pixels: lens.Pixels, out: Path | None
) -> dict[str, Any]:
    """The mean SSIM of images found from each convolution and the output."""
    layers = [name for name, _ in net.named_children() if name.startswith("conv")] + ["head"]
    likeness = np.zeros((len(images), len(layers)))
    for at, image in enumerate(images):
        for k, layer in enumerate(layers):
            found = lens.invert(net, image, layer, steps=STEPS["inversion"], pixels=pixels)
            likeness[at, k] = found.likeness
    shown = [lens.inversion(net, image, layers, pixels=pixels, steps=300) for image in images[:3]]
    pictures = np.concatenate([s.pixels for s in shown])
    save(out, "inversion", Images(pictures, columns=len(layers) + 1))
    mean = likeness.mean(axis=0)
    return {
        "layers": layers,
        "ssim": mean.round(3).tolist(),
        "least_from_first": round(float(likeness[:, 0].min()), 3),
        "holds": bool(likeness[:, 0].min() >= 0.8 and (np.diff(mean) < 0).all()),
    }


def save(out: Path | None, name: str, images: Images) -> None:
    """Write a figure where a folder was given."""
    if out is not None:
        out.mkdir(parents=True, exist_ok=True)
        (out / f"{name}.png").write_bytes(as_png(images, side=96))


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("run", type=Path)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--images", type=int, default=5)
    asked = parser.parse_args()
    run = open_run(asked.run)
    net, pixels = lens.network_of(run), lens.pixels_of(run) or lens.Pixels()
    test = datasets["cifar10"]().test
    result = {
        "epoch": max(run.epochs),
        "ascent": check_ascent(net, test, pixels, asked.out),
        "fooling": check_fooling(net, test, pixels, asked.out),
        "inversion": check_inversion(net, test.inputs[: asked.images], pixels, asked.out),
    }
    print(json.dumps(result, indent=1))
    if not all(part["holds"] for part in result.values() if isinstance(part, dict)):
        sys.exit(1)


if __name__ == "__main__":
    main()
