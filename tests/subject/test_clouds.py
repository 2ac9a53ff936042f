"""The samples of a cloud and its picture by principal axes."""

import numpy as np
import pytest
from some_runs import write_run

from lamella.embeddings import pca
from lamella.subject.clouds import aligned, chain, chosen, scores
from lamella.subject.subject import Subject, gather


@pytest.fixture
def subject(tmp_path):
    write_run(tmp_path / "net", layers=("a", "b", "head"), samples=(60, 40))
    return Subject(gather([tmp_path]), points=50)


def test_samples_are_a_stratified_part_of_all_probes(subject):
    found = chosen(subject, subject.run("net", 0))
    assert len(found.ids) == 50
    assert found.samples == 100
    assert [int((found.split == s).sum()) for s in (0, 1)] == [30, 20]
    assert np.bincount(found.label[found.split == 0]).tolist() == [15, 15]


def test_the_chain_goes_down_at_the_first_epoch_and_then_on(subject):
    run = subject.run("net", 0)
    down = [("input", 0), ("a", 0), ("b", 0)]
    assert chain(run, "b", 4) == [*down, ("b", 1), ("b", 4)]
    assert chain(run, "input", 4) == [("input", 0)]


def test_a_picture_is_the_principal_one_turned(subject):
    run = subject.run("net", 0)
    picture, shares = aligned(subject, run, "a", 1, 2)
    rows = chosen(subject, run).rows
    cloud = np.concatenate([run.activations("a", 1, probe)[at] for probe, at in rows.items()])
    plain = pca(cloud).points
    assert np.isclose((picture**2).sum(axis=1).mean(), 1)
    sizes = [np.linalg.svd(p - p.mean(axis=0))[1] for p in (picture, plain)]
    assert np.allclose(sizes[0] / sizes[0][0], sizes[1] / sizes[1][0], atol=1e-4)
    assert 0 < shares[1] < shares[0] < 1


def test_wide_clouds_have_the_same_axes_as_the_exact_way():
    rng = np.random.default_rng(0)
    scale = 0.9 ** np.arange(700)
    cloud = (rng.normal(size=(900, 700)) * scale).astype(np.float32)
    found, shares = scores(cloud)
    centred = cloud - cloud.mean(axis=0)
    left, sizes, _ = np.linalg.svd(centred.astype(float), full_matrices=False)
    assert np.allclose(np.abs(found), np.abs(left * sizes)[:, :3], atol=0.02 * sizes[2])
    assert np.allclose(shares, (sizes**2)[:3] / (sizes**2).sum(), rtol=1e-2)


@pytest.mark.parametrize("shape", [(1, 4), (5, 1), (3, 2), (4, 0)])
def test_thin_clouds_are_padded(shape):
    found, shares = scores(np.arange(np.prod(shape), dtype=np.float32).reshape(shape))
    assert found.shape == (shape[0], 3)
    assert shares.shape == (3,)
    assert np.isfinite(found).all()
    assert np.isfinite(shares).all()


def test_points_without_a_place_give_a_reason_and_huge_ones_a_picture(tmp_path):
    from lamella import store
    from lamella.errors import RunError
    from lamella.page.answers.cloud import cloud

    run = write_run(tmp_path / "run", layers=("fc1", "head"), epochs=(0,))
    plain = {name: np.array(run.activations(name, 0, "train")) for name in run.layers}
    before = cloud(Subject({"net": (run,)}), "net", 0, "pca2", "head", 0)
    broken = plain["fc1"].copy()
    broken[2, 1] = np.nan
    store.write_activations(run.path, 0, "train", {"fc1": broken, "head": 1e38 * plain["head"]})
    test = np.array(run.activations("head", 0, "test"))
    arrays = {"fc1": np.array(run.activations("fc1", 0, "test")), "head": 1e38 * test}
    store.write_activations(run.path, 0, "test", arrays)
    subject = Subject({"net": (store.open_run(run.path),)})
    with pytest.raises(RunError, match="fc1 gave NaN or infinity for 1 of 20 samples at epoch 0"):
        cloud(subject, "net", 0, "pca2", "fc1", 0)
    after = cloud(subject, "net", 0, "pca2", "head", 0)
    assert after["wrong"].tolist() == before["wrong"].tolist()
    assert np.ptp(after["points"]) > 1000
