"""A bar with the epoch, the losses and the time left; nothing where nobody watches."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator

from lamella.training.epochs import Epoch


def progress(
    epochs: Iterable[Epoch], total: int, title: str = "training", *, show: bool | None = None
) -> Iterator[Epoch]:
    """The same epochs, with a progress bar on the standard error beside them.

    `total` is the last epoch's number. The bar is drawn when `show` is True, or when it is None
    and the standard error is a terminal.
    """
    if not (sys.stderr.isatty() if show is None else show):
        yield from epochs
        return
    with make_bar() as bar:
        task = bar.add_task(title, total=total, losses="", epoch=0)
        for epoch in epochs:
            bar.update(task, completed=epoch.epoch, epoch=epoch.epoch, losses=line(epoch))
            yield epoch


def line(epoch: Epoch) -> str:
    """Losses and test error in a few characters.

    >>> line(Epoch(3, 0.51, 0.62, 0.9, 0.875, 1e-3, 1.0))
    'loss 0.510 train, 0.620 test; error 12.50 %'
    """
    error = 100 * (1 - epoch.test_accuracy)
    return f"loss {epoch.train_loss:.3f} train, {epoch.test_loss:.3f} test; error {error:.2f} %"


def make_bar():
    """Rich's progress bar with our columns, on the standard error."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    return Progress(
        TextColumn("{task.description}"),
        BarColumn(bar_width=24),
        TextColumn("epoch {task.fields[epoch]}/{task.total}"),
        TextColumn("{task.fields[losses]}"),
        TimeRemainingColumn(compact=True, elapsed_when_finished=True),
        console=Console(stderr=True),
    )
