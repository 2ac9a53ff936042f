"""Transformers: in pipelines, against gudhi's, persim's and formulas; and what they refuse."""

import warnings

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.exceptions import NotFittedError, SkipTestWarning
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.utils import estimator_checks

from lamella import homology as room
from lamella.errors import InputError, LamellaError
from lamella.homology import (
    BettiCurve,
    Entropy,
    HeatKernel,
    Landscape,
    PersistenceImage,
    Silhouette,
    VietorisRips,
    homology,
    pairwise_distances,
)

VECTORS = [BettiCurve, Entropy, HeatKernel, Landscape, PersistenceImage, Silhouette]
ALL = [VietorisRips, *VECTORS]
CLOUDS = [np.random.default_rng(seed).normal(size=(25 + seed, 3)) for seed in range(4)]
BARS = VietorisRips(homology_dimensions=1).fit_transform(CLOUDS)
SPAN = (0.0, 3.0)


@pytest.mark.parametrize("kind", ALL)
def test_scikit_learns_own_checks_as_far_as_clouds_allow(kind):
    with pytest.warns(SkipTestWarning, match="requires input"):  # its own data is a plain table
        estimator_checks.check_estimator(kind())
    for check in (
        estimator_checks.check_parameters_default_constructible,
        estimator_checks.check_get_params_invariance,
        estimator_checks.check_set_params,
        estimator_checks.check_no_attributes_set_in_init,
    ):
        check(kind.__name__, kind())


@pytest.mark.parametrize("kind", ALL)
def test_fitting_changes_no_parameter_and_a_clone_does_the_same(kind):
    data = CLOUDS if kind is VietorisRips else BARS
    model = kind()
    before = model.get_params()
    first = model.fit(data, np.arange(4)).transform(data)
    assert model.get_params() == before
    again = clone(model).fit_transform(data)
    for one, two in zip(first, again, strict=True):
        np.testing.assert_equal(one, two)
    if kind is not VietorisRips:  # which learns nothing
        with pytest.raises(NotFittedError):
            kind().transform(data)


@pytest.mark.parametrize("kind", VECTORS)
def test_new_samples_get_vectors_of_the_same_length(kind):
    model = kind().fit(BARS[:2])
    assert model.transform(BARS).shape == (4, model.transform(BARS[:1]).shape[1])
    empty = model.transform([np.empty((0, 2))])
    assert not empty.any()
    np.testing.assert_array_equal(model.transform(BARS)[:2], kind().fit_transform(BARS[:2]))


@pytest.mark.parametrize("kind", VECTORS)
def test_every_form_of_diagrams_gives_the_same_vectors(kind):
    forms = [
        VietorisRips((1,), output=output).fit_transform(CLOUDS)
        for output in ("lists", "padded", "diagrams")
    ]
    forms[0] = [[np.empty((0, 2)), bars[0]] for bars in forms[0]]  # H0, H1
    found = [kind(dimensions=(1,), span=SPAN).fit_transform(form) for form in [*forms, BARS]]
    for each in found[1:]:
        np.testing.assert_allclose(each, found[0])


@pytest.mark.parametrize("metric", ["euclidean", "precomputed"])
def test_diagrams_are_those_of_homology(metric):
    clouds = CLOUDS if metric == "euclidean" else [pairwise_distances(c) for c in CLOUDS]
    found = VietorisRips((0, 1, 2), metric=metric, n_jobs=2).fit_transform(clouds)
    for cloud, bars in zip(CLOUDS, found, strict=True):
        for k in range(3):
            np.testing.assert_allclose(bars[k], homology(cloud, 2).bars(k), rtol=1e-6)
    cut = VietorisRips(0, max_edge_length=0.1).fit_transform(CLOUDS)
    assert np.isinf(cut[0][:, 1]).sum() == len(homology(CLOUDS[0], 0, max_scale=0.1).bars(0)) > 1


def test_lists_are_those_of_gudhi():
    rips = pytest.importorskip("gudhi.sklearn").RipsPersistence
    for asked in (1, [0, 1]):
        theirs = rips(homology_dimensions=asked, homology_coeff_field=2).fit_transform(CLOUDS)
        ours = VietorisRips(asked).fit_transform(CLOUDS)
        for one, two in zip(ours, theirs, strict=True):
            pairs = [(one, two)] if asked == 1 else zip(one, two, strict=True)
            for a, b in pairs:
                b = b[b[:, 1] > b[:, 0]]
                np.testing.assert_allclose(a[np.lexsort(a.T)], b[np.lexsort(b.T)], rtol=1e-6)


