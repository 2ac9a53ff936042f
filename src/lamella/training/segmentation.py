"""Training of segmentation networks in stages, as a generator of epochs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from time import perf_counter
from typing import Any

import torch
from torch import Tensor, nn

from lamella.checks import check_choice, check_range
from lamella.errors import TrainingError
from lamella.seeds import torch_generator
from lamella.training.checkpoints import load_checkpoint, save_checkpoint
from lamella.training.randomness import borrowed_streams
from lamella.training.segmentation_feed import SceneFeed
from lamella.training.segmentation_losses import PixelLoss, find_pixel_loss
from lamella.training.segmentation_scores import Scores, confusion, scores_of


@dataclass(frozen=True)
class Stage:
    """Some epochs of one optimiser: "nadam", or "sgd" at learning_rate / (1 + decay * step)."""

    optimiser: str
    epochs: int
    learning_rate: float
    decay: float = 0.0

    def __post_init__(self) -> None:
        check_choice(self.optimiser, ("nadam", "sgd"), "optimiser")
        check_range(self.epochs, "Stage", "epochs", low=0)

    def make(self, model: nn.Module) -> torch.optim.Optimizer:
        """The optimiser, with its framework's defaults for everything but the rate."""
        kind = torch.optim.NAdam if self.optimiser == "nadam" else torch.optim.SGD
        return kind(model.parameters(), lr=self.learning_rate)

    def rate(self, step: int) -> float:
        """The learning rate after `step` steps of this stage.

        >>> Stage("sgd", 50, 0.02, 0.0004).rate(2500)
        0.01
        """
        return self.learning_rate / (1 + self.decay * step)


def two_stages(nadam_epochs: int = 25, sgd_epochs: int = 50) -> tuple[Stage, Stage]:
    """Nadam at its default 0.002, then SGD from 0.02 with decay 0.02/50."""
    return Stage("nadam", nadam_epochs, 2e-3), Stage("sgd", sgd_epochs, 0.02, 0.02 / 50)


@dataclass(frozen=True)
class SegmentationEpoch:
    """Losses, share of right pixels and scores on the test images after an epoch.

    Epoch 0 is the network before its first step. `train_loss` is the mean over the steps of the
    epoch (of epoch 0: over the first batch).
    """

    epoch: int
    train_loss: float
    test_loss: float
    test_accuracy: float
    scores: Scores
    learning_rate: float
    seconds: float

    def scalars(self) -> dict[str, float]:
        """The numbers to record by name: losses, accuracy, dice_1 ..., iou_1 ..., their means."""
        found = {name: float(getattr(self, name)) for name in NUMBERS}
        for name in ("dice", "iou"):
            found |= {f"{name}_{k}": v for k, v in enumerate(getattr(self.scores, name)[:-1], 1)}
            found[f"mean_{name}"] = getattr(self.scores, f"mean_{name}")
        return found


NUMBERS = ("train_loss", "test_loss", "test_accuracy", "learning_rate", "seconds")


def train_segmentation(
    model: nn.Module,
    train: SceneFeed,
    test: SceneFeed,
    *,
    stages: Sequence[Stage],
    loss: str | PixelLoss = "dice",
    batch_size: int = 128,
    channels_last: bool = True,
    bfloat16: bool = False,
    seed: int = 0,
    checkpoint: str | Path | None = None,
    resume: bool = False,
) -> Iterator[SegmentationEpoch]:
    """Train `model` in place through the stages and yield after each epoch, epoch 0 first.

    Images are painted batch by batch, so any number of them fits into memory. A `checkpoint` is
    written once an epoch has been dealt with; `resume=True` goes on from it. The same seed gives
    the same numbers, resumption included. TrainingError when the loss is not finite or the
    checkpoint belongs to another training.
    """
    find = find_pixel_loss(loss)
    settings = {
        "stages": [asdict(stage) for stage in stages],
        "loss": find.__name__,
        "batch_size": batch_size,
        "images": len(train),
        "scene": asdict(train.scene) | {"factors": list(train.scene.factors)},
        "seed": seed,
    }
    if channels_last:
        model.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    plan = Plan(model, train, test, find, batch_size, channels_last, bfloat16, seed)
    done = 0
    first: tuple[Stage, torch.optim.Optimizer] | None = None
    if checkpoint is not None and resume and Path(checkpoint).exists():
        done, first = restore(plan, stages, settings, Path(checkpoint))
    yield from run_stages(plan, stages, settings, done, first, checkpoint)


@dataclass(frozen=True, eq=False)
class Plan:
    """What the epochs share."""

    model: nn.Module
    train: SceneFeed
    test: SceneFeed
    loss: PixelLoss
    batch_size: int
    channels_last: bool
    bfloat16: bool
    seed: int


