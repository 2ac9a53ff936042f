"""Whether the latent space of networks that segment is compact."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

from lamella.data.rectangles.scenes import Scene, factors_of
from lamella.experiments.recorded_training import ExistingRuns
from lamella.registry import studies
from lamella.studies.rectangles.sizes import (
    LOSSES,
    NETS,
    choose_sizes,
    estimate,
    names,
)


@studies.register
def rectangles(
    *,
    out: Annotated[Path, "folder for the runs and the report"] = Path("runs/rectangles"),
    nets: Annotated[
        str | None, "conv_autoencoder, small_unet, separable_unet, or all; the first two by default"
    ] = None,
    losses: Annotated[
        str | None, "dice, weighted_cross_entropy, focal, or all; the first two by default"
    ] = None,
    factors: Annotated[
        str, "factor variants of the latent study, separated by commas"
    ] = "FreeAll,OnlyColor,OnlyH,OnlyX",
    launches: Annotated[int | None, "how often each net is trained with each loss"] = None,
    train_size: Annotated[int | None, "training images"] = None,
    test_size: Annotated[int | None, "test images"] = None,
    nadam_epochs: Annotated[int | None, "epochs of the first stage"] = None,
    sgd_epochs: Annotated[int | None, "epochs of the second stage"] = None,
    batch_size: Annotated[int | None, "images in a step"] = None,
    probe: Annotated[int | None, "images with each class on top that are recorded"] = None,
    latent: Annotated[int | None, "images with each class on top for F1 and pictures"] = None,
    delta: Annotated[int, "half the width of the colour ranges"] = 15,
    inside: Annotated[bool, "only rectangles that lie wholly inside the image"] = False,
    full: Annotated[bool, "200,000 images, five launches, all nets and losses: for days"] = False,
    bfloat16: Annotated[bool | None, "train in bfloat16; where it is fast by default"] = None,
    seed: Annotated[
        int, "random seed of the first launch; each draws its own images and weights"
    ] = 0,
    jobs: Annotated[int | None, "workers that measure; one for each core by default"] = None,
    resume: Annotated[bool, "take or go on with what is there"] = False,
    overwrite: Annotated[bool, "replace runs that are there"] = False,
    progress: Annotated[bool, "show progress in a terminal"] = True,
) -> dict[str, Any]:
    """Train networks to segment rectangles, and ask whether their latent spaces are compact.

    Each net is trained with each loss; its latent layers are recorded on a fixed test set in
    which every class in turn lies on top, for each variant of free factors. Pictures, perceptron
    F1 against dimension, compactness, distances, dimension and homology are told in
    `report.html`, against the pixels and the untrained net. Says beforehand how long it takes.
    """
    started = time.perf_counter()
    asked = {
        "launches": launches,
        "train_size": train_size,
        "test_size": test_size,
        "nadam_epochs": nadam_epochs,
        "sgd_epochs": sgd_epochs,
        "batch_size": batch_size,
        "probe": probe,
        "latent": latent,
    }
    sizes = choose_sizes(full, asked)
    chosen_nets = names(nets or ("all" if full else ",".join(NETS[:2])), NETS, "net")
    chosen_losses = names(
        losses or ("all" if full else "dice,weighted_cross_entropy"), LOSSES, "loss"
    )
    variants = tuple(part.strip() for part in factors.split(","))
    for variant in variants:
        factors_of(variant)
    scene = Scene(delta=delta, inside=inside)
    say = speaker(progress)
    fast = choose_bfloat16(bfloat16)
    expected = estimate(chosen_nets, chosen_losses, variants, sizes, fast, worker_count(jobs))
    say(expected.words)
    from lamella.studies.rectangles.launches import Launch

    plan = [
        Launch(net, loss, number + 1, seed + number, scene, variants, sizes, fast)
        for number in range(sizes.launches)
        for net in chosen_nets
        for loss in chosen_losses
    ]
    done, pixels = carry_out(plan, Path(out), ExistingRuns(resume, overwrite), jobs, progress, say)
    from lamella.page.report import write_report
    from lamella.studies.rectangles.numbers import scores
    from lamella.studies.rectangles.story import rectangles_story

    seconds = time.perf_counter() - started
    story, findings = rectangles_story(done, pixels, seconds)
    shown: dict[str, list[Any]] = {}
    for one in done:
        shown.setdefault(f"{one.launch.net}, {one.launch.loss}", []).append(one.run)
    report = write_report(story, Path(out) / "report.html", nets=shown)
    found: dict[str, Any] = {}
    for one in done:
        launched = found.setdefault(one.launch.net, {}).setdefault(
            one.launch.loss, {"launches": []}
        )
        launched["launches"].append({**scores(one.run), "f1": one.f1, "run": str(one.run.path)})
    return {
        "study": "rectangles",
        "seconds": time.perf_counter() - started,
        "expected_seconds": expected.training + expected.latent,
        "report": str(report),
        "nets": found,
        "pixels": {"f1": pixels.f1},
        "findings": findings,
    }


def carry_out(
    plan: list[Any],
    out: Path,
    kept: ExistingRuns,
    jobs: int | None,
    progress: bool,
    say: Callable[[str], None],
) -> tuple[list[Any], Any]:
    """Train, measure and analyse every launch; what is there already is taken."""
    from lamella.studies.rectangles.latents import analyse, network_spaces, pixel_spaces
    from lamella.studies.rectangles.launches import train_launch
    from lamella.studies.rectangles.numbers import Done, fingerprint, measure_launch

    first = plan[0]
    settings = {"latent": first.sizes.latent, "delta": first.scene.delta}
    settings |= {"inside": first.scene.inside}

    def study_spaces(folder: Path, name: str, facts: dict, spaces: Any, pictures: bool):
        say(f"{name} {folder}: latent spaces")
        return analyse(folder, name, facts, spaces, sizes=first.sizes, pictures=pictures, jobs=jobs)

    done: list[Done] = []
    seen: set[str] = set()
    for launch in plan:
        run = train_launch(out, launch, kept, None if progress else False)
        say(f"{launch.name}: measuring")
        measure_launch(run, jobs, progress)
        mine = {**settings, "weights": fingerprint(run)}
        rows, pictures = study_spaces(
            launch.path(out) / "latent",
            "trained",
            mine,
            network_spaces(launch, run, run.epochs[-1]),
            pictures=launch.number == 1,
        )
        untrained: list[dict[str, Any]] = []
        if launch.net not in seen:
            untrained, _ = study_spaces(
                launch.path(out) / "latent",
                "untrained",
                mine,
                network_spaces(launch, run, run.epochs[0]),
                pictures=False,
            )
        seen.add(launch.net)
        done.append(Done(launch, run, rows, pictures, untrained))
    pixel_rows, pixel_pictures = study_spaces(
        out / "pixels",
        "pixels",
        settings,
        pixel_spaces(first.scene, first.variants, first.sizes.latent),
        pictures=True,
    )
    return done, Done(first, done[0].run, pixel_rows, pixel_pictures)


def choose_bfloat16(asked: bool | None) -> bool:
    """What was asked for, else whether the processor has bfloat16."""
    from lamella.training.segmentation import has_bfloat16

    return has_bfloat16() if asked is None else asked


def worker_count(jobs: int | None) -> int:
    """The number of workers, one for each core by default."""
    import os

    return jobs or os.cpu_count() or 1


def speaker(progress: bool) -> Callable[[str], None]:
    """Prints a line on the standard error, or nothing."""
    import sys

    return (lambda text: print(text, file=sys.stderr, flush=True)) if progress else lambda _: None
