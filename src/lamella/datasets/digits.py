"""The 8 x 8 digits that come with scikit-learn."""

from __future__ import annotations

import numpy as np

from lamella.data.dataset import Dataset, Split, check_size, embed, stratified
from lamella.errors import bad_input
from lamella.registry import datasets


@datasets.register
def digits(
    *,
    train_size: int = 1297,
    test_size: int = 500,
    embed_dimension: int | None = None,
    seed: int = 0,
) -> Dataset:
    """1,797 handwritten digits of 8 x 8 grey values in [0, 1], as images of one channel.

    The split is stratified by class and drawn by `seed`; ids are scikit-learn's row numbers.
    `embed_dimension` flattens the images and turns them into a higher dimension.

    Source: Alpaydin and Kaynak (1998), Optical recognition of handwritten digits, UCI.

    >>> digits().input_shape, len(digits().train), len(digits().test)
    ((1, 8, 8), 1297, 500)
    """
    arguments = dict(locals())
    from sklearn.datasets import load_digits

    points, labels = map(np.asarray, load_digits(return_X_y=True))
    check_sizes(train_size, test_size, len(points))
    inputs = points.reshape(-1, 1, 8, 8) / 16.0
    if embed_dimension is not None:
        inputs = embed(points / 16.0, embed_dimension, seed, "digits()")
    test = stratified(labels, test_size, seed)
    rest = np.setdiff1d(np.arange(len(labels)), test)
    train = rest[stratified(labels[rest], train_size, seed)]
    splits = [Split(inputs[rows], labels[rows], rows) for rows in (train, test)]
    steps = ({"step": "divide", "by": 16.0},)
    names = tuple(map(str, range(10)))
    return Dataset("digits", splits[0], splits[1], names, None, arguments, steps)


def check_sizes(train_size: int, test_size: int, there: int) -> None:
    """Raise InputError unless both splits hold a sample of each digit and fit together."""
    check_size("digits()", "train_size", train_size, 10)
    check_size("digits()", "test_size", test_size, 10)
    if train_size + test_size > there:
        raise bad_input(
            "digits()",
            wanted=f"train_size + test_size of at most {there}",
            got=str(train_size + test_size),
            do="Ask for fewer",
        )
