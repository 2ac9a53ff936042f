"""`lamella doctor`: what this machine has, and what is missing."""

from __future__ import annotations

import os
import platform
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Annotated, Any

import typer

from lamella.cli.output import print_json

CORE = ("torch", "numpy", "scipy", "scikit-learn", "numba", "plotly", "pandas", "openTSNE")
EXTRAS = {
    "umap": "umap-learn",
    "captum": "captum",
    "dask": "distributed",
    "gudhi": "gudhi",
    "hdf5": "h5py",
    "lightning": "lightning",
    "hf": "transformers",
    "timm": "timm",
    "torchvision": "torchvision",
    "images": "kaleido",
}


def command(
    warm_up: Annotated[
        bool, typer.Option("--warm-up", help="Compile the homology engine ahead of its first use.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print as JSON.")] = False,
) -> None:
    """Say versions, cores, GPU, and where data is; compile ahead with --warm-up."""
    facts = examine()
    if warm_up:
        from lamella.homology import warm_up as compile_engine

        facts["warm_up_seconds"] = compile_engine()
    if as_json:
        return print_json(facts)
    _show(facts)


def examine() -> dict[str, Any]:
    """The facts about this machine as a plain dictionary."""
    import torch

    import lamella

    data = os.environ.get("LAMELLA_DATA")
    cuda = torch.cuda.is_available()
    return {
        "lamella": lamella.__version__,
        "python": platform.python_version(),
        "system": platform.platform(),
        "cores": len(os.sched_getaffinity(0))
        if hasattr(os, "sched_getaffinity")
        else os.cpu_count(),
        "gpu": torch.cuda.get_device_name(0) if cuda else None,
        "packages": {name: installed(name) for name in CORE},
        "extras": {extra: installed(package) for extra, package in EXTRAS.items()},
        "data": data,
        "data_exists": bool(data) and Path(data).is_dir(),
        "cache": str(cache_folder()),
    }


def installed(package: str) -> str | None:
    """The version of an installed package, or None."""
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def cache_folder() -> Path:
    """Where data sets that were fetched or unpacked are kept."""
    import pooch

    return Path(pooch.os_cache("lamella"))


def _show(facts: dict[str, Any]) -> None:
    from rich.console import Console

    console = Console(highlight=False)
    gpu = facts["gpu"] or "no GPU (everything runs without one)"
    console.print(f"lamella {facts['lamella']}, Python {facts['python']}, {facts['system']}")
    console.print(f"{facts['cores']} cores, {gpu}")
    console.print(
        "packages: " + ", ".join(f"{k} {v or 'MISSING'}" for k, v in facts["packages"].items())
    )
    for extra, found in facts["extras"].items():
        state = found or f"not installed: pip install 'lamella[{extra}]'"
        console.print(f"extra {extra}: {state}", markup=False)
    where = facts["data"] or "not set (LAMELLA_DATA); MNIST and CIFAR-10 are fetched when needed"
    console.print(
        f"data: {where}{'' if facts['data_exists'] or not facts['data'] else ' (missing!)'}"
    )
    console.print(f"cache: {facts['cache']}")
    if "warm_up_seconds" in facts:
        console.print(f"homology engine compiled in {facts['warm_up_seconds']:.1f} s")
