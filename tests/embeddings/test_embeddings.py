"""Pictures of clouds: known answers, a plain twin, invariances, messages."""

import numpy as np
import pytest
from sklearn.decomposition import PCA
from sklearn.manifold import trustworthiness as their_trustworthiness

from lamella.embeddings import align, embed_run, neighbours_kept, pca, trustworthiness, tsne, umap
from lamella.errors import InputError, MissingExtra, UnknownName

RNG = np.random.default_rng(0)
CLOUD = RNG.normal(size=(60, 5)) * [5, 3, 1, 0.5, 0.1]


@pytest.mark.parametrize("shape", [(60, 5), (10, 40)])
def test_pca_agrees_with_its_peer_up_to_signs(shape):
    cloud = RNG.normal(size=shape) * np.linspace(3, 1, shape[1])
    ours, theirs = pca(cloud, 3).points, PCA(3).fit_transform(cloud)
    np.testing.assert_allclose(np.abs(ours), np.abs(theirs), atol=1e-9)


def test_pca_axes_name_their_share_of_variance():
    axes = pca([[0.0, 0.0], [2.0, 0.0], [0.0, 1.0], [2.0, 1.0]]).axes
    assert axes == ("PC 1 (80%)", "PC 2 (20%)")


def test_pca_pads_narrow_clouds_and_bears_constant_ones():
    narrow = pca(np.arange(6.0)[:, None], 3).points
    np.testing.assert_allclose(narrow[:, 1:], 0)
    np.testing.assert_array_equal(pca(np.ones((5, 3))).points, 0)


def test_trustworthiness_agrees_with_its_peer():
    picture = CLOUD[:, [2, 3]]
    expected = their_trustworthiness(CLOUD, picture, n_neighbors=7)
    assert trustworthiness(CLOUD, picture, 7) == pytest.approx(expected)


def test_neighbours_kept_by_hand():
    line = np.array([[0.0], [1.0], [3.0], [7.0]])
    folded = np.array([[0.0], [1.0], [3.0], [0.5]])  # the last point moved between the first two
    # nearest before: 1 0 1 2; after: 3 3 1 0: only the third point keeps its neighbour
    assert neighbours_kept(line, folded, 1) == 0.25
    assert neighbours_kept(line, line, 1) == 1


@pytest.mark.parametrize("dimensions", [2, 3])
@pytest.mark.parametrize("reflected", [False, True])
def test_align_undoes_any_turn_and_shift(dimensions, reflected):
    picture = RNG.normal(size=(30, dimensions))
    turn = np.linalg.qr(RNG.normal(size=(dimensions, dimensions)))[0]
    if (np.linalg.det(turn) < 0) != reflected:
        turn[:, 0] *= -1
    assert not np.allclose(turn, turn.T) or reflected  # else it would undo itself
    np.testing.assert_allclose(align(picture @ turn + 3, picture), picture, atol=1e-12)


def test_align_keeps_distances_unless_told_to_scale():
    picture = RNG.normal(size=(30, 2))
    doubled = align(2 * picture, picture)
    np.testing.assert_allclose(
        np.linalg.norm(doubled - doubled[0], axis=1).max(),
        2 * np.linalg.norm(picture - picture[0], axis=1).max(),
    )
    np.testing.assert_allclose(align(2 * picture, picture, scale=True), picture, atol=1e-12)


def test_tsne_tells_two_far_groups_apart_and_repeats():
    groups = np.concatenate([RNG.normal(size=(20, 8)), RNG.normal(size=(20, 8)) + 30])
    first, second = (tsne(groups, iterations=60).points for _ in range(2))
    np.testing.assert_array_equal(first, second)
    gap = np.linalg.norm(first[:20].mean(0) - first[20:].mean(0))
    assert gap > first[:20].std()
    assert tsne(groups, iterations=60).trustworthiness > 0.8


def test_umap_without_its_extra_names_the_pip_line(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "umap", None)
    with pytest.raises(MissingExtra, match=r"pip install 'lamella\[umap\]'"):
        umap(CLOUD)


@pytest.mark.parametrize("embed", [pca, tsne, umap])
def test_points_that_are_no_matrix_are_refused(embed):
    with pytest.raises(InputError, match="points x features"):
        embed(np.arange(5.0))
    with pytest.raises(InputError, match="NaN in 1 of 5 rows"):
        embed(np.where(np.eye(5) * np.arange(5) == 2, np.nan, 0.0))


class TinyRun:
    layers, epochs, class_names = ("fc1", "fc2"), (0, 1), ("a", "b")

    def __init__(self):
        self.cloud = RNG.normal(size=(40, 2)) * [3, 1]

    def labels(self, split):
        return np.arange(40) % 2

    def ids(self, split):
        return np.arange(100, 140)

    def activations(self, layer, epoch, split):
        angle = epoch + 2.0 * (layer == "fc2")
        turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
        return self.cloud @ turn


def test_aligned_cells_of_a_turning_cloud_stand_still():
    cells = embed_run(TinyRun(), "pca", points=20)
    assert set(cells) == {(layer, epoch) for layer in ("fc1", "fc2") for epoch in (0, 1)}
    still = cells["fc1", 1]
    for cell in cells.values():
        np.testing.assert_allclose(cell.points, still.points, atol=1e-9)
        np.testing.assert_array_equal(cell.ids, still.ids)
    assert len(still.points) == 20
    assert np.bincount(still.labels).tolist() == [10, 10]


def test_an_unknown_embedding_shows_the_nearest():
    with pytest.raises(UnknownName, match="tsne"):
        embed_run(TinyRun(), "t-sne")
