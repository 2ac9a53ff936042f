"""The premise holds for a good net and a narrow one, and each broken condition is named."""

from dataclasses import replace

import pytest

from lamella.studies.spheres.premise import Trained, check_premise

GOOD = Trained((12, 48, 48, 48, 48, 2), (0.001, 0.002), (0.008, 0.010), 50)
BAD = Trained((12, 12, 3, 12, 12, 2), (0.05, 0.06), (0.07, 0.08), 50)


def test_it_holds_with_all_reasons_given():
    holds, why = check_premise(GOOD, BAD)
    assert holds
    assert "0.90 %" in why
    assert "8.3 times" in why
    assert "3 units for 12 inputs" in why


@pytest.mark.parametrize(
    ("good", "bad", "why"),
    [
        (replace(GOOD, test_error=(0.03,)), BAD, "stays above 2 % at 3.00 %"),
        (replace(GOOD, train_error=(0.0,), test_error=(0.0201,)), BAD, "overfitting"),
        (GOOD, replace(BAD, test_error=(0.02,)), "not 5 times"),
        (GOOD, replace(BAD, widths=(12, 3, 12, 2)), "depths differ: 5 and 3"),
        (GOOD, replace(BAD, epochs=40), "epochs differ: 50 and 40"),
        (GOOD, replace(BAD, widths=(12, 12, 1, 12, 12, 2)), "1 units for 12 inputs, not"),
        (GOOD, replace(BAD, widths=(12, 12, 8, 12, 12, 2)), "8 units for 12 inputs, not"),
    ],
)
def test_a_broken_condition_is_the_reason(good, bad, why):
    holds, said = check_premise(good, bad)
    assert not holds
    assert why in said


def test_narrow_inputs_allow_two_units():
    net = replace(BAD, widths=(3, 12, 2, 12, 12, 2))
    assert check_premise(GOOD, net)[0]
