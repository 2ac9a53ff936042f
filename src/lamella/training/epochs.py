"""What is known at the end of an epoch."""

from __future__ import annotations

from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Epoch:
    """Losses and accuracies (shares, 0 to 1) after `epoch` passes over the training data.

    Epoch 0 is the network before its first step. `learning_rate` is that of the last step, and
    `seconds` the time of the epoch's steps and evaluation, without what happens between epochs.
    """

    epoch: int
    train_loss: float
    test_loss: float
    train_accuracy: float
    test_accuracy: float
    learning_rate: float
    seconds: float

    def scalars(self) -> dict[str, float]:
        """The numbers to record, by name.

        >>> Epoch(1, 0.5, 0.6, 0.9, 0.8, 0.1, 2.0).scalars()["test_accuracy"]
        0.8
        """
        return {name: value for name, value in asdict(self).items() if name != "epoch"}
