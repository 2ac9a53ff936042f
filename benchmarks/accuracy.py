"""The accuracies and times that the studies of images promise, measured.

    python benchmarks/accuracy.py [--data FOLDER] [--out FOLDER] [--only NAME] [--json FILE]

Runs `lamella study mnist` and `lamella study cifar10` at their defaults, prints each accuracy
beside its goal and each time beside its limit (those of two free cores), and exits with 1 when
an accuracy is missed. Times are printed, not judged: they depend on what else the machine does.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

GOALS = {"mnist": {"mnist_dense": 0.983, "lenet5": 0.989}, "cifar10": {"cifar_convnet": 0.80}}
LIMITS = {"mnist": 240.0, "cifar10": 600.0}  # the whole study; the training alone


def main() -> int:
    arguments = parse()
    results = {name: run(name, arguments) for name in arguments.only or GOALS}
    if arguments.json:
        Path(arguments.json).write_text(json.dumps(results, indent=2))
    reached = [report(name, result) for name, result in results.items()]
    return int(not all(reached))


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", help="folder with mnist/ and cifar-10/; else LAMELLA_DATA")
    parser.add_argument("--out", default="runs/accuracy", help="where the runs go")
    parser.add_argument("--only", action="append", choices=sorted(GOALS))
    parser.add_argument("--json", help="write the results there")
    return parser.parse_args()


def run(name: str, arguments: argparse.Namespace) -> dict[str, Any]:
    """The study's own JSON, from a process of its own."""
    out = str(Path(arguments.out) / name)
    command = [sys.executable, "-m", "lamella", "study", name, "--out", out, "--overwrite"]
    data = ["--data", arguments.data] if arguments.data else []
    done = subprocess.run(
        [*command, *data, "--no-progress", "--json"],
        stdout=subprocess.PIPE,
        text=True,
        check=True,
        env={**os.environ, "OMP_WAIT_POLICY": "passive"},
    )
    return json.loads(done.stdout)


def report(name: str, result: dict[str, Any]) -> bool:
    """Print the figures of one study; True if every accuracy is reached."""
    reached = True
    for net, goal in GOALS[name].items():
        facts = result["nets"][net]
        least, seconds = min(facts["test_accuracy"]), max(facts["seconds"])
        reached &= least >= goal
        print(
            f"{net}: {least:.2%} of test right (goal {goal:.1%}: "
            f"{'reached' if least >= goal else 'MISSED'}) after {facts['epochs']} epochs, "
            f"{seconds:.0f} s of training"
        )
    training = sum(max(facts["seconds"]) for facts in result["nets"].values())
    counted = result["seconds"] if name == "mnist" else training
    what = "study with its report" if name == "mnist" else "training"
    print(f"{name}: {what} {counted:.0f} s (limit {LIMITS[name]:.0f} s); {result['report']}")
    return reached


if __name__ == "__main__":
    raise SystemExit(main())
