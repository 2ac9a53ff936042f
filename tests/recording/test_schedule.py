"""Moments: which epochs are due."""

import pytest

from lamella.errors import InputError
from lamella.recording.schedule import as_schedule, at, doubling, every


def due(moments):
    return [epoch for epoch in range(40) if moments.due(epoch)]


def test_doubling_is_powers_of_two_and_zero():
    assert due(doubling()) == [0] + [2**k for k in range(6)]


def test_every_and_at():
    assert due(every(15)) == [0, 15, 30]
    assert due(at([7, 3, 7])) == [3, 7]


def test_only_explicit_epochs_leave_out_the_last():
    assert (doubling().last, every(2).last, at([1]).last) == (True, True, False)


def test_a_list_means_at():
    assert repr(as_schedule([4, 0])) == "at([0, 4])"


@pytest.mark.parametrize(
    "make",
    [
        lambda: every(0),
        lambda: every(1.5),
        lambda: every("x"),
        lambda: at([]),
        lambda: at(["x"]),
    ],
)
def test_rules_without_an_epoch_are_refused(make):
    with pytest.raises(InputError, match="wants"):
        make()


@pytest.mark.parametrize("moments", ["always", 3])
def test_what_is_no_rule_is_refused(moments):
    with pytest.raises(InputError, match=r"moments such as every\(5\)"):
        as_schedule(moments)
