"""What the studies of images compute, piece by piece."""

import numpy as np
import pytest
import torch

from lamella.errors import InputError
from lamella.experiments.images.embedding import assign_to_lattice, grid_picture, last_layer_section
from lamella.experiments.images.errors import (
    class_accuracies,
    confusion,
    say_confusions,
    worst_errors,
)
from lamella.experiments.images.geometry import betti_section
from lamella.experiments.images.neighbours import (
    instructive_queries,
    nearest,
    neighbour_rows,
    same_class_share,
)
from lamella.experiments.images.predictions import Predictions, as_pixels, predict
from lamella.registry import datasets, models
from lamella.results import Embedding, Images


def random(seed=0):
    return np.random.default_rng(seed)


@pytest.fixture(scope="module")
def digits():
    return datasets["digits"](train_size=300, test_size=200)


@pytest.fixture(scope="module")
def seen(digits):
    net = models["perceptron"]((1, 8, 8), 10, widths=(20,))
    return predict(net, digits.test)


@pytest.mark.parametrize("offset", [0.0, 1e4])
def test_neighbours_are_those_of_the_plain_way(offset):
    points, queries = random().normal(size=(700, 9)), random(1).normal(size=(600, 9))
    points, queries = (points + offset).astype(np.float32), (queries + offset).astype(np.float32)
    index, distance = nearest(queries, points, 7)
    exact = np.linalg.norm(queries[:, None].astype(float) - points.astype(float), axis=2)
    assert np.allclose(distance, np.sort(exact, axis=1)[:, :7], atol=1e-9)
    assert np.allclose(np.take_along_axis(exact, index, axis=1), distance)


def test_neighbours_of_few_points_and_of_copies():
    index, distance = nearest(np.zeros((1, 2)), np.zeros((3, 2)), 5)
    assert index.tolist() == [[0, 1, 2]]
    assert distance.tolist() == [[0, 0, 0]]


def test_lattice_uses_every_point_once_and_keeps_a_lattice():
    order = assign_to_lattice(random().normal(size=(24, 2)), 4, 6)
    assert sorted(order) == list(range(24))
    grid = np.stack(np.meshgrid(np.arange(6), np.arange(4)[::-1]), -1).reshape(-1, 2)
    shuffle = random().permutation(24)
    assert np.array_equal(grid[shuffle][assign_to_lattice(grid[shuffle].astype(float), 4, 6)], grid)
    with pytest.raises(InputError, match="4 x 6 points, got 23"):
        assign_to_lattice(np.zeros((23, 2)), 4, 6)


def test_lattice_moves_least_of_all_assignments():
    from itertools import permutations

    points = random(3).random((6, 2))
    unit = (points - points.min(0)) / (points.max(0) - points.min(0))
    places = np.array([(x, y) for y in (1, 0) for x in (0, 0.5, 1)])
    cost = lambda order: ((unit[list(order)] - places) ** 2).sum()  # noqa: E731
    best = min(permutations(range(6)), key=cost)
    assert cost(assign_to_lattice(points, 2, 3)) == pytest.approx(cost(best))


def test_features_are_the_input_of_the_head(digits, seen):
    net = models["perceptron"]((1, 8, 8), 10, widths=(20,))
    with torch.no_grad():
        hidden = torch.relu(net.fc1(torch.from_numpy(digits.test.inputs).flatten(1)))
    assert np.allclose(seen.features, hidden, atol=1e-5)
    assert np.allclose(seen.logits, net.head(hidden).detach(), atol=1e-5)
    softmax = torch.softmax(torch.from_numpy(seen.logits), 1).max(1).values
    assert np.allclose(seen.confidence, softmax, atol=1e-6)


def test_confusions_and_class_accuracies_count(digits, seen):
    counts = confusion(seen, digits.class_names).values
    assert counts.sum() == 200
    assert np.trace(counts) == (seen.predicted == seen.labels).sum()
    assert np.array_equal(counts.sum(axis=1), np.bincount(digits.test.labels))
    table = class_accuracies({"net": seen}, digits.class_names)
    assert table.columns["net, %"][3] == pytest.approx(
        100 * counts[3, 3] / counts[3].sum(), abs=0.01
    )
    assert (
        "errors on test, net confuses most" in say_confusions("net", seen, digits.class_names).text
    )


def test_worst_errors_are_wrong_and_sorted(digits, seen):
    images = worst_errors(digits, seen, 8)
    assert images.pixels.shape == (8, 8, 8, 1)
    shares = [int(caption.split(", ")[1].rstrip("%")) for caption in images.captions]
    assert shares == sorted(shares, reverse=True)
    assert all(c.split(" as ")[0] != c.split(" as ")[1].split(",")[0] for c in images.captions)


def test_neighbour_rows_show_what_was_found(digits):
    features, pixels = np.array([[1, 2]]), np.array([[3, 4]])
    images = neighbour_rows(digits, np.array([5]), features, pixels)
    assert images.columns == 5
    wanted = [digits.class_names[k] for k in digits.train.labels[[1, 2, 3, 4]]]
    assert list(images.captions[1:]) == wanted
    assert np.array_equal(images.pixels[3], as_pixels(digits.train.inputs[[3]], digits.steps)[0])


def test_instructive_queries_show_where_pixels_mislead():
    labels = np.array([0, 1])
    each = Predictions(np.zeros((4, 1)), np.zeros((4, 2)), np.zeros(4, int))
    features = np.zeros((4, 2), int)
    pixels = np.array([[0, 0], [1, 1], [0, 1], [0, 0]])
    rows = instructive_queries(each, features, pixels, labels, 4)
    assert rows[2:].tolist() == [1, 2]
    assert sorted(rows) == [0, 1, 2, 3]
    assert same_class_share(pixels, labels, each.labels) == (0.75, 5 / 8)


def test_grid_holds_each_image_once(digits):
    points = random().normal(size=(26, 2))
    embedding = Embedding(points, digits.test.labels[:26], class_names=digits.class_names)
    pixels = as_pixels(digits.test.inputs[:26], digits.steps)
    picture = grid_picture("net", embedding, pixels)
    assert isinstance(picture.record, Images)
    assert picture.record.columns == 5
    mine = sorted(map(bytes, picture.record.pixels))
    assert mine == sorted(map(bytes, pixels[:25]))


def test_embeddings_print_how_far_to_trust_them(digits, seen):
    section = last_layer_section("net", digits, seen, ("pca", "tsne"), count=64)
    assert [p.view for p in section.pictures] == ["thumbnails", "thumbnails", "mosaic"]
    assert all("neighbours" in s.text and "trustworthiness" in s.text for s in section.sentences)


def test_umap_is_left_out_with_its_pip_line(digits, seen, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "umap", None)
    section = last_layer_section("net", digits, seen, ("umap",), count=40)
    assert section.pictures == ()
    assert "pip install 'lamella[umap]'" in section.sentences[0].text


def test_betti_curves_fall_to_one_component(digits, seen):
    section = betti_section("net", seen, digits.class_names, points=15)
    curve = section.pictures[0].record
    assert curve.series == digits.class_names
    assert (np.asarray(curve.y)[:, 0] <= 15).all()
    assert (np.diff(np.asarray(curve.y), axis=1) <= 0).all()


def test_pictures_of_many_channels_show_three():
    inputs = np.stack([np.full((5, 2, 2), 0.5, np.float32)])
    assert as_pixels(inputs, []).shape == (1, 2, 2, 3)
    assert as_pixels(inputs[:, :2], []).shape == (1, 2, 2, 1)
    assert as_pixels(inputs, [])[0, 0, 0, 0] == 128
