import numpy as np
import pytest

from lamella.errors import InputError
from lamella.registry import datasets

POINTS = ["spheres", "circle", "torus", "linked_rings", "shells", "discs"]


@pytest.mark.parametrize("name", [*POINTS, "digits"])
def test_same_seed_same_data_and_another_seed_other_data(name):
    first, again, other = (
        datasets[name](train_size=200, test_size=100, seed=seed) for seed in (3, 3, 4)
    )
    assert np.array_equal(first.train.inputs, again.train.inputs)
    assert np.array_equal(first.test.labels, again.test.labels)
    assert not np.array_equal(first.train.inputs, other.train.inputs)
    assert len(first.train) == 200
    assert len(first.test) == 100


@pytest.mark.parametrize("name", [*POINTS, "digits"])
def test_splits_share_no_sample(name):
    made = datasets[name](train_size=200, test_size=100)
    assert not set(made.train.ids) & set(made.test.ids)
    rows = np.concatenate([made.train.inputs, made.test.inputs]).reshape(300, -1)
    assert len(np.unique(rows, axis=0)) == 300
    assert set(made.train.labels) == set(range(made.classes))
    assert made.arguments["train_size"] == 200


@pytest.mark.parametrize("name", POINTS)
def test_embedding_into_more_dimensions_keeps_all_distances(name):
    flat = datasets[name](train_size=90, test_size=90)
    turned = datasets[name](train_size=90, test_size=90, embed_dimension=20)
    assert turned.input_shape == (20,)
    distances = [
        np.linalg.norm(d.test.inputs[:, None] - d.test.inputs, axis=2) for d in (flat, turned)
    ]
    assert np.allclose(*distances, atol=1e-4)
    assert np.abs(turned.test.inputs[:, -1]).max() > 0.01


def test_embedding_into_fewer_dimensions_is_refused():
    with pytest.raises(InputError, match="embed_dimension of at least 3, got 2"):
        datasets["torus"](embed_dimension=2)


def test_spheres_have_their_radii_and_centres():
    made = datasets["spheres"](dimension=5, radii=(2.0, 0.5), distance=1.0, noise=0.0)
    outer = made.train.inputs[made.train.labels == 0]
    inner = made.train.inputs[made.train.labels == 1] - np.array([1, 0, 0, 0, 0])
    assert np.allclose(np.linalg.norm(outer, axis=1), 2, atol=1e-5)
    assert np.allclose(np.linalg.norm(inner, axis=1), 0.5, atol=1e-5)
    assert np.abs(outer.mean(axis=0)).max() < 0.1


def test_circle_and_disc_are_uniform():
    made = datasets["circle"](train_size=20000, radius=0.4, noise=0.0)
    ring, disc = (made.train.inputs[made.train.labels == k] for k in (0, 1))
    assert np.allclose(np.linalg.norm(ring, axis=1), 1, atol=1e-6)
    from_centre = np.linalg.norm(disc, axis=1)
    assert from_centre.max() <= 0.4 + 1e-6
    assert np.isclose((from_centre < 0.2).mean(), 1 / 4, atol=0.015)  # the share of the area
    for points in (ring, disc):
        assert np.abs(points.mean(axis=0)).max() < 0.02


def test_torus_is_uniform_over_its_surface():
    made = datasets["torus"](train_size=20000, noise=0.0)
    x, y, z = made.train.inputs[made.train.labels == 0].T
    across = np.arctan2(z, np.hypot(x, y) - 2.0)
    # the outer half of the tube has the share 1/2 + (tube / radius) / pi of the area
    assert np.isclose((np.abs(across) < np.pi / 2).mean(), 0.5 + 0.4 / np.pi, atol=0.015)


def test_shells_lie_on_the_radii_of_the_paper():
    made = datasets["shells"](units=1, train_size=500)
    radii = np.linalg.norm(made.train.inputs, axis=1)
    found = [np.unique(radii[made.train.labels == k].round(3)).tolist() for k in (0, 1)]
    assert found[0] == pytest.approx([1.0, 1.05], abs=1e-3)
    assert found[1] == pytest.approx([0.5, 2.0, 2.05], abs=1e-3)


def test_discs_keep_their_margin():
    made = datasets["discs"]()
    from_centre = np.linalg.norm(made.train.inputs, axis=1)
    assert not ((from_centre > 1.31) & (from_centre < 1.79)).any()
    assert (made.train.labels[from_centre < 1.3] == 0).all()
    with pytest.raises(InputError, match="points of this grid, got 20000"):
        datasets["discs"](train_size=20000)
    assert len(datasets["discs"](train_size=20000, step=None).train) == 20000


def test_linked_rings_never_touch():
    made = datasets["linked_rings"](train_size=6000)
    inputs, labels = made.train.inputs, made.train.labels
    rings = [inputs[labels == k] for k in (0, 1)]
    nearest = min(np.linalg.norm(rings[1] - point, axis=1).min() for point in rings[0])
    assert nearest > 0.1


def test_digits_are_images_with_all_classes():
    made = datasets["digits"]()
    assert made.train.inputs.shape == (1297, 1, 8, 8)
    assert made.train.inputs.max() == 1.0
    assert np.array_equal(np.unique(made.test.labels), np.arange(10))
    assert datasets["digits"](embed_dimension=70).input_shape == (70,)
    with pytest.raises(InputError, match="at most 1797, got 1798"):
        datasets["digits"](train_size=1298)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"train_size": 1}, "train_size of at least 2, got 1"),
        ({"radii": (1, -1)}, "two radii above 0"),
        ({"dimension": 1}, "dimension in"),
        ({"noise": -1}, "noise in"),
    ],
)
def test_bad_spheres_are_refused(arguments, words):
    with pytest.raises(InputError, match=words):
        datasets["spheres"](**arguments)