def run_stages(
    plan: Plan,
    stages: Sequence[Stage],
    settings: dict[str, Any],
    done: int,
    restored: tuple[Stage, torch.optim.Optimizer] | None,
    checkpoint: str | Path | None,
) -> Iterator[SegmentationEpoch]:
    """Every epoch after the `done` ones; each stage starts its optimiser anew."""
    steps = -(-len(plan.train) // plan.batch_size)
    before = 0
    for place, stage in enumerate(stages):
        optimiser = restored[1] if restored and restored[0] is stage else None
        optimiser = optimiser or stage.make(plan.model)
        numbers = range(before + (place > 0), before + stage.epochs + 1)
        for number in numbers:
            if number < done:
                continue
            epoch = run_epoch(plan, stage, optimiser, number, max(number - before - 1, 0) * steps)
            yield epoch
            if checkpoint is not None:
                facts = {"epoch": number, "settings": settings}
                save_checkpoint(checkpoint, plan.model, optimiser, facts)
        before += stage.epochs


def restore(
    plan: Plan, stages: Sequence[Stage], settings: dict[str, Any], path: Path
) -> tuple[int, tuple[Stage, torch.optim.Optimizer]]:
    """Weights and optimiser of the last epoch, and the number of the next."""
    last = checkpoint_epoch(path)
    ends = [sum(stage.epochs for stage in stages[: k + 1]) for k in range(len(stages))]
    stage = next((s for s, end in zip(stages, ends, strict=True) if last <= end), stages[-1])
    optimiser = stage.make(plan.model)
    facts = load_checkpoint(path, plan.model, optimiser)
    if facts["settings"] != settings:
        changed = [k for k in settings if facts["settings"].get(k) != settings[k]]
        raise TrainingError(
            f"the checkpoint {path} belongs to another training: {', '.join(changed)} differ. "
            "Use the same arguments, another file, or resume=False."
        )
    return last + 1, (stage, optimiser)


def checkpoint_epoch(path: Path) -> int:
    """The epoch a checkpoint was written after."""
    import json

    from lamella.training.checkpoints import read

    return json.loads(read(path)[1]["facts"])["epoch"]


def run_epoch(
    plan: Plan, stage: Stage, optimiser: torch.optim.Optimizer, number: int, step: int
) -> SegmentationEpoch:
    """One pass over the training images (none for epoch 0), then the test images."""
    start = perf_counter()
    with borrowed_streams(plan.seed, f"epoch {number}", torch.device("cpu")):
        generator = torch_generator(plan.seed, f"batches {number}")
        plan.model.train()
        if number:
            train_loss = step_through(plan, stage, optimiser, number, step, generator)
        else:
            inputs, labels = plan.train.take(slice(0, plan.batch_size), generator)
            plan.model.eval()
            with torch.no_grad():
                train_loss = plan.loss(forward(plan, inputs), labels).item()
        test_loss, counts = evaluate(plan)
    rate = float(optimiser.param_groups[0]["lr"])
    right = (counts.diagonal().sum() / counts.sum()).item()
    seconds = perf_counter() - start
    return SegmentationEpoch(number, train_loss, test_loss, right, scores_of(counts), rate, seconds)


def step_through(
    plan: Plan,
    stage: Stage,
    optimiser: torch.optim.Optimizer,
    number: int,
    step: int,
    generator: torch.Generator,
) -> float:
    """The steps of one epoch; the mean loss over them."""
    total, images = 0.0, 0
    for inputs, labels in plan.train.shuffled(plan.batch_size, generator):
        for group in optimiser.param_groups:
            group["lr"] = stage.rate(step)
        step += 1
        optimiser.zero_grad(set_to_none=True)
        loss = plan.loss(forward(plan, inputs), labels)
        loss.backward()
        optimiser.step()
        value = loss.item()
        if value != value or abs(value) == float("inf"):
            raise TrainingError(
                f"train_segmentation() wants a finite loss, got {value} in epoch {number} at "
                f"learning rate {stage.rate(step):g}. Lower the learning rate."
            )
        total, images = total + value * len(inputs), images + len(inputs)
    return total / images


def forward(plan: Plan, inputs: Tensor) -> Tensor:
    """Logits as float32; the inputs come channels last and leave so unless told otherwise."""
    if not plan.channels_last:
        inputs = inputs.contiguous()
    with torch.autocast("cpu", torch.bfloat16, enabled=plan.bfloat16):
        logits = plan.model(inputs)
    return logits.float()


def evaluate(plan: Plan) -> tuple[float, Tensor]:
    """Mean loss and confusion matrix over the test images, in eval mode; the mode stays eval."""
    plan.model.eval()
    counts = torch.zeros((plan.test.scene.classes + 1,) * 2, dtype=torch.long)
    total = 0.0
    with torch.no_grad():
        for inputs, labels in plan.test.in_order(256, plan.seed):
            logits = forward(plan, inputs)
            total += plan.loss(logits, labels).item() * len(inputs)
            counts += confusion(logits.argmax(dim=1), labels, len(counts))
    return total / len(plan.test), counts


def has_bfloat16() -> bool:
    """Whether this processor computes in bfloat16 natively, which nearly doubles the speed."""
    native = getattr(torch.cpu, "_is_avx512_bf16_supported", None)
    return bool(native and native())
