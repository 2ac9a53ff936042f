"""What a network answered about each sample: by hand."""

import numpy as np

from lamella.page.answers.predictions import confused, probabilities, told


def test_the_confusion_has_true_classes_as_rows():
    label, predicted = np.array([0, 0, 0, 1, 2]), np.array([0, 1, 1, 1, 0])
    assert confused(label, predicted, 3).tolist() == [[1, 2, 0], [0, 1, 0], [1, 0, 0]]


def test_samples_without_a_class_are_in_no_cell():
    counts = confused(np.array([-1, 0, 3]), np.array([0, 1, 1]), 2)
    assert counts.tolist() == [[0, 1], [0, 0]]


def test_chances_add_up_to_one_and_are_left_where_they_do():
    logits = np.array([[0.0, np.log(3.0)], [1000.0, -1000.0], [np.nan, 0.0]])
    assert np.allclose(probabilities(logits), [[0.25, 0.75], [1, 0], [0.5, 0.5]])
    assert probabilities(np.array([[0.2, 0.8]])).tolist() == [[0.2, 0.8]]


def test_the_chance_told_is_that_of_the_true_class():
    found = told(np.array([[0.25, 0.75], [1.0, 0.0], [0.5, 0.5]]), np.array([0, 1, -1]))
    assert found["predicted"].tolist() == [1, 0, 0]
    assert found["p_true"].tolist() == [64, 0, 0]
    assert found["entropy"].tolist() == [207, 0, 255]  # 0.811 bits, 0, and 1, of 255
