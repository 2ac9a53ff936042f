"""What a classifier of images gets wrong, and whether it overfits."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from lamella.data.dataset import Dataset
from lamella.experiments.images.predictions import Predictions, as_pixels
from lamella.results import Images, Matrix, Table
from lamella.store import Run
from lamella.story import Sentence


def confusion(seen: Predictions, names: Sequence[str]) -> Matrix:
    """How many samples of each class (rows) were taken for each class (columns).

    >>> seen = Predictions(np.zeros((2, 1)), np.array([[1.0, 0.0], [1.0, 0.0]]), np.array([0, 1]))
    >>> confusion(seen, ("a", "b")).values.tolist()
    [[1.0, 0.0], [1.0, 0.0]]
    """
    counts = np.zeros((len(names), len(names)))
    np.add.at(counts, (seen.labels, seen.predicted), 1)
    return Matrix(counts, tuple(names), tuple(names), "true", "predicted", "images")


def class_accuracies(seen: dict[str, Predictions], names: Sequence[str]) -> Table:
    """Test accuracy of each class in percent, a column for each net."""
    columns: dict[str, np.ndarray] = {"class": np.asarray(names)}
    for net, each in seen.items():
        right = each.predicted == each.labels
        columns[f"{net}, %"] = np.round(
            [100 * right[each.labels == k].mean() for k in range(len(names))], 2
        )
    return Table(columns, "Accuracy of each class")


def worst_errors(data: Dataset, seen: Predictions, count: int = 25) -> Images:
    """The wrong test images that the net was surest of."""
    wrong = np.flatnonzero(seen.predicted != seen.labels)
    wrong = wrong[np.argsort(-seen.confidence[wrong], kind="stable")][:count]
    names = data.class_names
    captions = tuple(
        f"{names[seen.labels[at]]} as {names[seen.predicted[at]]}, {seen.confidence[at]:.0%}"
        for at in wrong
    )
    return Images(as_pixels(data.test.inputs[wrong], data.steps), captions, min(5, count))


def say_accuracy(net: str, runs: Sequence[Run]) -> Sentence:
    """Final train and test accuracy over the seeds, and the gap between them."""
    last = [run.scalars().iloc[-1] for run in runs]
    train, test = (
        100 * np.array([float(row[f"{split}_accuracy"]) for row in last])
        for split in ("train", "test")
    )
    spread = f" ({test.min():.2f} to {test.max():.2f})" if len(test) > 1 else ""
    return Sentence(
        f"{net} is right on {test.mean():.2f} % of test{spread} and {train.mean():.2f} % of train "
        f"after {int(last[0]['epoch'])} epochs: a gap of {(train - test).mean():.2f} points.",
        {"train_accuracy": train.tolist(), "test_accuracy": test.tolist()},
    )


def say_overfitting(net: str, run: Run) -> Sentence:
    """Whether a net overfits, by its test loss and by its errors.

    It is said to when the last test loss is more than 5 % above its least while the train loss
    fell on, or when the test error exceeds the train error by three standard errors or more.
    """
    frame = run.scalars()
    best = int(frame["test_loss"].to_numpy().argmin())
    then, last = frame.iloc[best], frame.iloc[-1]
    rise = float(last["test_loss"] / then["test_loss"] - 1)
    train, test = (float(1 - last[f"{split}_accuracy"]) for split in ("train", "test"))
    count = run.info["study"]["data_arguments"]["test_size"]
    deviation = max(test * (1 - test) / count, 1e-12) ** 0.5
    numbers = {
        "best epoch": int(then["epoch"]),
        "rise of test loss": round(rise, 4),
        "gap in standard errors": round((test - train) / deviation, 1),
    }
    if rise > 0.05 and last["train_loss"] < then["train_loss"]:
        text = (
            f"{net} overfits from epoch {int(then['epoch'])} on: the test loss rises by {rise:.0%} "
            f"to {last['test_loss']:.3f} while the train loss falls to {last['train_loss']:.3f}. "
            "Dropout, weight decay, augmentation or fewer epochs would hold it back."
        )
    elif test - train > 3 * deviation:
        text = (
            f"{net} overfits, though its test loss has not risen: it errs on {train:.2%} of train "
            f"and {test:.2%} of test, {numbers['gap in standard errors']:.0f} standard errors "
            f"apart; its loss is {last['train_loss']:.3f} on train and {last['test_loss']:.3f} on "
            "test."
        )
    else:
        text = (
            f"{net} does not overfit: it errs on {train:.2%} of train and {test:.2%} of test, and "
            f"its test loss ends {rise:.0%} above its least."
        )
    return Sentence(text, numbers)


def say_confusions(net: str, seen: Predictions, names: Sequence[str]) -> Sentence:
    """The two pairs of classes that are taken for each other most often."""
    counts = confusion(seen, names).values
    both = np.triu(counts + counts.T, 1)
    order = np.argsort(-both, axis=None, kind="stable")[:2]
    pairs = [np.unravel_index(at, both.shape) for at in order]
    said = " and ".join(f"{names[a]} with {names[b]} ({both[a, b]:.0f} times)" for a, b in pairs)
    wrong = int(counts.sum() - np.trace(counts))
    numbers = {f"{names[a]}, {names[b]}": int(both[a, b]) for a, b in pairs}
    return Sentence(f"Of its {wrong} errors on test, {net} confuses most {said}.", numbers)
