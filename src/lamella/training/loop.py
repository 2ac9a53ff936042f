"""The training loop: a generator that yields what is known after each epoch."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from time import perf_counter
from typing import Any

import torch
from torch import nn

from lamella.checks import check_range
from lamella.data.dataset import Dataset
from lamella.errors import TrainingError
from lamella.seeds import torch_generator
from lamella.training.augment import Augmentation, find_augmentations
from lamella.training.checkpoints import load_checkpoint, save_checkpoint
from lamella.training.early_stop import EarlyStop, Watch, find_early_stop
from lamella.training.epochs import Epoch
from lamella.training.evaluation import score
from lamella.training.feed import Feed, make_feed
from lamella.training.fit import check_fit
from lamella.training.losses import Loss, find_loss
from lamella.training.optimisers import Optimiser, make_optimiser
from lamella.training.randomness import borrowed_streams
from lamella.training.schedules import Schedule, find_schedule


@dataclass(frozen=True, eq=False)
class Plan:
    """All that a training epoch needs beside the model."""

    train: Feed
    test: Feed
    sample: Feed
    optimiser: torch.optim.Optimizer
    loss: Loss
    schedule: Schedule
    augmentations: list[Augmentation]
    epochs: int
    batch_size: int
    learning_rate: float
    bfloat16: bool
    seed: int


def train(
    model: nn.Module,
    dataset: Dataset,
    *,
    epochs: int = 50,
    optimiser: Optimiser = "adam",
    learning_rate: float = 2e-3,
    weight_decay: float = 0.0,
    batch_size: int = 128,
    loss: str | Loss = "cross_entropy",
    schedule: str | Schedule | None = None,
    early_stop: int | EarlyStop | None = None,
    augment: Sequence[str | Augmentation] = (),
    channels_last: bool = False,
    bfloat16: bool = False,
    train_sample: int | None = None,
    device: str | torch.device | None = None,
    seed: int = 0,
    checkpoint: str | Path | None = None,
    resume: bool = False,
) -> Iterator[Epoch]:
    """Train `model` on `dataset` in place and yield an `Epoch` after each pass, epoch 0 first.

    Optimiser, loss, schedule (a factor of the learning rate by the share of steps done) and
    augmentations go by name or by callable. `early_stop` is a patience in epochs of the test loss,
    or an `EarlyStop`. `train_sample` limits the training samples that train loss and accuracy are
    measured on. The model moves to `device` (cuda where there is one) and is in eval mode between
    epochs. A `checkpoint` file is written once an epoch has been dealt with, and `resume=True`
    goes on from it. The same seed gives the same numbers, dropout and resumption included;
    Torch's own random streams are as they were at each yield.

    Raises InputError for data or a model that do not fit, TrainingError when the loss is not
    finite or the checkpoint belongs to another training.
    """
    settings = {
        "optimiser": named(optimiser),
        "learning_rate": learning_rate,
        "weight_decay": weight_decay,
        "batch_size": batch_size,
        "loss": named(loss),
        "schedule": named(schedule),
        "augment": [named(a) for a in augment],
        "seed": seed,
    } | ({"epochs": epochs} if schedule else {})
    check_range(epochs, "train()", "epochs", low=0)
    check_range(batch_size, "train()", "batch_size", low=1)
    place = find_device(device)
    model.to(place)
    if channels_last:
        model.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    check_fit(model, dataset.input_shape, dataset.classes)
    feed = make_feed(dataset.train, place, channels_last, "train()")
    plan = Plan(
        train=feed,
        test=make_feed(dataset.test, place, channels_last, "train()"),
        sample=sampled(dataset, feed, train_sample, seed),
        optimiser=make_optimiser(optimiser, model, learning_rate, weight_decay),
        loss=find_loss(loss),
        schedule=find_schedule(schedule),
        augmentations=find_augmentations(augment, dataset.input_shape),
        epochs=epochs,
        batch_size=batch_size,
        learning_rate=learning_rate,
        bfloat16=bfloat16,
        seed=seed,
    )
    watch = Watch(find_early_stop(early_stop))
    return run_epochs(model, plan, watch, settings, checkpoint, resume)


def run_epochs(
    model: nn.Module,
    plan: Plan,
    watch: Watch,
    settings: dict[str, Any],
    checkpoint: str | Path | None,
    resume: bool,
) -> Iterator[Epoch]:
    """Epoch by epoch from the beginning or the checkpoint to the end or the early stop."""
    first, done = 0, False
    if checkpoint is not None and resume and Path(checkpoint).exists():
        facts = load_checkpoint(checkpoint, model, plan.optimiser)
        check_settings(facts["settings"], settings, checkpoint)
        first, done = facts["epoch"]["epoch"] + 1, facts["done"]
        watch.best, watch.epoch = facts["best"]
    for number in range(first, plan.epochs + 1):
        if done:
            return
        epoch = run_epoch(model, plan, number)
        done = watch.done(epoch)
        yield epoch
        if checkpoint is not None:  # only now: what the caller does with an epoch comes first
            best = (watch.best, watch.epoch)
            facts = {"epoch": asdict(epoch), "settings": settings, "best": best, "done": done}
            save_checkpoint(checkpoint, model, plan.optimiser, facts)


def run_epoch(model: nn.Module, plan: Plan, number: int) -> Epoch:
    """One pass over the training data (none for epoch 0), then the evaluation."""
    start = perf_counter()
    device = plan.train.inputs.device
    with borrowed_streams(plan.seed, f"epoch {number}", device):
        if number:
            step_through(model, plan, number)
        model.eval()
        train_loss, train_accuracy = score(model, plan.sample, plan.loss)
        test_loss, test_accuracy = score(model, plan.test, plan.loss)
    rate = plan.optimiser.param_groups[0]["lr"]
    seconds = perf_counter() - start
    return Epoch(number, train_loss, test_loss, train_accuracy, test_accuracy, float(rate), seconds)


def step_through(model: nn.Module, plan: Plan, number: int) -> None:
    """The optimiser's steps of one epoch."""
    generator = torch_generator(plan.seed, f"batches {number}")
    count = -(-len(plan.train) // plan.batch_size)
    device = plan.train.inputs.device
    model.train()
    total = torch.zeros((), device=device)
    batches = plan.train.shuffled(plan.batch_size, generator)
    for step, (inputs, labels) in enumerate(batches):
        done = (number - 1 + step / count) / max(plan.epochs, 1)
        rate = plan.learning_rate * plan.schedule(done)
        for group in plan.optimiser.param_groups:
            group["lr"] = rate
        for augmentation in plan.augmentations:
            inputs = augmentation(inputs, generator)
        plan.optimiser.zero_grad(set_to_none=True)
        with torch.autocast(device.type, torch.bfloat16, enabled=plan.bfloat16):
            loss = plan.loss(model(inputs), labels)
        loss.backward()
        plan.optimiser.step()
        total += loss.detach()
        if step % 100 == 99:
            check_loss(total, number, rate)
    check_loss(total, number, plan.optimiser.param_groups[0]["lr"])


def check_loss(total: torch.Tensor, number: int, rate: float) -> None:
    """Raise TrainingError when the sum of the losses so far is not finite."""
    if not torch.isfinite(total):
        raise TrainingError(
            f"train() wants a finite loss, got {total.item()} in epoch {number} at learning rate "
            f"{rate:g}. Lower the learning rate, or look for extreme values in the inputs."
        )


def check_settings(old: dict[str, Any], new: dict[str, Any], path: str | Path) -> None:
    """Raise TrainingError that names the arguments a checkpoint was not trained with."""
    changed = [
        f"{name} {old.get(name)} there, {new.get(name)} here"
        for name in sorted({*old, *new})
        if old.get(name) != new.get(name)
    ]
    if changed:
        raise TrainingError(
            f"the checkpoint {path} belongs to another training: {'; '.join(changed)}. "
            "Use the same arguments, another file, or resume=False."
        )


def sampled(dataset: Dataset, feed: Feed, count: int | None, seed: int) -> Feed:
    """The feed that train loss and accuracy are measured on: all of it, or a stratified sample."""
    if count is None or count >= len(feed):
        return feed
    split = dataset.train.take(count, seed=seed)
    return make_feed(split, feed.inputs.device, feed.channels_last, "train(train_sample=...)")


def find_device(device: str | torch.device | None) -> torch.device:
    """The device asked for, else cuda where there is one, else the CPU."""
    if device is not None:
        return torch.device(device)
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


def named(thing: Any) -> Any:
    """A callable's name, anything else as it is."""
    return getattr(thing, "__qualname__", repr(thing)) if callable(thing) else thing
