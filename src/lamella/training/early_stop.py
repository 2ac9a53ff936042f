"""When to stop before the last epoch."""

from __future__ import annotations

from dataclasses import dataclass, field

from lamella.checks import check_choice
from lamella.training.epochs import Epoch

NUMBERS = ("train_loss", "test_loss", "train_accuracy", "test_accuracy")


@dataclass(frozen=True)
class EarlyStop:
    """Stop once `number` has not improved by more than `least` for `patience` epochs."""

    patience: int
    number: str = "test_loss"
    least: float = 0.0

    def __post_init__(self) -> None:
        check_choice(self.number, NUMBERS, "number to stop by")


@dataclass
class Watch:
    """The best value an early stop has seen, and when."""

    stop: EarlyStop | None
    best: float = field(default=float("inf"))
    epoch: int = 0

    def done(self, epoch: Epoch) -> bool:
        """Take in one epoch; True if training should stop after it."""
        if self.stop is None:
            return False
        value = getattr(epoch, self.stop.number)
        value = -value if self.stop.number.endswith("accuracy") else value
        if value < self.best - self.stop.least:
            self.best, self.epoch = value, epoch.epoch
        return epoch.epoch - self.epoch >= self.stop.patience


def find_early_stop(early_stop: int | EarlyStop | None) -> EarlyStop | None:
    """A whole number is the patience of an early stop by the test loss."""
    return EarlyStop(early_stop) if isinstance(early_stop, int) else early_stop
