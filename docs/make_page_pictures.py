"""Pictures of the page for docs/page.md, taken from recorded studies as a reader would see them.

    lamella study spheres --out runs/spheres && lamella study mnist --out runs/mnist
    lamella study cifar10 --out runs/cifar10 && lamella study rectangles --out runs/rectangles
    python docs/make_page_pictures.py --runs runs

Takes about two minutes; wants the extra `dev` and chromium. Pictures go to docs/images/page-*.png.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

IMAGES = Path(__file__).parent / "images"
SOFTWARE = ("--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader")
QUIET = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run")
LONGEST = 90_000  # milliseconds to wait for a picture that must be computed


@dataclass(frozen=True)
class Scene:
    """A study's folder, and what of it is looked at: a part of the page's address."""

    study: str
    name: str
    look: dict[str, object] = field(default_factory=dict)
    size: tuple[int, int] = (1440, 900)


SCENES = (
    Scene("spheres", "spheres", {"a": "wide", "b": "bottleneck", "layer": "act2"}),
    Scene(
        "spheres",
        "spheres-dark",
        {"a": "wide", "b": "bottleneck", "layer": "act2", "theme": "dark", "method": "pca3"},
    ),
    Scene("mnist", "mnist", {"a": "lenet5", "b": "none", "layer": "pool2", "right": "units"}),
    Scene("cifar10", "cifar10", {"a": "cifar_convnet", "layer": "act1", "right": "units"}),
    Scene(
        "rectangles",
        "rectangles",
        {"a": "conv_autoencoder/dice", "b": "small_unet/dice", "layer": "latent"},
    ),
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=Path, default=Path("runs"), help="where the studies lie")
    parser.add_argument("--only", nargs="*", help="names of pictures")
    parser.add_argument("--out", type=Path, default=IMAGES)
    parser.add_argument("--wait", type=float, default=12, help="seconds for slow answers")
    options = parser.parse_args()
    for scene in SCENES:
        folder = options.runs / scene.study
        if options.only and scene.name not in options.only:
            continue
        if not folder.exists():
            print(f"left out: {scene.name}, for {folder} is not there")
            continue
        with served(folder) as address:
            print(take(address, scene, options.out / f"page-{scene.name}.png", options.wait))


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The address of the page about a folder of runs, for as long as it is needed."""
    command = [sys.executable, "-m", "lamella", "view", str(folder), "--no-open", "--json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield json.loads(first_object(process))["url"]
        finally:
            process.terminate()


def first_object(process: subprocess.Popen[str]) -> str:
    """What a command prints up to the line that closes its JSON object."""
    lines = []
    for line in process.stdout or ():
        lines.append(line)
        if line.rstrip() == "}":
            return "".join(lines)
    raise SystemExit("lamella view ended before it said where it is")


def take(address: str, scene: Scene, path: Path, wait: float) -> Path:
    """One picture, after the panels have drawn."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=[*QUIET, *SOFTWARE]
        )
        width, height = scene.size
        page = browser.new_page(viewport={"width": width, "height": height})
        page.goto(f"{address}#{urlencode(scene.look)}")
        page.wait_for_selector('body[data-ready="1"]', timeout=LONGEST)
        page.wait_for_timeout(1000 * wait)  # the story is told, and slow answers say so by now
        page.wait_for_selector(".panel.busy", state="detached", timeout=LONGEST)
        page.wait_for_timeout(1500)  # the glide ends
        page.screenshot(path=path)
        browser.close()
    return path


if __name__ == "__main__":
    main()