def test_padded_arrays_have_one_row_of_no_length_for_each_missing_bar():
    square = [[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]
    found = VietorisRips(output="padded").fit_transform([square, [[0.0], [2.0]]])
    root = np.sqrt(2).astype(np.float32)
    wanted = [
        [[0, 1, 0], [0, 1, 0], [0, 1, 0], [1, root, 1]],
        [[0, 2, 0], [0, 0, 0], [0, 0, 0], [1, 1, 1]],
    ]
    np.testing.assert_allclose(found, wanted)


def gudhis(name, **options):
    return getattr(pytest.importorskip("gudhi.representations"), name)(**options)


def test_curves_against_gudhi():
    theirs = gudhis("BettiCurve", resolution=40, sample_range=SPAN).fit_transform(BARS)
    np.testing.assert_array_equal(BettiCurve(40, span=SPAN).fit_transform(BARS), theirs)
    options = {"num_landscapes": 3, "resolution": 40, "sample_range": SPAN}
    theirs = gudhis("Landscape", **options).fit_transform(BARS) / np.sqrt(2)
    np.testing.assert_allclose(Landscape(3, 40, span=SPAN).fit_transform(BARS), theirs, atol=1e-9)
    weigh = {"weight": lambda bar: (bar[1] - bar[0]) ** 2}
    options = {"resolution": 40, "sample_range": SPAN, **weigh}
    theirs = gudhis("Silhouette", **options).fit_transform(BARS) / np.sqrt(2)
    np.testing.assert_allclose(Silhouette(2, 40, span=SPAN).fit_transform(BARS), theirs, atol=1e-9)
    theirs = gudhis("Entropy", mode="scalar").fit_transform(BARS)
    np.testing.assert_allclose(Entropy().fit_transform(BARS), theirs, rtol=1e-9)


def test_images_against_persim():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        persim = pytest.importorskip("persim")
    imager = persim.PersistenceImager(
        birth_range=(0, 3), pers_range=(0, 3), pixel_size=0.3, kernel_params={"sigma": 0.04}
    )
    theirs = np.array([imager.transform(bars, skew=True).T.ravel() for bars in BARS])
    ours = PersistenceImage(bandwidth=0.2, resolution=10, span=SPAN).fit_transform(BARS)
    np.testing.assert_allclose(ours, theirs, atol=1e-8)


def test_images_by_hand():
    bars = [[[1.0, 3.0]]]
    image = PersistenceImage(bandwidth=1e-3, resolution=(2, 4), span=(0.0, 4.0), weight=0.0)
    # birth 1 is in the first of two columns, length 2 on the edge of the second and third row
    assert image.fit_transform(bars).reshape(4, 2).round(6).tolist() == [
        [0, 0], [0.5, 0], [0.5, 0], [0, 0],
    ]  # fmt: skip
    wide = PersistenceImage(bandwidth=0.05, resolution=8, weight=2.0, span=(0, 8))
    assert wide.fit_transform(bars).sum() == pytest.approx(4.0)


def test_the_heat_of_two_diagrams_has_the_scale_space_kernel_as_its_product():
    one, two = np.array([[1.0, 2.5], [0.5, 0.9]]), np.array([[1.2, 2.2]])
    time = 0.2
    # equation 10 of Reininghaus et al. 2015, the product over the half plane above the diagonal
    apart, mirrored = (((one[:, None] - q) ** 2).sum(-1) for q in (two, two[:, ::-1]))
    wanted = (np.exp(-apart / (8 * time)) - np.exp(-mirrored / (8 * time))).sum()
    wanted /= 8 * np.pi * time
    heat = HeatKernel(time, resolution=300, span=(-4.0, 8.0)).fit([one]).transform([one, two])
    heat = heat.reshape(2, 300, 300)
    np.testing.assert_allclose(heat, -heat.transpose(0, 2, 1), atol=1e-12)
    pixel = (12 / 299) ** 2
    assert (heat[0] * heat[1]).sum() * pixel / 2 == pytest.approx(wanted, rel=1e-6)


def test_a_pipeline_with_a_grid_search_tells_circles_from_noise():
    rng = np.random.default_rng(0)
    angle = rng.random((16, 30)) * 2 * np.pi
    circles = np.stack([np.cos(angle), np.sin(angle)], -1) + 0.05 * rng.normal(size=(16, 30, 2))
    clouds = np.concatenate([circles, rng.normal(size=(16, 30, 2))])
    labels = np.repeat([0, 1], 16)
    model = make_pipeline(VietorisRips(1), PersistenceImage(resolution=6), LogisticRegression())
    grid = {"persistenceimage__weight": [0.0, 1.0], "vietorisrips__metric": ["euclidean"]}
    search = GridSearchCV(model, grid, cv=4).fit(clouds, labels)
    assert search.best_score_ > 0.9
    shuffled = np.random.default_rng(1).permutation(labels)
    assert GridSearchCV(model, grid, cv=4).fit(clouds, shuffled).best_score_ < 0.8


def test_messages():
    with pytest.raises(LamellaError, match="output"):
        VietorisRips(output="table").fit(CLOUDS)
    with pytest.raises(InputError, match="Entropy wants at least one sample with diagrams"):
        Entropy().fit([])
    assert {kind.__name__ for kind in ALL} <= set(room.__all__)
